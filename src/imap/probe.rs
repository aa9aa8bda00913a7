//! Trying what the service lives by, in folders of its own that are removed again.

use super::command::Command;
use super::error::{Answer, ImapError};
use super::file_away::Way;
use super::idle::IdleEnd;
use super::open_folder::Mode;
use super::quoting::quoted;
use super::session::Session;
use super::uid::Uid;
use crate::application::FolderName;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// A server that tells of new mail later than this tells too late to be of use.
const TOLD_WITHIN: Duration = Duration::from_secs(10);

/// Letters of German. Not every server takes those beyond the first 65,536 of Unicode (Courier does not).
const LETTERS: &str = "Prüfung äöüß";

/// What was tried, and what came of it.
#[derive(Debug)]
pub struct Tried {
    /// `keep a mail (APPEND)`.
    pub what: &'static str,
    /// What is to be known of it.
    pub came: Result<String, ImapError>,
}

/// The folders of one probe.
struct Scratch {
    here: FolderName,
    there: FolderName,
}

impl Session {
    /// Tries, one after the other: folder names with umlauts, APPEND, flags, the way mail is filed away, what UIDPLUS tells,
    /// IDLE (`other`, a second session of the same mailbox, brings the mail), removing mail. It happens in two folders that
    /// are made for it, with `mark` in their names, and removed at the end, also after a failure. The first failure ends the
    /// trying. Other folders are not touched.
    pub async fn probe(&mut self, other: &mut Session, mark: &str) -> Vec<Tried> {
        let name = |number| FolderName::parse(&format!("reply-import {LETTERS} {mark} {number}"));
        let (Ok(here), Ok(there)) = (name(1), name(2)) else { return Vec::new() };
        let scratch = Scratch { here, there };
        let mut tried = Vec::new();
        self.try_all(other, &scratch, &mut tried).await;
        // A session that failed is of no more use, the other may be.
        let left = if self.is_usable() { self.clear(&scratch).await } else { other.clear(&scratch).await };
        tried.push(Tried { what: "remove what was made for trying", came: left.map(|()| "all gone".to_owned()) });
        tried
    }

    async fn try_all(&mut self, other: &mut Session, scratch: &Scratch, tried: &mut Vec<Tried>) {
        macro_rules! step {
            ($what:literal, $doing:expr) => {{
                let came: Result<String, ImapError> = $doing.await;
                let failed = came.is_err();
                tried.push(Tried { what: $what, came });
                if failed {
                    return;
                }
            }};
        }
        step!("make folders with umlauts in their names (CREATE)", self.try_folders(scratch));
        step!("keep a mail (APPEND)", self.try_append(&scratch.here));
        step!("find and mark a mail (SEARCH, STORE)", self.try_marking(&scratch.here));
        step!("file a mail away", self.try_filing(scratch));
        step!("tell of new mail (IDLE)", self.try_idle(other, &scratch.here));
        step!("remove a mail for good", self.try_removing(&scratch.there));
    }

    async fn try_folders(&mut self, scratch: &Scratch) -> Result<String, ImapError> {
        for folder in [&scratch.here, &scratch.there] {
            self.ensure_folder(folder).await?;
        }
        Ok("they are listed by the names that they were given".to_owned())
    }

    async fn try_append(&mut self, folder: &FolderName) -> Result<String, ImapError> {
        self.append_a_mail(folder).await?;
        let opened = self.open(folder, Mode::ReadWrite).await?;
        match opened.exists {
            1 => Ok("it is there".to_owned()),
            other => Err(self.unlike("keep a mail", &format!("{other} mails are there after one was kept"))),
        }
    }

    async fn try_marking(&mut self, folder: &FolderName) -> Result<String, ImapError> {
        const PURPOSE: &str = "mark a mail";
        self.open(folder, Mode::ReadWrite).await?;
        let uids = self.unseen_uids().await?;
        let [uid] = uids.as_slice() else {
            return Err(self.unlike(PURPOSE, &format!("{} unseen mails are found where one is", uids.len())));
        };
        let arguments = format!("{} +FLAGS.SILENT (\\Seen)", uid.get());
        self.wire.run(Command::new("UID STORE", &arguments, PURPOSE), |_| {}).await?;
        if self.seen_uids().await?.as_slice() != [*uid] {
            return Err(self.unlike(PURPOSE, "the server said OK, and the mail is not marked"));
        }
        self.mark_unread(&[*uid]).await?;
        Ok("the mark stays, and goes when it is taken off".to_owned())
    }

    async fn try_filing(&mut self, scratch: &Scratch) -> Result<String, ImapError> {
        const PURPOSE: &str = "file a mail away";
        self.open(&scratch.here, Mode::ReadWrite).await?;
        let uids = self.unseen_uids().await?;
        let filed = self.file_away(&uids, &scratch.there).await?;
        let is_told = !filed.moved.is_empty() && filed.moved.iter().all(|(_, new)| new.is_some());
        let left = self.unseen_uids().await?.len();
        let there = self.open(&scratch.there, Mode::ReadWrite).await?.exists;
        let way = match filed.way {
            Way::Move => "MOVE",
            Way::CopyAndExpunge => "COPY and UID EXPUNGE",
            Way::CopyAndMark => "COPY, and a mark: filed mail stays in the inbox, marked as deleted",
        };
        if there != 1 || (left != 0 && filed.way != Way::CopyAndMark) {
            return Err(self.unlike(PURPOSE, &format!("by {way}, it is {there} times there, {left} times still here")));
        }
        let told =
            if is_told { "its new place is told (UIDPLUS)" } else { "its new place is not told: it is searched for" };
        Ok(format!("by {way}; {told}"))
    }

    async fn try_idle(&mut self, other: &mut Session, folder: &FolderName) -> Result<String, ImapError> {
        if !self.capabilities().can_idle() {
            return Ok("not offered: new mail is found by looking, every `poll_interval`".to_owned());
        }
        self.open(folder, Mode::ReadWrite).await?;
        self.unseen_uids().await?;
        let (never, begun) = (CancellationToken::new(), Instant::now());
        let (told, kept) = tokio::join!(self.idle(TOLD_WITHIN, &never), other.append_a_mail(folder));
        kept?;
        match told? {
            IdleEnd::NewMail => Ok(format!("after {} ms", begun.elapsed().as_millis())),
            IdleEnd::Timeout | IdleEnd::Stopped => {
                Ok(format!("not within {TOLD_WITHIN:?}: new mail is found by looking, every `poll_interval`"))
            }
        }
    }

    async fn try_removing(&mut self, folder: &FolderName) -> Result<String, ImapError> {
        self.open(folder, Mode::ReadWrite).await?;
        let uids: Vec<Uid> = self.unseen_uids().await?;
        if self.remove_for_good(&uids).await? {
            Ok("it is gone".to_owned())
        } else {
            Ok("marked as deleted only: the server does not offer UIDPLUS, erased mail goes when somebody expunges"
                .to_owned())
        }
    }

    async fn append_a_mail(&mut self, folder: &FolderName) -> Result<(), ImapError> {
        const PURPOSE: &str = "keep a mail";
        let place = quoted(&self.existing(folder, PURPOSE).await?);
        let mail = "From: reply-import <probe@invalid>\r\nSubject: Probe of reply-import, may be removed\r\n\
                    Date: Thu, 01 Jan 2026 00:00:00 +0000\r\n\r\nMade by `reply-import check --probe`.\r\n";
        // A literal (RFC 3501, section 4.3): the text follows when the server asks for it, and the line ends behind it.
        let mut command = Command::new("APPEND", &format!("{place} {{{}}}", mail.len()), PURPOSE);
        command.continuations.push(mail.to_owned());
        self.wire.run(command, |_| {}).await
    }

    /// Removes both folders, whatever is in them.
    async fn clear(&mut self, scratch: &Scratch) -> Result<(), ImapError> {
        // A folder that is open cannot be removed everywhere.
        self.open(&FolderName::inbox(), Mode::ReadOnly).await?;
        self.folders = None;
        for folder in [&scratch.here, &scratch.there] {
            let purpose = format!("remove the folder {folder}");
            if self.folders().await?.find(folder).is_none() {
                continue;
            }
            let place = quoted(&self.existing(folder, &purpose).await?);
            // Not to be subscribed to is no fault.
            match self.wire.run(Command::new("UNSUBSCRIBE", &place, &purpose), |_| {}).await {
                Err(error) if !self.is_usable() => return Err(error),
                _ => {}
            }
            self.wire.run(Command::new("DELETE", &place, &purpose), |_| {}).await?;
        }
        self.folders = None;
        Ok(())
    }

    fn unlike(&self, purpose: &str, why: &str) -> ImapError {
        self.wire.refused("probe", purpose, Answer::saying(why))
    }
}
