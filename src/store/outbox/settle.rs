//! What came of sending: rows are settled in groups, each together with those that its mail told of too.

use super::open;
use crate::application::id::NotificationId;
use crate::store::schema::outbox;
use crate::store::time::stored;
use crate::store::words::storable;
use crate::store::{Store, StoreError};
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use std::collections::BTreeMap;

/// A notification that a sender has in hand. Whoever takes it when the claim has run out has it until another time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SendingClaim {
    /// The outbox row.
    pub id: NotificationId,
    /// Until when.
    pub until: DateTime<Utc>,
}

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

/// Settles these rows, and then those that they lead: two statements, each of which an index leads to its rows. With a time
/// only those whose claim lasts until then: no other sender's.
macro_rules! settle {
    ($connection:expr, $rows:expr, $set:expr $(, claimed until $until:expr)?) => {{
        let rows = outbox::table.filter(outbox::id.eq_any($rows)).filter(outbox::state.eq(open()));
        diesel::update(rows$(.filter(outbox::claimed_until.eq($until)))?).set($set).execute($connection)?;
        let led = outbox::table.filter(outbox::bundle.eq_any($rows)).filter(outbox::state.eq(open()));
        diesel::update(led$(.filter(outbox::claimed_until.eq($until)))?).set($set).execute($connection)?;
    }};
}

impl Store {
    /// Notes what came of notifications, all in one transaction. What is settled already stays as it is. Where a claim ran out
    /// and another sender has the notification in hand, only that it was sent is noted.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away; then the claims run out by themselves, and what was sent is sent
    /// once more.
    pub fn settle(&self, ends: &[(SendingClaim, SendingEnd)], at: DateTime<Utc>) -> Result<(), StoreError> {
        let of = |wanted: SendingEnd| ends.iter().filter(move |(_, end)| *end == wanted).map(|(claim, _)| claim);
        self.write("Cannot settle notifications", |connection| {
            let sent: Vec<i64> = of(SendingEnd::Sent).map(|claim| claim.id.0).collect();
            let mut not_tried: BTreeMap<NaiveDateTime, Vec<i64>> = BTreeMap::new();
            for claim in of(SendingEnd::NotTried) {
                not_tried.entry(stored(claim.until)).or_default().push(claim.id.0);
            }
            let nobody = None::<NaiveDateTime>;
            if !sent.is_empty() {
                let set =
                    || (outbox::state.eq("sent"), outbox::sent_at.eq(stored(at)), outbox::claimed_until.eq(nobody));
                settle!(connection, &sent, set());
            }
            for (until, rows) in not_tried {
                settle!(connection, &rows, outbox::claimed_until.eq(nobody), claimed until until);
            }
            for (claim, end) in ends {
                let (row, mine) = ([claim.id.0], stored(claim.until));
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
                        settle!(connection, &row, set(), claimed until mine);
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
                        settle!(connection, &row, set(), claimed until mine);
                    }
                }
            }
            Ok(())
        })
    }
}
