//! What came of telling a webhook.

use crate::application::id::DeliveryId;
use crate::store::schema::{tenants, webhook_deliveries};
use crate::store::time::stored;
use crate::store::words::{count, storable};
use crate::store::{Store, StoreError};
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

/// Why nothing more is told to a webhook that was there before.
pub(in crate::store) const FORMER_WEBHOOK: &str = "it stands in the settings no more";

impl Store {
    /// The receiver took it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away; it is then sent once more, under the same id.
    pub fn delivery_taken(&self, id: DeliveryId, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.write("Cannot note what a webhook was told", |connection| {
            diesel::update(pending(id))
                .set((
                    webhook_deliveries::state.eq("sent"),
                    webhook_deliveries::sent_at.eq(stored(at)),
                    webhook_deliveries::claimed_until.eq(None::<NaiveDateTime>),
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
    pub fn put_off_delivery(&self, id: DeliveryId, error: &str, until: DateTime<Utc>) -> Result<(), StoreError> {
        self.write("Cannot put off what a webhook is told", |connection| {
            diesel::update(pending(id))
                .set((
                    webhook_deliveries::attempts.eq(webhook_deliveries::attempts + 1),
                    webhook_deliveries::due_at.eq(stored(until)),
                    webhook_deliveries::claimed_until.eq(None::<NaiveDateTime>),
                    webhook_deliveries::last_error.eq(storable(error)),
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
    pub fn release_deliveries(&self, ids: &[DeliveryId]) -> Result<(), StoreError> {
        self.write("Cannot release what a webhook is told", |connection| {
            for id in ids {
                diesel::update(pending(*id))
                    .set(webhook_deliveries::claimed_until.eq(None::<NaiveDateTime>))
                    .execute(connection)?;
            }
            Ok(())
        })
    }

    /// Gives up what happened in a tenant before the given time and is still to be told to webhooks at other addresses than
    /// these. What a sender has in hand stays: its settings may name a webhook that ours do not. Says how much that was.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn give_up_former_deliveries(
        &self,
        tenant: &str,
        urls: &[String],
        before: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        self.write("Cannot give up what a former webhook is told", |connection| {
            let of_tenant = tenants::table.filter(tenants::name.eq(tenant)).select(tenants::id);
            let claimed = webhook_deliveries::claimed_until;
            let nobody_sends = webhook_deliveries::table
                .filter(webhook_deliveries::state.eq("pending"))
                .filter(webhook_deliveries::tenant_id.eq_any(of_tenant))
                .filter(webhook_deliveries::url.ne_all(urls))
                .filter(webhook_deliveries::happened_at.lt(stored(before)))
                .filter(claimed.is_null().or(claimed.le(stored(now)).assume_not_null()));
            let given_up = diesel::update(nobody_sends)
                .set((
                    webhook_deliveries::state.eq("failed"),
                    webhook_deliveries::failed_at.eq(stored(now)),
                    webhook_deliveries::claimed_until.eq(None::<NaiveDateTime>),
                    webhook_deliveries::last_error.eq(FORMER_WEBHOOK),
                ))
                .execute(connection)?;
            Ok(count(given_up.try_into().unwrap_or(i64::MAX)))
        })
    }

    /// There is nothing to tell any more.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away; the claim then runs out by itself.
    pub fn withdraw_delivery(&self, id: DeliveryId) -> Result<(), StoreError> {
        self.write("Cannot withdraw what a webhook is told", |connection| {
            diesel::delete(pending(id)).execute(connection)?;
            Ok(())
        })
    }

    /// It will never be sent; it stays, with its error, for a person to see.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away; the claim then runs out by itself.
    pub fn give_up_delivery(&self, id: DeliveryId, error: &str, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.write("Cannot give up what a webhook is told", |connection| {
            diesel::update(pending(id))
                .set((
                    webhook_deliveries::attempts.eq(webhook_deliveries::attempts + 1),
                    webhook_deliveries::state.eq("failed"),
                    webhook_deliveries::failed_at.eq(stored(at)),
                    webhook_deliveries::claimed_until.eq(None::<NaiveDateTime>),
                    webhook_deliveries::last_error.eq(storable(error)),
                ))
                .execute(connection)?;
            Ok(())
        })
    }
}

#[diesel::dsl::auto_type]
fn pending(id: DeliveryId) -> _ {
    let row: i64 = id.0;
    webhook_deliveries::table.filter(webhook_deliveries::id.eq(row)).filter(webhook_deliveries::state.eq("pending"))
}
