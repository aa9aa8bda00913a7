//! What is known about mails before they are decided: a few look-ups for a whole batch, all inside one tenant.

use super::connection::AnyConnection;
use super::error::Work;
use super::keys::identity_key;
use super::place::number;
use super::replies::alike;
use super::schema::{
    applications, candidate_addresses, candidates, mails, outbox, responsibilities, user_addresses, users,
};
use super::tenancy::address;
use super::words::value;
use super::{Store, StoreError};
use crate::application::id::{ApplicationId, MailId, MailboxId, TenantId, UserId};
use crate::application::{EmailAddress, ReferenceNumber};
use crate::decision::{Earlier, Known, KnownApplication, KnownUser, Responsible, Unfiled};
use crate::mail::{MailIdentity, ReplyIdentity};
use diesel::prelude::*;
use std::collections::{HashMap, HashSet};

/// Keys that one statement names.
const KEYS: usize = 1000;

/// What one mail asks.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// Was this mail recorded before?
    pub identity: &'a MailIdentity,
    /// Which application has this number?
    pub number: Option<&'a ReferenceNumber>,
    /// Which user has this address?
    pub forwarder: Option<&'a EmailAddress>,
    /// Are these the left sides of Message-IDs of our notices?
    pub keys: &'a [String],
    /// Does this reply stand in that application's history?
    pub reply: Option<&'a ReplyIdentity>,
}

impl Store {
    /// The facts about each mail, in the order of the questions.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn known(&self, tenant: TenantId, questions: &[Question<'_>]) -> Result<Vec<Known>, StoreError> {
        self.read("Cannot look up what is known of mails", |connection| {
            let earlier = earlier_mails(connection, tenant, questions.iter().map(|question| question.identity))?;
            let forwarders =
                users_by_address(connection, tenant, questions.iter().filter_map(|question| question.forwarder))?;
            let applications =
                applications_by_number(connection, tenant, questions.iter().filter_map(|question| question.number))?;
            let found =
                |question: &Question<'_>| question.number.and_then(|number| applications.get(number.as_str())).cloned();
            let asked: Vec<_> =
                questions.iter().map(|question| found(question).map(|found| found.id).zip(question.reply)).collect();
            let alike = alike(connection, &asked)?;
            let notices = notices(connection, questions.iter().flat_map(|question| question.keys))?;
            Ok(questions
                .iter()
                .zip(alike)
                .map(|(question, alike)| Known {
                    earlier: earlier.get(&identity_key(question.identity)).cloned(),
                    forwarder: question.forwarder.and_then(|address| forwarders.get(address.as_str())).cloned(),
                    application: found(question),
                    same_reply: alike.same,
                    other_replies: alike.others,
                    own_notice: question.keys.iter().any(|key| notices.contains(key)),
                    near_misses: Vec::new(),
                })
                .collect())
        })
    }
}

/// Those of these keys that are a notice's, whatever tenant's.
fn notices<'a>(connection: &mut AnyConnection, keys: impl Iterator<Item = &'a String>) -> Work<HashSet<String>> {
    let keys: Vec<&str> = keys.map(String::as_str).collect::<HashSet<_>>().into_iter().collect();
    let mut found = HashSet::new();
    for part in keys.chunks(KEYS) {
        let notices = outbox::table.filter(outbox::message_key.eq_any(part)).select(outbox::message_key);
        found.extend(notices.load::<String>(connection)?);
    }
    Ok(found)
}

/// Number, identity, outcome, mailbox, UIDVALIDITY, UID, whether it lies in a folder, and when it was filed away.
type EarlierRow = (i64, String, String, i64, Option<i64>, Option<i64>, bool, Option<chrono::NaiveDateTime>);

fn earlier_mails<'a>(
    connection: &mut AnyConnection,
    tenant: TenantId,
    identities: impl Iterator<Item = &'a MailIdentity>,
) -> Work<HashMap<String, Earlier>> {
    let mut keys: HashSet<String> = identities.map(identity_key).collect();
    let of = |keys: &HashSet<String>| {
        mails::table
            .filter(mails::tenant_id.eq(tenant.0))
            .filter(mails::identity.eq_any(keys.iter().cloned().collect::<Vec<_>>()))
            .order(mails::id.desc())
            .select((
                mails::id,
                mails::identity,
                mails::outcome,
                mails::mailbox_id,
                mails::uid_validity,
                mails::uid,
                mails::folder.is_not_null(),
                mails::filed_at,
            ))
    };
    let mut rows: Vec<EarlierRow> = of(&keys).filter(mails::repeat_of.is_null()).load(connection)?;
    // A further forward of a reply is a repeat of another mail, and the first of its own.
    keys.retain(|key| rows.iter().all(|row| row.1 != *key));
    if !keys.is_empty() {
        rows.extend(of(&keys).filter(mails::repeat_of.is_not_null()).load::<EarlierRow>(connection)?);
    }
    // Of several the oldest is the last, and stays.
    rows.into_iter()
        .map(|(id, key, outcome, mailbox, uid_validity, uid, in_folder, filed_at)| {
            let unfiled = (in_folder && filed_at.is_none())
                .then(|| Unfiled { mailbox: MailboxId(mailbox), place: number(uid_validity).zip(number(uid)) });
            let outcome = value(outcome, "an outcome")?;
            Ok((key, Earlier { mail: MailId(id), outcome, unfiled }))
        })
        .collect()
}

type UserRow = (i64, String, String, String, String, bool);

pub(super) fn users_by_address<'a>(
    connection: &mut AnyConnection,
    tenant: TenantId,
    addresses: impl Iterator<Item = &'a EmailAddress>,
) -> Work<HashMap<String, KnownUser>> {
    let addresses: HashSet<&str> = addresses.map(EmailAddress::as_str).collect();
    if addresses.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(String, UserRow)> = user_addresses::table
        .inner_join(users::table)
        .filter(user_addresses::tenant_id.eq(tenant.0))
        .filter(user_addresses::address.eq_any(addresses))
        .select((
            user_addresses::address,
            (users::id, users::name, users::address, users::role, users::language, users::active),
        ))
        .load(connection)?;
    rows.into_iter()
        .map(|(key, (id, name, first, role, language, active))| {
            let user = KnownUser {
                id: UserId(id),
                name,
                address: address(first)?,
                role: value(role, "a role")?,
                language: value(language, "a language")?,
                active,
            };
            Ok((key, user))
        })
        .collect()
}

#[derive(Queryable)]
struct ApplicationRow {
    id: i64,
    number: String,
    number_folded: String,
    post: String,
    candidate_id: i64,
    candidate_name: String,
}

/// The applications by the numbers as claimed: exactly, else without leading zeros on both sides if that is unique.
fn applications_by_number<'a>(
    connection: &mut AnyConnection,
    tenant: TenantId,
    claimed: impl Iterator<Item = &'a ReferenceNumber>,
) -> Work<HashMap<String, KnownApplication>> {
    let claimed: HashMap<&ReferenceNumber, String> =
        claimed.map(|number| (number, number.without_leading_zeros())).collect();
    if claimed.is_empty() {
        return Ok(HashMap::new());
    }
    // An exact hit has the same folded number as what it was claimed by, so one look-up brings both kinds of hits.
    let rows: Vec<ApplicationRow> = applications::table
        .inner_join(candidates::table)
        .filter(applications::tenant_id.eq(tenant.0))
        .filter(applications::number_folded.eq_any(claimed.values()))
        .select((
            applications::id,
            applications::number,
            applications::number_folded,
            applications::post,
            candidates::id,
            candidates::name,
        ))
        .load(connection)?;
    let hits: Vec<(&ReferenceNumber, &ApplicationRow)> =
        claimed.iter().filter_map(|(number, folded)| Some((*number, meant_by(number, folded, &rows)?))).collect();
    let addresses = addresses_of(connection, hits.iter().map(|(_, row)| row.candidate_id).collect())?;
    let responsible = responsible_for(connection, hits.iter().map(|(_, row)| row.id).collect())?;
    Ok(hits
        .into_iter()
        .map(|(claimed, row)| {
            let application = KnownApplication {
                id: ApplicationId(row.id),
                number: ReferenceNumber::from_store(row.number.clone()),
                candidate_name: row.candidate_name.clone(),
                candidate_addresses: addresses.get(&row.candidate_id).cloned().unwrap_or_default(),
                post: row.post.clone(),
                responsible: responsible.get(&row.id).cloned().unwrap_or_default(),
            };
            (claimed.as_str().to_owned(), application)
        })
        .collect())
}

fn meant_by<'a>(claimed: &ReferenceNumber, folded: &str, rows: &'a [ApplicationRow]) -> Option<&'a ApplicationRow> {
    if let Some(exact) = rows.iter().find(|row| row.number == claimed.as_str()) {
        return Some(exact);
    }
    let mut alike = rows.iter().filter(|row| row.number_folded == folded);
    alike.next().filter(|_| alike.next().is_none())
}

fn addresses_of(connection: &mut AnyConnection, candidates: Vec<i64>) -> Work<HashMap<i64, Vec<EmailAddress>>> {
    let rows: Vec<(i64, String)> = candidate_addresses::table
        .filter(candidate_addresses::candidate_id.eq_any(candidates))
        .order((candidate_addresses::candidate_id, candidate_addresses::position))
        .select((candidate_addresses::candidate_id, candidate_addresses::address))
        .load(connection)?;
    let mut addresses: HashMap<i64, Vec<EmailAddress>> = HashMap::new();
    for (candidate, text) in rows {
        addresses.entry(candidate).or_default().push(address(text)?);
    }
    Ok(addresses)
}

fn responsible_for(connection: &mut AnyConnection, applications: Vec<i64>) -> Work<HashMap<i64, Vec<Responsible>>> {
    let rows: Vec<(i64, i64, String, String, String)> = responsibilities::table
        .inner_join(users::table)
        .filter(responsibilities::application_id.eq_any(applications))
        .filter(users::active.eq(true))
        .order((responsibilities::application_id, users::id))
        .select((responsibilities::application_id, users::id, users::name, users::address, users::language))
        .load(connection)?;
    let mut responsible: HashMap<i64, Vec<Responsible>> = HashMap::new();
    for (application, id, name, first, language) in rows {
        responsible.entry(application).or_default().push(Responsible {
            id: UserId(id),
            name,
            address: address(first)?,
            language: value(language, "a language")?,
        });
    }
    Ok(responsible)
}
