//! What came of sending: rows are settled in groups, each together with those that its mail told of too.

use crate::application::id::NotificationId;
use crate::store::connection::AnyConnection;
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
            let sent = of(&SendingEnd::Sent);
            if !sent.is_empty() {
                diesel::update(pending(sent))
                    .set((
                        outbox::state.eq("sent"),
                        outbox::sent_at.eq(stored(at)),
                        outbox::claimed_until.eq(None::<NaiveDateTime>),
                    ))
                    .execute(connection)?;
            }
            let not_tried = of(&SendingEnd::NotTried);
            if !not_tried.is_empty() {
                diesel::update(pending(not_tried))
                    .set(outbox::claimed_until.eq(None::<NaiveDateTime>))
                    .execute(connection)?;
            }
            for (id, end) in ends {
                match end {
                    SendingEnd::Sent | SendingEnd::NotTried => {}
                    SendingEnd::PutOff { error, until } => put_off(connection, *id, error, *until)?,
                    SendingEnd::GivenUp { error } => give_up(connection, *id, error, at)?,
                }
            }
            Ok(())
        })
    }
}

fn put_off(connection: &mut AnyConnection, id: NotificationId, error: &str, until: DateTime<Utc>) -> QueryResult<()> {
    diesel::update(pending(vec![id.0]))
        .set((
            outbox::attempts.eq(outbox::attempts + 1),
            outbox::due_at.eq(stored(until)),
            outbox::claimed_until.eq(None::<NaiveDateTime>),
            outbox::last_error.eq(storable(error)),
        ))
        .execute(connection)?;
    Ok(())
}

fn give_up(connection: &mut AnyConnection, id: NotificationId, error: &str, at: DateTime<Utc>) -> QueryResult<()> {
    diesel::update(pending(vec![id.0]))
        .set((
            outbox::attempts.eq(outbox::attempts + 1),
            outbox::state.eq("failed"),
            outbox::failed_at.eq(stored(at)),
            outbox::claimed_until.eq(None::<NaiveDateTime>),
            outbox::last_error.eq(storable(error)),
        ))
        .execute(connection)?;
    Ok(())
}

/// The rows and those they lead.
#[diesel::dsl::auto_type]
fn pending(ids: Vec<i64>) -> _ {
    let led: Vec<i64> = ids.clone();
    outbox::table
        .filter(outbox::id.eq_any(ids).or(outbox::bundle.eq_any(led).assume_not_null()))
        .filter(outbox::state.eq("pending"))
}
