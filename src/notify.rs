//! Empties the outbox: claim what is due, send it, settle it or put it off.

use crate::application::EmailAddress;
use crate::application::id::NotificationId;
use crate::fail_point::{FailPoint, reach};
use crate::notification::{QueuedNotification, Renderer};
use crate::retry;
use crate::smtp::{Delivery, SEND_DEADLINE, Sender};
use crate::store::{SendingPlaces, Store};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// So many are sent at a time, each to another recipient: one that takes minutes holds up only what is for itself.
const AT_ONCE: usize = 4;

/// Of them so many may have failed before: those whose server lets everybody wait must not take all places.
const REPEATS_AT_ONCE: usize = 2;

/// A claimed row that nobody settled comes back after this time: its sender died. What is claimed is sent at once, so that
/// the claim need only outlast one sending.
const CLAIM_LASTS: Duration = Duration::from_mins(3);

const _: () = assert!(CLAIM_LASTS.as_secs() >= SEND_DEADLINE.as_secs() + 60, "another sender would take it too");

/// While something is in hand that takes its time, the outbox is looked at this often: what was put off may be due, and other
/// workers write into it too.
const LOOK: Duration = Duration::from_secs(15);

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

/// Delivers what is due, and what becomes due meanwhile, until nothing is or the service is asked to stop; then what is in
/// hand is finished. `recorded` tells that there may be more. So many as `singly` says go to one person singly within an
/// hour, the others in one mail when it is over.
///
/// # Errors
///
/// The database cannot be used. What was sent before and could not be settled is sent again later, with the same
/// Message-ID.
pub async fn deliver_due(
    store: &Store,
    sender: &Sender,
    renderer: &Arc<Renderer>,
    singly: u32,
    recorded: &Notify,
    stop: &CancellationToken,
) -> Result<DeliveryReport> {
    let mut report = DeliveryReport::default();
    let mut sending = Sending {
        store,
        sender,
        renderer,
        singly,
        in_hand: FuturesUnordered::new(),
        recipients: HashSet::new(),
        repeats: 0,
    };
    let mut trouble = None;
    loop {
        let goes_on = trouble.is_none() && !stop.is_cancelled();
        if goes_on && let Err(error) = sending.take_more().await {
            trouble = Some(error);
            continue;
        }
        tokio::select! {
            ended = sending.in_hand.next() => {
                let Some((delivery, queued)) = ended else { break };
                sending.free_the_place_of(&queued);
                if let Err(error) = settle(store, queued, delivery, &mut report).await {
                    trouble.get_or_insert(error);
                }
            }
            () = recorded.notified(), if goes_on => {}
            () = tokio::time::sleep(LOOK), if goes_on => {}
        }
    }
    trouble.map_or(Ok(report), Err)
}

/// What is in hand.
struct Sending<'a> {
    store: &'a Store,
    sender: &'a Sender,
    renderer: &'a Renderer,
    /// So many go to one person singly within an hour.
    singly: u32,
    in_hand: FuturesUnordered<BoxFuture<'a, (Delivery, QueuedNotification)>>,
    /// Whom it is for; nobody is sent two at a time.
    recipients: HashSet<EmailAddress>,
    /// How many of them failed before.
    repeats: usize,
}

impl Sending<'_> {
    fn free_the_place_of(&mut self, sent: &QueuedNotification) {
        self.recipients.remove(&sent.notification.recipient.address);
        self.repeats -= usize::from(sent.attempts > 0);
    }

    /// Fills the places that are free.
    async fn take_more(&mut self) -> Result<()> {
        loop {
            let free = u32::try_from(AT_ONCE.saturating_sub(self.in_hand.len()))?;
            if free == 0 {
                return Ok(());
            }
            let for_repeats = self.repeats < REPEATS_AT_ONCE;
            let busy = self.recipients.iter().cloned().collect();
            let places = SendingPlaces { free, for_repeats, busy, singly: self.singly };
            let now = Utc::now();
            let claimed = self
                .store
                .off_thread(move |store| store.claim_notifications(now, now + CLAIM_LASTS, &places))
                .await
                .context("Cannot read the outbox")?;
            if claimed.is_empty() {
                return Ok(());
            }
            let mut later: Vec<NotificationId> = Vec::new();
            for queued in claimed {
                let failed_before = usize::from(queued.attempts > 0);
                let has_place = self.repeats + failed_before <= REPEATS_AT_ONCE;
                if has_place && self.recipients.insert(queued.notification.recipient.address.clone()) {
                    self.repeats += failed_before;
                    let (sender, renderer) = (self.sender, self.renderer);
                    self.in_hand.push(Box::pin(async move { (deliver(sender, renderer, &queued).await, queued) }));
                } else {
                    later.push(queued.id);
                }
            }
            if !later.is_empty() {
                self.store.off_thread(move |store| store.release(&later)).await?;
            }
        }
    }
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
    let (id, mail, now) = (queued.id, queued.mail.map(tracing::field::display), Utc::now());
    match delivery {
        Delivery::Sent => {
            reach(FailPoint::Sent);
            report.sent += 1;
            store.off_thread(move |store| store.settle_sent(id, now)).await?;
        }
        Delivery::RefusedForNow(why) if !is_hopeless(&queued, now) => put_off(store, &queued, why, now, report).await?,
        Delivery::TryLater(why) => put_off(store, &queued, why, now, report).await?,
        Delivery::Never(why) | Delivery::RefusedForNow(why) => {
            report.given_up += 1;
            tracing::error!(notification = %id, mail, "A notification was given up; `show` tells why");
            store.off_thread(move |store| store.give_up(id, &why, now)).await?;
        }
    }
    Ok(())
}

async fn put_off(
    store: &Store,
    queued: &QueuedNotification,
    why: String,
    now: DateTime<Utc>,
    report: &mut DeliveryReport,
) -> Result<()> {
    report.put_off += 1;
    let (id, mail) = (queued.id, queued.mail.map(tracing::field::display));
    let until = now + retry::NOTIFICATION.after(queued.attempts.saturating_add(1), fastrand::f64());
    tracing::warn!(notification = %id, mail, %until, "A notification was put off; `show` tells why");
    store.off_thread(move |store| store.put_off(id, &why, until)).await?;
    Ok(())
}

/// Whether the server has said "not now" to this notification for so long that it will not change its mind.
fn is_hopeless(queued: &QueuedNotification, now: DateTime<Utc>) -> bool {
    let tried_for = (now - queued.created_at).to_std().unwrap_or_default();
    retry::is_hopeless(queued.attempts.saturating_add(1), tried_for)
}

impl std::fmt::Display for DeliveryReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} sent, {} put off, {} given up", self.sent, self.put_off, self.given_up)
    }
}
