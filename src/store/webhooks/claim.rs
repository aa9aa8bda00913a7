//! A sender takes deliveries in hand, and reads what they tell at the last moment.

use crate::application::id::{DeliveryId, HistoryEntryId, MailId};
use crate::decision::{ImportOutcome, WebhookEvent};
use crate::store::connection::AnyConnection;
use crate::store::schema::{applications, mails, tenants, webhook_deliveries};
use crate::store::time::{read, stored};
use crate::store::words::value;
use crate::store::{Store, StoreError};
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

/// Something that a webhook is to be told, in a sender's hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its row.
    pub id: DeliveryId,
    /// The right side of its webhook-id.
    pub message_key: String,
    /// How often sending failed.
    pub attempts: u32,
    /// When it happened.
    pub happened_at: DateTime<Utc>,
}

/// What a delivery tells: ids and words, no name, address, subject or text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What happened.
    pub event: WebhookEvent,
    /// When.
    pub happened_at: DateTime<Utc>,
    /// To which mail.
    pub mail: MailId,
    /// What came of it.
    pub outcome: ImportOutcome,
    /// The word of its reason.
    pub why: Option<String>,
    /// The history entry that it made, if it did.
    pub entry: Option<HistoryEntryId>,
    /// The number of the application in whose history that is.
    pub application: Option<String>,
}

type ToldRow =
    (String, NaiveDateTime, i64, (String, Option<String>, bool), Option<i64>, Option<(String, Option<NaiveDateTime>)>);

impl Store {
    /// Takes at most so many of what is due to a webhook in hand, until the given time, oldest first. Another sender does
    /// not get them before that time.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn claim_deliveries(
        &self,
        (tenant, url): (&str, &str),
        now: DateTime<Utc>,
        until: DateTime<Utc>,
        most: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        self.write("Cannot claim what webhooks are told", |connection| {
            let Some(tenant) = tenants::table
                .filter(tenants::name.eq(tenant))
                .select(tenants::id)
                .get_result::<i64>(connection)
                .optional()?
            else {
                return Ok(Vec::new());
            };
            let claimed = webhook_deliveries::claimed_until;
            let due = webhook_deliveries::table
                .filter(webhook_deliveries::state.eq("pending"))
                .filter(webhook_deliveries::tenant_id.eq(tenant))
                .filter(webhook_deliveries::url.eq(url))
                .filter(webhook_deliveries::due_at.le(stored(now)))
                .filter(claimed.is_null().or(claimed.le(stored(now)).assume_not_null()))
                .order(webhook_deliveries::id)
                .limit(i64::from(most))
                .select((
                    webhook_deliveries::id,
                    webhook_deliveries::message_key,
                    webhook_deliveries::attempts,
                    webhook_deliveries::happened_at,
                ));
            let rows: Vec<(i64, String, i32, NaiveDateTime)> = match connection {
                AnyConnection::Postgres(inner) => due.for_update().skip_locked().load(inner)?,
                AnyConnection::Sqlite(inner) => due.load(inner)?,
            };
            let ids: Vec<i64> = rows.iter().map(|row| row.0).collect();
            if !ids.is_empty() {
                diesel::update(webhook_deliveries::table.filter(webhook_deliveries::id.eq_any(ids)))
                    .set(webhook_deliveries::claimed_until.eq(stored(until)))
                    .execute(connection)?;
            }
            Ok(rows
                .into_iter()
                .map(|(id, message_key, attempts, happened_at)| Delivery {
                    id: DeliveryId(id),
                    message_key,
                    attempts: attempts.try_into().unwrap_or_default(),
                    happened_at: read(happened_at),
                })
                .collect())
        })
    }

    /// What a delivery tells, as it is now; `None` if there is nothing to tell any more: it was erased, a person decided
    /// otherwise meanwhile or discarded it, or the application is blocked.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn told_by(&self, id: DeliveryId) -> Result<Option<Told>, StoreError> {
        self.read("Cannot read what a webhook is told", |connection| {
            let row: Option<ToldRow> = webhook_deliveries::table
                .inner_join(mails::table.on(mails::id.eq(webhook_deliveries::mail_id)))
                .left_join(applications::table.on(webhook_deliveries::application_id.eq(applications::id.nullable())))
                .filter(webhook_deliveries::id.eq(id.0))
                .filter(webhook_deliveries::state.eq("pending"))
                .select((
                    webhook_deliveries::event,
                    webhook_deliveries::happened_at,
                    webhook_deliveries::mail_id,
                    (mails::outcome, mails::why, mails::discarded_at.is_not_null()),
                    webhook_deliveries::entry_id,
                    (applications::number, applications::blocked_since).nullable(),
                ))
                .get_result(connection)
                .optional()?;
            let Some((event, happened_at, mail, state, entry, application)) = row else { return Ok(None) };
            let (outcome, why, is_discarded) = state;
            if is_discarded || application.as_ref().is_some_and(|(_, blocked_since)| blocked_since.is_some()) {
                return Ok(None);
            }
            let event = value(event, "an event")?;
            let outcome = value(&outcome, "an outcome")?;
            if WebhookEvent::of(outcome) != Some(event) || application.is_some() != entry.is_some() {
                return Ok(None);
            }
            Ok(Some(Told {
                event,
                happened_at: read(happened_at),
                mail: MailId(mail),
                outcome,
                why,
                entry: entry.map(HistoryEntryId),
                application: application.map(|(number, _)| number),
            }))
        })
    }
}
