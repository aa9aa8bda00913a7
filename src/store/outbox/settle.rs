//! What came of sending: a row is settled together with those that its mail told of too.

use crate::application::id::NotificationId;
use crate::store::schema::outbox;
use crate::store::time::stored;
use crate::store::words::storable;
use crate::store::{Store, StoreError};
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

impl Store {
    /// The server took it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away; the notification is then sent once more.
    pub fn settle_sent(&self, id: NotificationId, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.write("Cannot note a sent notification", |connection| {
            diesel::update(pending(id))
                .set((
                    outbox::state.eq("sent"),
                    outbox::sent_at.eq(stored(at)),
                    outbox::claimed_until.eq(None::<NaiveDateTime>),
                ))
                .execute(connection)?;
            Ok(())
        })
    }

    /// It could not be sent now; it is due again at the given time.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away; the claim then runs out by itself.
    pub fn put_off(&self, id: NotificationId, error: &str, until: DateTime<Utc>) -> Result<(), StoreError> {
        self.write("Cannot put off a notification", |connection| {
            diesel::update(pending(id))
                .set((
                    outbox::attempts.eq(outbox::attempts + 1),
                    outbox::due_at.eq(stored(until)),
                    outbox::claimed_until.eq(None::<NaiveDateTime>),
                    outbox::last_error.eq(storable(error)),
                ))
                .execute(connection)?;
            Ok(())
        })
    }

    /// These were claimed and not tried: they are due as before.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away; the claim then runs out by itself.
    pub fn release(&self, ids: &[NotificationId]) -> Result<(), StoreError> {
        self.write("Cannot release notifications", |connection| {
            for id in ids {
                diesel::update(pending(*id))
                    .set(outbox::claimed_until.eq(None::<NaiveDateTime>))
                    .execute(connection)?;
            }
            Ok(())
        })
    }

    /// It will never be sent; it stays, with its error, for a person to see.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away; the claim then runs out by itself.
    pub fn give_up(&self, id: NotificationId, error: &str, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.write("Cannot give up a notification", |connection| {
            diesel::update(pending(id))
                .set((
                    outbox::attempts.eq(outbox::attempts + 1),
                    outbox::state.eq("failed"),
                    outbox::failed_at.eq(stored(at)),
                    outbox::claimed_until.eq(None::<NaiveDateTime>),
                    outbox::last_error.eq(storable(error)),
                ))
                .execute(connection)?;
            Ok(())
        })
    }
}

/// The row and those it leads.
#[diesel::dsl::auto_type]
fn pending(id: NotificationId) -> _ {
    let row: i64 = id.0;
    outbox::table
        .filter(outbox::id.eq(row).or(outbox::bundle.eq(row).assume_not_null()))
        .filter(outbox::state.eq("pending"))
}
