//! By what is decided who is told.

use crate::application::{EmailAddress, Language};
use crate::decision::KnownUser;
use crate::mail::IncomingMail;
use chrono::{DateTime, NaiveDateTime, Utc};

/// What the tenant's settings say about telling people.
#[derive(Clone, Debug)]
pub struct TellingRules {
    /// The tenant's name.
    pub tenant: String,
    /// Language of texts to the office.
    pub language: Language,
    /// Addresses of the office.
    pub office: Vec<EmailAddress>,
    /// Whether names and subjects may stand in mail.
    pub names: bool,
    /// An example of how the tenant's numbers look.
    pub example: Option<String>,
    /// The import address that the mail came to.
    pub import_address: EmailAddress,
    /// Where people's browsers find the candidate's profile.
    pub public_url: Option<String>,
    /// All import addresses, of all tenants: a notice to one of them would come back as mail.
    pub own_addresses: Vec<EmailAddress>,
    /// Mail that came in before this time is imported without telling anybody singly.
    pub quiet_before: Option<DateTime<Utc>>,
    /// The clock of dates in the texts.
    pub timezone: chrono_tz::Tz,
}

impl TellingRules {
    /// Whether nobody is told singly of mail that came in at this time.
    pub fn is_quiet(&self, received_at: DateTime<Utc>) -> bool {
        self.quiet_before.is_some_and(|before| received_at < before)
    }

    /// A time by the tenant's clock.
    pub(super) fn local(&self, time: DateTime<Utc>) -> NaiveDateTime {
        time.with_timezone(&self.timezone).naive_local()
    }

    /// Whether what is sent to this address comes back to us.
    pub(super) fn is_own(&self, address: &EmailAddress) -> bool {
        self.own_addresses.iter().any(|own| own.is_mailbox_of(address))
    }
}

/// Whether this user, whose address a mail bears, may be sent an answer to it: they are active, no sign tells of a robot,
/// and where the tenant asks for a proof they have sent it.
pub fn may_be_answered(mail: &IncomingMail, forwarder: &KnownUser) -> bool {
    forwarder.active && mail.answerable && mail.proof.suffices()
}
