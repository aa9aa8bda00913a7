//! One mail for many rows: what was held of a person, once the hour is over.
//!
//! The oldest row leads: it is sent as any other, under its own Message-ID, and the others name it. Who belongs to the
//! mail is fixed before it is sent. Nothing here holds more rows in memory than the mail shows lines.

use super::{Person, before, hours, open};
use crate::application::id::{HistoryEntryId, MailId};
use crate::notification::{Bundle, BundleCount, BundleLine, MOST_LINES};
use crate::store::connection::AnyConnection;
use crate::store::error::Work;
use crate::store::schema::{mails, outbox};
use crate::store::words::{count, from_json, value};
use chrono::NaiveDateTime;
use diesel::dsl::{count_star, exists, min, not};
use diesel::prelude::*;

/// Occasion, mail, entry and facts of a row.
type Line = (String, Option<i64>, Option<i64>, String);

diesel::allow_columns_to_appear_in_same_group_by_clause!(outbox::occasion, mails::why);

/// Rows of a person that wait for the hour to end, and nothing earlier about the same application stands outside of them.
macro_rules! ripe {
    ($person:expr, $now:expr) => {
        outbox::tenant_id
            .eq($person.tenant)
            .and(outbox::address.eq(&$person.address))
            .and(outbox::state.eq(open()))
            .and(outbox::held)
            .and(outbox::bundle.is_null())
            .and(outbox::due_at.le($now))
            .and(outbox::claimed_until.is_null().or(outbox::claimed_until.le($now).assume_not_null()))
            .and(not(exists(
                before
                    .filter(before.field(outbox::application_id).eq(outbox::application_id))
                    .filter(before.field(outbox::address).eq(outbox::address))
                    .filter(before.field(outbox::state).eq(open()))
                    .filter(not(before.field(outbox::held)).or(before.field(outbox::bundle).is_not_null()))
                    .filter(before.field(outbox::id).lt(outbox::id)),
            )))
    };
}

/// Those of whom something was held, and whose hour is over.
pub(super) fn people(connection: &mut AnyConnection, now: NaiveDateTime) -> QueryResult<Vec<Person>> {
    outbox::table
        .filter(outbox::state.eq(open()))
        .filter(outbox::held)
        .filter(outbox::bundle.is_null())
        .filter(outbox::due_at.le(now))
        .select((outbox::tenant_id, outbox::address))
        .distinct()
        .load(connection)
}

/// Makes one mail of what was held of each person whose hour is over. Nobody gets one while so many of their mails are
/// open that the server seems not to take them: then it grows.
pub(super) fn form(connection: &mut AnyConnection, now: NaiveDateTime, singly: u32) -> QueryResult<()> {
    for person in people(connection, now)? {
        if singly > 0 && hours::open_mails(connection, &person)? > i64::from(singly) {
            continue;
        }
        let first: Option<i64> =
            outbox::table.filter(ripe!(person, now)).select(min(outbox::id)).get_result(connection)?;
        let Some(first) = first else { continue };
        diesel::update(outbox::table.filter(ripe!(person, now)).filter(outbox::id.ne(first)))
            .set((outbox::bundle.eq(first), outbox::claimed_until.eq(None::<NaiveDateTime>)))
            .execute(connection)?;
        diesel::update(outbox::table.find(first))
            .set((outbox::held.eq(false), outbox::hour_ends.eq(outbox::due_at.nullable())))
            .execute(connection)?;
    }
    Ok(())
}

/// What the mails of these rows tell of too is in hand with them.
pub(super) fn claim(connection: &mut AnyConnection, leaders: &[i64], until: NaiveDateTime) -> QueryResult<()> {
    diesel::update(outbox::table.filter(outbox::bundle.eq_any(leaders)).filter(outbox::state.eq(open())))
        .set(outbox::claimed_until.eq(until))
        .execute(connection)?;
    Ok(())
}

/// Which of these rows lead others.
pub(super) fn leaders(connection: &mut AnyConnection, rows: &[i64]) -> QueryResult<Vec<Option<i64>>> {
    let led = outbox::table.filter(outbox::bundle.eq_any(rows)).filter(outbox::state.eq(open()));
    led.select(outbox::bundle).distinct().load(connection)
}

/// What the mail of this row tells of, if of more than the row itself.
pub(super) fn read(connection: &mut AnyConnection, leader: i64) -> Work<Option<Bundle>> {
    let counts: Vec<(String, Option<String>, i64)> = outbox::table
        .inner_join(mails::table.on(outbox::mail_id.eq(mails::id.nullable())))
        .filter(outbox::bundle.eq(leader))
        .filter(outbox::state.eq(open()))
        .group_by((outbox::occasion, mails::why))
        .order((outbox::occasion, mails::why))
        .select((outbox::occasion, mails::why, count_star()))
        .load(connection)?;
    if counts.is_empty() {
        return Ok(None);
    }
    let mut bundle = Bundle::default();
    for (word, why, number) in counts {
        bundle.counts.push(BundleCount { occasion: value(&word, "an occasion")?, why, number: count(number) });
    }
    let line = (outbox::occasion, outbox::mail_id, outbox::entry_id, outbox::facts);
    let first: Line = outbox::table.find(leader).select(line).get_result(connection)?;
    let why: Option<Option<String>> = match first.1 {
        Some(mail) => mails::table.find(mail).select(mails::why).get_result(connection).optional()?,
        None => None,
    };
    bundle.add(value(&first.0, "an occasion")?, why.flatten());
    let others: Vec<Line> = outbox::table
        .filter(outbox::bundle.eq(leader))
        .filter(outbox::state.eq(open()))
        .order(outbox::id)
        .limit(i64::try_from(MOST_LINES).unwrap_or(i64::MAX) - 1)
        .select(line)
        .load(connection)?;
    for (word, mail, entry, facts) in std::iter::once(first).chain(others) {
        bundle.lines.push(BundleLine {
            occasion: value(&word, "an occasion")?,
            mail: mail.map(MailId),
            entry: entry.map(HistoryEntryId),
            facts: from_json(&facts, "a notification's facts")?,
        });
    }
    Ok(Some(bundle))
}
