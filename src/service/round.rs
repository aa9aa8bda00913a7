//! One round through one mailbox, from the users as they are now to the mail that waits to be moved on.

use crate::application::FolderName;
use crate::imap::{ImapError, Mode, Session};
use crate::import::{self, Importer, RemovalReport, RoundReport};
use crate::settings::{Mailbox, Settings};
use crate::store::{LeftInInbox, RoundNote, Store};
use anyhow::Result;
use chrono::Utc;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// A mailbox whose queue is longer than this lets others have their turn, after the batches that are in hand.
const TURN: Duration = Duration::from_mins(2);

/// One round that ends with the batches in hand once its turn is over.
pub(super) async fn one_turn(
    session: &mut Session,
    store: &Store,
    settings: &Arc<Settings>,
    mailbox: &Mailbox,
    stop: &CancellationToken,
) -> Result<RoundReport> {
    let turn = stop.child_token();
    let mut round = std::pin::pin!(one_round(session, store, settings, mailbox, &turn));
    tokio::select! {
        done = &mut round => done,
        () = tokio::time::sleep(TURN) => {
            turn.cancel();
            round.await
        }
    }
}

/// One round over an open connection. The archive folders are made before the first mail needs them.
pub(super) async fn one_round(
    session: &mut Session,
    store: &Store,
    settings: &Arc<Settings>,
    mailbox: &Mailbox,
    stop: &CancellationToken,
) -> Result<RoundReport> {
    let importer = Importer::opened(store, settings, mailbox).await?.counting(session.progress());
    session.look_ahead(&mailbox.folder, Mode::ReadWrite).await?;
    let refusals = ensure_archive(session, mailbox).await?;
    // First: erased mail that lies in the inbox yet would come in anew. An attempt that ends the connection is not made
    // again at once.
    let removed = import::remove_erased(session, store, mailbox, importer.mailbox(), Some(Utc::now()), stop).await?;
    log_removed(mailbox, &removed);
    let mut report = import::round(session, &importer, mailbox, stop).await?;
    report.login_ends_at = session.login_ends_at();
    // Last: what cannot be done with mail that is in the archive must not keep new mail from coming in.
    let not_moved = import::refile(session, store, mailbox, importer.mailbox()).await?;
    for refusal in refusals.into_iter().chain(removed.refusals).chain(not_moved) {
        report.note_refusal(refusal);
    }
    Ok(report)
}

fn log_removed(mailbox: &Mailbox, report: &RemovalReport) {
    let removed: u64 = report.removed.values().sum();
    let (missing, marked) = (report.missing, report.marked);
    if removed + missing + marked > 0 {
        tracing::info!(mailbox = mailbox.address.as_str(), removed, missing, marked, "Removed erased mail");
    }
}

/// Makes those of the mailbox's archive folders that are missing, and says which the server refused to make.
pub(super) async fn ensure_archive(session: &mut Session, mailbox: &Mailbox) -> Result<Vec<String>> {
    let mut refusals = Vec::new();
    for folder in mailbox.archive.folders(Utc::now()) {
        match session.ensure_folder(&FolderName::parse(&folder)?).await {
            // Mail is imported all the same, and what belongs into this folder stays in the inbox until it can be had.
            Err(refusal @ ImapError::Refused { .. }) if session.is_usable() => refusals.push(refusal.to_string()),
            made => made?,
        }
    }
    Ok(refusals)
}

/// What `status` shall say of a round.
pub(super) fn note_of(result: Result<RoundReport, String>) -> RoundNote {
    match result {
        Ok(report) => {
            let error = (!report.refusals.is_empty()).then(|| report.refusals.join("; "));
            RoundNote {
                at: Utc::now(),
                error,
                left: Some(LeftInInbox { waiting: report.waiting, stranded: report.stranded }),
                login_ends_at: report.login_ends_at,
            }
        }
        Err(error) => RoundNote { at: Utc::now(), error: Some(error), left: None, login_ends_at: None },
    }
}
