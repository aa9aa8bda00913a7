//! How a mailbox stands as far as its watch knows, and whether there is something to do in it.

use super::errands::Errands;
use super::notes::Notes;
use super::round::ensure_archive;
use crate::application::id::MailboxId;
use crate::imap::{Mode, Session};
use crate::import::{self, Calm, RoundReport};
use crate::settings::Mailbox;
use crate::store::{LeftInInbox, RoundNote};
use anyhow::Result;
use chrono::{DateTime, Utc};
use std::time::{Duration, Instant};

/// Unseen mail is searched for after this time even if the server told of no change: not every one is announced.
const SEARCHED_AGAIN: Duration = Duration::from_mins(1);

/// And a whole round is made after this one.
const ROUND_AGAIN: Duration = Duration::from_mins(15);

/// What a watch knows of its mailbox.
#[derive(Default)]
pub(super) struct Standing {
    /// Its row, once it was looked up.
    pub(super) id: Option<MailboxId>,
    /// When the last round ended that went through everything; `None` before the first.
    round: Option<Instant>,
    /// It left nothing that the next one must try again.
    is_done: bool,
    /// How the inbox stood then, to be compared after the next log-in.
    calm: Option<Calm>,
    searched: Option<Instant>,
    /// Seen mails without a record.
    stranded: u64,
    /// The archive folders are there.
    has_archive: bool,
    has_waited: bool,
    /// What was last noted.
    noted: Option<RoundNote>,
}

impl Standing {
    /// Nothing is known but the mailbox's row, if that.
    pub(super) fn new(id: Option<MailboxId>) -> Self {
        Self { id, ..Self::default() }
    }

    /// Whether a look tells that no round is needed: nothing is new in the inbox, nothing is left from before, and nobody
    /// left anything to do. A mailbox without mail needs no round at first either.
    pub(super) async fn has_nothing_to_do(
        &mut self,
        session: &mut Session,
        mailbox: &Mailbox,
        errands: &Errands,
        id: MailboxId,
    ) -> Result<bool> {
        let is_over = |since: Option<Instant>, time| since.is_some_and(|since| since.elapsed() >= time);
        if session.has_news() || (self.round.is_some() && !self.is_done) || is_over(self.round, ROUND_AGAIN) {
            return Ok(false);
        }
        if errands.are_waiting(id, self.round).await? {
            return Ok(false);
        }
        if !self.has_archive {
            session.look_ahead(&mailbox.folder, Mode::ReadWrite).await?;
            // Made before the first mail needs them, and what the server refuses is the round's to tell.
            self.has_archive = ensure_archive(session, mailbox).await?.is_empty();
            if !self.has_archive {
                return Ok(false);
            }
        }
        let search = self.searched.is_none() || is_over(self.searched, SEARCHED_AGAIN);
        let is_calm = import::is_calm(session, mailbox, self.calm, search).await?;
        if search {
            self.searched = Some(Instant::now());
        }
        if is_calm && self.round.is_none() {
            (self.round, self.is_done) = (Some(Instant::now()), true);
        }
        Ok(is_calm)
    }

    /// A round went through everything, and the inbox is open.
    pub(super) fn went_round(&mut self, session: &mut Session, mailbox: &Mailbox, report: &RoundReport) {
        let now = Instant::now();
        (self.round, self.searched) = (Some(now), Some(now));
        self.is_done = report.waiting == 0 && report.failed == 0 && report.unfiled == 0 && report.refusals.is_empty();
        self.stranded = report.stranded;
        self.calm = if self.is_done { Calm::of(session, mailbox) } else { None };
        session.forget_changes();
    }

    /// A round begins. Should it not come to its end, the next look is a round again.
    pub(super) fn begins_round(&mut self) {
        (self.is_done, self.calm) = (false, None);
    }

    /// Whether the last round left nothing.
    pub(super) fn is_done(&self) -> bool {
        self.is_done
    }

    /// Whether this is the first wait between two looks.
    pub(super) fn is_first_wait(&mut self) -> bool {
        !std::mem::replace(&mut self.has_waited, true)
    }

    /// What there is to say after a look that found nothing to do.
    pub(super) fn note(&self, login_ends_at: Option<DateTime<Utc>>) -> RoundNote {
        let left = Some(LeftInInbox { waiting: 0, stranded: self.stranded });
        RoundNote { at: Utc::now(), error: None, left, login_ends_at }
    }

    /// Has a note written: at once unless it says what was said before.
    pub(super) fn leave_note(&mut self, notes: &Notes, id: MailboxId, note: RoundNote) {
        let said = self.noted.as_ref().map(|said| RoundNote { at: note.at, ..said.clone() });
        let is_news = said.as_ref() != Some(&note);
        notes.leave(id, note.clone(), is_news);
        self.noted = Some(note);
    }
}
