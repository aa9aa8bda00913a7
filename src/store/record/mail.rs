//! The rows of the mails themselves. The unique identity decides which of several copies is the first.

use super::mail_record::MailRecord;
use super::reply::{self, adds_to};
use crate::application::id::MailId;
use crate::decision::{Check, CheckName, Decision, ImportOutcome};
use crate::mail::NumberReading;
use crate::store::StoreError;
use crate::store::connection::{AnyConnection, on};
use crate::store::error::{Trouble, Work};
use crate::store::keys::identity_key;
use crate::store::many_rows::ROWS;
use crate::store::schema::mails;
use crate::store::time::stored;
use crate::store::words::{json, storable, whole_number};
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use std::borrow::Cow;
use std::collections::HashMap;

/// A row that was inserted.
#[derive(Clone, Copy)]
pub(super) struct Inserted {
    pub(super) id: MailId,
    pub(super) outcome: ImportOutcome,
    /// It adds to an entry: its contents are kept, though it is a repeat.
    pub(super) adds: bool,
}

/// What tells a mail from another: its tenant's id and the identity's key.
type Key = (i64, String);

#[derive(Insertable)]
#[diesel(table_name = mails, treat_none_as_default_value = false)]
struct NewMail<'a> {
    tenant_id: i64,
    mailbox_id: i64,
    message_id: Option<Cow<'a, str>>,
    digest: &'a str,
    identity: String,
    repeat_of: Option<i64>,
    folder: Option<Cow<'a, str>>,
    uid_validity: Option<i64>,
    uid: Option<i64>,
    size: i64,
    received_at: NaiveDateTime,
    recorded_at: NaiveDateTime,
    processed_at: NaiveDateTime,
    filed_at: Option<NaiveDateTime>,
    outcome: &'static str,
    why: Option<Cow<'static, str>>,
    claimed_number: Option<Cow<'a, str>>,
    forwarder_id: Option<i64>,
    attempts: i32,
    took_ms: i64,
    checks: String,
    adds_to: Option<i64>,
}

/// Inserts one row for each record and says what it became, in the order of the records.
pub(super) fn insert(
    connection: &mut AnyConnection,
    records: &[MailRecord],
    now: DateTime<Utc>,
) -> Work<Vec<Inserted>> {
    let keys: Vec<Key> = records.iter().map(|record| (record.tenant.0, identity_key(&record.mail.identity))).collect();
    let mut first_copies: HashMap<&Key, &MailRecord> = HashMap::new();
    let mut firsts = Vec::new();
    for (record, key) in records.iter().zip(&keys) {
        let is_new = !matches!(record.decided.decision, Decision::SkipRepeat { .. } | Decision::AddForwarder { .. });
        if is_new && !first_copies.contains_key(key) {
            first_copies.insert(key, record);
            firsts.push(new_mail(record, &record.decided.checks, now)?);
        }
    }
    let mut first_ids = insert_unless_known(connection, &firsts)?;
    let mut inserted = Vec::with_capacity(records.len());
    for (record, key) in records.iter().zip(&keys) {
        let is_first_copy = first_copies.get(key).is_some_and(|first| std::ptr::eq(*first, record));
        let row = match (record.decided.decision, first_ids.get(key)) {
            (Decision::SkipRepeat { earlier }, _) => {
                insert_repeat(connection, record, &record.decided.checks, earlier, now)?
            }
            (Decision::AddForwarder { .. }, _) => insert_further(connection, record, now)?,
            (decision, Some(id)) if is_first_copy => Inserted { id: *id, outcome: decision.outcome(), adds: false },
            (_, Some(id)) => insert_repeat(connection, record, &overtaken(record, *id), *id, now)?,
            (_, None) => {
                let first = recorded_by_another(connection, key)?;
                first_copies.remove(key);
                first_ids.insert(key.clone(), first);
                insert_repeat(connection, record, &overtaken(record, first), first, now)?
            }
        };
        inserted.push(row);
    }
    Ok(inserted)
}

/// Inserts the rows whose identity is not recorded yet, and gives their ids.
fn insert_unless_known(connection: &mut AnyConnection, rows: &[NewMail<'_>]) -> Work<HashMap<Key, MailId>> {
    let mut ids = HashMap::new();
    for part in rows.chunks(ROWS) {
        let part: Vec<(i64, i64, String)> = on!(connection, inner => diesel::insert_into(mails::table)
            .values(part)
            .on_conflict_do_nothing()
            .returning((mails::id, mails::tenant_id, mails::identity))
            .get_results(inner))?;
        ids.extend(part.into_iter().map(|(id, tenant, identity)| ((tenant, identity), MailId(id))));
    }
    Ok(ids)
}

fn insert_repeat(
    connection: &mut AnyConnection,
    record: &MailRecord,
    checks: &[Check],
    earlier: MailId,
    now: DateTime<Utc>,
) -> Work<Inserted> {
    let outcome = ImportOutcome::Repeated;
    let row =
        NewMail { repeat_of: Some(earlier.0), outcome: outcome.as_str(), why: None, ..new_mail(record, checks, now)? };
    let id: i64 = on!(connection, inner => diesel::insert_into(mails::table)
        .values(row)
        .returning(mails::id)
        .get_result(inner))?;
    Ok(Inserted { id: MailId(id), outcome, adds: false })
}

/// A further forward of a reply; whoever recorded the very same mail holds its entry, so that this is seen here.
fn insert_further(connection: &mut AnyConnection, record: &MailRecord, now: DateTime<Utc>) -> Work<Inserted> {
    if let Some(first) = reply::recorded_meanwhile(connection, record)? {
        return insert_repeat(connection, record, &overtaken(record, first), first, now);
    }
    let outcome = ImportOutcome::Repeated;
    let row = NewMail {
        repeat_of: adds_to(record).map(|to| to.first.0),
        adds_to: adds_to(record).map(|to| to.entry.0),
        ..new_mail(record, &record.decided.checks, now)?
    };
    let id: i64 = on!(connection, inner => diesel::insert_into(mails::table)
        .values(row)
        .returning(mails::id)
        .get_result(inner))?;
    Ok(Inserted { id: MailId(id), outcome, adds: true })
}

/// The first record of a mail that another worker recorded while this batch was decided.
fn recorded_by_another(connection: &mut AnyConnection, (tenant, identity): &Key) -> Work<MailId> {
    let first: Option<i64> = mails::table
        .filter(mails::tenant_id.eq(tenant))
        .filter(mails::identity.eq(identity))
        .filter(mails::repeat_of.is_null())
        .select(mails::id)
        .get_result(connection)
        .optional()?;
    first.map(MailId).ok_or_else(|| {
        Trouble::Told(StoreError::Unavailable {
            wanted: "Cannot record mails",
            cause: "another worker recorded and removed the same mail at the same time".to_owned(),
        })
    })
}

/// The checks, and the one that no decision could make: the same mail was recorded in the meantime.
fn overtaken(record: &MailRecord, first: MailId) -> Vec<Check> {
    let mut checks = record.decided.checks.clone();
    checks.push(Check::failed(CheckName::Repeated, format!("recorded at the same time as mail {first}")));
    checks
}

fn new_mail<'a>(record: &'a MailRecord, checks: &[Check], now: DateTime<Utc>) -> Work<NewMail<'a>> {
    let mail = &record.mail;
    let place = record.place.as_ref();
    Ok(NewMail {
        tenant_id: record.tenant.0,
        mailbox_id: record.mailbox.0,
        message_id: mail.identity.message_id.as_deref().map(storable),
        digest: &mail.identity.digest,
        identity: identity_key(&mail.identity),
        repeat_of: None,
        folder: place.map(|place| storable(&place.folder)),
        uid_validity: place.map(|place| i64::from(place.uid_validity)),
        uid: place.map(|place| i64::from(place.uid)),
        size: whole_number(record.size),
        received_at: stored(record.received_at),
        recorded_at: stored(now),
        processed_at: stored(now),
        filed_at: None,
        outcome: record.decided.decision.outcome().as_str(),
        why: record.decided.decision.why().map(Cow::Borrowed),
        claimed_number: claimed_number(record).map(storable),
        forwarder_id: record.forwarder.map(|user| user.0),
        attempts: i32::try_from(record.attempts).unwrap_or(i32::MAX),
        took_ms: whole_number(record.took.as_millis()),
        checks: json(checks)?,
        adds_to: None,
    })
}

/// The one number that the subject claims.
pub(super) fn claimed_number(record: &MailRecord) -> Option<&str> {
    match &record.mail.subject.number {
        NumberReading::One(number) => Some(number.as_str()),
        NumberReading::None | NumberReading::Several(_) => None,
    }
}
