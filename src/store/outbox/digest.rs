//! The office's digests: a row for each address of the office, written once, and what they tell of, read when they are
//! sent. No word of a mail stands in the row.

use crate::application::id::{MailId, TenantId};
use crate::application::{EmailAddress, Language};
use crate::notification::{Facts, MOST_LINES, Occasion, QuietCounts, WaitingLine, WaitingList};
use crate::store::blocked_claims::{BlockedClaims, WAITING, claims_none_of};
use crate::store::connection::{AnyConnection, on};
use crate::store::error::Work;
use crate::store::keys::notice_key;
use crate::store::schema::{mailbox_rounds, mailboxes, mails, outbox};
use crate::store::time::{read, stored};
use crate::store::words::{count, json};
use crate::store::{Store, StoreError};
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::{count_star, exists, min, not, select};
use diesel::prelude::*;
use std::collections::BTreeMap;

/// A digest for a tenant's office.
#[derive(Clone, Copy, Debug)]
pub struct OfficeDigest<'a> {
    /// Whose office.
    pub tenant: TenantId,
    /// What tells it from the tenant's other digests: each is written once, whoever writes it.
    pub name: &'a str,
    /// The office's addresses.
    pub office: &'a [EmailAddress],
    /// The office's language.
    pub language: Language,
    /// What its text needs to know. Of what was quiet in the mailbox of the import address it tells.
    pub facts: &'a Facts,
    /// What must be the case.
    pub about: About,
}

/// What a digest is about; without that it is not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// Something waits that was recorded by this time.
    WhatWaits(DateTime<Utc>),
    /// Mail came in before this time (`None`: before the mailbox was first connected), and the inbox is worked off.
    WhatWasQuiet(Option<DateTime<Utc>>),
}

impl Store {
    /// Writes a digest into the outbox, if it is not there and there is something to tell; says to how many addresses. Not to
    /// one whose last digest still waits to be sent: it tells what is the case when it is sent.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn write_digest(&self, digest: &OfficeDigest<'_>, now: DateTime<Utc>) -> Result<usize, StoreError> {
        let keys: Vec<String> = digest.office.iter().map(|address| key(digest, address)).collect();
        let wanted: Vec<(&EmailAddress, &String)> = self.read("Cannot look for a digest", |connection| {
            let there: Vec<String> =
                outbox::table.filter(outbox::message_key.eq_any(&keys)).select(outbox::message_key).load(connection)?;
            let open: Vec<String> = outbox::table
                .filter(outbox::tenant_id.eq(digest.tenant.0))
                .filter(outbox::address.eq_any(digest.office.iter().map(EmailAddress::as_str)))
                .filter(outbox::state.eq(super::open()))
                .filter(not(outbox::held))
                .filter(outbox::occasion.eq(Occasion::WaitingDigest.as_str()))
                .select(outbox::address)
                .load(connection)?;
            let mut wanted: Vec<_> = digest.office.iter().zip(&keys).collect();
            wanted.retain(|(address, key)| !there.contains(key) && open.iter().all(|open| open != address.as_str()));
            let is_due = !wanted.is_empty() && has_something(connection, digest)?;
            Ok(if is_due { wanted } else { Vec::new() })
        })?;
        if wanted.is_empty() {
            return Ok(0);
        }
        let facts = json(digest.facts);
        self.write("Cannot write a digest", |connection| {
            let facts = facts?;
            let mut written = 0;
            for (address, key) in wanted {
                written += on!(connection, inner => diesel::insert_into(outbox::table)
                    .values((
                        outbox::tenant_id.eq(digest.tenant.0),
                        outbox::occasion.eq(Occasion::WaitingDigest.as_str()),
                        outbox::address.eq(address.as_str()),
                        outbox::language.eq(digest.language.as_str()),
                        outbox::facts.eq(&facts),
                        outbox::message_key.eq(key),
                        outbox::state.eq("pending"),
                        outbox::attempts.eq(0),
                        outbox::created_at.eq(stored(now)),
                        outbox::due_at.eq(stored(now)),
                    ))
                    .on_conflict_do_nothing()
                    .execute(inner))?;
            }
            Ok(written)
        })
    }
}

fn key(digest: &OfficeDigest<'_>, address: &EmailAddress) -> String {
    notice_key([&digest.tenant.to_string(), Occasion::WaitingDigest.as_str(), digest.name, address.as_str()])
}

fn has_something(connection: &mut AnyConnection, digest: &OfficeDigest<'_>) -> Work<bool> {
    match digest.about {
        About::WhatWaits(until) => {
            let blocked = BlockedClaims::of(connection, digest.tenant)?;
            Ok(select(exists(
                mails::table
                    .filter(claims_none_of(&blocked))
                    .filter(mails::tenant_id.eq(digest.tenant.0))
                    .filter(mails::outcome.eq_any(WAITING))
                    .filter(mails::discarded_at.is_null())
                    .filter(mails::recorded_at.le(stored(until))),
            ))
            .get_result(connection)?)
        }
        About::WhatWasQuiet(before) => {
            let round: Option<(Option<NaiveDateTime>, Option<i64>)> = mailboxes::table
                .left_join(mailbox_rounds::table)
                .filter(mailboxes::tenant_id.eq(digest.tenant.0))
                .filter(mailboxes::address.eq(&digest.facts.import_address))
                .select((mailbox_rounds::last_good_at.nullable(), mailbox_rounds::waiting.nullable()))
                .get_result(connection)
                .optional()?;
            // A round that ended before that time says nothing of the mail that came in until then.
            let is_late_enough = |good: NaiveDateTime| before.is_none_or(|before| read(good) >= before);
            let is_done = round.is_some_and(|(good, waiting)| good.is_some_and(is_late_enough) && waiting == Some(0));
            Ok(is_done && quiet(connection, digest.tenant.0, digest.facts, before)? != QuietCounts::default())
        }
    }
}

/// What the digest of this tenant tells of.
pub(super) fn read_list(connection: &mut AnyConnection, tenant: i64, facts: &Facts) -> Work<WaitingList> {
    let blocked = BlockedClaims::of(connection, TenantId(tenant))?;
    let waiting = || {
        let of_tenant = mails::table.filter(mails::tenant_id.eq(tenant)).filter(mails::outcome.eq_any(WAITING));
        of_tenant.filter(mails::discarded_at.is_null()).filter(claims_none_of(&blocked))
    };
    let counts: Vec<(Option<String>, i64)> =
        waiting().group_by(mails::why).order(mails::why).select((mails::why, count_star())).load(connection)?;
    let oldest: Option<NaiveDateTime> = waiting().select(min(mails::received_at)).get_result(connection)?;
    let lines: Vec<(i64, NaiveDateTime, Option<String>, Option<String>)> = waiting()
        .order(mails::id)
        .limit(i64::try_from(MOST_LINES).unwrap_or(i64::MAX))
        .select((mails::id, mails::received_at, mails::why, mails::claimed_number))
        .load(connection)?;
    let quiet = if facts.quiet { Some(quiet(connection, tenant, facts, facts.quiet_before)?) } else { None };
    Ok(WaitingList {
        counts: counts.into_iter().map(|(why, number)| (why.unwrap_or_default(), count(number))).collect(),
        oldest: oldest.map(read),
        lines: lines
            .into_iter()
            .map(|(mail, received_at, why, reference)| WaitingLine {
                mail: MailId(mail),
                received_at: read(received_at),
                why: why.unwrap_or_default(),
                reference,
            })
            .collect(),
        quiet,
    })
}

/// What became of the mailbox's mail from before this time, or from before it was first connected.
fn quiet(
    connection: &mut AnyConnection,
    tenant: i64,
    facts: &Facts,
    before: Option<DateTime<Utc>>,
) -> Work<QuietCounts> {
    let old = mails::table
        .inner_join(mailboxes::table)
        .filter(mails::tenant_id.eq(tenant))
        .filter(mailboxes::address.eq(&facts.import_address))
        // What a person discarded meanwhile does not wait, and needs nobody's attention.
        .filter(mails::discarded_at.is_null())
        .group_by(mails::outcome)
        .select((mails::outcome, count_star()));
    let rows: BTreeMap<String, i64> = match before {
        Some(before) => old.filter(mails::received_at.lt(stored(before))).load::<(String, i64)>(connection)?,
        None => old.filter(mails::received_at.lt(mailboxes::created_at)).load::<(String, i64)>(connection)?,
    }
    .into_iter()
    .collect();
    let mut counts = QuietCounts::default();
    for (outcome, number) in rows {
        let of = match outcome.as_str() {
            "imported" => &mut counts.imported,
            outcome if WAITING.contains(&outcome) => &mut counts.waiting,
            _ => &mut counts.others,
        };
        *of += count(number);
    }
    Ok(counts)
}
