//! Who is told what, in which language, and how the mail that tells it looks.
//!
//! Pure: the decision and what is known go in, [`Notification`]s come out; later a queued one is rendered to subject,
//! text and HTML. Sending is `smtp`'s, keeping is `store`'s.

mod answers;
mod asking;
mod audience;
mod bundle;
mod queued;
mod render;
mod sign_in;
mod telling_rules;
#[cfg(test)]
mod tests;
mod waiting;
mod withheld;
mod words;

pub use asking::question;
pub use audience::{notifications, waits};
pub use bundle::{Bundle, BundleCount, BundleLine, MOST_LINES};
pub use queued::QueuedNotification;
pub use render::{RenderError, RenderedMail, Renderer};
pub use sign_in::SignInText;
pub use telling_rules::{TellingRules, may_be_answered};
pub use waiting::{QuietCounts, WaitingLine, WaitingList, due_digest, why_it_waits};

use crate::application::id::UserId;
use crate::application::{EmailAddress, Language};
use crate::decision::SenderMatch;
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// One mail to one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// Why the person is told.
    pub occasion: Occasion,
    /// The person.
    pub recipient: Recipient,
    /// What the texts need to know.
    pub facts: Facts,
}

/// Why somebody is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, EnumString, VariantArray)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Occasion {
    /// To those responsible: a reply stands in the application's history.
    Reply,
    /// To the office: a mail waits for a person.
    Waiting,
    /// To the forwarder, a known user: the mail was not imported, and what to do.
    NotImported,
    /// To the forwarder: the reply was imported before, and what they forwarded was added to it.
    ForwardedBefore,
    /// To those responsible: a further forward of a reply brought files that the history did not have.
    FilesAdded,
    /// To the forwarder: the mail was imported, and files of it were withheld.
    FilesRefused,
    /// To the office: how many mails wait for a person, and which. It tells of no single mail.
    WaitingDigest,
    /// To the forwarder, a known user: a person asks to which application a mail that waits belongs.
    Asked,
}

impl Occasion {
    /// All occasions.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// The word for it in the database.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Whether it always has a mail of its own: these are few by themselves, and a line among others would leave out what
    /// they are for. For an answer to a forwarder it would also be the place where the true reason shows.
    pub fn is_always_alone(self) -> bool {
        matches!(self, Self::NotImported | Self::WaitingDigest | Self::Asked)
    }
}

/// Whom a notification goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// The user, `None` for an office address from the settings.
    pub user: Option<UserId>,
    /// The name to greet with, if there is one.
    pub name: Option<String>,
    /// Where it goes.
    pub address: EmailAddress,
    /// The language it is written in.
    pub language: Language,
}

/// What the texts of a notification need to know; stored with the outbox row as JSON.
///
/// Names and subjects are present only if the tenant chose to have them in mail.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// The tenant's name.
    pub tenant: String,
    /// The application's reference number, or the one claimed.
    pub reference: Option<String>,
    /// Why the mail was not imported, as the stored word.
    pub why: Option<String>,
    /// An example of how the tenant's numbers look.
    pub example: Option<String>,
    /// The import address.
    pub import_address: String,
    /// The kinds of the files, as stored words, in the order of the mail; none unless the tenant chose names.
    pub kinds: Vec<String>,
    /// Whether the original's sender is the candidate.
    pub sender: Option<SenderMatch>,
    /// The forwarder's name, if they are a user of the tenant.
    pub forwarder: Option<String>,
    /// The candidate's name.
    pub candidate: Option<String>,
    /// The post applied for.
    pub post: Option<String>,
    /// The original's subject.
    pub subject: Option<String>,
    /// The day on which the same reply was imported before, by the tenant's clock.
    pub imported_on: Option<NaiveDate>,
    /// The name of who forwarded it then.
    pub earlier_forwarder: Option<String>,
    /// How many files a further forward added.
    pub further_files: usize,
    /// How many files were withheld, since a virus scanner did not let them through.
    pub withheld: usize,
    /// In an answer to a forwarder: numbers that they may have meant.
    pub suggestions: Vec<Suggestion>,
    /// In an answer about a mail that is too large: how large one may be, in octets.
    pub most_octets: Option<u64>,
    /// In an answer to a forwarder: the day, by the tenant's clock, on which they have this one answer of its kind.
    pub answered_on: Option<NaiveDate>,
    /// When the mail came in, by the tenant's clock.
    pub received_at: Option<NaiveDateTime>,
    /// In a question to a forwarder: the name of who asks.
    pub asked_by: Option<String>,
    /// The clock of dates in the texts, where they are not fixed before.
    pub timezone: Option<String>,
    /// It tells of mail that nobody was told of singly.
    pub quiet: bool,
    /// Of mail that came in before this time; `None`: before its mailbox was first connected.
    pub quiet_before: Option<DateTime<Utc>>,
    /// Where the people's page starts (`[web] public_url`), without a slash at the end.
    pub public_url: Option<String>,
}

/// A number that somebody may have meant, and may see.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Suggestion {
    /// The application's reference number.
    pub number: String,
    /// The post applied for, only if the tenant chose to have names in mail.
    pub post: Option<String>,
}
