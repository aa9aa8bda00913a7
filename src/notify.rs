//! Empties the outbox: claim what is due, send it, settle it or put it off.

use crate::application::id::NotificationId;
use crate::fail_point::{FailPoint, reach};
use crate::notification::{QueuedNotification, Renderer};
use crate::retry;
use crate::smtp::{Delivery, Sender};
use crate::store::Store;
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use futures::StreamExt;
use std::collections::HashSet;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// So many are claimed at a time: few enough that all can run into the sending deadline (2 min) before the claim is over,
/// or another sender would take them too.
const CLAIM: u32 = 16;

/// So many are sent at a time.
const AT_ONCE: usize = 4;

/// A claimed row that nobody settled comes back after this time: its sender died.
const CLAIM_LASTS: Duration = Duration::from_mins(10);

/// What came of the due notifications.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeliveryReport {
    /// Taken by the server.
    pub sent: u32,
    /// Put off to a later time.
    pub put_off: u32,
    /// Given up: the server refuses them for good.
    pub given_up: u32,
}

/// Delivers what is due, until nothing is or the service is asked to stop.
///
/// # Errors
///
/// The database cannot be used. What was sent before and could not be settled is sent again later, with the same
/// Message-ID.
pub async fn deliver_due(
    store: &Store,
    sender: &Sender,
    renderer: &Arc<Renderer>,
    stop: &CancellationToken,
) -> Result<DeliveryReport> {
    let mut report = DeliveryReport::default();
    while !stop.is_cancelled() {
        let now = Utc::now();
        let claimed = store
            .off_thread(move |store| store.claim_notifications(now, CLAIM, now + CLAIM_LASTS))
            .await
            .context("Cannot read the outbox")?;
        if claimed.is_empty() {
            break;
        }
        let mut untried: HashSet<NotificationId> = claimed.iter().map(|queued| queued.id).collect();
        let mut deliveries = pin!(
            futures::stream::iter(claimed)
                .take_until(stop.cancelled())
                .map(|queued| async move { (deliver(sender, renderer, &queued).await, queued) })
                .buffer_unordered(AT_ONCE)
        );
        while let Some((delivery, queued)) = deliveries.next().await {
            untried.remove(&queued.id);
            settle(store, queued, delivery, &mut report).await?;
        }
        if !untried.is_empty() {
            let untried: Vec<NotificationId> = untried.into_iter().collect();
            store.off_thread(move |store| store.release(&untried)).await?;
        }
    }
    Ok(report)
}

async fn deliver(sender: &Sender, renderer: &Renderer, queued: &QueuedNotification) -> Delivery {
    match renderer.render(queued) {
        Ok(mail) => sender.send(&mail).await,
        Err(error) => Delivery::TryLater(format!("{:#}", anyhow::Error::new(error))),
    }
}

/// The log gets no word of the server's answer: it quotes addresses.
async fn settle(
    store: &Store,
    queued: QueuedNotification,
    delivery: Delivery,
    report: &mut DeliveryReport,
) -> Result<()> {
    let (id, mail, now) = (queued.id, queued.mail, Utc::now());
    match delivery {
        Delivery::Sent => {
            reach(FailPoint::Sent);
            report.sent += 1;
            store.off_thread(move |store| store.settle_sent(id, now)).await?;
        }
        Delivery::TryLater(why) => {
            report.put_off += 1;
            let until = next_attempt(now, queued.attempts);
            tracing::warn!(notification = %id, %mail, %until, "A notification was put off; `show` tells why");
            store.off_thread(move |store| store.put_off(id, &why, until)).await?;
        }
        Delivery::Never(why) => {
            report.given_up += 1;
            tracing::error!(notification = %id, %mail, "A notification was given up; `show` tells why");
            store.off_thread(move |store| store.give_up(id, &why, now)).await?;
        }
    }
    Ok(())
}

fn next_attempt(now: DateTime<Utc>, attempts: u32) -> DateTime<Utc> {
    now + retry::NOTIFICATION.after(attempts.saturating_add(1), fastrand::f64())
}

impl std::fmt::Display for DeliveryReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} sent, {} put off, {} given up", self.sent, self.put_off, self.given_up)
    }
}
