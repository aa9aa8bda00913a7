//! What is in hand: mails on their way, and one piece of work at the database at a time.

use super::claimed::{BEGIN_WITHIN, CLAIM_LASTS, Claimed, claim_of};
use super::report::DeliveryReport;
use super::unsettled::Unsettled;
use crate::application::masked;
use crate::fail_point::{FailPoint, reach};
use crate::monitoring;
use crate::notification::{QueuedNotification, Renderer};
use crate::retry;
use crate::smtp::{Delivery, Sender};
use crate::store::{SendingClaim, SendingEnd, SendingPlaces, Store, StoreError};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use std::time::Instant;

/// So many notifications are being sent, or sent and not yet settled, at most, over so many connections: so many may be
/// sent a second time, with the same Message-ID, if the process is killed.
pub const fn in_doubt(connections: usize) -> usize {
    connections.saturating_mul(4)
}

/// What came of one piece of work at the database.
struct Turn {
    /// What was claimed for these places, to be begun until this time.
    claimed: Option<(Vec<QueuedNotification>, SendingPlaces, Instant)>,
    /// Something is settled: what had to wait for it may be claimed.
    settled: bool,
    /// What could not be settled, and why.
    unsettled: Option<(Vec<(SendingClaim, SendingEnd)>, StoreError)>,
}

/// What is in hand.
pub(super) struct Sending<'a> {
    store: &'a Store,
    sender: &'a Sender,
    renderer: &'a Renderer,
    /// So many go to one person singly within an hour.
    singly: u32,
    claimed: Claimed,
    on_the_way: FuturesUnordered<BoxFuture<'a, (Delivery, QueuedNotification)>>,
    /// Sent, or not to be sent now, and not being settled yet.
    ended: Vec<(SendingClaim, SendingEnd)>,
    /// So many are being settled.
    settling: usize,
    /// What there is of trouble with that.
    trouble: Unsettled,
    at_the_database: Option<BoxFuture<'a, Result<Turn>>>,
    pub(super) report: DeliveryReport,
}

impl<'a> Sending<'a> {
    pub(super) fn new(store: &'a Store, sender: &'a Sender, renderer: &'a Renderer, singly: u32) -> Self {
        Self {
            store,
            sender,
            renderer,
            singly,
            claimed: Claimed::new(sender.connections()),
            on_the_way: FuturesUnordered::new(),
            ended: Vec::new(),
            settling: 0,
            trouble: Unsettled::default(),
            at_the_database: None,
            report: DeliveryReport::default(),
        }
    }

    /// There may be more in the outbox.
    pub(super) fn look_for_more(&mut self) {
        self.claimed.look_for_more();
    }

    /// The process is to end soon: what cannot be settled is tried again for a short time only.
    pub(super) fn hurry(&mut self) {
        self.trouble.hurry(Instant::now());
    }

    /// Begins what can be begun: mails while there are places, and work at the database if none is under way. If it does
    /// not go on, what is claimed is given back, and only what ended is settled.
    pub(super) fn step(&mut self, goes_on: bool) {
        let now = Instant::now();
        let back = self.claimed.give_back(goes_on.then_some(now));
        self.ended.extend(back.into_iter().map(|claim| (claim, SendingEnd::NotTried)));
        while goes_on && self.has_place() {
            let Some(queued) = self.claimed.begin() else { break };
            let (sender, renderer) = (self.sender, self.renderer);
            self.on_the_way.push(Box::pin(async move { (deliver(sender, renderer, &queued).await, queued) }));
        }
        if self.at_the_database.is_none() && self.trouble.may_try(now) {
            let places = if goes_on { self.claimed.places(self.singly) } else { None };
            let ends = std::mem::take(&mut self.ended);
            if places.is_some() || !ends.is_empty() {
                self.settling = ends.len();
                self.at_the_database = Some(turn(self.store, ends, places));
            }
        }
    }

    fn has_place(&self) -> bool {
        let connections = self.sender.connections();
        let unsettled = self.on_the_way.len() + self.ended.len() + self.settling;
        self.on_the_way.len() < connections && unsettled < in_doubt(connections) && !self.trouble.is_there()
    }

    /// Whether nothing is in hand. After [`Self::step`] there is then nothing to do either.
    pub(super) fn is_done(&self) -> bool {
        self.on_the_way.is_empty() && self.at_the_database.is_none() && self.ended.is_empty()
    }

    /// Until one thing in hand has ended.
    ///
    /// # Errors
    ///
    /// The database cannot be used: nothing can be claimed, or what ended cannot be settled however often it was tried.
    pub(super) async fn next(&mut self) -> Result<()> {
        tokio::select! {
            Some((delivery, queued)) = self.on_the_way.next() => {
                self.claimed.ended(&queued);
                let end = self.end(&queued, delivery, Utc::now());
                self.ended.push((claim_of(&queued), end));
            }
            Some(done) = ended(&mut self.at_the_database) => {
                self.at_the_database = None;
                self.settling = 0;
                let turn = done?;
                match turn.unsettled {
                    Some((ends, error)) => self.put_back(ends, error)?,
                    None => self.trouble.is_over(),
                }
                if turn.settled {
                    self.claimed.look_for_more();
                }
                if let Some((claimed, places, begin_by)) = turn.claimed {
                    self.claimed.take(claimed, &places, begin_by);
                }
            }
            () = self.trouble.pause(), if self.at_the_database.is_none() && !self.ended.is_empty() => {}
            else => {}
        }
        Ok(())
    }

    /// What the server took would be sent again if nobody noted it.
    fn put_back(&mut self, mut ends: Vec<(SendingClaim, SendingEnd)>, error: StoreError) -> Result<()> {
        let all = ends.len();
        ends.retain(|(claim, _)| self.trouble.is_worth_another_try(claim, &error));
        let given_up = all - ends.len();
        self.trouble.begins(Instant::now());
        ends.append(&mut self.ended);
        self.ended = ends;
        if given_up > 0 {
            return Err(error).with_context(|| format!("Cannot note what was sent ({given_up} notifications)"));
        }
        let error = tracing::field::display(error);
        tracing::warn!(notifications = all, error, "Cannot note yet what was sent; it is tried again");
        Ok(())
    }

    /// The log gets no word of the server's answer: it quotes addresses.
    fn end(&mut self, queued: &QueuedNotification, delivery: Delivery, now: DateTime<Utc>) -> SendingEnd {
        let (id, mail) = (queued.id, queued.mail.map(tracing::field::display));
        match delivery {
            Delivery::Sent => {
                reach(FailPoint::Sent);
                self.report.sent += 1;
                self.report.away = None;
                SendingEnd::Sent
            }
            Delivery::Never(error) => self.given_up(queued, error),
            Delivery::RefusedForNow(error) if is_hopeless(queued, now) => self.given_up(queued, error),
            Delivery::Away(error) => {
                self.report.put_off += 1;
                self.report.away = Some(masked(&error, |_, _| false));
                SendingEnd::PutOff { error, until: next_try(queued, now) }
            }
            Delivery::RefusedForNow(error) | Delivery::TryLater(error) => {
                self.report.put_off += 1;
                let until = next_try(queued, now);
                // Once, however often it is put off: `status` counts what waits, and since when.
                if queued.attempts == 0 {
                    tracing::warn!(
                        notification = %id,
                        mail,
                        %until,
                        "A notification was put off; `show` of its mail or the page System status tells why"
                    );
                }
                SendingEnd::PutOff { error, until }
            }
        }
    }

    fn given_up(&mut self, queued: &QueuedNotification, error: String) -> SendingEnd {
        let (id, mail) = (queued.id, queued.mail.map(tracing::field::display));
        self.report.given_up += 1;
        tracing::error!(
            notification = %id,
            mail,
            "A notification was given up; `show` of its mail or the page System status tells why"
        );
        SendingEnd::GivenUp { error }
    }
}

fn next_try(queued: &QueuedNotification, now: DateTime<Utc>) -> DateTime<Utc> {
    now + retry::NOTIFICATION.after(queued.attempts.saturating_add(1), fastrand::f64())
}

async fn ended(work: &mut Option<BoxFuture<'_, Result<Turn>>>) -> Option<Result<Turn>> {
    match work {
        Some(work) => Some(work.await),
        None => None,
    }
}

/// Settles, then claims, each in a transaction of its own: what was sent must not be forgotten because nothing can be
/// claimed.
fn turn(
    store: &Store,
    ends: Vec<(SendingClaim, SendingEnd)>,
    places: Option<SendingPlaces>,
) -> BoxFuture<'_, Result<Turn>> {
    Box::pin(async move {
        let settled = ends.iter().any(|(_, end)| *end != SendingEnd::NotTried);
        if !ends.is_empty() {
            let again = ends.clone();
            if let Err(error) = store.off_thread(move |store| store.settle(&ends, Utc::now())).await {
                return Ok(Turn { claimed: None, settled: false, unsettled: Some((again, error)) });
            }
        }
        let claimed = match places {
            Some(places) => Some(claim(store, places).await.context("Cannot read the outbox")?),
            None => None,
        };
        Ok(Turn { claimed, settled, unsettled: None })
    })
}

async fn claim(
    store: &Store,
    places: SendingPlaces,
) -> Result<(Vec<QueuedNotification>, SendingPlaces, Instant), StoreError> {
    let (begin_by, now) = (Instant::now() + BEGIN_WITHIN, Utc::now());
    store
        .off_thread(move |store| {
            let claimed = store.claim_notifications(now, now + CLAIM_LASTS, &places)?;
            Ok((claimed, places, begin_by))
        })
        .await
}

async fn deliver(sender: &Sender, renderer: &Renderer, queued: &QueuedNotification) -> Delivery {
    match renderer.render(queued) {
        Ok(mail) => {
            let start = Instant::now();
            let delivery = sender.send(&mail).await;
            let result = match &delivery {
                Delivery::Sent => "sent",
                Delivery::Never(_) => "given_up",
                Delivery::Away(_) | Delivery::RefusedForNow(_) | Delivery::TryLater(_) => "put_off",
            };
            monitoring::handed_over(result, start.elapsed());
            delivery
        }
        Err(error) => Delivery::TryLater(format!("{:#}", anyhow::Error::new(error))),
    }
}

/// Whether the server has said "not now" to this notification for so long that it will not change its mind.
fn is_hopeless(queued: &QueuedNotification, now: DateTime<Utc>) -> bool {
    let tried_for = (now - queued.created_at).to_std().unwrap_or_default();
    retry::is_hopeless(queued.attempts.saturating_add(1), tried_for)
}
