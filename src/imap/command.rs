//! The command layer: sends a command, reads until its own tag, and lets nothing but a tagged OK pass as success.
//!
//! A failed or abandoned exchange throws the connection away: the link is taken out before the first byte is sent and
//! put back only when both sides are known to agree. So a session that saw an error, a timeout or a dropped future
//! refuses every further command instead of reading the answers to the one before.

use std::fmt;
use std::time::Duration;

use async_imap::imap_proto::{MailboxDatum, Response, Status};
use tracing::debug;

use super::capabilities::Capabilities;
use super::error::{Answer, ImapError, Mend};
use super::link::{Failure, Link, Patience};
use super::open_folder::Selected;
use super::options::{ConnectOptions, Deadlines, Peer};
use crate::progress::Progress;

/// One command, ready to be sent.
pub(super) struct Command {
    /// For errors and logs: the command's name without arguments.
    pub(super) name: &'static str,
    /// The whole line without tag and line end.
    pub(super) line: String,
    /// `fetch 3 mails`: an error says `Cannot fetch 3 mails at HOST:PORT`.
    pub(super) purpose: String,
    /// Sent one after the other when the server asks for more (SASL without initial response, or with a challenge).
    pub(super) continuations: Vec<String>,
    /// Bytes of mail that the answer will hold, as far as known; they lengthen the deadline.
    pub(super) transfer: u64,
}

impl Command {
    pub(super) fn new(name: &'static str, arguments: &str, purpose: impl Into<String>) -> Self {
        let line = if arguments.is_empty() { name.to_owned() } else { format!("{name} {arguments}") };
        Self { name, line, purpose: purpose.into(), continuations: Vec::new(), transfer: 0 }
    }
}

/// The connection with what the server has told by the way.
pub(super) struct Wire {
    link: Option<Link>,
    peer: Peer,
    deadlines: Deadlines,
    last_tag: u64,
    /// The last list that the server sent, in whichever way.
    pub(super) capabilities: Option<Capabilities>,
    /// The open folder.
    pub(super) selected: Option<Selected>,
}

impl Wire {
    /// A wire whose connection is still to come; until [`Wire::attach`] it refuses every command.
    pub(super) fn without_link(options: &ConnectOptions) -> Self {
        let (peer, deadlines) = (options.peer(), options.deadlines);
        Self { link: None, peer, deadlines, last_tag: 0, capabilities: None, selected: None }
    }

    pub(super) fn attach(&mut self, link: Link) {
        self.link = Some(link);
    }

    /// Runs one command. `each` sees every response up to the tagged one, in the server's order.
    ///
    /// # Errors
    ///
    /// [`ImapError::Refused`] for a tagged NO or BAD, [`ImapError::Lost`] for everything else.
    pub(super) async fn run(&mut self, command: Command, mut each: impl FnMut(&Response<'_>)) -> Result<(), ImapError> {
        let patience = self.patience(command.transfer);
        let mut link = self.take(&command.purpose)?;
        let result = self.exchange(&mut link, &command, patience, &mut each).await;
        self.settle(link, command.name, &command.purpose, result)
    }

    /// Takes the connection out; whoever does not bring it back with [`Wire::settle`] has ended it.
    pub(super) fn take(&mut self, purpose: &str) -> Result<Link, ImapError> {
        self.link.take().ok_or_else(|| self.lost(purpose, "the connection was given up after an earlier error"))
    }

    /// What those count who work over this connection; of one that is not there, nothing is counted.
    pub(super) fn progress(&self) -> Progress {
        self.link.as_ref().map(Link::progress).unwrap_or_default()
    }

    /// Whether the connection is there and has not failed.
    pub(super) fn is_open(&self) -> bool {
        self.link.is_some()
    }

    /// Keeps the connection if both sides agree, and says what an end other than OK means.
    pub(super) fn settle<T>(
        &mut self,
        link: Link,
        command: &'static str,
        purpose: &str,
        result: Result<T, Failure>,
    ) -> Result<T, ImapError> {
        if matches!(result, Ok(_) | Err(Failure::No(_))) {
            self.link = Some(link);
        }
        self.note_end(command, purpose, result)
    }

    /// Says what an end other than OK means.
    pub(super) fn note_end<T>(
        &self,
        command: &'static str,
        purpose: &str,
        result: Result<T, Failure>,
    ) -> Result<T, ImapError> {
        let outcome = match &result {
            Ok(_) => "OK",
            Err(Failure::No(_)) => "NO",
            Err(Failure::Bad(_)) => "BAD",
            Err(Failure::Ended(_)) => "BYE",
            Err(Failure::Broken(_)) => "broken",
        };
        debug!(command, outcome, "IMAP command");
        result.map_err(|failure| self.error(command, purpose, failure))
    }

    /// How many commands were sent on this connection.
    pub(super) fn sent(&self) -> u64 {
        self.last_tag
    }

    pub(super) fn error(&self, command: &'static str, purpose: &str, failure: Failure) -> ImapError {
        let wanted = self.wanted(purpose);
        match failure {
            Failure::No(answer) | Failure::Bad(answer) => ImapError::Refused { wanted, command, answer },
            Failure::Ended(answer) => {
                ImapError::Lost { wanted, why: format!("the server ended the connection: {answer}"), bye: Some(answer) }
            }
            Failure::Broken(why) => ImapError::lost(wanted, why),
        }
    }

    /// A tag that this connection has not used yet.
    pub(super) fn next_tag(&mut self) -> String {
        self.last_tag = self.last_tag.saturating_add(1);
        format!("R{}", self.last_tag)
    }

    /// Notes what a response tells by the way: capabilities, new and vanished mails.
    pub(super) fn note(&mut self, response: &Response<'_>) {
        if let Some(capabilities) = Capabilities::told_in(response) {
            self.capabilities = Some(capabilities);
        }
        let Some(selected) = &mut self.selected else { return };
        match response {
            Response::MailboxData(MailboxDatum::Exists(exists)) => {
                selected.news |= *exists > selected.exists;
                selected.changed |= *exists != selected.exists;
                selected.exists = *exists;
            }
            Response::Expunge(_) => {
                selected.exists = selected.exists.saturating_sub(1);
                selected.expunged = selected.expunged.saturating_add(1);
                selected.changed = true;
            }
            // Flags, unless somebody asked for data just now.
            Response::Fetch(..) => selected.changed = true,
            _ => {}
        }
    }

    /// The capabilities, asked for only if the server has not told them by itself.
    pub(super) async fn ask_capabilities(&mut self) -> Result<Capabilities, ImapError> {
        const PURPOSE: &str = "ask what the server can do";
        if self.capabilities.is_none() {
            self.run(Command::new("CAPABILITY", "", PURPOSE), |_| {}).await?;
        }
        self.capabilities.clone().ok_or_else(|| self.give_up(PURPOSE, "the server did not tell it"))
    }

    /// Ends the connection, since an answer lacked what it must hold.
    pub(super) fn give_up(&mut self, purpose: &str, why: &str) -> ImapError {
        self.link = None;
        self.lost(purpose, why)
    }

    pub(super) fn deadlines(&self) -> Deadlines {
        self.deadlines
    }

    pub(super) fn patience(&self, transfer: u64) -> Patience {
        let carrying = Duration::from_secs(transfer / Deadlines::SLOWEST_TRANSFER);
        Patience::lasting(self.deadlines.command.saturating_add(carrying), self.deadlines.silence)
    }

    /// How long several commands may take that are sent together, each with so many bytes of mail in its answer.
    pub(super) fn patience_with(&self, transfers: impl ExactSizeIterator<Item = u64>) -> Patience {
        let commands = u32::try_from(transfers.len()).unwrap_or(u32::MAX);
        let transfer = transfers.fold(0_u64, u64::saturating_add);
        let carrying = Duration::from_secs(transfer / Deadlines::SLOWEST_TRANSFER);
        let whole = self.deadlines.command.saturating_mul(commands).saturating_add(carrying);
        Patience::lasting(whole, self.deadlines.silence)
    }

    pub(super) fn wanted(&self, purpose: &str) -> String {
        format!("Cannot {purpose} at {}", self.peer)
    }

    pub(super) fn lost(&self, purpose: &str, why: impl Into<String>) -> ImapError {
        ImapError::lost(self.wanted(purpose), why)
    }

    pub(super) fn wrong_settings(&self, purpose: &str, why: impl Into<String>) -> ImapError {
        ImapError::WrongSettings { wanted: self.wanted(purpose), why: why.into(), mend: Mend::Settings }
    }

    pub(super) fn refused(&self, command: &'static str, purpose: &str, answer: Answer) -> ImapError {
        ImapError::Refused { wanted: self.wanted(purpose), command, answer }
    }

    async fn exchange(
        &mut self,
        link: &mut Link,
        command: &Command,
        patience: Patience,
        each: &mut impl FnMut(&Response<'_>),
    ) -> Result<(), Failure> {
        let tag = self.next_tag();
        link.send(&format!("{tag} {}", command.line), patience).await?;
        let mut continuations = command.continuations.iter();
        loop {
            let reading = link.receive(patience, |response| {
                self.note(response);
                Step::read(response, &tag, &mut *each)
            });
            match reading.await? {
                Step::Onward => {}
                Step::End(result) => return result,
                Step::Continue => match continuations.next() {
                    Some(more) => link.send(more, patience).await?,
                    None => return Err(Failure::Broken("the server asks for more where nothing is to follow".into())),
                },
            }
        }
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire")
            .field("peer", &self.peer.to_string())
            .field("open", &self.is_open())
            .finish_non_exhaustive()
    }
}

/// What a response means for the running command.
enum Step {
    Onward,
    Continue,
    End(Result<(), Failure>),
}

impl Step {
    fn read(response: &Response<'_>, tag: &str, each: &mut impl FnMut(&Response<'_>)) -> Self {
        match response {
            Response::Done { tag: answered, status, outcome } if answered.0 == tag => {
                each(response);
                Self::End(completion(status, Answer::read(outcome)))
            }
            Response::Continue { .. } => {
                each(response);
                Self::Continue
            }
            untagged => {
                each(untagged);
                Self::Onward
            }
        }
    }
}

/// What a tagged answer means.
pub(super) fn completion(status: &Status, answer: Answer) -> Result<(), Failure> {
    match status {
        Status::Ok => Ok(()),
        Status::No => Err(Failure::No(answer)),
        Status::Bad | Status::PreAuth | Status::Bye => Err(Failure::Bad(answer)),
    }
}
