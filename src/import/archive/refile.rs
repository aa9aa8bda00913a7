//! Moves mail on that was filed away and belongs into another archive folder since: a person decided, or the mail was
//! processed again.

use super::{Original, originals};
use crate::application::FolderName;
use crate::application::id::{MailId, MailboxId};
use crate::decision::ImportOutcome;
use crate::imap::{ImapError, Mode, Session, Uid, in_batches};
use crate::import::connect::{connect, is_refusal};
use crate::settings::{Mailbox, Settings};
use crate::store::{FiledMail, MailPlace, Store, StoreError};
use anyhow::{Result, ensure};
use chrono::Utc;
use std::collections::{BTreeMap, HashMap, VecDeque};

/// A mail to be moved from one archive folder to another.
pub(super) struct Move {
    pub(super) mail: MailId,
    pub(super) outcome: ImportOutcome,
    pub(super) uid: Uid,
    pub(super) from: String,
    pub(super) to: String,
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
        let Some(Original { folder, uid_validity, uid, .. }) = found.get(&mail) else {
            tracing::error!(
                %mail,
                "A mail that was to be moved on is in none of the folders: somebody moved or removed it; its record stays"
            );
            store.off_thread(move |store| store.give_up_refiling(mail)).await?;
            continue;
        };
        let to = mailbox.archive.folder(outcome, place.processed_at);
        if to == *folder {
            let (uid_validity, uid) = (Some(*uid_validity), Some(uid.get()));
            here.push(FiledMail { mail, outcome, folder: to, uid_validity, uid });
        } else {
            moves.push(Move { mail, outcome, uid: *uid, from: folder.clone(), to });
        }
    }
    store.off_thread(move |store| store.filed_away(&here, Utc::now())).await?;
    for (mail, why) in move_on(session, store, moves).await? {
        tracing::warn!(%mail, why, "A mail was not moved on; the next round tries again");
        refusals.push(why);
    }
    Ok(())
}

/// Moves a mail on at once, with whatever else waits to be moved on in its mailbox. Nothing is connected to if it lies
/// where it belongs, or is filed by the next round anyway.
///
/// # Errors
///
/// The connection or the database failed, or the server refused the move: then the next round does it.
pub async fn refile_now(settings: &Settings, store: &Store, mail: MailId) -> Result<()> {
    let waits = move |store: &Store| -> Result<Option<MailPlace>, StoreError> {
        let Some(place) = store.mail_place(mail)? else { return Ok(None) };
        let waits = store.to_refile(place.mailbox)?.iter().any(|other| other.mail == mail);
        Ok(waits.then_some(place))
    };
    let Some(place) = store.off_thread(waits).await? else { return Ok(()) };
    let mailbox = settings.mailbox(&place.address)?;
    let mut session = connect(mailbox).await?;
    refile(&mut session, store, mailbox, place.mailbox).await?;
    session.logout().await;
    ensure!(store.off_thread(waits).await?.is_none(), "the mail server refused the move");
    Ok(())
}

/// Moves mails, one MOVE for each pair of folders, and notes where they lie now. Gives those that the server refused to
/// move, with its reason.
///
/// # Errors
///
/// The connection or the database failed; what was moved before is noted.
pub(super) async fn move_on(session: &mut Session, store: &Store, moves: Vec<Move>) -> Result<HashMap<MailId, String>> {
    let mut by_folders: BTreeMap<(String, String), Vec<Move>> = BTreeMap::new();
    for one in moves {
        by_folders.entry((one.from.clone(), one.to.clone())).or_default().push(one);
    }
    let mut refused = HashMap::new();
    for ((from, to), mails) in by_folders {
        let folders = (FolderName::parse(&from)?, FolderName::parse(&to)?);
        // A worker that was paused meanwhile must not move what another is moving.
        store.off_thread(Store::confirm_lease).await?;
        match move_set(session, &folders, &to, &mails).await {
            Ok(filed) => store.off_thread(move |store| store.filed_away(&filed, Utc::now())).await?,
            Err(error @ ImapError::Refused { .. }) if session.is_usable() => {
                refused.extend(mails.iter().map(|one| (one.mail, error.to_string())));
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(refused)
}

async fn move_set(
    session: &mut Session,
    (from, target): &(FolderName, FolderName),
    to: &str,
    mails: &[Move],
) -> Result<Vec<FiledMail>, ImapError> {
    session.ensure_folder(target).await?;
    session.open(from, Mode::ReadWrite).await?;
    let uids: Vec<Uid> = mails.iter().map(|one| one.uid).collect();
    let filed = session.file_away(&uids, target).await?;
    let new_uids: HashMap<Uid, Option<Uid>> = filed.moved.iter().copied().collect();
    // One that had vanished is looked for anew by the next round.
    Ok(mails
        .iter()
        .filter_map(|one| {
            let uid = new_uids.get(&one.uid)?.map(Uid::get);
            let (folder, uid_validity) = (to.to_owned(), filed.uid_validity);
            Some(FiledMail { mail: one.mail, outcome: one.outcome, folder, uid_validity, uid })
        })
        .collect())
}
