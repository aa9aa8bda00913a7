//! The notifications and webhooks of a tenant.

use super::trouble::SendingTrouble;
use crate::store::connection::AnyConnection;
use crate::store::error::Work;
use crate::store::schema::{outbox, webhook_deliveries};
use crate::store::time::read;
use crate::store::words::count;
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::{count_star, max, min};
use diesel::prelude::*;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// So many people whose notifications do not arrive are listed.
const MOST_TROUBLES: i64 = 50;

diesel::allow_columns_to_appear_in_same_group_by_clause!(outbox::address, outbox::state);

/// How the notifications of a tenant stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct NotificationStates {
    /// Not yet delivered.
    pub pending: u64,
    /// Given up.
    pub failed: u64,
    /// Taken by the mail server.
    pub sent: u64,
    /// Since when the oldest of the pending ones waits.
    pub oldest_pending: Option<DateTime<Utc>>,
    /// Whose could not be delivered, the latest first; at most 50.
    pub troubles: Vec<NotificationTrouble>,
}

/// Notifications to one address that could not be delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotificationTrouble {
    /// Whose address.
    pub address: String,
    /// Whether they were given up; if not they are tried again.
    pub given_up: bool,
    /// How many.
    pub notifications: u64,
    /// When the oldest of them was written.
    pub oldest: DateTime<Utc>,
    /// Why the latest was not delivered.
    pub why: SendingTrouble,
}

/// How a webhook of a tenant stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TenantWebhook {
    /// Where it is: scheme, host and port. Behind them may stand a secret.
    pub origin: String,
    /// Not yet taken.
    pub pending: u64,
    /// Given up.
    pub failed: u64,
    /// Taken by the receiver.
    pub sent: u64,
    /// When what waits longest happened.
    pub oldest_pending: Option<DateTime<Utc>>,
    /// Why the latest that was not taken was not.
    pub why: Option<SendingTrouble>,
}

pub(super) fn notifications(connection: &mut AnyConnection, tenant: i64) -> Work<NotificationStates> {
    let rows: Vec<(String, i64, Option<NaiveDateTime>)> = outbox::table
        .filter(outbox::tenant_id.eq(tenant))
        .group_by(outbox::state)
        .select((outbox::state, count_star(), min(outbox::created_at)))
        .load(connection)?;
    let mut states = NotificationStates::default();
    for (state, rows, oldest) in rows {
        match state.as_str() {
            "pending" => (states.pending, states.oldest_pending) = (count(rows), oldest.map(read)),
            "failed" => states.failed = count(rows),
            _ => states.sent = count(rows),
        }
    }
    states.troubles = troubles(connection, tenant)?;
    Ok(states)
}

type TroubleRow = (String, String, i64, Option<NaiveDateTime>, Option<i64>);

fn troubles(connection: &mut AnyConnection, tenant: i64) -> Work<Vec<NotificationTrouble>> {
    let rows: Vec<TroubleRow> = outbox::table
        .filter(outbox::tenant_id.eq(tenant))
        .filter(outbox::state.ne("sent"))
        .filter(outbox::last_error.is_not_null())
        .group_by((outbox::address, outbox::state))
        .order(max(outbox::id).desc())
        .limit(MOST_TROUBLES)
        .select((outbox::address, outbox::state, count_star(), min(outbox::created_at), max(outbox::id)))
        .load(connection)?;
    let latest: Vec<i64> = rows.iter().filter_map(|row| row.4).collect();
    let errors: Vec<(i64, Option<String>)> =
        outbox::table.filter(outbox::id.eq_any(latest)).select((outbox::id, outbox::last_error)).load(connection)?;
    let errors: HashMap<i64, Option<String>> = errors.into_iter().collect();
    let line = |(address, state, rows, oldest, latest): TroubleRow| {
        let error = latest.and_then(|id| errors.get(&id)?.as_deref()).unwrap_or_default();
        Some(NotificationTrouble {
            address,
            given_up: state == "failed",
            notifications: count(rows),
            oldest: read(oldest?),
            why: SendingTrouble::of(error),
        })
    };
    Ok(rows.into_iter().filter_map(line).collect())
}

pub(super) fn webhooks(connection: &mut AnyConnection, tenant: i64) -> Work<Vec<TenantWebhook>> {
    let of_tenant = || webhook_deliveries::table.filter(webhook_deliveries::tenant_id.eq(tenant));
    let rows: Vec<(String, String, i64, Option<NaiveDateTime>)> = of_tenant()
        .group_by((webhook_deliveries::url, webhook_deliveries::state))
        .select((
            webhook_deliveries::url,
            webhook_deliveries::state,
            count_star(),
            min(webhook_deliveries::happened_at),
        ))
        .load(connection)?;
    let mut webhooks: BTreeMap<String, TenantWebhook> = BTreeMap::new();
    for (url, state, rows, oldest) in rows {
        let of = webhooks.entry(url).or_insert_with_key(|url| TenantWebhook::at(url));
        match state.as_str() {
            "pending" => (of.pending, of.oldest_pending) = (count(rows), oldest.map(read)),
            "failed" => of.failed = count(rows),
            _ => of.sent = count(rows),
        }
    }
    let latest: Vec<Option<i64>> = of_tenant()
        .filter(webhook_deliveries::state.ne("sent"))
        .filter(webhook_deliveries::last_error.is_not_null())
        .group_by(webhook_deliveries::url)
        .select(max(webhook_deliveries::id))
        .load(connection)?;
    let errors: Vec<(String, Option<String>)> = of_tenant()
        .filter(webhook_deliveries::id.eq_any(latest.into_iter().flatten()))
        .select((webhook_deliveries::url, webhook_deliveries::last_error))
        .load(connection)?;
    for (url, error) in errors {
        if let (Some(of), Some(error)) = (webhooks.get_mut(&url), error) {
            of.why = Some(SendingTrouble::of(&error));
        }
    }
    Ok(webhooks.into_values().collect())
}

impl TenantWebhook {
    fn at(url: &str) -> Self {
        Self { origin: origin(url), pending: 0, failed: 0, sent: 0, oldest_pending: None, why: None }
    }
}

/// Scheme, host and port.
fn origin(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("https", url));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}")
}

#[cfg(test)]
mod tests {
    use super::origin;

    #[test]
    fn of_a_webhook_no_secret_is_shown() {
        for (url, shown) in [
            ("https://hooks.example/services/T0/secret", "https://hooks.example"),
            ("https://name:secret@hooks.example:8443/x", "https://hooks.example:8443"),
            ("https://hooks.example?key=secret", "https://hooks.example"),
            ("http://127.0.0.1:9000#secret", "http://127.0.0.1:9000"),
        ] {
            assert_eq!(origin(url), shown);
        }
    }
}
