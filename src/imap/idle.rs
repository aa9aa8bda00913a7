//! Waiting until the server tells of new mail (IDLE, RFC 2177).

use std::time::Duration;

use async_imap::imap_proto::Response;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::command::{Wire, completion};
use super::error::{Answer, ImapError};
use super::link::{Failure, Link, Patience};
use super::session::Session;

/// Why waiting ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdleEnd {
    /// The server told of new mail, or had done so since the last search.
    NewMail,
    /// The time is over. Search all the same: not every change is announced.
    Timeout,
    /// The service is to stop.
    Stopped,
}

const PURPOSE: &str = "wait for new mail";

impl Session {
    /// Waits until the open folder gets new mail, for at most `max`, or until `stop`.
    ///
    /// `max` holds whatever the server sends meanwhile, and should lie well below the 29 minutes after which servers
    /// may hang up (RFC 2177). Returns at once if new mail was announced after the last [`Session::unseen_uids`].
    ///
    /// # Errors
    ///
    /// [`ImapError::Refused`] if the server has no IDLE or does not want it now: wait by the clock then.
    /// [`ImapError::Lost`] if the connection ends or the server does not answer.
    pub async fn idle(&mut self, max: Duration, stop: &CancellationToken) -> Result<IdleEnd, ImapError> {
        if !self.capabilities().can_idle() {
            return Err(self.wire.refused("IDLE", PURPOSE, Answer::saying("the server does not offer it")));
        }
        let until = Instant::now() + max;
        if let Some(end) = ended(&self.wire, until, stop) {
            return Ok(end);
        }
        let mut link = self.wire.take(PURPOSE)?;
        let result = idle(&mut self.wire, &mut link, until, stop).await;
        self.wire.settle(link, "IDLE", PURPOSE, result)
    }
}

async fn idle(wire: &mut Wire, link: &mut Link, until: Instant, stop: &CancellationToken) -> Result<IdleEnd, Failure> {
    let tag = wire.next_tag();
    let patience = wire.patience(0);
    link.send(&format!("{tag} IDLE"), patience).await?;
    wait_for_consent(wire, link, &tag, patience).await?;
    let end = watch(wire, link, &tag, until, stop).await?;
    let patience = match end {
        IdleEnd::Stopped => Patience::lasting(wire.deadlines().goodbye, wire.deadlines().goodbye),
        IdleEnd::NewMail | IdleEnd::Timeout => wire.patience(0),
    };
    link.send("DONE", patience).await?;
    wait_for_end(wire, link, &tag, patience).await?;
    Ok(end)
}

/// The server's `+`, or the tagged refusal in its place.
async fn wait_for_consent(wire: &mut Wire, link: &mut Link, tag: &str, patience: Patience) -> Result<(), Failure> {
    loop {
        let consent = link.receive(patience, |response| {
            wire.note(response);
            match response {
                Response::Continue(_) => Some(Ok(())),
                other => refusal(other, tag).map(Err),
            }
        });
        if let Some(consent) = consent.await? {
            return consent;
        }
    }
}

/// Listens until something ends the waiting. Untagged lines such as `Still here` do not prolong it.
async fn watch(
    wire: &mut Wire,
    link: &mut Link,
    tag: &str,
    until: Instant,
    stop: &CancellationToken,
) -> Result<IdleEnd, Failure> {
    // Silence is what IDLE is for; a peer that is gone shows by TCP keepalive or by not answering DONE.
    let unlimited = Patience { until: until + Duration::from_secs(1), silence: Duration::MAX };
    loop {
        if let Some(end) = ended(wire, until, stop) {
            return Ok(end);
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = sleep_until(until) => {}
            ended_by_server = link.receive(unlimited, |response| {
                wire.note(response);
                matches!(response, Response::Done { tag: answered, .. } if answered.0 == tag)
            }) => if ended_by_server? {
                return Err(Failure::Broken("the server ended IDLE by itself".into()));
            },
        }
    }
}

async fn wait_for_end(wire: &mut Wire, link: &mut Link, tag: &str, patience: Patience) -> Result<(), Failure> {
    loop {
        let answer = link.receive(patience, |response| {
            wire.note(response);
            match response {
                Response::Done { tag: answered, status, outcome } if answered.0 == tag => {
                    Some(completion(status, Answer::read(outcome)))
                }
                _ => None,
            }
        });
        if let Some(result) = answer.await? {
            return result;
        }
    }
}

fn ended(wire: &Wire, until: Instant, stop: &CancellationToken) -> Option<IdleEnd> {
    if stop.is_cancelled() {
        return Some(IdleEnd::Stopped);
    }
    if wire.selected.as_ref().is_some_and(|selected| selected.news) {
        return Some(IdleEnd::NewMail);
    }
    (Instant::now() >= until).then_some(IdleEnd::Timeout)
}

/// A tagged answer before the `+`. An OK there makes no sense.
fn refusal(response: &Response<'_>, tag: &str) -> Option<Failure> {
    match response {
        Response::Done { tag: answered, status, outcome } if answered.0 == tag => {
            let answer = Answer::read(outcome);
            Some(match completion(status, answer) {
                Ok(()) => Failure::Broken("IDLE ended before it began".into()),
                Err(failure) => failure,
            })
        }
        _ => None,
    }
}
