//! What came of sending: rows are settled in groups, each together with those that its mail told of too.

use super::open;
use crate::application::id::NotificationId;
use crate::store::schema::outbox;
use crate::store::time::stored;
use crate::store::words::storable;
use crate::store::{Store, StoreError};
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

/// What came of one notification that was claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendingEnd {
    /// The server took it.
    Sent,
    /// It could not be sent now, for this reason; it is due again at this time.
    PutOff {
        /// Why.
        error: String,
        /// When it is due again.
        until: DateTime<Utc>,
    },
    /// It will never be sent; it stays, with this error, for a person to see.
    GivenUp {
        /// Why.
        error: String,
    },
    /// Nobody tried to send it: it is due as before.
    NotTried,
}

/// Settles these rows, and then those that they lead: two statements, each of which an index leads to its rows.
macro_rules! settle {
    ($connection:expr, $rows:expr, $set:expr) => {{
        let rows = outbox::table.filter(outbox::id.eq_any($rows)).filter(outbox::state.eq(open()));
        diesel::update(rows).set($set).execute($connection)?;
        let led = outbox::table.filter(outbox::bundle.eq_any($rows)).filter(outbox::state.eq(open()));
        diesel::update(led).set($set).execute($connection)?;
    }};
}

impl Store {
    /// Notes what came of notifications, all in one transaction. What is settled already stays as it is.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away; then the claims run out by themselves, and what was sent is sent
    /// once more.
    pub fn settle(&self, ends: &[(NotificationId, SendingEnd)], at: DateTime<Utc>) -> Result<(), StoreError> {
        let of = |wanted: &SendingEnd| -> Vec<i64> {
            ends.iter().filter(|(_, end)| end == wanted).map(|(id, _)| id.0).collect()
        };
        self.write("Cannot settle notifications", |connection| {
            let (sent, not_tried) = (of(&SendingEnd::Sent), of(&SendingEnd::NotTried));
            let nobody = None::<NaiveDateTime>;
            if !sent.is_empty() {
                let set =
                    || (outbox::state.eq("sent"), outbox::sent_at.eq(stored(at)), outbox::claimed_until.eq(nobody));
                settle!(connection, &sent, set());
            }
            if !not_tried.is_empty() {
                settle!(connection, &not_tried, outbox::claimed_until.eq(nobody));
            }
            for (id, end) in ends {
                let row = [id.0];
                match end {
                    SendingEnd::Sent | SendingEnd::NotTried => {}
                    SendingEnd::PutOff { error, until } => {
                        let set = || {
                            (
                                outbox::attempts.eq(outbox::attempts + 1),
                                outbox::due_at.eq(stored(*until)),
                                outbox::claimed_until.eq(nobody),
                                outbox::last_error.eq(storable(error)),
                            )
                        };
                        settle!(connection, &row, set());
                    }
                    SendingEnd::GivenUp { error } => {
                        let set = || {
                            (
                                outbox::attempts.eq(outbox::attempts + 1),
                                outbox::state.eq("failed"),
                                outbox::failed_at.eq(stored(at)),
                                outbox::claimed_until.eq(nobody),
                                outbox::last_error.eq(storable(error)),
                            )
                        };
                        settle!(connection, &row, set());
                    }
                }
            }
            Ok(())
        })
    }
}
