//! When there is something to send.

use super::{before, bundles, hours, open, whose_turn_it_is};
use crate::store::connection::AnyConnection;
use crate::store::error::Work;
use crate::store::schema::outbox;
use crate::store::time::{read, stored};
use crate::store::{Store, StoreError};
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::{exists, min, not};
use diesel::prelude::*;

impl Store {
    /// When a notification can next be claimed, `now` if one can be at once; `None` if none is pending.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn next_due(&self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.read("Cannot look for the next notification", |connection| {
            let free: Option<NaiveDateTime> = outbox::table
                .filter(whose_turn_it_is!())
                .filter(outbox::claimed_until.is_null())
                .select(min(outbox::due_at))
                .get_result(connection)?;
            let in_hand: Option<NaiveDateTime> =
                outbox::table.filter(whose_turn_it_is!()).select(min(outbox::claimed_until)).get_result(connection)?;
            let held = held(connection, stored(now))?;
            Ok(free.into_iter().chain(in_hand).chain(held).min().map(|due| read(due).max(now)))
        })
    }
}

/// When something held comes of age. What has, and cannot go, waits for an open mail to the same person, which counts
/// itself.
fn held(connection: &mut AnyConnection, now: NaiveDateTime) -> Work<Option<NaiveDateTime>> {
    for person in bundles::people(connection, now)? {
        if hours::open_mails(connection, &person)? == 0 {
            return Ok(Some(now));
        }
    }
    Ok(outbox::table
        .filter(outbox::state.eq(open()))
        .filter(outbox::held)
        .filter(outbox::bundle.is_null())
        .filter(outbox::due_at.gt(now))
        .select(min(outbox::due_at))
        .get_result(connection)?)
}
