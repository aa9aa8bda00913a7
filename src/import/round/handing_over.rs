//! When a mail is given up that does not come: the one rule for attempts that end before the mail is here.
//!
//! A connection that is lost at a FETCH, an answer that never comes and a NO may be the mail's doing, or the server's and
//! the network's. The one must not hold up other mail for ever, and the other must not have innocent mail set aside. So such
//! an attempt counts against a mail only if all of this is so:
//!
//! - the mail was asked for by itself: of several nobody knows which it was;
//! - another body came over the same connection in the same round, so that bodies can be had at all, and after a NO one
//!   came behind it: a server that hands over only so many at a time refuses all that follow. Where none does, the beginning
//!   of mail that was filed last is asked for: behind a NO, and before a mail that did not come more than once;
//! - the server does not say that it is for the time being (UNAVAILABLE and INUSE of RFC 5530): such a mail may wait for ever,
//!   and nothing is asked for because of it. SERVERBUG and LIMIT are said of a single damaged mail, too.
//!
//! After `max_attempts` of these the mail is recorded unread and not asked for again. However often it did not come, it is
//! no reason not to read a mail that comes; and a program that dies is counted elsewhere (`Round::record_alone`). Mails that
//! did not come are asked for one by one, the one whose turn was longest ago first, so that none holds up another.

use crate::application::FolderName;
use crate::application::id::MailboxId;
use crate::imap::{ImapError, Mode, Session, Uid};
use crate::import::connect::is_refusal;
use crate::import::importer::Importer;
use crate::settings::Mailbox;
use crate::store::{AttemptsMade, MailPlace, Store, StoreError};
use anyhow::{Error, Result, ensure};
use std::collections::BTreeMap;

/// So many mails that were filed last are asked for, until one comes: a person may have taken one of them away.
const FILED_LAST: u32 = 3;

/// So many octets of one show that the server hands over mail.
const PROOF: u32 = 4 << 10;

/// Whether a mail is not asked for any more.
pub(super) fn is_given_up(made: &AttemptsMade, max_attempts: u32) -> bool {
    made.withheld >= max_attempts
}

/// Whether a refusal is of this moment by the server's own word.
pub(super) fn is_for_now(refusal: &ImapError) -> bool {
    matches!(refusal.code(), Some("UNAVAILABLE" | "INUSE"))
}

/// Whether a failed FETCH may have been the doing of the mails that were asked for: the connection ended over it. A NO to
/// another question than for a body is not.
pub(super) fn may_be_the_mails(session: &Session, error: &Error) -> bool {
    matches!(error.downcast_ref(), Some(ImapError::Lost { .. } | ImapError::Refused { .. }))
        && !is_refusal(session, error)
}

/// Whether bodies must be had before this mail is asked for, lest it count for nothing that the connection ends over it. What
/// the server puts off by its own word never did more than once.
pub(super) fn wants_proof(made: &AttemptsMade) -> bool {
    made.unfetched > 1
}

/// Finds out whether bodies can be had, by the beginning of mail that was filed before, the smallest of the last ones; the
/// inbox is open again afterwards.
pub(super) async fn ask_for_filed_mail(
    session: &mut Session,
    importer: &Importer,
    mailbox: &Mailbox,
    uid_validity: u32,
) -> Result<bool> {
    let id = importer.mailbox();
    let filed = importer.store.off_thread(move |store| store.newest_filed(id, FILED_LAST.into())).await?;
    if filed.is_empty() {
        return Ok(false);
    }
    let mut by_folder: BTreeMap<&str, Vec<&MailPlace>> = BTreeMap::new();
    for place in &filed {
        by_folder.entry(place.folder.as_deref().unwrap_or_default()).or_default().push(place);
    }
    let mut came = false;
    for (folder, places) in by_folder {
        came = match one_comes(session, folder, &places).await {
            Err(error) if is_refusal(session, &error) => false,
            came => came?,
        };
        if came {
            break;
        }
    }
    let open = session.open(&mailbox.folder, Mode::ReadWrite).await?;
    ensure!(open.uid_validity == uid_validity, "The inbox was given other UIDs just now");
    Ok(came)
}

/// Whether one of the mails that were filed here comes; where their UIDs are not known, one of the newest of the folder.
async fn one_comes(session: &mut Session, folder: &str, places: &[&MailPlace]) -> Result<bool> {
    let name = FolderName::parse(folder)?;
    if session.folders().await?.find_open(&name).is_none() {
        return Ok(false);
    }
    let open = session.open(&name, Mode::ReadOnly).await?;
    let known = places.iter().filter_map(|place| place.uid).filter(|(theirs, _)| *theirs == open.uid_validity);
    let mut uids: Vec<Uid> = known.filter_map(|(_, uid)| Uid::new(uid)).collect();
    if uids.is_empty() {
        uids = session.newest_uids(FILED_LAST).await?;
    }
    let mut envelopes = session.sizes(&uids).await?;
    envelopes.sort_unstable_by_key(|envelope| envelope.size);
    for envelope in envelopes {
        match session.head(envelope.uid, PROOF).await {
            Ok(None) => {}
            Ok(Some(bytes)) if bytes.is_empty() => {}
            Ok(Some(_)) => return Ok(true),
            Err(ImapError::Refused { .. }) if session.is_usable() => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(false)
}

/// Notes that the server put these mails off by its own word. If that cannot be noted the attempts count as if they had come.
pub(super) async fn note_put_off(importer: &Importer, uid_validity: u32, uids: Vec<u32>) {
    let put_off = move |store: &Store, mailbox, uids: &[u32]| store.note_put_off(mailbox, uid_validity, uids);
    note(importer, uids, "that mail was put off", put_off).await;
}

/// Notes that the last attempt at these mails ended before they were here. If that cannot be noted the attempts count as if
/// the mails had come: one may be given up earlier than it should, which a person sees.
pub(super) async fn note_unfetched(importer: &Importer, uid_validity: u32, uids: Vec<u32>, others_came: bool) {
    let unfetched =
        move |store: &Store, mailbox, uids: &[u32]| store.note_unfetched(mailbox, uid_validity, uids, others_came);
    note(importer, uids, "that mail was not handed over", unfetched).await;
}

/// Notes that others were handed over after the last attempt at these mails. If that cannot be noted it does not count.
pub(super) async fn note_passed_over(importer: &Importer, uid_validity: u32, uids: Vec<u32>) {
    let passed_over = move |store: &Store, mailbox, uids: &[u32]| store.note_passed_over(mailbox, uid_validity, uids);
    note(importer, uids, "that others were handed over", passed_over).await;
}

async fn note(
    importer: &Importer,
    uids: Vec<u32>,
    what: &str,
    note: impl FnOnce(&Store, MailboxId, &[u32]) -> Result<(), StoreError> + Send + 'static,
) {
    if uids.is_empty() {
        return;
    }
    let mailbox = importer.mailbox();
    if let Err(error) = importer.store.off_thread(move |store| note(store, mailbox, &uids)).await {
        tracing::warn!(%error, "It cannot be noted {what}");
    }
}

#[cfg(test)]
mod tests {
    use super::{AttemptsMade, is_given_up};

    #[test]
    fn a_mail_is_given_up_for_what_counts_against_it_and_not_for_how_often_it_did_not_come() {
        let made = |attempts, unfetched, withheld| {
            let last_at = chrono::DateTime::UNIX_EPOCH;
            AttemptsMade { uid: 1, attempts, unfetched, withheld, last_at, size: None }
        };
        assert!(!is_given_up(&made(9, 1_000, 4), 5));
        assert!(is_given_up(&made(0, 5, 5), 5));
    }
}
