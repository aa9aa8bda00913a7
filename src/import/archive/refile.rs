//! Moves mail on that was filed away and belongs into another archive folder since: a person decided, or the mail was
//! processed again.
//!
//! Where the server has no MOVE, mail is copied and then removed, and an exchange that ends in between leaves it in both
//! folders, noted in the one of before. So it is looked for in the other first: where it lies there, it is only removed. What
//! lies there marked as deleted is no such copy: it is to go, and was left by a server without UIDPLUS, or marked by somebody.

use super::search::{Which, found_in, originals};
use super::{Original, Sought};
use crate::application::FolderName;
use crate::application::id::{MailId, MailboxId};
use crate::decision::ImportOutcome;
use crate::imap::{ImapError, Mode, Session, Uid, Way, in_batches};
use crate::import::connect::{connect, is_refusal};
use crate::settings::Mailbox;
use crate::store::{FiledMail, MailPlace, Store, StoreError};
use anyhow::{Result, ensure};
use chrono::Utc;
use std::collections::{BTreeMap, HashMap, VecDeque};
use tokio_util::sync::CancellationToken;

/// A mail to be moved from one archive folder to another.
pub(super) struct Move {
    sought: Sought,
    outcome: ImportOutcome,
    uid_validity: u32,
    uid: Uid,
    from: String,
    to: String,
}

impl Move {
    /// Of the mail of this record, which was found there, to the folder of this outcome.
    pub(super) fn of(place: &MailPlace, original: &Original, (outcome, to): (ImportOutcome, String)) -> Self {
        let Original { folder, uid_validity, uid, .. } = original;
        Self { sought: place.into(), outcome, uid_validity: *uid_validity, uid: *uid, from: folder.clone(), to }
    }

    fn filed(&self, uid_validity: Option<u32>, uid: Option<Uid>) -> FiledMail {
        let (mail, outcome, folder) = (self.sought.mail, self.outcome, self.to.clone());
        FiledMail { mail, outcome, folder, uid_validity, uid: uid.map(Uid::get) }
    }
}

/// Moves what waits to be moved on in this mailbox, and gives what the server refused, in words for operations. A mail that
/// the server refuses to move, or whose folder it keeps shut, waits for the next time and holds up no other; one that is in
/// no folder is given up, and the log says so.
///
/// # Errors
///
/// The connection or the database failed.
pub async fn refile(session: &mut Session, store: &Store, mailbox: &Mailbox, id: MailboxId) -> Result<Vec<String>> {
    let waiting = store.off_thread(move |store| store.to_refile(id)).await?;
    let mut refusals = Vec::new();
    let mut sets: VecDeque<Vec<MailPlace>> = in_batches(waiting, |place| place.size).into();
    while let Some(set) = sets.pop_front() {
        match refile_set(session, store, mailbox, &set, &mut refusals).await {
            Err(error) if is_refusal(session, &error) => {
                if set.len() > 1 {
                    set.into_iter().rev().for_each(|place| sets.push_front(vec![place]));
                } else {
                    refusals.push(format!("{error:#}"));
                }
            }
            done => done?,
        }
    }
    Ok(refusals)
}

async fn refile_set(
    session: &mut Session,
    store: &Store,
    mailbox: &Mailbox,
    set: &[MailPlace],
    refusals: &mut Vec<String>,
) -> Result<()> {
    let found = originals(session, store, mailbox, set).await?;
    let mut moves = Vec::new();
    let mut here = Vec::new();
    for place in set {
        let (mail, outcome) = (place.mail, place.outcome);
        let Some(original) = found.get(&mail) else {
            tracing::error!(
                %mail,
                "A mail that was to be moved on is in none of the folders: somebody moved or removed it; its record stays"
            );
            store.off_thread(move |store| store.give_up_refiling(mail)).await?;
            continue;
        };
        let to = mailbox.archive.folder(outcome, place.processed_at);
        let one = Move::of(place, original, (outcome, to));
        if one.to == one.from {
            here.push(one.filed(Some(one.uid_validity), Some(one.uid)));
        } else {
            moves.push(one);
        }
    }
    store.off_thread(move |store| store.filed_away(&here, Utc::now())).await?;
    for (mail, why) in move_on(session, store, mailbox, moves).await? {
        tracing::warn!(%mail, why, "A mail was not moved on; the next round tries again");
        refusals.push(why);
    }
    Ok(())
}

/// Where a mail lies that waits to be moved on; `None` if it lies where it belongs, or is filed by the next round anyway.
/// Blocks.
///
/// # Errors
///
/// The database cannot be used.
pub fn waits_to_be_moved_on(store: &Store, mail: MailId) -> Result<Option<MailPlace>, StoreError> {
    let Some(place) = store.mail_place(mail)? else { return Ok(None) };
    let waits = store.to_refile(place.mailbox)?.iter().any(|other| other.mail == mail);
    Ok(waits.then_some(place))
}

/// Moves a mail on that waits for it, with whatever else waits in its mailbox, on which nobody else may work meanwhile.
///
/// # Errors
///
/// The connection or the database failed, or the server refused the move: then the next round does it.
pub async fn refile_now(store: &Store, mailbox: &Mailbox, place: &MailPlace) -> Result<()> {
    let mut session = connect(mailbox).await?;
    refile(&mut session, store, mailbox, place.mailbox).await?;
    session.logout().await;
    let mail = place.mail;
    let waits = store.off_thread(move |store| waits_to_be_moved_on(store, mail)).await?;
    ensure!(waits.is_none(), "the mail server refused the move");
    Ok(())
}

/// Moves mails, one MOVE for each pair of folders, and notes where they lie now. Gives those that the server refused to
/// move, with its reason.
///
/// # Errors
///
/// The connection or the database failed, or a folder is kept shut; what was moved before is noted.
pub(super) async fn move_on(
    session: &mut Session,
    store: &Store,
    mailbox: &Mailbox,
    moves: Vec<Move>,
) -> Result<HashMap<MailId, String>> {
    let copied = copied_before(session, store, mailbox, &moves).await?;
    let mut by_folders: BTreeMap<(bool, String, String), Vec<Move>> = BTreeMap::new();
    for one in moves {
        let is_copied = copied.contains_key(&one.sought.mail);
        by_folders.entry((is_copied, one.from.clone(), one.to.clone())).or_default().push(one);
    }
    let mut refused = HashMap::new();
    for ((is_copied, from, to), mails) in by_folders {
        let folders = (FolderName::parse(&from)?, FolderName::parse(&to)?);
        // A worker that was paused meanwhile must not move what another is moving.
        store.off_thread(Store::confirm_lease).await?;
        let moved = if is_copied {
            remove_copied(session, &folders.0, &mails, &copied).await
        } else {
            move_set(session, &folders, &mails).await
        };
        match moved {
            Ok(filed) => store.off_thread(move |store| store.filed_away(&filed, Utc::now())).await?,
            Err(error @ ImapError::Refused { .. }) if session.is_usable() => {
                refused.extend(mails.iter().map(|one| (one.sought.mail, error.to_string())));
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(refused)
}

/// Those of these mails that were copied into the folder they belong to and not removed from that of before. With MOVE there
/// are none.
async fn copied_before(
    session: &mut Session,
    store: &Store,
    mailbox: &Mailbox,
    moves: &[Move],
) -> Result<HashMap<MailId, Original>> {
    let mut copied = HashMap::new();
    if Way::offered_by(session.capabilities()) == Way::Move {
        return Ok(copied);
    }
    let mut by_target: BTreeMap<&str, Vec<Sought>> = BTreeMap::new();
    for one in moves {
        by_target.entry(&one.to).or_default().push(one.sought.clone());
    }
    let never = CancellationToken::new();
    for (to, sought) in by_target {
        for (mail, original) in
            found_in(session, store, mailbox, &sought, (&[to.to_owned()], Which::Unmarked), &never).await?
        {
            let Some(sought) = sought.iter().find(|sought| sought.mail == mail) else { continue };
            let (id, folder, digest) = (sought.mailbox, to.to_owned(), sought.digest.clone());
            let others = store.off_thread(move |store| store.filed_copies(id, &folder, &digest)).await?;
            // It may be that of another record whose place there nobody knows.
            if others.iter().all(|at| at.is_some_and(|(uid_validity, _)| uid_validity == original.uid_validity)) {
                copied.insert(mail, original);
            }
        }
    }
    Ok(copied)
}

/// The second half of a copy: removes the mails from the folder in which they lay, and gives where they lie.
async fn remove_copied(
    session: &mut Session,
    from: &FolderName,
    mails: &[Move],
    copied: &HashMap<MailId, Original>,
) -> Result<Vec<FiledMail>, ImapError> {
    let open = session.open(from, Mode::ReadWrite).await?;
    // Under another UIDVALIDITY it is looked for anew by the next round.
    let same: Vec<&Move> = mails.iter().filter(|one| one.uid_validity == open.uid_validity).collect();
    let uids: Vec<Uid> = same.iter().map(|one| one.uid).collect();
    session.remove_filed(&uids).await?;
    let place =
        |one: &Move| copied.get(&one.sought.mail).map(|copy| one.filed(Some(copy.uid_validity), Some(copy.uid)));
    Ok(same.into_iter().filter_map(place).collect())
}

async fn move_set(
    session: &mut Session,
    (from, target): &(FolderName, FolderName),
    mails: &[Move],
) -> Result<Vec<FiledMail>, ImapError> {
    session.ensure_folder(target).await?;
    session.open(from, Mode::ReadWrite).await?;
    let uids: Vec<Uid> = mails.iter().map(|one| one.uid).collect();
    let filed = session.file_away(&uids, target).await?;
    let new_uids: HashMap<Uid, Option<Uid>> = filed.moved.iter().copied().collect();
    // One that had vanished is looked for anew by the next round.
    Ok(mails.iter().filter_map(|one| Some(one.filed(filed.uid_validity, *new_uids.get(&one.uid)?))).collect())
}
