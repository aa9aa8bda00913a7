//! Watches one mailbox: a look, a round if there is something to do, a wait, and again; after a fault a growing pause and a
//! new connection.
//!
//! A connection stays open between two looks where the limits allow it (`places`); the others are made for each look. A
//! look where nothing is new is a command or two on the connection and nothing on the database (`looking`).

use super::complaints::Complaints;
use super::leases::{is_lost, row};
use super::looking::Standing;
use super::pace::until_next;
use super::places::{Connection, Host, Watched};
use super::reach::label;
use super::round::{note_of, one_turn};
use super::worker::Worker;
use super::{state_line, steps};
use crate::application::id::MailboxId;
use crate::imap::{ImapError, Mode, Session};
use crate::import::{self, RoundReport};
use crate::monitoring::{RoundEnd, mailbox_begins, round_ended};
use crate::retry;
use crate::settings::Mailbox;
use crate::store::Store;
use anyhow::Result;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// After this time at the latest something is said on a connection, and IDLE is renewed: servers may end one that says
/// nothing after 30 minutes (RFC 9051, RFC 2177), and networks forget silent connections earlier.
const SILENT_AT_MOST: Duration = Duration::from_mins(9);

/// One mailbox under watch.
pub(super) struct Watch {
    worker: Arc<Worker>,
    mailbox: Arc<Mailbox>,
    store: Store,
    id: Option<MailboxId>,
    host: Arc<Host>,
    _watched: Watched,
}

/// What went wrong since the last good round.
#[derive(Default)]
struct Trouble {
    failures: u32,
    /// This try came as far as a log-in.
    was_connected: bool,
    /// A log-in ran out in the middle of a session, and another followed at once.
    logged_in_anew: bool,
    /// What was said of it.
    complaints: Complaints,
}

/// What follows when a connection is of no more use, or may not stay open.
enum Next {
    /// Another connection at once: it is nobody's fault.
    Anew,
    /// The next look, with a connection of its own, when its time has come.
    Later,
}

impl Drop for Watch {
    /// However the watch ends: what is said of the mailboxes that this process works on says nothing of this one any more.
    fn drop(&mut self) {
        state_line::left(self.address());
        self.worker.reach.leave(&self.mailbox);
    }
}

impl Watch {
    /// `id` is the mailbox's row, if it was looked up.
    pub(super) fn new(worker: Arc<Worker>, mailbox: Arc<Mailbox>, store: Store, id: Option<MailboxId>) -> Self {
        let host = worker.places.at(&mailbox.server);
        let watched = host.watch();
        if mailbox.name.is_some() || id.is_some() {
            mailbox_begins(&label(&mailbox, id));
        }
        Self { worker, mailbox, store, id, host, _watched: watched }
    }

    /// Watches until asked to stop, or until the lease that the store is under is lost.
    pub(super) async fn run(self, stop: CancellationToken) {
        let (mut trouble, mut standing) = (Trouble::default(), Standing::new(self.id));
        while !stop.is_cancelled() {
            let pause = match self.on_one_connection(&mut standing, &mut trouble, &stop).await {
                Ok(Next::Anew) => continue,
                Ok(Next::Later) => until_next(self.mailbox.poll_interval, standing.is_first_wait(), fastrand::f64()),
                Err(error) if is_lost(&error) => {
                    tracing::warn!(mailbox = self.address(), "Another worker has taken over the mailbox");
                    standing.id.inspect(|id| self.worker.notes.withdraw(*id));
                    break;
                }
                Err(error) if stop.is_cancelled() => {
                    // What it left is done after the next start, and nothing is tried again now.
                    tracing::info!(mailbox = self.address(), error = format!("{error:#}"), "Ended while stopping");
                    break;
                }
                Err(error) => self.note_fault(&error, &mut standing, &mut trouble).await,
            };
            let _step = steps::begin_within("pause", pause + steps::LONGEST);
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = stop.cancelled() => break,
            }
        }
    }

    /// Says how long to wait before the next try.
    async fn note_fault(&self, error: &anyhow::Error, standing: &mut Standing, trouble: &mut Trouble) -> Duration {
        trouble.failures += 1;
        let failures = trouble.failures;
        let pause = retry::MAILBOX.after(failures, fastrand::f64());
        let text = format!("{error:#}");
        state_line::failed(self.address());
        round_ended(&label(&self.mailbox, standing.id), RoundEnd::Failed, None);
        self.worker.reach.failed(&self.mailbox, standing.id, (failures, trouble.was_connected), &text);
        trouble.complaints.cannot_be_used(&self.mailbox, &text, pause, import::needs_a_person(error));
        // If not even the mailbox's row can be had, there is nowhere to note it.
        if let Ok(id) = self.row(standing).await {
            standing.leave_note(&self.worker.notes, id, note_of(Err(text)));
        }
        pause
    }

    async fn on_one_connection(
        &self,
        standing: &mut Standing,
        trouble: &mut Trouble,
        stop: &CancellationToken,
    ) -> Result<Next> {
        trouble.was_connected = false;
        let connecting = async {
            let place = self.host.connection().await;
            let _log_in = self.host.log_in().await;
            // Not before: whoever waits for a place does nothing that could hang.
            let _step = steps::begin("connecting");
            // Apart, as is a round: a watch that only waits is to be small.
            Ok::<_, anyhow::Error>((place, Box::pin(import::connect(&self.mailbox)).await?))
        };
        let (mut place, mut session) = tokio::select! {
            connected = connecting => connected?,
            () = stop.cancelled() => return Ok(Next::Anew),
        };
        trouble.was_connected = true;
        let next = match self.looks(&mut session, &mut place, standing, trouble, stop).await {
            Err(error) if !trouble.logged_in_anew && import::login_ran_out(&session, &error) => {
                trouble.logged_in_anew = true;
                tracing::info!(mailbox = self.address(), "The access token ran out; logging in anew");
                return Ok(Next::Anew);
            }
            looks => looks?,
        };
        if session.is_usable() {
            session.logout().await;
        }
        Ok(next)
    }

    /// Until asked to stop, until the session is of no more use, or until its place is another's.
    async fn looks(
        &self,
        session: &mut Session,
        place: &mut Connection,
        standing: &mut Standing,
        trouble: &mut Trouble,
        stop: &CancellationToken,
    ) -> Result<Next> {
        while !stop.is_cancelled() {
            let step = steps::begin("look");
            let id = self.row(standing).await?;
            let mut again = false;
            let nothing_to_do = standing.has_nothing_to_do(session, &self.mailbox, &self.worker.errands, id).await?;
            drop(step);
            if nothing_to_do {
                state_line::looked(self.address());
                standing.leave_note(&self.worker.notes, id, standing.note(session.login_ends_at()));
                round_ended(&label(&self.mailbox, Some(id)), RoundEnd::NothingNew, None);
            } else {
                let round = tokio::select! {
                    round = self.host.round() => round,
                    () = stop.cancelled() => break,
                };
                let _step = steps::begin_counted("round", session.progress());
                standing.begins_round();
                let settings = &self.worker.settings;
                let begun = Instant::now();
                let report = Box::pin(one_turn(session, &self.store, settings, &self.mailbox, stop)).await?;
                drop(round);
                let end = if report.refusals.is_empty() { RoundEnd::Good } else { RoundEnd::Refused };
                round_ended(&label(&self.mailbox, Some(id)), end, Some(begun.elapsed()));
                trouble.complaints.after_round(&self.mailbox, &report);
                again = self.finish(session, standing, id, report).await?;
            }
            let complaints = std::mem::take(&mut trouble.complaints);
            *trouble = Trouble { was_connected: true, complaints, ..Trouble::default() };
            trouble.complaints.can_be_used(&self.mailbox);
            self.worker.reach.is_good(&self.mailbox);
            if again {
                continue;
            }
            if !place.may_stay() {
                return Ok(Next::Later);
            }
            self.wait(session, place, standing.is_first_wait(), stop).await?;
            if !session.is_usable() {
                // It refused IDLE in a way after which nobody knows what it made of the command.
                return Ok(Next::Anew);
            }
        }
        Ok(Next::Anew)
    }

    /// Keeps what a round reported, and has the inbox open afterwards. Says whether another round is to follow at once: its
    /// turn ended before all mail was through, or mail came in while the inbox was not open.
    async fn finish(
        &self,
        session: &mut Session,
        standing: &mut Standing,
        id: MailboxId,
        report: RoundReport,
    ) -> Result<bool> {
        state_line::went_round(self.address(), &report);
        let has_more = report.waiting > 0 && !report.outcomes.is_empty();
        let inbox = &self.mailbox.folder;
        let was_elsewhere = session.opened(inbox).is_none();
        if was_elsewhere {
            session.open(inbox, Mode::ReadWrite).await?;
        }
        standing.went_round(session, &self.mailbox, &report);
        standing.leave_note(&self.worker.notes, id, note_of(Ok(report)));
        let is_new = was_elsewhere && standing.is_done() && !session.unseen_uids().await?.is_empty();
        if is_new {
            // Nobody told of it, and no look would find it before the next search.
            standing.begins_round();
        }
        Ok(is_new || has_more)
    }

    /// The mailbox's row, looked up once.
    async fn row(&self, standing: &mut Standing) -> Result<MailboxId> {
        if let Some(id) = standing.id {
            return Ok(id);
        }
        let mailbox = self.mailbox.clone();
        let id = self.store.off_thread(move |store| row(store, &mailbox)).await?;
        standing.id = Some(id);
        Ok(id)
    }

    /// Until the server tells of new mail, the poll interval is over, the place is wanted, or the service shall stop.
    async fn wait(
        &self,
        session: &mut Session,
        place: &Connection,
        is_first: bool,
        stop: &CancellationToken,
    ) -> Result<()> {
        let longest = until_next(self.mailbox.poll_interval, is_first, fastrand::f64());
        let _step = steps::begin_within("wait", longest + steps::LONGEST);
        if self.mailbox.idle && session.capabilities().can_idle() {
            let enough = stop.child_token();
            let mut idle = std::pin::pin!(session.idle(longest.min(SILENT_AT_MOST), &enough));
            let ended = tokio::select! {
                ended = &mut idle => ended,
                () = place.crowded() => {
                    enough.cancel();
                    idle.await
                }
            };
            match ended {
                Ok(end) => {
                    tracing::debug!(mailbox = self.address(), ?end, "Woke up");
                    return Ok(());
                }
                // The server offers IDLE and does not want it now: then by the clock.
                Err(error @ ImapError::Refused { .. }) => {
                    tracing::debug!(mailbox = self.address(), %error, "Waits by the clock");
                }
                Err(error) => return Err(error.into()),
            }
        }
        if session.has_news() {
            return Ok(());
        }
        tokio::select! {
            () = tokio::time::sleep(longest.min(SILENT_AT_MOST)) => {}
            () = place.crowded() => {}
            () = stop.cancelled() => {}
        }
        Ok(())
    }

    fn address(&self) -> &str {
        self.mailbox.address.as_str()
    }
}
