//! The outbox: notifications that are not yet delivered, and what became of the others.
//!
//! A sender claims rows for a time (`claim`), sends them with no transaction open, and settles each (`settle`). What a
//! dead sender had in hand comes back when its time is over; hence every notification is sent at least once.
//!
//! Of what a person is told within an hour, the first go out singly (`hours`); the others are held until the hour is over
//! and told in one mail (`bundles`): one row leads, the others name it, and all are settled together.

mod bundles;
mod claim;
mod digest;
mod hours;
mod next;
mod settle;

pub use digest::{About, OfficeDigest};
pub use settle::{SendingClaim, SendingEnd};

use super::connection::AnyConnection;
use super::error::Work;
use super::schema::outbox;
use super::words::count;
use crate::application::{EmailAddress, masked};
use chrono::NaiveDateTime;
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Text;
use serde::Serialize;

diesel::alias!(outbox as before: Before);

/// How many notifications are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OutboxCounts {
    /// Not yet delivered.
    pub pending: u64,
    /// Given up.
    pub failed: u64,
    /// Taken by the mail server.
    pub sent: u64,
}

/// What a sender has room for.
#[derive(Clone, Debug)]
pub struct SendingPlaces {
    /// So many more notifications that nobody has tried to send.
    pub free: u32,
    /// So many more such as could not be sent before.
    pub repeats: u32,
    /// None for these recipients.
    pub busy: Vec<EmailAddress>,
    /// So many go to one person singly within an hour, the others in one mail when it is over; 0: all go singly.
    pub singly: u32,
}

impl SendingPlaces {
    /// So many places of either kind, each notification in a mail of its own.
    pub fn free(free: u32) -> Self {
        Self { free, repeats: free, busy: Vec::new(), singly: 0 }
    }
}

/// Whom a notification goes to: the same address may be a person of several tenants, who are told apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Queryable)]
struct Person {
    tenant: i64,
    address: String,
}

/// Rows whose turn it is: no earlier one to the same person about the same application is still pending. Different people
/// do not wait for each other, or one full mailbox would hold up everybody. Those that are told with others have no turn.
macro_rules! whose_turn_it_is {
    () => {
        outbox::state.eq(open()).and(not(outbox::held)).and(not(exists(
            before
                .filter(before.field(outbox::application_id).eq(outbox::application_id))
                .filter(before.field(outbox::address).eq(outbox::address))
                .filter(before.field(outbox::state).eq(open()))
                .filter(before.field(outbox::id).lt(outbox::id)),
        )))
    };
}
use whose_turn_it_is;

/// The state as a literal: an index on pending rows is used only where the statement itself says so.
fn open() -> SqlLiteral<Text> {
    sql("'pending'")
}

/// How many notifications are in which state.
pub(super) fn counts(connection: &mut AnyConnection) -> Work<OutboxCounts> {
    let rows: Vec<(String, i64)> =
        outbox::table.group_by(outbox::state).select((outbox::state, diesel::dsl::count_star())).load(connection)?;
    let of = |state: &str| rows.iter().find(|(word, _)| word == state).map_or(0, |(_, rows)| count(*rows));
    Ok(OutboxCounts { pending: of("pending"), failed: of("failed"), sent: of("sent") })
}

/// Why the newest of those that were put off was, without the addresses that servers quote.
pub(super) fn put_off(connection: &mut AnyConnection) -> Work<Option<String>> {
    let error: Option<Option<String>> = outbox::table
        .filter(outbox::state.eq(open()).and(outbox::last_error.is_not_null()))
        .order(outbox::id.desc())
        .select(outbox::last_error)
        .first(connection)
        .optional()?;
    Ok(error.flatten().map(|error| masked(&error, |_, _| false)))
}

/// How many are pending and failed, and since when the oldest pending one waits. Those sent, which are most, are left alone.
pub(super) fn pending_and_failed(connection: &mut AnyConnection) -> Work<(u64, u64, Option<NaiveDateTime>)> {
    let (pending, oldest): (i64, Option<NaiveDateTime>) = outbox::table
        .filter(outbox::state.eq(open()))
        .select((diesel::dsl::count_star(), diesel::dsl::min(outbox::created_at)))
        .get_result(connection)?;
    let failed: i64 = outbox::table.filter(outbox::state.eq("failed")).count().get_result(connection)?;
    Ok((count(pending), count(failed), oldest))
}
