//! Filing mail away: THE ONLY PLACE THAT MOVES MAIL; `remove` is the only one that deletes any.
//!
//! The way is chosen by what the server said it can do, never after an error:
//!
//! | the server has | what is done |
//! |---|---|
//! | MOVE (RFC 6851) | UID MOVE, one step |
//! | UIDPLUS (RFC 4315) | UID COPY, UID STORE `\Deleted`, UID EXPUNGE of exactly these mails |
//! | neither | UID COPY, UID STORE `\Deleted`; somebody else has to expunge, [`Filed::warning`] says so |
//!
//! A plain EXPUNGE or a CLOSE would delete what other people have marked, so neither is ever sent. Before copying, the
//! folder's PERMANENTFLAGS must allow `\Deleted`, and afterwards the server is asked whether the mails are gone (a
//! server without the right to delete says OK to STORE and EXPUNGE and does nothing): otherwise each round would put one
//! more copy into the archive. A copy keeps the original's flags, so one that is marked is unmarked first. A process that
//! is killed between COPY and STORE leaves a second copy behind, which [`Session::remove_filed`] takes away; MOVE has no
//! such gap.

use std::collections::VecDeque;
use std::ops::RangeInclusive;

use async_imap::imap_proto::rfc4315::UidSetMember;
use async_imap::imap_proto::{Response, ResponseCode};

use super::capabilities::Capabilities;
use super::command::Command;
use super::error::{Answer, ImapError};
use super::quoting::quoted;
use super::response_code::code_of;
use super::session::Session;
use super::uid::{Uid, UidSet, sets};
use crate::application::FolderName;
use crate::fail_point::{FailPoint, reach};

/// So often what is left of a set is tried again after somebody else removed mails of it.
const TRIES: usize = 4;

/// The commands that bring mail into another folder.
const MOVE: &str = "UID MOVE";
const COPY: &str = "UID COPY";

/// How mail is filed away on this server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// UID MOVE.
    Move,
    /// UID COPY, `\Deleted`, UID EXPUNGE.
    CopyAndExpunge,
    /// UID COPY and `\Deleted`; the originals stay, marked.
    CopyAndMark,
}

impl Way {
    /// The best way that the server offers.
    #[must_use]
    pub fn offered_by(capabilities: &Capabilities) -> Self {
        match (capabilities.can_move(), capabilities.has_uidplus()) {
            (true, _) => Self::Move,
            (false, true) => Self::CopyAndExpunge,
            (false, false) => Self::CopyAndMark,
        }
    }
}

/// What came of filing mail away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// How it was done.
    pub way: Way,
    /// UIDVALIDITY of the folder filed into, if the server told (COPYUID).
    pub uid_validity: Option<u32>,
    /// Each mail that was filed, with its UID in the other folder if the server told it. If it told any, or has UIDPLUS and
    /// would have, a mail that is absent here had vanished before.
    pub moved: Vec<(Uid, Option<Uid>)>,
}

impl Filed {
    fn take_in(&mut self, copied: &Copied, moved: Vec<(Uid, Option<Uid>)>) {
        self.uid_validity = copied.uid_validity.or(self.uid_validity);
        self.moved.extend(moved);
    }

    /// What an operator should know about this way of filing.
    #[must_use]
    pub fn warning(&self) -> Option<&'static str> {
        match self.way {
            Way::Move | Way::CopyAndExpunge => None,
            Way::CopyAndMark => Some(
                "the server has neither MOVE nor UIDPLUS: filed mail stays in the inbox, marked as deleted, until a \
                 mail program expunges it",
            ),
        }
    }
}

impl ImapError {
    /// Whether filing away was refused before anything was moved or copied. Only then may the same mails be filed again at
    /// once: after a copy that was made, a second try would make another.
    #[must_use]
    pub fn has_filed_nothing(&self) -> bool {
        matches!(self, Self::Refused { command: MOVE | COPY, .. })
    }
}

impl Session {
    /// Files mails of the open folder away into another, which is made if it is missing. See the head of this module
    /// for the ways. Nothing is done if `uids` is empty.
    ///
    /// # Errors
    ///
    /// [`ImapError::Refused`] with the server's reason (`NOPERM`, `OVERQUOTA`; `TRYCREATE` if somebody removed the folder
    /// just now: the next try makes it), also if the open folder is read-only or lets nobody delete; what was filed
    /// before the refusal stays filed. After [`ImapError::Lost`] nobody knows: look into both folders, or just file
    /// again, since a mail that is gone from here is not filed twice.
    pub async fn file_away(&mut self, uids: &[Uid], folder: &FolderName) -> Result<Filed, ImapError> {
        let way = Way::offered_by(self.capabilities());
        let purpose = format!("file {} mails in {folder}", uids.len());
        let mut filed = Filed { way, uid_validity: None, moved: Vec::new() };
        if uids.is_empty() {
            return Ok(filed);
        }
        self.refuse_if_nothing_can_be_removed(&purpose)?;
        self.ensure_folder(folder).await?;
        let target = quoted(&self.existing(folder, &purpose).await?);
        let tells = self.capabilities().has_uidplus();
        let mut to_do: VecDeque<(UidSet, usize)> = sets(uids).into_iter().map(|set| (set, 1)).collect();
        while let Some((set, tries)) = to_do.pop_front() {
            let mut copied = Copied::default();
            if way != Way::Move {
                self.unmark(&set, &purpose).await?;
            }
            match self.transfer(way, &set, &target, &purpose, &mut copied).await {
                Ok(()) => filed.take_in(&copied, copied.pairs_of(&set, tells)),
                // Somebody else removed mails of the set meanwhile (RFC 5530). A COPY then copied none and a MOVE may have
                // moved some: what is left here is tried again.
                Err(refusal) if refusal.code() == Some("EXPUNGEISSUED") && tries < TRIES => {
                    filed.take_in(&copied, copied.pairs_in(&set).collect());
                    let left = self.still_here(&set, &purpose).await?;
                    to_do.extend(sets(&left).into_iter().map(|set| (set, tries + 1)));
                    continue;
                }
                Err(error) => return Err(error),
            }
            if way != Way::Move {
                reach(FailPoint::Copied);
            }
            match way {
                Way::Move => {}
                Way::CopyAndExpunge => self.expunge(&set, &purpose).await?,
                Way::CopyAndMark => self.mark(&set, &purpose).await?,
            }
        }
        Ok(filed)
    }

    /// The mails of a set that are in the open folder. NOOP lets the server tell first of those that have vanished.
    async fn still_here(&mut self, set: &UidSet, purpose: &str) -> Result<Vec<Uid>, ImapError> {
        self.wire.run(Command::new("NOOP", "", purpose), |_| {}).await?;
        let found = self.search(&format!("UID {}", set.text), purpose).await?;
        Ok(found.into_iter().filter(|uid| set.uids.binary_search(uid).is_ok()).collect())
    }

    pub(super) fn refuse_if_nothing_can_be_removed(&self, purpose: &str) -> Result<(), ImapError> {
        let why = match &self.wire.selected {
            None => return Err(self.wire.lost(purpose, "no folder is open")),
            Some(selected) if selected.opened.read_only => "the folder is open for reading only",
            Some(selected) if !selected.deletable => "the folder lets nobody mark mail as deleted",
            Some(_) => return Ok(()),
        };
        Err(self.wire.refused("SELECT", purpose, Answer::saying(why)))
    }

    /// UID MOVE or UID COPY. COPYUID stands in an untagged OK (MOVE) or in the tagged one (COPY); servers differ.
    async fn transfer(
        &mut self,
        way: Way,
        set: &UidSet,
        target: &str,
        purpose: &str,
        copied: &mut Copied,
    ) -> Result<(), ImapError> {
        let verb = match way {
            Way::Move => MOVE,
            Way::CopyAndExpunge | Way::CopyAndMark => COPY,
        };
        let command = Command::new(verb, &format!("{} {target}", set.text), purpose);
        let result = self.wire.run(command, |response| copied.take_in(response, set.uids.len())).await;
        self.forget_folders_if_refused(&result);
        result
    }
}

/// What COPYUID told.
#[derive(Debug, Default)]
struct Copied {
    uid_validity: Option<u32>,
    pairs: Vec<(Uid, Uid)>,
}

impl Copied {
    /// Takes in a COPYUID with at most `most` mails; one whose two halves do not fit together tells nothing.
    fn take_in(&mut self, response: &Response<'_>, most: usize) {
        let Some(ResponseCode::CopyUid(uid_validity, from, to)) = code_of(response) else { return };
        let (from, to) = (numbers(from, most), numbers(to, most));
        if from.len() == to.len() {
            self.uid_validity = Some(*uid_validity);
            self.pairs.extend(from.into_iter().zip(to));
        }
    }

    /// The mails of `set` that were filed: those that the server told. All, if it told none and is none that tells: one that
    /// does says OK to a set that has vanished (Dovecot: "No messages found"), and told nothing then, since nothing was filed.
    /// Should it have kept it to itself (UIDNOTSTICKY), the next round finds the mails in their folder.
    fn pairs_of(&self, set: &UidSet, tells: bool) -> Vec<(Uid, Option<Uid>)> {
        if self.pairs.is_empty() && !tells {
            return set.uids.iter().map(|uid| (*uid, None)).collect();
        }
        self.pairs_in(set).collect()
    }

    /// Those of `set` that the server told to be filed.
    fn pairs_in(&self, set: &UidSet) -> impl Iterator<Item = (Uid, Option<Uid>)> {
        let asked = |(from, to): &(Uid, Uid)| set.uids.binary_search(from).is_ok().then_some((*from, Some(*to)));
        self.pairs.iter().filter_map(asked)
    }
}

fn numbers(members: &[UidSetMember], most: usize) -> Vec<Uid> {
    let range = |member: &UidSetMember| -> RangeInclusive<u32> {
        match member {
            UidSetMember::UidRange(range) => range.clone(),
            UidSetMember::Uid(number) => *number..=*number,
        }
    };
    // One more than can be right, so that a set that is too long does not fit the other.
    members.iter().flat_map(range).filter_map(Uid::new).take(most.saturating_add(1)).collect()
}

#[cfg(test)]
#[path = "file_away_tests.rs"]
mod tests;
