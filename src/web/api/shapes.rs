//! What answers look like.

use crate::application::{ApplicationState, Danger, DocumentKind, Role};
use crate::decision::{ImportOutcome, SenderMatch};
use crate::store::{ApplicationLine, ForwardedAgain, HistoryLine, ListedFile, MailOutcome, Profile};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// A page of applications, that with the newest mail first
#[derive(Debug, Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names in the answer")]
pub(super) struct Applications {
    pub(super) applications: Vec<ListedApplication>,
    /// Which page it is, from 1; null for those behind another one
    pub(super) page: Option<u32>,
    /// There is a page behind it
    pub(super) has_more: bool,
}

/// An application in the list
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ListedApplication {
    /// Its reference number
    number: String,
    /// The post applied for
    post: String,
    /// The candidate's name
    candidate: String,
    state: ApplicationState,
    /// Entries of its history
    entries: u64,
    /// When the newest of them came in
    last_entry_at: Option<DateTime<Utc>>,
}

impl From<ApplicationLine> for ListedApplication {
    fn from(line: ApplicationLine) -> Self {
        let ApplicationLine { number, post, candidate, state, entries, last_entry_at, .. } = line;
        Self { number, post, candidate, state, entries, last_entry_at }
    }
}

/// One person's application for one post
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Application {
    /// Its reference number
    number: String,
    /// The post applied for
    post: String,
    state: ApplicationState,
    /// Since when
    state_since: DateTime<Utc>,
    /// The candidate's name
    candidate: String,
    /// All addresses known of the candidate
    candidate_addresses: Vec<String>,
    /// Where a reply is forwarded to
    import_addresses: Vec<String>,
    /// The active users who are responsible for it
    responsible: Vec<ResponsibleUser>,
}

/// Somebody who is responsible for an application
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ResponsibleUser {
    name: String,
    role: Role,
}

impl From<Profile> for Application {
    fn from(profile: Profile) -> Self {
        Self {
            number: profile.number,
            post: profile.post,
            state: profile.state,
            state_since: profile.state_since,
            candidate: profile.candidate,
            candidate_addresses: profile.candidate_addresses,
            import_addresses: profile.import_addresses,
            responsible: profile.responsible.into_iter().map(|(name, role)| ResponsibleUser { name, role }).collect(),
        }
    }
}

/// An application's history, newest first
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct History {
    pub(super) entries: Vec<Entry>,
}

/// A line of a history: one reply
#[derive(Debug, Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names in the answer")]
pub(super) struct Entry {
    /// The entry's number
    entry: i64,
    /// The number of the mail that made it
    mail: i64,
    /// When it came into the history
    at: DateTime<Utc>,
    /// When it was passed on, as the mail says
    sent_at: Option<DateTime<Utc>>,
    /// Who passed it on
    forwarder: Option<String>,
    /// Who wrote the original, as the forward shows it
    from_name: Option<String>,
    from_address: Option<String>,
    /// When the original was sent, if that can be read
    original_date: Option<DateTime<Utc>>,
    /// The subject behind the number
    subject: String,
    /// Whether the original's sender is the candidate
    sender: SenderMatch,
    files: Vec<File>,
    /// Who passed the same reply on again, the first one first
    again: Vec<Again>,
}

/// A further forward of the same reply
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Again {
    /// The mail's number
    mail: i64,
    /// When it arrived
    at: DateTime<Utc>,
    forwarder: Option<String>,
    /// Their own words
    note: Option<String>,
    /// The files that only it brought
    files: Vec<File>,
}

impl From<HistoryLine> for Entry {
    fn from(line: HistoryLine) -> Self {
        Self {
            entry: line.entry.0,
            mail: line.mail.0,
            at: line.at,
            sent_at: line.sent_at,
            forwarder: line.forwarder,
            from_name: line.from_name,
            from_address: line.from_address,
            original_date: line.original_date,
            subject: line.subject,
            sender: line.sender,
            files: line.files.into_iter().map(File::from).collect(),
            again: line.again.into_iter().map(Again::from).collect(),
        }
    }
}

impl From<ForwardedAgain> for Again {
    fn from(again: ForwardedAgain) -> Self {
        Self {
            mail: again.mail.0,
            at: again.at,
            forwarder: again.forwarder,
            note: again.note,
            files: again.files.into_iter().map(File::from).collect(),
        }
    }
}

/// All files of an application, those of the latest mail first
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Files {
    pub(super) files: Vec<File>,
}

/// A file that came with a mail
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct File {
    /// Its number
    id: i64,
    /// The number of the mail that brought it
    mail: i64,
    name: String,
    kind: DocumentKind,
    /// A person gave it its kind
    corrected: bool,
    /// Its real type, whatever the mail says
    mime: String,
    /// Octets
    size: u64,
    /// Why it must be handled with care, if so
    danger: Option<Danger>,
    /// The mail brought it broken or cut short
    damaged: bool,
    /// Why its content is not kept: `infected`, `too_large_to_scan` or `not_scannable`; null: it is
    withheld: Option<&'static str>,
    /// When the mail arrived
    at: DateTime<Utc>,
}

impl From<ListedFile> for File {
    fn from(file: ListedFile) -> Self {
        Self {
            id: file.id.0,
            mail: file.mail.0,
            name: file.name,
            kind: file.kind,
            corrected: file.corrected,
            mime: file.mime,
            size: file.size,
            danger: file.danger,
            damaged: file.damaged,
            withheld: file.withheld.as_ref().map(crate::application::Withheld::as_str),
            at: file.at,
        }
    }
}

/// Some mails, lowest number first
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Mails {
    pub(super) mails: Vec<Mail>,
    /// There are more: ask again with the last one's number as `after`
    pub(super) has_more: bool,
}

/// What came of a mail
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Mail {
    /// Its number
    id: i64,
    /// The import address it came in by
    mailbox: String,
    outcome: ImportOutcome,
    /// The reason's word, where the outcome has one
    why: Option<String>,
    /// The one reference number that its subject claims
    claimed_number: Option<String>,
    /// The number of the application in whose history it stands
    application: Option<String>,
    /// The number of that line of the history
    entry: Option<i64>,
    /// When it came in
    received_at: DateTime<Utc>,
    /// When its outcome was last decided
    processed_at: DateTime<Utc>,
    /// Since when it waits no longer, because a person said that it belongs to no application; null again if taken back
    discarded_at: Option<DateTime<Utc>>,
}

impl From<MailOutcome> for Mail {
    fn from(mail: MailOutcome) -> Self {
        Self {
            id: mail.id.0,
            mailbox: mail.mailbox,
            outcome: mail.outcome,
            why: mail.why,
            claimed_number: mail.claimed_number,
            application: mail.application,
            entry: mail.entry.map(|entry| entry.0),
            received_at: mail.received_at,
            processed_at: mail.processed_at,
            discarded_at: mail.discarded_at,
        }
    }
}
