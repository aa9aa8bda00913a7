//! Mail in the inbox that somebody opened before it was recorded, taken down the normal path because a person asked: here,
//! or by the worker that is on the mailbox.

use super::interrupted::settle_interrupted;
use super::queue::{open_queue, stranded_uids};
use super::report::RoundReport;
use super::work_off;
use crate::imap::{Mode, Session, Uid};
use crate::import::importer::Importer;
use crate::settings::Mailbox;
use anyhow::Result;
use std::collections::HashSet;
use tokio_util::sync::CancellationToken;

/// Imports the seen mails of the inbox that have no record, oldest first, and files them away. Unseen ones are left to
/// the next round. A stop ends it after the batch in hand.
///
/// # Errors
///
/// The connection or the database failed. What was recorded stands, what was not stays where it is.
pub async fn adopt_stranded(
    session: &mut Session,
    importer: &Importer,
    mailbox: &Mailbox,
    stop: &CancellationToken,
) -> Result<RoundReport> {
    let unsettled = settle_interrupted(session, importer, mailbox).await?;
    let adopting = Mailbox { adopt_seen: true, ..mailbox.clone() };
    let mut queue = open_queue(session, importer, &adopting, Mode::ReadWrite).await?;
    let seen: HashSet<Uid> = session.seen_uids().await?.into_iter().collect();
    queue.keep_only(&seen);
    work_off(session, importer, mailbox, (queue, unsettled), stop).await
}

/// Marks the seen mails of the inbox that have no record as unread, so that the worker that is on the mailbox imports them
/// like any other; says how many. Needs no lease: nothing is recorded or moved.
///
/// # Errors
///
/// The connection or the database failed, or the server does not let them be marked.
pub async fn hand_over_stranded(session: &mut Session, importer: &Importer, mailbox: &Mailbox) -> Result<u64> {
    let stranded = stranded_uids(session, importer, mailbox).await?;
    session.mark_unread(&stranded).await?;
    Ok(stranded.len() as u64)
}
