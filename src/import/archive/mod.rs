//! Finds the originals of recorded mails again: where they were filed, or wherever a person has put them since.
//!
//! First by the place that the server told when a mail was filed (COPYUID); a UID counts only under its UIDVALIDITY. Then
//! by identity, in the archive folders and the inbox: by the Message-ID, without one by size and day. Either way what is
//! found must be the very mail of the record, and no other record's. One that is marked as deleted is taken where there is no
//! other: a server without UIDPLUS keeps, marked, what was moved on. A mail of which nobody has seen a byte, since the server
//! did not hand it over, is known by its place and size alone.

pub(super) mod again;
mod copies;
pub(super) mod erased;
pub(super) mod original;
pub(super) mod refile;
pub(super) mod search;

use crate::application::id::{MailId, MailboxId};
use crate::imap::{Envelope, Session, Uid};
use crate::import::mail_in_hand::{BEGINNING, Content};
use crate::mail::{IncomingMail, identity_of, is_of_never_seen};
use crate::settings::Mailbox;
use crate::store::{MailPlace, Removal};
use anyhow::Result;
use chrono::{DateTime, Utc};

/// The original of a recorded mail, and where it lies.
pub(super) struct Original {
    folder: String,
    uid_validity: u32,
    uid: Uid,
    size: u64,
    content: Content,
}

/// A mail that is looked for on its server: where it lay, and by what it is recognised.
#[derive(Clone, Debug)]
struct Sought {
    mail: MailId,
    mailbox: MailboxId,
    size: u64,
    received_at: DateTime<Utc>,
    processed_at: DateTime<Utc>,
    folder: Option<String>,
    uid: Option<(u32, u32)>,
    message_id: Option<String>,
    digest: String,
}

impl From<&MailPlace> for Sought {
    fn from(place: &MailPlace) -> Self {
        Self {
            mail: place.mail,
            mailbox: place.mailbox,
            size: place.size,
            received_at: place.received_at,
            processed_at: place.processed_at,
            folder: place.folder.clone(),
            uid: place.uid,
            message_id: place.message_id.clone(),
            digest: place.digest.clone(),
        }
    }
}

impl Sought {
    /// A mail whose record is erased.
    fn erased(removal: &Removal, mailbox: MailboxId) -> Self {
        Self {
            mail: removal.mail,
            mailbox,
            size: removal.size,
            received_at: removal.received_at,
            processed_at: removal.processed_at,
            folder: Some(removal.folder.clone()),
            uid: removal.uid,
            message_id: removal.message_id.clone(),
            digest: removal.digest.clone(),
        }
    }
}

/// Why a recorded mail is not found, in words for a person.
fn not_found(place: &MailPlace) -> String {
    let mailbox = place.address.as_str();
    match (&place.folder, place.uid) {
        _ if !is_of_never_seen(&place.digest) => format!("The mail is in none of the archive folders of {mailbox}"),
        (Some(folder), Some((uid_validity, uid))) => format!(
            "The server did not hand the mail over, so that it is known by its place alone; at UID {uid} of {folder} \
             (UIDVALIDITY {uid_validity}) of {mailbox} there is none of its size, or it is not handed over still"
        ),
        _ => format!(
            "The server did not hand the mail over, so that it would be known by its place alone, and did not tell where in \
             the archive of {mailbox} it was filed; forward the original again"
        ),
    }
}

/// One mail, or its beginning if it is too large; `None` if it vanished.
pub(super) async fn read(session: &mut Session, mailbox: &Mailbox, envelope: &Envelope) -> Result<Option<Content>> {
    if envelope.size > mailbox.max_size {
        return Ok(session.head(envelope.uid, BEGINNING).await?.map(Content::Beginning));
    }
    let found = session.bodies(std::slice::from_ref(envelope)).await?;
    Ok(found.into_iter().next().map(|mail| Content::Whole(mail.bytes)))
}

/// Whether these bytes are the recorded mail. Of a mail that was too large only the beginning was known, and of one
/// that could not be read nothing but its bytes.
pub(super) fn is_of_record(bytes: &[u8], digest: &str) -> bool {
    let head = bytes.get(..BEGINNING as usize).unwrap_or(bytes);
    identity_of(bytes).digest == digest
        || identity_of(head).digest == digest
        || IncomingMail::unread(bytes).identity.digest == digest
}
