//! A mail as it is given to be recorded.

use super::AsSeen;
use crate::application::id::{HistoryEntryId, MailId, MailboxId, TenantId, UserId};
use crate::decision::{Decided, ImportOutcome};
use crate::mail::{IncomingMail, InlinePicture, ReplyIdentity};
use crate::notification::Notification;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::time::Duration;

/// One mail, decided, with all that is to be kept of it.
#[derive(Clone, Debug)]
pub struct MailRecord {
    /// Inside which tenant it was decided.
    pub tenant: TenantId,
    /// The mailbox it came in by.
    pub mailbox: MailboxId,
    /// Where it was fetched; `None` for a mail that came from a file.
    pub place: Option<Place>,
    /// Its size in octets, as the server states it.
    pub size: u64,
    /// When it came in, by the server's clock.
    pub received_at: DateTime<Utc>,
    /// What was understood of it.
    pub mail: IncomingMail,
    /// What tells the candidate's reply in it from another.
    pub reply: ReplyIdentity,
    /// What shall be done, and why.
    pub decided: Decided,
    /// The entries of replies that look alike and were taken for others when it was decided.
    pub other_replies: Vec<HistoryEntryId>,
    /// Who is to be told.
    pub notifications: Vec<Notification>,
    /// The user who passed it on, if a known one did.
    pub forwarder: Option<UserId>,
    /// How many attempts were made at it, this one included.
    pub attempts: u32,
    /// How long it took from the fetched bytes to the decision.
    pub took: Duration,
    /// Of a mail that has a record: how that stood when this was decided; `None` of a new mail, or if it does not matter.
    pub seen: Option<AsSeen>,
}

/// Where a mail lies on the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The folder's UIDVALIDITY.
    pub uid_validity: u32,
    /// The mail's UID.
    pub uid: u32,
    /// The folder, in plain Unicode with `/`.
    pub folder: String,
}

/// What came of recording a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The record.
    pub mail: MailId,
    /// What stands in the record: `repeated` where the same mail was recorded first by another, whatever was decided.
    pub outcome: ImportOutcome,
    /// The history entry that it made or adds to, if there is one.
    pub entry: Option<HistoryEntryId>,
}

/// A mail that is recorded for the first time, so that its contents, its entry and its notifications are kept.
#[derive(Clone, Copy)]
pub(super) struct Kept<'a> {
    pub(super) record: &'a MailRecord,
    pub(super) mail: MailId,
}

/// What is kept of the files and pictures of these mails, by digest.
pub(in crate::store) fn contents_of<'a>(
    records: impl Iterator<Item = &'a MailRecord> + Clone,
) -> BTreeMap<&'a String, &'a Vec<u8>> {
    let files = records.clone().flat_map(|record| &record.mail.attachments);
    let files = files.filter(|file| file.withheld.is_none()).map(|file| (&file.sha256, &file.content));
    let pictures = records.flat_map(pictures_of).map(|picture| (&picture.sha256, &picture.content));
    files.chain(pictures).collect()
}

/// The pictures that are kept.
pub(super) fn pictures_of(record: &MailRecord) -> impl Iterator<Item = &InlinePicture> {
    record.mail.pictures.iter().filter(|picture| picture.withheld.is_none())
}
