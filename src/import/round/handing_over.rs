//! When a mail is given up that does not come: the one rule for attempts that end before the mail is here.
//!
//! A connection that is lost at a FETCH, an answer that never comes and a NO may be the mail's doing, or the server's and
//! the network's. The one must not hold up other mail for ever, and the other must not have innocent mail set aside. So such
//! an attempt counts against a mail only if all of this is so:
//!
//! - the mail was asked for by itself: of several nobody knows which it was;
//! - another body came over the same connection in the same round, so that bodies can be had at all, and after a NO one
//!   came behind it: a server that hands over only so many at a time refuses all that follow. Where none does, mail that was
//!   filed last is asked for;
//! - the server does not say that it is for the time being (UNAVAILABLE and INUSE of RFC 5530). SERVERBUG and LIMIT are said
//!   of a single damaged mail, too.
//!
//! After `max_attempts` of these the mail is recorded unread and not asked for again. However often it did not come, it is
//! no reason not to read a mail that comes; and a program that dies is counted elsewhere (`Round::record_alone`). Mails that
//! did not come are asked for one by one, the one whose turn was longest ago first, so that none holds up another.

use crate::imap::{ImapError, Mode, Session};
use crate::import::archive::search::originals;
use crate::import::connect::is_refusal;
use crate::import::importer::Importer;
use crate::settings::Mailbox;
use crate::store::{AttemptsMade, Store};
use anyhow::{Error, Result, ensure};

/// So many mails that were filed last are asked for, until one comes: a person may have taken one of them away.
const FILED_LAST: i64 = 3;

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

/// Finds out whether bodies can be had, by mail that was filed before; the inbox is open again afterwards.
pub(super) async fn ask_for_filed_mail(
    session: &mut Session,
    importer: &Importer,
    mailbox: &Mailbox,
    uid_validity: u32,
) -> Result<bool> {
    let id = importer.mailbox();
    let filed = importer.store.off_thread(move |store| store.newest_filed(id, FILED_LAST)).await?;
    if filed.is_empty() {
        return Ok(false);
    }
    let mut came = false;
    for one in &filed {
        came = match originals(session, &importer.store, mailbox, std::slice::from_ref(one)).await {
            Err(error) if is_refusal(session, &error) => false,
            found => !found?.is_empty(),
        };
        if came {
            break;
        }
    }
    let open = session.open(&mailbox.folder, Mode::ReadWrite).await?;
    ensure!(open.uid_validity == uid_validity, "The inbox was given other UIDs just now");
    Ok(came)
}

/// Notes that the last attempt at these mails ended before they were here. If that cannot be noted the attempts count as if
/// the mails had come: one may be given up earlier than it should, which a person sees.
pub(super) async fn note_unfetched(importer: &Importer, uid_validity: u32, uids: Vec<u32>, others_came: bool) {
    if uids.is_empty() {
        return;
    }
    let mailbox = importer.mailbox();
    let note = move |store: &Store| store.note_unfetched(mailbox, uid_validity, &uids, others_came);
    if let Err(error) = importer.store.off_thread(note).await {
        tracing::warn!(%error, "It cannot be noted that mail was not handed over");
    }
}

/// Notes that others were handed over after the last attempt at these mails. If that cannot be noted it does not count.
pub(super) async fn note_passed_over(importer: &Importer, uid_validity: u32, uids: Vec<u32>) {
    if uids.is_empty() {
        return;
    }
    let mailbox = importer.mailbox();
    let note = move |store: &Store| store.note_passed_over(mailbox, uid_validity, &uids);
    if let Err(error) = importer.store.off_thread(note).await {
        tracing::warn!(%error, "It cannot be noted that mail was not handed over");
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
