//! What webhooks are told, and what became of it: an outbox of its own.
//!
//! A row is written in the transaction of what it tells of (`note`), holds ids only, and is claimed by a sender for a time
//! (`claim`), who reads what is to be said at the last moment, sends it with no transaction open, and settles it
//! (`settle`). What a dead sender had in hand comes back; it is then sent again under the same id.

mod claim;
mod note;
mod settle;
mod subscription;

pub use claim::{Delivery, Told};
pub(super) use note::{changed, note};
pub(super) use settle::FORMER_WEBHOOK;
pub use subscription::Subscription;
pub(super) use subscription::Subscriptions;

use super::Store;
use super::connection::AnyConnection;
use super::error::Work;
use super::schema::{tenants, webhook_deliveries};
use super::words::count;
use diesel::dsl::{count_star, max};
use diesel::prelude::*;
use serde::Serialize;
use std::collections::BTreeMap;

/// How a webhook stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WebhookStatus {
    /// The tenant's name.
    pub tenant: String,
    /// Where it is, without what follows a `?`.
    pub url: String,
    /// Not yet taken.
    pub pending: u64,
    /// Given up.
    pub failed: u64,
    /// Taken by the receiver.
    pub sent: u64,
    /// Why the latest that was not taken was not.
    pub error: Option<String>,
}

diesel::allow_columns_to_appear_in_same_group_by_clause!(
    tenants::name,
    webhook_deliveries::url,
    webhook_deliveries::state,
);

impl Store {
    /// The same database; of what is recorded these webhooks are told.
    #[must_use]
    pub fn with_webhooks(self, subscriptions: Vec<Subscription>) -> Self {
        Self { webhooks: subscriptions.into(), ..self }
    }
}

/// How the webhooks stand that were ever told something.
pub(super) fn status(connection: &mut AnyConnection) -> Work<Vec<WebhookStatus>> {
    let rows: Vec<(String, String, String, i64)> = webhook_deliveries::table
        .inner_join(tenants::table)
        .group_by((tenants::name, webhook_deliveries::url, webhook_deliveries::state))
        .select((tenants::name, webhook_deliveries::url, webhook_deliveries::state, count_star()))
        .load(connection)?;
    let mut webhooks: BTreeMap<(String, String), WebhookStatus> = BTreeMap::new();
    for (tenant, url, state, rows) in rows {
        let shown = url.split('?').next().unwrap_or_default().to_owned();
        let of = webhooks.entry((tenant.clone(), url)).or_insert_with(|| WebhookStatus {
            tenant,
            url: shown,
            pending: 0,
            failed: 0,
            sent: 0,
            error: None,
        });
        match state.as_str() {
            "pending" => of.pending = count(rows),
            "failed" => of.failed = count(rows),
            _ => of.sent = count(rows),
        }
    }
    let latest: Vec<Option<i64>> = webhook_deliveries::table
        .filter(webhook_deliveries::state.ne("sent"))
        .filter(webhook_deliveries::last_error.is_not_null())
        .group_by((webhook_deliveries::tenant_id, webhook_deliveries::url))
        .select(max(webhook_deliveries::id))
        .load(connection)?;
    let errors: Vec<(String, String, Option<String>)> = webhook_deliveries::table
        .inner_join(tenants::table)
        .filter(webhook_deliveries::id.eq_any(latest.into_iter().flatten()))
        .select((tenants::name, webhook_deliveries::url, webhook_deliveries::last_error))
        .load(connection)?;
    for (tenant, url, error) in errors {
        if let Some(of) = webhooks.get_mut(&(tenant, url)) {
            of.error = error;
        }
    }
    Ok(webhooks.into_values().collect())
}
