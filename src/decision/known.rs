//! What the store knows about a mail before it is decided.

use crate::application::id::{ApplicationId, HistoryEntryId, MailId, MailboxId, UserId};
use crate::application::{EmailAddress, Language, ReferenceNumber, Role};
use crate::decision::ImportOutcome;
use chrono::{DateTime, Utc};

/// The facts about one mail, gathered inside its tenant before deciding.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// An earlier record of the same mail.
    pub earlier: Option<Earlier>,
    /// The user of the tenant to whom the forwarder's address belongs, active or not.
    pub forwarder: Option<KnownUser>,
    /// The tenant's application with the claimed number.
    pub application: Option<KnownApplication>,
    /// The entry of that application's history that the same reply of the candidate's made, forwarded earlier.
    pub same_reply: Option<SameReply>,
    /// Entries of other replies that look alike: what the decision rests on, so that it is made anew if there are more by
    /// the time it is recorded.
    pub other_replies: Vec<HistoryEntryId>,
    /// A Message-ID that the mail bears or refers to is that of a notice of ours.
    pub own_notice: bool,
    /// Where the claimed number led nowhere: applications with a number like it that the forwarder may import for, the
    /// likeliest first. Looked up after deciding, and only shown.
    pub near_misses: Vec<NearMiss>,
}

/// An application that somebody may have meant who mistyped its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearMiss {
    /// Its reference number.
    pub number: ReferenceNumber,
    /// The post applied for.
    pub post: String,
    /// Whether the sender of the forwarded mail is its candidate.
    pub of_sender: bool,
}

impl Known {
    /// The same for a mail that has a record and is decided again: its own record and its own entry are no earlier ones.
    #[must_use]
    pub fn without(self, mail: MailId) -> Self {
        Self {
            earlier: self.earlier.filter(|earlier| earlier.mail != mail),
            same_reply: self.same_reply.filter(|reply| reply.mail != mail),
            ..self
        }
    }
}

/// The same reply, forwarded and imported before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SameReply {
    /// The entry it made.
    pub entry: HistoryEntryId,
    /// The mail that made the entry.
    pub mail: MailId,
    /// When the entry was made.
    pub imported_at: DateTime<Utc>,
    /// The name of the user who forwarded it then, if they are still known.
    pub forwarder: Option<String>,
    /// SHA-256, in hex, of the files that this mail brings and the entry lacks.
    pub further_files: Vec<String>,
}

/// A mail that was recorded before and has the same identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// Its record.
    pub mail: MailId,
    /// What came of it.
    pub outcome: ImportOutcome,
    /// Where it was found when it was recorded, if it was not filed away since. In the same mailbox under another
    /// UIDVALIDITY, or at the same place, the mail in hand is that very mail: to be filed away and nothing else.
    pub unfiled: Option<Unfiled>,
}

impl Earlier {
    /// Whether the mail at this place (UIDVALIDITY and UID in the mailbox's inbox) is the recorded one itself, still
    /// waiting to be filed away, and not a second copy of it: it is the very place, the server has renumbered the inbox
    /// since, or the recorded place has passed to another mail.
    pub fn is_unfiled_at(&self, mailbox: MailboxId, place: Option<(u32, u32)>) -> bool {
        match (self.unfiled, place) {
            (Some(unfiled), Some((uid_validity, uid))) => {
                let may_be_here = |(old_validity, old)| old_validity != uid_validity || old == uid;
                unfiled.mailbox == mailbox && unfiled.place.is_none_or(may_be_here)
            }
            _ => false,
        }
    }
}

/// The place of a mail that is recorded but not yet filed away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unfiled {
    /// The mailbox it was fetched from.
    pub mailbox: MailboxId,
    /// The UIDVALIDITY of the folder at that time and its UID; `None` if that UID has passed to another mail since.
    pub place: Option<(u32, u32)>,
}

/// A user of the tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownUser {
    /// The row.
    pub id: UserId,
    /// The name that the recruiting system gives.
    pub name: String,
    /// The first of the user's addresses: where notices go.
    pub address: EmailAddress,
    /// Role in the recruiting system.
    pub role: Role,
    /// Language of notices.
    pub language: Language,
    /// Whether the user may still work with the system.
    pub active: bool,
}

/// An application of the tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownApplication {
    /// The row.
    pub id: ApplicationId,
    /// Its reference number as the recruiting system writes it.
    pub number: ReferenceNumber,
    /// The candidate's name.
    pub candidate_name: String,
    /// All addresses known of the candidate.
    pub candidate_addresses: Vec<EmailAddress>,
    /// The post applied for.
    pub post: String,
    /// The active users responsible for it.
    pub responsible: Vec<Responsible>,
}

impl KnownApplication {
    /// Whether this user is one of those responsible for it.
    pub fn is_responsible(&self, user: UserId) -> bool {
        self.responsible.iter().any(|responsible| responsible.id == user)
    }
}

/// A user responsible for an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Responsible {
    /// The row.
    pub id: UserId,
    /// The user's name.
    pub name: String,
    /// Where notices go.
    pub address: EmailAddress,
    /// Language of notices.
    pub language: Language,
}
