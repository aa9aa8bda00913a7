//! Empties the outbox: claim what is due, send it, settle it or put it off.
//!
//! Sending and the database go on at the same time. Notifications are claimed in groups, somewhat ahead (`claimed`), sent
//! over as many connections as the sender has, each to another recipient (`sending`), and settled in groups: what ended
//! while one group is settled is the next one. If the process is killed, what the server took and the outbox does not
//! know yet is sent again when its claim runs out: [`in_doubt`] says how many that are at most.

mod claimed;
mod report;
mod sending;
mod unsettled;

pub use report::DeliveryReport;
pub use sending::in_doubt;

use crate::notification::Renderer;
use crate::smtp::Sender;
use crate::store::Store;
use anyhow::Result;
use sending::Sending;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

/// While something is in hand that takes its time, the outbox is looked at this often: what was put off may be due, and other
/// workers write into it too.
const LOOK: Duration = Duration::from_secs(5);

/// Delivers what is due, and what becomes due meanwhile, until nothing is, the server refuses the log-in, or the service
/// is asked to stop; then what is in hand is finished, and what is not begun is given back. `outbox_written` tells that there
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
    outbox_written: &Notify,
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
            () = outbox_written.notified(), if goes_on => sending.look_for_more(),
            _ = look.tick(), if goes_on => sending.look_for_more(),
            () = stop.cancelled(), if !stops => {}
        }
    }
    trouble.map_or(Ok(sending.report), Err)
}
