//! Empties the outbox: claim what is due, send it, settle it or put it off.
//!
//! Sending and the database go on at the same time. Notifications are claimed in groups, somewhat ahead (`claimed`), sent
//! over as many connections as the sender has, each to another recipient (`sending`), and settled in groups: what ended
//! while one group is settled is the next one. If the process is killed, what the server took and the outbox does not
//! know yet is sent again when its claim runs out: [`in_doubt`] says how many that are at most.

mod claimed;
mod sending;
mod unsettled;

use crate::notification::Renderer;
use crate::smtp::{SEND_DEADLINE, Sender};
use crate::store::Store;
use anyhow::Result;
use sending::Sending;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

/// A claimed row that nobody settled comes back after this time: its sender died.
const CLAIM_LASTS: Duration = Duration::from_mins(3);

/// What was claimed is begun within this time or given back, so that the claim outlasts its sending and settling, and because
/// a person who takes something back reaches nothing that is claimed.
const BEGIN_WITHIN: Duration = Duration::from_secs(5);

const _: () = assert!(
    CLAIM_LASTS.as_secs() >= BEGIN_WITHIN.as_secs() + SEND_DEADLINE.as_secs() + 30,
    "another sender would take it too"
);

/// While something is in hand that takes its time, the outbox is looked at this often: what was put off may be due, and other
/// workers write into it too.
const LOOK: Duration = Duration::from_secs(5);

/// So many notifications are being sent, or sent and not yet settled, at most, over so many connections: so many may be
/// sent a second time, with the same Message-ID, if the process is killed.
pub const fn in_doubt(connections: usize) -> usize {
    connections.saturating_mul(4)
}

/// What came of the due notifications.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryReport {
    /// Taken by the server.
    pub sent: u32,
    /// Put off to a later time.
    pub put_off: u32,
    /// Given up: the server refuses them for good.
    pub given_up: u32,
    /// Why the server takes none at all, if it does not: in words that may be logged.
    pub away: Option<String>,
}

/// Delivers what is due, and what becomes due meanwhile, until nothing is, the server refuses the log-in, or the service
/// is asked to stop; then what is in hand is finished, and what is not begun is given back. `recorded` tells that there
/// may be more. So many as `singly` says go to one person singly within an hour, the others in one mail when it is over.
///
/// # Errors
///
/// The database cannot be used. What was sent and could not be settled, however often that was tried, is sent again later,
/// with the same Message-ID.
pub async fn deliver_due(
    store: &Store,
    sender: &Sender,
    renderer: &Arc<Renderer>,
    singly: u32,
    recorded: &Notify,
    stop: &CancellationToken,
) -> Result<DeliveryReport> {
    let mut sending = Sending::new(store, sender, renderer, singly);
    let mut look = tokio::time::interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut trouble = None;
    loop {
        let stops = stop.is_cancelled();
        let goes_on = trouble.is_none() && !stops && !sender.login_was_refused();
        if stops {
            sending.hurry();
        }
        sending.step(goes_on);
        if sending.is_done() {
            break;
        }
        tokio::select! {
            done = sending.next() => if let Err(error) = done {
                trouble.get_or_insert(error);
            },
            () = recorded.notified(), if goes_on => sending.look_for_more(),
            _ = look.tick(), if goes_on => sending.look_for_more(),
            () = stop.cancelled(), if !stops => {}
        }
    }
    trouble.map_or(Ok(sending.report), Err)
}

impl std::fmt::Display for DeliveryReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} sent, {} put off, {} given up", self.sent, self.put_off, self.given_up)
    }
}
