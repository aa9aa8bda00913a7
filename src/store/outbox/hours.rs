//! A person's hour: it begins with the first notification that goes out, so many go out singly in it, and the others are
//! held until it is over.
//!
//! Weighed is when a sender claims, not when a notification is written: what piled up while the mail server was away
//! comes as few mails too.

use super::{Person, before, open};
use crate::notification::Occasion;
use crate::store::connection::AnyConnection;
use crate::store::error::Work;
use crate::store::schema::outbox;
use chrono::{NaiveDateTime, TimeDelta};
use diesel::connection::SimpleConnection;
use diesel::dsl::{count_star, exists, min, not};
use diesel::prelude::*;

/// How long a person's hour lasts.
const HOUR: TimeDelta = TimeDelta::hours(1);

/// A number of our own among the database's advisory locks.
const LOCK: &str = "SELECT pg_advisory_xact_lock(5021877305)";

/// A row that is due, and whether it has its place in an hour.
#[derive(Queryable)]
pub(super) struct Unweighed {
    pub(super) id: i64,
    person: Person,
    occasion: String,
    hour_ends: Option<NaiveDateTime>,
}

/// Until the end of the transaction no other sender claims: two of them would each find the last free place of an hour.
/// SQLite's write lock does that by itself.
pub(super) fn one_at_a_time(connection: &mut AnyConnection) -> QueryResult<()> {
    match connection {
        AnyConnection::Postgres(inner) => inner.batch_execute(LOCK),
        AnyConnection::Sqlite(_) => Ok(()),
    }
}

/// Gives each of these rows a place in its person's hour. Whoever has no place left gets their other rows held; the answer
/// is then false, and it is to be looked anew what is due.
pub(super) fn weigh(connection: &mut AnyConnection, due: &[Unweighed], now: NaiveDateTime, singly: u32) -> Work<bool> {
    if singly == 0 {
        return Ok(true);
    }
    for row in due.iter().filter(|row| row.hour_ends.is_none() && is_counted(&row.occasion)) {
        let hour = running_hour(connection, &row.person, now)?;
        let told = hour.map_or(0, |(_, told)| told);
        if told < i64::from(singly) && open_singly(connection, &row.person)? < i64::from(singly) {
            let ends = hour.map_or(now + HOUR, |(ends, _)| ends);
            diesel::update(outbox::table.find(row.id)).set(outbox::hour_ends.eq(ends)).execute(connection)?;
        } else {
            hold(connection, &row.person, hour.map(|(ends, _)| ends), now)?;
            return Ok(false);
        }
    }
    Ok(true)
}

/// The digest of what waits comes once a day, and an answer to a forwarder once for each reason: they are no part of the
/// flood.
fn is_counted(occasion: &str) -> bool {
    !always_alone().any(|alone| alone == occasion)
}

fn always_alone() -> impl Iterator<Item = &'static str> {
    Occasion::ALL.iter().filter(|occasion| occasion.is_always_alone()).map(|occasion| occasion.as_str())
}

/// When the person's hour ends, and how many they are told of singly in it.
fn running_hour(
    connection: &mut AnyConnection,
    person: &Person,
    now: NaiveDateTime,
) -> QueryResult<Option<(NaiveDateTime, i64)>> {
    outbox::table
        .filter(outbox::tenant_id.eq(person.tenant))
        .filter(outbox::address.eq(&person.address))
        .filter(outbox::hour_ends.gt(now))
        .group_by(outbox::hour_ends)
        .order(outbox::hour_ends.desc())
        .select((outbox::hour_ends.assume_not_null(), count_star()))
        .first(connection)
        .optional()
}

/// How many mails of a single notification to this person are not settled: while the server does not take them, no
/// further ones are begun.
fn open_singly(connection: &mut AnyConnection, person: &Person) -> QueryResult<i64> {
    outbox::table
        .filter(outbox::tenant_id.eq(person.tenant))
        .filter(outbox::address.eq(&person.address))
        .filter(outbox::state.eq(open()))
        .filter(not(outbox::held))
        .filter(outbox::hour_ends.is_not_null())
        .filter(not(exists(before.filter(before.field(outbox::bundle).eq(outbox::id.nullable())))))
        .count()
        .get_result(connection)
}

/// Everything that this person could be told of singly now waits until the hour is over. Where none runs, because the
/// server has not taken the last ones, an hour from now; those that come later join them.
fn hold(
    connection: &mut AnyConnection,
    person: &Person,
    hour_ends: Option<NaiveDateTime>,
    now: NaiveDateTime,
) -> QueryResult<()> {
    let of_person = || {
        outbox::table
            .filter(outbox::tenant_id.eq(&person.tenant))
            .filter(outbox::address.eq(&person.address))
            .filter(outbox::state.eq(open()))
    };
    let ends = if let Some(ends) = hour_ends {
        ends
    } else {
        let held: Option<NaiveDateTime> = of_person()
            .filter(outbox::held)
            .filter(outbox::bundle.is_null())
            .select(min(outbox::due_at))
            .get_result(connection)?;
        held.unwrap_or(now + HOUR)
    };
    let others = of_person()
        .filter(not(outbox::held))
        .filter(outbox::hour_ends.is_null())
        .filter(outbox::occasion.ne_all(always_alone()))
        .filter(outbox::due_at.le(now))
        .filter(outbox::claimed_until.is_null().or(outbox::claimed_until.le(now).assume_not_null()));
    diesel::update(others)
        .set((outbox::held.eq(true), outbox::due_at.eq(ends), outbox::claimed_until.eq(None::<NaiveDateTime>)))
        .execute(connection)?;
    Ok(())
}

/// How many mails to this person are not settled, those that tell of many included.
pub(super) fn open_mails(connection: &mut AnyConnection, person: &Person) -> QueryResult<i64> {
    outbox::table
        .filter(outbox::tenant_id.eq(person.tenant))
        .filter(outbox::address.eq(&person.address))
        .filter(outbox::state.eq(open()))
        .filter(not(outbox::held))
        .filter(outbox::hour_ends.is_not_null())
        .count()
        .get_result(connection)
}
