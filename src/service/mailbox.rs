//! Watches one mailbox: a round, a wait, and again; after a fault a growing pause and a new connection.

use super::leases::is_lost;
use crate::imap::{FolderName, ImapError, Session};
use crate::import::{self, Importer, RemovalReport, RoundReport};
use crate::retry;
use crate::settings::{Mailbox, Settings};
use crate::store::{RoundNote, Store};
use anyhow::Result;
use chrono::Utc;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// IDLE is renewed after this time at the latest: servers may end it after 30 minutes (RFC 2177), and networks forget
/// silent connections earlier.
const IDLE_AT_MOST: Duration = Duration::from_mins(9);

/// One mailbox under watch.
pub(super) struct Watch {
    mailbox: Mailbox,
    settings: Arc<Settings>,
    store: Store,
    recorded: Arc<Notify>,
}

/// What went wrong since the last good round.
#[derive(Default)]
struct Trouble {
    failures: u32,
    /// A log-in ran out in the middle of a session, and another followed at once.
    logged_in_anew: bool,
}

impl Watch {
    pub(super) fn new(mailbox: Mailbox, settings: Arc<Settings>, store: Store, recorded: Arc<Notify>) -> Self {
        Self { mailbox, settings, store, recorded }
    }

    /// Watches until asked to stop, or until the lease that the store is under is lost.
    pub(super) async fn run(self, stop: CancellationToken) {
        let mut trouble = Trouble::default();
        while !stop.is_cancelled() {
            let ended = self.rounds_on_one_connection(&mut trouble, &stop).await;
            let Err(error) = ended else { continue };
            if is_lost(&error) {
                tracing::warn!(mailbox = self.mailbox.address.as_str(), "Another worker has taken over the mailbox");
                break;
            }
            trouble.failures += 1;
            let failures = trouble.failures;
            let pause = retry::MAILBOX.after(failures, fastrand::f64());
            let (mailbox, text) = (self.mailbox.address.as_str(), format!("{error:#}"));
            if import::needs_a_person(&error) {
                tracing::error!(mailbox, failures, pause = ?pause, error = text, "The mailbox cannot be used until a person puts this right");
            } else {
                tracing::warn!(mailbox, failures, pause = ?pause, error = text, "The mailbox cannot be used");
            }
            note_round(&self.store, &self.mailbox, Err(text)).await;
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = stop.cancelled() => break,
            }
        }
    }

    /// Ends without an error when asked to stop, and when another connection is to be opened without haste or fault.
    async fn rounds_on_one_connection(&self, trouble: &mut Trouble, stop: &CancellationToken) -> Result<()> {
        let mut session = tokio::select! {
            session = import::connect(&self.mailbox) => session?,
            () = stop.cancelled() => return Ok(()),
        };
        match self.rounds(&mut session, trouble, stop).await {
            Err(error) if !trouble.logged_in_anew && import::login_ran_out(&session, &error) => {
                trouble.logged_in_anew = true;
                tracing::info!(mailbox = self.mailbox.address.as_str(), "The access token ran out; logging in anew");
                return Ok(());
            }
            rounds => rounds?,
        }
        if session.is_usable() {
            session.logout().await;
        }
        Ok(())
    }

    /// Until asked to stop, or until the session is of no more use.
    async fn rounds(&self, session: &mut Session, trouble: &mut Trouble, stop: &CancellationToken) -> Result<()> {
        while !stop.is_cancelled() {
            let report = one_round(session, &self.store, &self.settings, &self.mailbox, stop).await?;
            *trouble = Trouble::default();
            if !report.outcomes.is_empty() {
                self.recorded.notify_one();
            }
            note_round(&self.store, &self.mailbox, Ok(report)).await;
            self.wait(session, stop).await?;
            if !session.is_usable() {
                // It refused IDLE in a way after which nobody knows what it made of the command.
                return Ok(());
            }
        }
        Ok(())
    }

    /// Until the server tells of new mail, the poll interval is over, or the service shall stop.
    async fn wait(&self, session: &mut Session, stop: &CancellationToken) -> Result<()> {
        if self.mailbox.idle && session.capabilities().can_idle() {
            let longest = self.mailbox.poll_interval.min(IDLE_AT_MOST);
            match session.idle(longest, stop).await {
                Ok(end) => {
                    tracing::debug!(mailbox = self.mailbox.address.as_str(), ?end, "Woke up");
                    return Ok(());
                }
                // The server offers IDLE and does not want it now: then by the clock.
                Err(error @ ImapError::Refused { .. }) => {
                    tracing::debug!(mailbox = self.mailbox.address.as_str(), %error, "Waits by the clock");
                }
                Err(error) => return Err(error.into()),
            }
        }
        tokio::select! {
            () = tokio::time::sleep(self.mailbox.poll_interval) => {}
            () = stop.cancelled() => {}
        }
        Ok(())
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
    let importer = open_importer(store, settings, mailbox).await?;
    let refusals = ensure_archive(session, mailbox).await?;
    // First: erased mail that lies in the inbox yet would come in anew. An attempt that ends the connection is not made
    // again at once.
    let removed = import::remove_erased(session, store, mailbox, importer.mailbox(), Some(Utc::now())).await?;
    log_removed(mailbox, &removed);
    let mut report = import::round(session, &importer, mailbox, stop).await?;
    report.login_ends_at = session.login_ends_at();
    // Last: what cannot be done with mail that is in the archive must not keep new mail from coming in.
    let refiled = import::refile(session, store, mailbox, importer.mailbox()).await?;
    for refusal in refusals.into_iter().chain(removed.refusals).chain(refiled.refusals) {
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

/// An importer that knows the tenant's users as they are now.
pub(super) async fn open_importer(store: &Store, settings: &Arc<Settings>, mailbox: &Mailbox) -> Result<Importer> {
    let (settings, mailbox) = (settings.clone(), mailbox.clone());
    let named = store.clone();
    let opened = store.watched(move || Importer::open(&named, &settings, &mailbox)).await?;
    opened.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Leaves the round's result where `status` finds it. A fault here is logged only: the mail is safe.
pub(super) async fn note_round(store: &Store, mailbox: &Mailbox, result: Result<RoundReport, String>) {
    let note = match result {
        Ok(report) => {
            for refusal in &report.refusals {
                tracing::warn!(
                    mailbox = mailbox.address.as_str(),
                    refusal,
                    "The server refused something; it is tried again"
                );
            }
            let error = (!report.refusals.is_empty()).then(|| report.refusals.join("; "));
            RoundNote {
                at: Utc::now(),
                error,
                waiting: report.waiting,
                stranded: report.stranded,
                login_ends_at: report.login_ends_at,
            }
        }
        Err(error) => RoundNote { at: Utc::now(), error: Some(error), waiting: 0, stranded: 0, login_ends_at: None },
    };
    let (tenant, address) = (mailbox.tenant.clone(), mailbox.address.clone());
    let noted = store.off_thread(move |store| {
        let tenant = store.ensure_tenant(&tenant, note.at)?;
        let mailbox = store.ensure_mailbox(tenant, &address, note.at)?;
        store.round_finished(mailbox, &note)
    });
    if let Err(error) = noted.await {
        tracing::warn!(mailbox = mailbox.address.as_str(), %error, "The round's result cannot be noted");
    }
}
