//! Writing down what webhooks are to be told, in the transaction of what happened.

use super::Subscriptions;
use crate::application::id::MailId;
use crate::decision::WebhookEvent;
use crate::store::connection::{AnyConnection, on};
use crate::store::error::Work;
use crate::store::keys::notice_key;
use crate::store::schema::{history_entries, mails, tenants, webhook_deliveries};
use crate::store::time::stored;
use crate::store::words::value;
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap};

/// Mails that one look-up names, and rows that one statement inserts.
const ROWS: usize = 1000;

#[derive(Insertable)]
#[diesel(table_name = webhook_deliveries, treat_none_as_default_value = false)]
struct NewDelivery<'a> {
    tenant_id: i64,
    url: &'a str,
    event: &'static str,
    mail_id: i64,
    entry_id: Option<i64>,
    application_id: Option<i64>,
    message_key: String,
    happened_at: NaiveDateTime,
    state: &'static str,
    attempts: i32,
    due_at: NaiveDateTime,
}

/// Number, tenant, identity, outcome; entry and application where it made one.
type Row = (i64, i64, String, String, Option<(i64, i64)>);

/// Writes down, for each webhook that wants to know, how these mails stand now.
pub(in crate::store) fn note(
    connection: &mut AnyConnection,
    webhooks: &Subscriptions,
    mails: &[MailId],
    now: DateTime<Utc>,
) -> Work<()> {
    if webhooks.is_empty() {
        return Ok(());
    }
    let names: BTreeSet<&str> = webhooks.iter().map(|webhook| webhook.tenant.as_str()).collect();
    let tenants: Vec<(i64, String)> =
        tenants::table.filter(tenants::name.eq_any(names)).select((tenants::id, tenants::name)).load(connection)?;
    let tenants: HashMap<i64, String> = tenants.into_iter().collect();
    for part in mails.chunks(ROWS) {
        let rows: Vec<Row> = mails::table
            .left_join(history_entries::table)
            .filter(mails::id.eq_any(part.iter().map(|mail| mail.0)))
            .filter(mails::tenant_id.eq_any(tenants.keys()))
            .order(mails::id)
            .select((
                mails::id,
                mails::tenant_id,
                mails::identity,
                mails::outcome,
                (history_entries::id, history_entries::application_id).nullable(),
            ))
            .load(connection)?;
        let mut new = Vec::new();
        for row in &rows {
            let Some(event) = WebhookEvent::of(value(&row.3, "an outcome")?) else { continue };
            let tenant = tenants.get(&row.1);
            let of = webhooks.iter().filter(|webhook| Some(&webhook.tenant) == tenant);
            new.extend(
                of.filter(|webhook| webhook.events.contains(&event))
                    .map(|webhook| delivery(row, event, &webhook.url, now)),
            );
        }
        for part in new.chunks(ROWS) {
            on!(connection, inner => diesel::insert_into(webhook_deliveries::table)
                .values(part)
                .on_conflict_do_nothing()
                .execute(inner))?;
        }
    }
    Ok(())
}

fn delivery<'a>(row: &Row, event: WebhookEvent, url: &'a str, now: DateTime<Utc>) -> NewDelivery<'a> {
    let (mail, tenant, identity, _, entry) = row;
    // The numbers alone could mean another mail in a database that was brought back from a copy.
    let when = stored(now).and_utc().timestamp_micros().to_string();
    let key = [tenant.to_string(), mail.to_string(), when];
    let key = key.iter().map(String::as_str).chain([url, event.as_str(), identity]);
    NewDelivery {
        tenant_id: *tenant,
        url,
        event: event.as_str(),
        mail_id: *mail,
        entry_id: entry.map(|(entry, _)| entry),
        application_id: entry.map(|(_, application)| application),
        message_key: notice_key(key),
        happened_at: stored(now),
        state: "pending",
        attempts: 0,
        due_at: stored(now),
    }
}

/// What is told of this mail has changed: what nobody has in hand yet is not sent any more, and what is the case now is.
pub(in crate::store) fn changed(
    connection: &mut AnyConnection,
    webhooks: &Subscriptions,
    mail: MailId,
    now: DateTime<Utc>,
) -> Work<()> {
    let free = webhook_deliveries::claimed_until
        .is_null()
        .or(webhook_deliveries::claimed_until.le(stored(now)).assume_not_null());
    let open = webhook_deliveries::table
        .filter(webhook_deliveries::mail_id.eq(mail.0))
        .filter(webhook_deliveries::state.eq("pending"))
        .filter(free);
    diesel::delete(open).execute(connection)?;
    note(connection, webhooks, &[mail], now)
}
