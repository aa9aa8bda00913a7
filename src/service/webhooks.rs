//! Tells the webhooks what is recorded: one task for each, so that one that is away keeps none waiting.

use super::complaint::{Complaint, Said};
use super::steps;
use crate::retry::{self, GIVEN_UP_AFTER, is_hopeless};
use crate::settings::{Settings, Webhook};
use crate::store::{Delivery, Store, Told};
use crate::webhook::{Answer, DEADLINE, Message, Sender};
use anyhow::Result;
use chrono::Utc;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// So much is taken in hand at a time.
const AT_ONCE: u32 = 10;

/// So long a sender has it: longer than telling all of it takes.
const IN_HAND: Duration = DEADLINE.saturating_mul(AT_ONCE + 2);

/// It is looked so often whether there is something to tell: others write it down too.
const LOOK: Duration = Duration::from_secs(5);

/// It is looked so often for what nobody sends any more.
const LOOK_FOR_FORMER: Duration = Duration::from_hours(1);

/// A webhook and the name of its tenant.
#[derive(Clone)]
pub(super) struct Receiver {
    tenant: String,
    webhook: Webhook,
}

/// Whether messages to a webhook can be signed and sent. Blocks.
///
/// # Errors
///
/// The secret or the certificates cannot be read, or are none.
pub(crate) fn try_webhook(webhook: &Webhook) -> Result<()> {
    Sender::open(webhook).map(drop)
}

/// All webhooks of the settings.
pub(super) fn receivers(settings: &Settings) -> Vec<Receiver> {
    let of_tenant = |tenant: &crate::settings::Tenant| {
        let tenant_name = tenant.name.clone();
        let receivers = tenant.webhooks.iter().cloned();
        receivers.map(move |webhook| Receiver { tenant: tenant_name.clone(), webhook }).collect::<Vec<_>>()
    };
    settings.tenants.iter().flat_map(of_tenant).collect()
}

/// Gives up, again and again until asked to stop, what nobody sends any more.
pub(super) async fn keep_giving_up_former(settings: Arc<Settings>, store: Store, stop: CancellationToken) {
    while !stop.is_cancelled() {
        give_up_former(&settings, &store).await;
        tokio::select! {
            () = tokio::time::sleep(LOOK_FOR_FORMER) => {}
            () = stop.cancelled() => break,
        }
    }
}

/// What is still to be told to webhooks that the settings of its tenant do not name is given up, once it is so old that
/// it would have been given up by whoever has other settings, too: another worker, whose settings may be newer.
pub(super) async fn give_up_former(settings: &Settings, store: &Store) {
    for tenant in &settings.tenants {
        let _step = steps::begin("former webhooks");
        let name = tenant.name.clone();
        let urls: Vec<String> = tenant.webhooks.iter().map(|webhook| webhook.url.clone()).collect();
        let give_up = move |store: &Store| {
            let now = Utc::now();
            store.give_up_former_deliveries(&name, &urls, now - GIVEN_UP_AFTER, now)
        };
        match store.off_thread(give_up).await {
            Ok(0) => {}
            Ok(given_up) => tracing::warn!(
                tenant = tenant.name,
                given_up,
                "Given up: what webhooks were to be told that the settings do not name, and that nobody sent for five days"
            ),
            Err(error) => {
                let error = format!("{error:#}");
                tracing::warn!(tenant = tenant.name, error, "What former webhooks were to be told is not given up yet");
            }
        }
    }
}

/// What telling came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Round {
    sent: u32,
    given_up: u32,
    /// The receiver did not take the last.
    refused: bool,
}

impl Receiver {
    /// Tells until asked to stop.
    pub(super) async fn run(self, store: Store, stop: CancellationToken) {
        let (mut failures, mut fault): (u32, Complaint) = Default::default();
        while !stop.is_cancelled() {
            let refused = match self.tell(&store, &stop).await {
                Ok(round) => {
                    if let Some(Said { since, times }) = fault.over() {
                        tracing::info!(tenant = self.tenant, %since, failures = times, "A webhook can be told again");
                    }
                    if round.sent + round.given_up > 0 {
                        tracing::info!(tenant = self.tenant, ?round, "A webhook was told");
                    }
                    failures = if round.sent > 0 { 0 } else { failures };
                    round.refused
                }
                Err(error) => {
                    let error = format!("{error:#}");
                    if let Some(Said { since, times }) = fault.again(&error) {
                        let tenant = &self.tenant;
                        tracing::warn!(tenant, error, %since, failures = times, "A webhook cannot be told; it is tried again");
                    }
                    true
                }
            };
            let pause = if refused {
                failures = failures.saturating_add(1);
                retry::RECEIVER.after(failures, fastrand::f64())
            } else {
                failures = 0;
                LOOK
            };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = stop.cancelled() => break,
            }
        }
    }

    /// Tells what is due, oldest first, until nothing is or the receiver does not take one.
    pub(super) async fn tell(&self, store: &Store, stop: &CancellationToken) -> Result<Round> {
        let mut round = Round::default();
        let mut sender = None;
        loop {
            let _step = steps::begin("webhook");
            let in_hand = self.claim(store).await?;
            if in_hand.is_empty() || stop.is_cancelled() {
                release(store, &in_hand).await?;
                return Ok(round);
            }
            let sender = match &sender {
                Some(sender) => Arc::clone(sender),
                None => match self.open().await {
                    Ok(opened) => Arc::clone(sender.insert(opened)),
                    Err(error) => {
                        release(store, &in_hand).await?;
                        return Err(error);
                    }
                },
            };
            let mut rest = in_hand.as_slice();
            while let Some((delivery, others)) = rest.split_first() {
                if stop.is_cancelled() || round.refused {
                    release(store, rest).await?;
                    return Ok(round);
                }
                one(store, &sender, delivery, &mut round).await?;
                rest = others;
            }
            if round.refused {
                return Ok(round);
            }
        }
    }

    async fn claim(&self, store: &Store) -> Result<Vec<Delivery>> {
        let (tenant, url) = (self.tenant.clone(), self.webhook.url.clone());
        let claim = move |store: &Store| {
            let now = Utc::now();
            store.claim_deliveries((&tenant, &url), now, now + IN_HAND, AT_ONCE)
        };
        Ok(store.off_thread(claim).await?)
    }

    async fn open(&self) -> Result<Arc<Sender>> {
        let webhook = self.webhook.clone();
        Ok(Arc::new(tokio::task::spawn_blocking(move || Sender::open(&webhook)).await??))
    }
}

/// Tells one thing and notes what came of it.
async fn one(store: &Store, sender: &Arc<Sender>, delivery: &Delivery, round: &mut Round) -> Result<()> {
    let id = delivery.id;
    let Some(told) = store.off_thread(move |store| store.told_by(id)).await? else {
        return Ok(store.off_thread(move |store| store.withdraw_delivery(id)).await?);
    };
    let message = Message { id: format!("msg_{}", delivery.message_key), at: Utc::now(), body: body(&told) };
    let sender = Arc::clone(sender);
    let answer = tokio::task::spawn_blocking(move || sender.send(&message)).await?;
    let now = Utc::now();
    let tried_for = (now - delivery.happened_at).to_std().unwrap_or_default();
    let attempts = delivery.attempts.saturating_add(1);
    match answer {
        Answer::Taken => {
            round.sent += 1;
            store.off_thread(move |store| store.delivery_taken(id, now)).await?;
        }
        Answer::Unwanted(why) => {
            round.given_up += 1;
            store.off_thread(move |store| store.give_up_delivery(id, &why, now)).await?;
        }
        Answer::NotTaken(why) if is_hopeless(attempts, tried_for) => {
            round.given_up += 1;
            round.refused = true;
            store.off_thread(move |store| store.give_up_delivery(id, &why, now)).await?;
        }
        Answer::NotTaken(why) => {
            round.refused = true;
            let until = now + retry::WEBHOOK.after(attempts, fastrand::f64());
            store.off_thread(move |store| store.put_off_delivery(id, &why, until)).await?;
        }
    }
    Ok(())
}

async fn release(store: &Store, deliveries: &[Delivery]) -> Result<()> {
    let ids: Vec<_> = deliveries.iter().map(|delivery| delivery.id).collect();
    if !ids.is_empty() {
        store.off_thread(move |store| store.release_deliveries(&ids)).await?;
    }
    Ok(())
}

/// The text: ids and words. What they stand for is had by `/api/v1`, with a token.
fn body(told: &Told) -> String {
    json!({
        "type": told.event,
        "timestamp": told.happened_at,
        "data": {
            "mail": told.mail,
            "outcome": told.outcome,
            "why": told.why,
            "entry": told.entry,
            "application": told.application,
        },
    })
    .to_string()
}
