//! The outbox: notifications that are not yet delivered, and what became of the others.
//!
//! A sender claims rows for a time, sends them with no transaction open, and settles each. What a dead sender had in hand
//! comes back when its time is over; hence every notification is sent at least once.

use super::connection::AnyConnection;
use super::error::{Trouble, Work};
use super::schema::outbox;
use super::tenancy::address;
use super::time::{read, stored};
use super::words::{count, from_json, storable};
use super::{Store, StoreError};
use crate::application::id::{ApplicationId, HistoryEntryId, MailId, NotificationId, UserId};
use crate::application::{EmailAddress, Language};
use crate::notification::{Notification, Occasion, QueuedNotification, Recipient};
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::{exists, min, not, sql};
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
    /// So many more notifications.
    pub free: u32,
    /// Also such as could not be sent before.
    pub for_repeats: bool,
    /// None for these recipients.
    pub busy: Vec<EmailAddress>,
}

impl SendingPlaces {
    /// So many places for whatever is due.
    pub fn free(free: u32) -> Self {
        Self { free, for_repeats: true, busy: Vec::new() }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = outbox)]
struct Row {
    id: i64,
    mail_id: Option<i64>,
    entry_id: Option<i64>,
    application_id: Option<i64>,
    occasion: String,
    user_id: Option<i64>,
    recipient_name: Option<String>,
    address: String,
    language: String,
    facts: String,
    message_key: String,
    attempts: i32,
    created_at: NaiveDateTime,
}

/// Rows whose turn it is: no earlier one to the same person about the same application is still pending. Different people
/// do not wait for each other, or one full mailbox would hold up everybody.
macro_rules! whose_turn_it_is {
    () => {
        outbox::state.eq(open()).and(not(exists(
            before
                .filter(before.field(outbox::application_id).eq(outbox::application_id))
                .filter(before.field(outbox::address).eq(outbox::address))
                .filter(before.field(outbox::state).eq(open()))
                .filter(before.field(outbox::id).lt(outbox::id)),
        )))
    };
}

/// The state as a literal: an index on pending rows is used only where the statement itself says so.
fn open() -> SqlLiteral<Text> {
    sql("'pending'")
}

impl Store {
    /// Takes as many of the notifications that are due in hand as there are places for, until the given time, oldest first;
    /// in the answer those of one application stand together, in their order. Another sender does not get them before that
    /// time.
    ///
    /// A notification waits as long as an earlier one to the same person about the same application is pending, so that an
    /// application's replies are told in their order.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn claim_notifications(
        &self,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
        places: &SendingPlaces,
    ) -> Result<Vec<QueuedNotification>, StoreError> {
        self.write("Cannot claim notifications", |connection| {
            let ids = due(connection, stored(now), places)?;
            diesel::update(outbox::table.filter(outbox::id.eq_any(&ids)))
                .set(outbox::claimed_until.eq(stored(until)))
                .execute(connection)?;
            let rows: Vec<Row> = outbox::table
                .filter(outbox::id.eq_any(&ids))
                .order((outbox::application_id, outbox::id))
                .select(Row::as_select())
                .load(connection)?;
            rows.into_iter().map(queued).collect()
        })
    }

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
            let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
            diesel::update(outbox::table.filter(outbox::id.eq_any(ids)).filter(outbox::state.eq(open())))
                .set(outbox::claimed_until.eq(None::<NaiveDateTime>))
                .execute(connection)?;
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

    /// How many notifications are in which state.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn outbox_counts(&self) -> Result<OutboxCounts, StoreError> {
        self.read("Cannot count notifications", counts)
    }

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
            Ok(free.into_iter().chain(in_hand).min().map(|due| read(due).max(now)))
        })
    }
}

/// The numbers of each state, for the outbox's own answer and for the status.
pub(super) fn counts(connection: &mut AnyConnection) -> Work<OutboxCounts> {
    let rows: Vec<(String, i64)> =
        outbox::table.group_by(outbox::state).select((outbox::state, diesel::dsl::count_star())).load(connection)?;
    let of = |state: &str| rows.iter().find(|(word, _)| word == state).map_or(0, |(_, rows)| count(*rows));
    Ok(OutboxCounts { pending: of("pending"), failed: of("failed"), sent: of("sent") })
}

/// The rows that may be sent now. On PostgreSQL, rows that another sender is just claiming are passed by.
fn due(connection: &mut AnyConnection, now: NaiveDateTime, places: &SendingPlaces) -> QueryResult<Vec<i64>> {
    let most_attempts = if places.for_repeats { i32::MAX } else { 0 };
    let due = outbox::table
        .filter(whose_turn_it_is!())
        .filter(outbox::due_at.le(now))
        .filter(outbox::attempts.le(most_attempts))
        .filter(outbox::address.ne_all(places.busy.iter().map(EmailAddress::as_str)))
        .filter(outbox::claimed_until.is_null().or(outbox::claimed_until.le(now).assume_not_null()))
        .order(outbox::id)
        .limit(i64::from(places.free))
        .select(outbox::id);
    match connection {
        AnyConnection::Postgres(inner) => due.for_update().skip_locked().load(inner),
        AnyConnection::Sqlite(inner) => due.load(inner),
    }
}

#[diesel::dsl::auto_type]
fn pending(id: NotificationId) -> _ {
    let row: i64 = id.0;
    outbox::table.filter(outbox::id.eq(row)).filter(outbox::state.eq("pending"))
}

fn queued(row: Row) -> Work<QueuedNotification> {
    Ok(QueuedNotification {
        id: NotificationId(row.id),
        notification: Notification {
            occasion: Occasion::from_word(&row.occasion).ok_or(Trouble::Unreadable("an occasion"))?,
            recipient: Recipient {
                user: row.user_id.map(UserId),
                name: row.recipient_name,
                address: address(row.address)?,
                language: Language::from_word(&row.language).ok_or(Trouble::Unreadable("a language"))?,
            },
            facts: from_json(&row.facts, "a notification's facts")?,
        },
        mail: row.mail_id.map(MailId),
        entry: row.entry_id.map(HistoryEntryId),
        application: row.application_id.map(ApplicationId),
        message_key: row.message_key,
        attempts: row.attempts.try_into().unwrap_or_default(),
        created_at: read(row.created_at),
    })
}
