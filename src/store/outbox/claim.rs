//! A sender takes notifications in hand.

use super::hours::Unweighed;
use super::{SendingPlaces, before, bundles, digest, hours, open, whose_turn_it_is};
use crate::application::EmailAddress;
use crate::application::id::{ApplicationId, HistoryEntryId, MailId, NotificationId, UserId};
use crate::notification::{Bundle, Notification, Occasion, QueuedNotification, Recipient};
use crate::store::connection::AnyConnection;
use crate::store::error::Work;
use crate::store::schema::outbox;
use crate::store::tenancy::address;
use crate::store::time::{read, stored};
use crate::store::words::{from_json, value};
use crate::store::{Store, StoreError};
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use std::collections::HashSet;
use std::ops::RangeInclusive;

#[derive(Queryable, Selectable)]
#[diesel(table_name = outbox)]
struct Row {
    id: i64,
    tenant_id: i64,
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

impl Store {
    /// Takes as many of the notifications that are due in hand as there are places for, until the given time, those first
    /// that have been due longest; in the answer those of one application stand together, in their order. Another sender
    /// does not get them before that time.
    ///
    /// A notification waits as long as an earlier one to the same person about the same application is pending, so that an
    /// application's replies are told in their order. Where a person was told of enough within the hour, their others are
    /// held, and come as one when it is over.
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
            let ids = next(connection, stored(now), places)?;
            if ids.is_empty() {
                return Ok(Vec::new());
            }
            diesel::update(outbox::table.filter(outbox::id.eq_any(&ids)))
                .set(outbox::claimed_until.eq(stored(until)))
                .execute(connection)?;
            bundles::claim(connection, &ids, stored(until))?;
            let rows: Vec<Row> = outbox::table
                .filter(outbox::id.eq_any(&ids))
                .order((outbox::application_id, outbox::id))
                .select(Row::as_select())
                .load(connection)?;
            let leaders: HashSet<i64> = bundles::leaders(connection, &ids)?.into_iter().flatten().collect();
            rows.into_iter()
                .map(|row| {
                    let leads = leaders.contains(&row.id);
                    let bundle = if leads { bundles::read(connection, row.id)? } else { None };
                    let tenant = row.tenant_id;
                    let mut queued = queued(row, bundle, stored(until))?;
                    if queued.notification.occasion == Occasion::WaitingDigest {
                        queued.waiting = Some(digest::read_list(connection, tenant, &queued.notification.facts)?);
                    }
                    Ok(queued)
                })
                .collect()
        })
    }
}

/// The rows that may be sent now, each with a place in its person's hour.
fn next(connection: &mut AnyConnection, now: NaiveDateTime, places: &SendingPlaces) -> Work<Vec<i64>> {
    hours::one_at_a_time(connection)?;
    bundles::form(connection, now, places.singly)?;
    loop {
        let due = due(connection, now, places)?;
        if hours::weigh(connection, &due, now, places.singly)? {
            return Ok(due.into_iter().map(|row| row.id).collect());
        }
    }
}

/// The rows whose time and turn it is, of either kind those first that have been due longest.
fn due(connection: &mut AnyConnection, now: NaiveDateTime, places: &SendingPlaces) -> QueryResult<Vec<Unweighed>> {
    let mut due = Vec::new();
    if places.free > 0 {
        due.extend(due_of(connection, now, places, 0..=0, places.free)?);
    }
    if places.repeats > 0 {
        due.extend(due_of(connection, now, places, 1..=i32::MAX, places.repeats)?);
    }
    due.sort_unstable_by_key(|row| row.id);
    Ok(due)
}

/// So many of them at most, that were tried so often. On PostgreSQL, rows that another sender is just claiming are passed by.
fn due_of(
    connection: &mut AnyConnection,
    now: NaiveDateTime,
    places: &SendingPlaces,
    attempts: RangeInclusive<i32>,
    most: u32,
) -> QueryResult<Vec<Unweighed>> {
    let due = outbox::table
        .filter(whose_turn_it_is!())
        .filter(outbox::due_at.le(now))
        .filter(outbox::attempts.between(*attempts.start(), *attempts.end()))
        .filter(outbox::address.ne_all(places.busy.iter().map(EmailAddress::as_str)))
        .filter(outbox::claimed_until.is_null().or(outbox::claimed_until.le(now).assume_not_null()))
        .order((outbox::due_at, outbox::id))
        .limit(i64::from(most))
        .select((outbox::id, (outbox::tenant_id, outbox::address), outbox::occasion, outbox::hour_ends));
    match connection {
        AnyConnection::Postgres(inner) => due.for_update().skip_locked().load(inner),
        AnyConnection::Sqlite(inner) => due.load(inner),
    }
}

fn queued(row: Row, bundle: Option<Bundle>, claimed_until: NaiveDateTime) -> Work<QueuedNotification> {
    Ok(QueuedNotification {
        id: NotificationId(row.id),
        notification: Notification {
            occasion: value(&row.occasion, "an occasion")?,
            recipient: Recipient {
                user: row.user_id.map(UserId),
                name: row.recipient_name,
                address: address(row.address)?,
                language: value(row.language, "a language")?,
            },
            facts: from_json(&row.facts, "a notification's facts")?,
        },
        bundle,
        waiting: None,
        mail: row.mail_id.map(MailId),
        entry: row.entry_id.map(HistoryEntryId),
        application: row.application_id.map(ApplicationId),
        message_key: row.message_key,
        attempts: row.attempts.try_into().unwrap_or_default(),
        created_at: read(row.created_at),
        claimed_until: read(claimed_until),
    })
}
