//! Recording a mail anew after it was fetched and decided again.

use super::before::{Before, lock};
use super::mail_record::{Kept, MailRecord, Recorded};
use super::person::{Telling, forget_discarded, is_discarded, withdraw};
use super::{contents, corrections, entry, file_ids, mail, reply};
use crate::application::id::MailId;
use crate::decision::{DecidedBy, Decision, ImportOutcome, answers_to};
use crate::notification::{Facts, Occasion};
use crate::store::audit::By;
use crate::store::connection::AnyConnection;
use crate::store::error::Work;
use crate::store::keys::identity_key;
use crate::store::outside::Put;
use crate::store::place;
use crate::store::schema::{mails, outbox};
use crate::store::time::stored;
use crate::store::webhooks::{self, Subscriptions};
use crate::store::words::{from_json, json, storable, whole_number};
use crate::store::{Store, StoreError};
use chrono::{DateTime, Utc};
use diesel::dsl::case_when;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Timestamp};

/// What came of recording a mail again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Again {
    /// What stands in the record now.
    pub recorded: Recorded,
    /// The mail stands in a history and would end otherwise now: its record stayed as it was.
    pub stays: bool,
    /// A person decided about it since it was looked up: its record stayed as it was.
    pub is_decided: bool,
}

impl Store {
    /// Brings the record of a mail up to date after it was decided again, and says what stands in it then.
    ///
    /// - It was not imported before: the record becomes what was decided, with entry, files and notifications as for a
    ///   new mail. Nobody is told twice of the same thing; what is not sent yet and no longer the case is withdrawn.
    /// - It was imported and is so again, for the same application: texts and files are brought up to date, nobody is
    ///   told.
    /// - It was imported and would now end otherwise: the record stays as it is. Taking an entry back is another deed.
    /// - A person decided about it since it was looked up ([`MailRecord::seen`]): the record stays as it is.
    ///
    /// A file that the mail still brings stays the same file, and a kind that a person corrected stays as long as it does.
    ///
    /// Where the mail lies on the server is not touched; if it lies in the archive folder of another outcome, it is noted
    /// to be moved on. The decision must not count the mail's own record as an earlier one; another record of the same
    /// mail makes this one its repeat. Contents that it had and no mail has now are erased.
    ///
    /// # Errors
    ///
    /// [`StoreError::Missing`] if there is no such mail; else as [`Store::record`].
    pub fn record_again(&self, mail: MailId, record: &MailRecord, now: DateTime<Utc>) -> Result<Again, StoreError> {
        let wanted = "Cannot record a mail again";
        let before = self.read(wanted, |connection| contents::digests(connection, mail))?;
        let put = self.put_contents(wanted, std::iter::once(record), now)?;
        let done = self.write(wanted, |connection| {
            let again = record_kept(connection, (&self.webhooks, &put), mail, record, now)?;
            // Where the record stays as it was, what was put for it is not needed.
            put.settle(connection)?;
            Ok(again)
        });
        let done = self.or_given_up(done, &put);
        let done = done.or_else(|error| self.refused_or_overtaken(wanted, std::slice::from_ref(record), error))?;
        self.erase_if_unused(&before)?;
        Ok(done)
    }
}

/// Inside a transaction.
fn record_kept(
    connection: &mut AnyConnection,
    (webhooks, put): (&Subscriptions, &Put),
    mail: MailId,
    record: &MailRecord,
    now: DateTime<Utc>,
) -> Work<Again> {
    let before = lock(connection, mail)?;
    let stayed = Recorded { mail, outcome: before.outcome, entry: before.entry.map(|(entry, _)| entry) };
    if record.seen.is_some_and(|seen| seen != before.seen) && before.seen.is_by_a_person() {
        return Ok(Again { recorded: stayed, stays: false, is_decided: true });
    }
    let recorded = match before.entry {
        Some((entry, application)) => {
            let same = entry::assigned(record).is_some_and(|(now_for, _)| now_for.0 == application);
            if !same {
                return Ok(Again { recorded: stayed, stays: true, is_decided: false });
            }
            update_mail(connection, mail, record, None, now)?;
            let (corrected, files) = (corrections::of(connection, mail)?, file_ids::of(connection, mail)?);
            contents::remove(connection, mail)?;
            contents::insert(connection, &[Kept { record, mail }], put)?;
            corrections::keep(connection, mail, &corrected)?;
            file_ids::keep(connection, mail, files)?;
            entry::update(connection, entry, record)?;
            Recorded { mail, outcome: ImportOutcome::Imported, entry: Some(entry) }
        }
        None => record_anew(connection, mail, &before, (record, put), now)?,
    };
    if recorded.outcome != before.outcome {
        place::note_refile(connection, mail, now)?;
        // Of what is discarded nobody is told while it is.
        if !is_discarded(connection, mail)? {
            webhooks::changed(connection, webhooks, mail, now)?;
        }
    }
    entry::audit(connection, ("mail_reprocessed", By::CLI), std::iter::once((record, &recorded)), now)?;
    Ok(Again { recorded, stays: false, is_decided: false })
}

fn record_anew(
    connection: &mut AnyConnection,
    mail: MailId,
    before: &Before,
    (record, put): (&MailRecord, &Put),
    now: DateTime<Utc>,
) -> Work<Recorded> {
    diesel::update(mails::table.find(mail.0))
        .set(mails::decided_by.eq(DecidedBy::Service.as_str()))
        .execute(connection)?;
    let (corrected, files) = (corrections::of(connection, mail)?, file_ids::of(connection, mail)?);
    contents::remove(connection, mail)?;
    reply::hold_entries(connection, std::iter::once(record))?;
    let first = first_record(connection, mail, record)?;
    let decision = record.decided.decision;
    let waits = matches!(decision.outcome(), ImportOutcome::Unassigned | ImportOutcome::SetAside) && first.is_none();
    if !waits {
        forget_discarded(connection, mail)?;
        withdraw(connection, Telling::ThatItWaits(mail), now)?;
    } else if before.why.as_deref() != decision.why() {
        // The forwarder's answer stays: another stored reason may be the same to them.
        withdraw(connection, Telling::TheOffice(mail), now)?;
    }
    if let Some(first) = first {
        update_mail(connection, mail, record, Some(first), now)?;
        return Ok(Recorded { mail, outcome: ImportOutcome::Repeated, entry: None });
    }
    update_mail(connection, mail, record, reply::adds_to(record).map(|to| to.first), now)?;
    let kept = [Kept { record, mail }];
    contents::insert(connection, &kept, put)?;
    corrections::keep(connection, mail, &corrected)?;
    file_ids::keep(connection, mail, files)?;
    let is_discarded = is_discarded(connection, mail)?;
    let mut answered = answered(connection, mail, before)?;
    if is_discarded {
        answered.extend(record.notifications.iter().filter_map(entry::answer).cloned());
    }
    let entries = entry::insert(connection, &kept, &answered, now)?;
    if is_discarded {
        withdraw(connection, Telling::TheOffice(mail), now)?;
    }
    let outcome = record.decided.decision.outcome();
    Ok(Recorded { mail, outcome, entry: entries.get(&mail).copied() })
}

/// The words of the answers that this mail's forwarder had before. Who was not answered singly then, because another of
/// their mails had been that day, is not answered later either.
fn answered(connection: &mut AnyConnection, mail: MailId, before: &Before) -> Work<Vec<String>> {
    let facts: Vec<String> = outbox::table
        .filter(outbox::mail_id.eq(mail.0))
        .filter(outbox::occasion.eq(Occasion::NotImported.as_str()))
        .select(outbox::facts)
        .load(connection)?;
    let stored = before.why.iter().flat_map(|why| answers_to(why)).map(str::to_owned);
    let mut answered: Vec<String> = stored.collect();
    for facts in facts {
        let facts: Facts = from_json(&facts, "a notification's facts")?;
        answered.extend(facts.why);
    }
    Ok(answered)
}

/// The first record of the same mail, if it is another than this one.
fn first_record(connection: &mut AnyConnection, mail: MailId, record: &MailRecord) -> Work<Option<MailId>> {
    let decided = match record.decided.decision {
        Decision::SkipRepeat { earlier } if earlier != mail => return Ok(Some(earlier)),
        _ => mails::table
            .filter(mails::tenant_id.eq(record.tenant.0))
            .filter(mails::identity.eq(identity_key(&record.mail.identity)))
            .filter(mails::repeat_of.is_null())
            .filter(mails::id.ne(mail.0))
            .select(mails::id)
            .get_result(connection)
            .optional()?,
    };
    Ok(decided.map(MailId))
}

fn update_mail(
    connection: &mut AnyConnection,
    mail: MailId,
    record: &MailRecord,
    repeat_of: Option<MailId>,
    now: DateTime<Utc>,
) -> Work<()> {
    let identity = &record.mail.identity;
    let decision = record.decided.decision;
    let adds_to = reply::adds_to(record).filter(|to| repeat_of == Some(to.first));
    let outcome = if repeat_of.is_some() { ImportOutcome::Repeated } else { decision.outcome() };
    diesel::update(mails::table.find(mail.0))
        .set((
            mails::message_id.eq(identity.message_id.as_deref().map(storable)),
            mails::digest.eq(&identity.digest),
            mails::identity.eq(identity_key(identity)),
            mails::repeat_of.eq(repeat_of.map(|first| first.0)),
            mails::adds_to.eq(adds_to.map(|to| to.entry.0)),
            mails::processed_at.eq(stored(now)),
            mails::outcome.eq(outcome.as_str()),
            mails::outcome_since.eq(case_when(
                mails::outcome.ne(outcome.as_str()),
                stored(now).into_sql::<Nullable<Timestamp>>(),
            )
            .otherwise(mails::outcome_since)),
            mails::why.eq(decision.why().filter(|_| repeat_of.is_none())),
            mails::claimed_number.eq(mail::claimed_number(record)),
            mails::forwarder_id.eq(record.forwarder.map(|user| user.0)),
            mails::took_ms.eq(whole_number(record.took.as_millis())),
            mails::checks.eq(json(&record.decided.checks)?),
        ))
        .execute(connection)?;
    Ok(())
}
