//! The one answer that a forwarder has for a reason and a day tells of one of their mails. When that one waits no longer and
//! the answer is not sent yet, it tells of another that still does, and that may be answered.

use crate::decision::{Check, CheckName, answer_to};
use crate::notification::{Facts, Occasion};
use crate::store::blocked_claims::WAITING;
use crate::store::connection::AnyConnection;
use crate::store::error::Work;
use crate::store::schema::{mails, outbox};
use crate::store::time::stored;
use crate::store::words::{from_json, json};
use chrono::{DateTime, Days, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use diesel::prelude::*;

/// So many mails of one person and day are looked at.
const MOST: i64 = 100;

/// An answer that was not sent yet, and when its mail came in.
#[derive(Queryable)]
struct Answer {
    id: i64,
    user: Option<i64>,
    tenant: i64,
    facts: String,
    received_at: NaiveDateTime,
}

/// A mail that may be answered instead.
#[derive(Queryable)]
struct Other {
    id: i64,
    received_at: NaiveDateTime,
    why: Option<String>,
    checks: String,
    claimed_number: Option<String>,
}

/// Hands the answers to these mails on, as far as nobody has one in hand. What finds no other mail stays with its own.
pub(in crate::store) fn hand_on(connection: &mut AnyConnection, ids: &[i64], now: DateTime<Utc>) -> Work<()> {
    let free = outbox::claimed_until.is_null().or(outbox::claimed_until.le(stored(now)).assume_not_null());
    let answers: Vec<Answer> = outbox::table
        .inner_join(mails::table.on(mails::id.nullable().eq(outbox::mail_id)))
        .filter(mails::id.eq_any(ids))
        .filter(outbox::occasion.eq(Occasion::NotImported.as_str()))
        .filter(outbox::state.eq("pending"))
        .filter(free)
        .order(outbox::id)
        .select((outbox::id, outbox::user_id, outbox::tenant_id, outbox::facts, mails::received_at))
        .load(connection)?;
    for answer in answers {
        let mut facts: Facts = from_json(&answer.facts, "a notification's facts")?;
        let Some(other) = other(connection, &answer, &facts, ids)? else { continue };
        let clock = clock(&answer, &facts);
        facts.received_at = facts.received_at.map(|_| other.received_at + clock);
        facts.reference = facts.reference.and(other.claimed_number);
        facts.suggestions.clear();
        diesel::update(outbox::table.find(answer.id).filter(outbox::state.eq("pending")).filter(free))
            .set((outbox::mail_id.eq(other.id), outbox::facts.eq(json(&facts)?)))
            .execute(connection)?;
    }
    Ok(())
}

/// By how much the tenant's clock was ahead when the mail came in.
fn clock(answer: &Answer, facts: &Facts) -> TimeDelta {
    facts.received_at.map_or_else(TimeDelta::zero, |local| local - answer.received_at)
}

/// The first other mail of the same person and day that waits and would have had the same answer. It is locked: whoever
/// decides about it at the same time finds the answer with it, or it is found to wait no longer.
fn other(connection: &mut AnyConnection, answer: &Answer, facts: &Facts, not: &[i64]) -> Work<Option<Other>> {
    let (Some(user), Some(why), Some(day)) = (answer.user, &facts.why, facts.answered_on) else { return Ok(None) };
    let begins = day.and_time(NaiveTime::MIN) - clock(answer, facts);
    let others: Vec<Other> = mails::table
        .filter(mails::tenant_id.eq(answer.tenant))
        .filter(mails::forwarder_id.eq(user))
        .filter(waits())
        .filter(mails::recorded_at.ge(begins))
        .filter(mails::recorded_at.lt(begins + Days::new(1)))
        .filter(mails::id.ne_all(not))
        .order(mails::id)
        .limit(MOST)
        .select((mails::id, mails::received_at, mails::why, mails::checks, mails::claimed_number))
        .load(connection)?;
    for other in others {
        let checks: Vec<Check> = from_json(&other.checks, "a decision record")?;
        let may_be_answered = checks.iter().any(|check| check.passed && check.name() == Some(CheckName::Answer));
        let is_same = other.why.as_deref().and_then(|stored| answer_to(stored, &checks)) == Some(why);
        if may_be_answered && is_same && still_waits(connection, other.id)? {
            return Ok(Some(other));
        }
    }
    Ok(None)
}

fn still_waits(connection: &mut AnyConnection, mail: i64) -> Work<bool> {
    let row = mails::table.find(mail).filter(waits()).select(mails::id);
    let found: Option<i64> = match connection {
        AnyConnection::Postgres(inner) => row.for_no_key_update().get_result(inner).optional()?,
        // The whole file is locked already.
        AnyConnection::Sqlite(inner) => row.get_result(inner).optional()?,
    };
    Ok(found.is_some())
}

#[diesel::dsl::auto_type]
fn waits() -> _ {
    let waiting: [&'static str; 2] = WAITING;
    mails::outcome.eq_any(waiting).and(mails::discarded_at.is_null())
}
