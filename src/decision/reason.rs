//! Why a mail was not imported.

use super::Check;
use crate::mail::Unreadable;
use std::fmt;

/// Why a mail waits for a person. The word is stored; the texts that people read are in `notification`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WhyUnassigned {
    /// The subject begins with no number of the tenant's shapes.
    NoNumber,
    /// The subject begins with several different numbers.
    SeveralNumbers,
    /// The tenant has no application of that number. Another tenant's number reads the same.
    UnknownNumber,
    /// The forwarder is no active user of the tenant.
    ForwarderUnknown,
    /// The forwarder's role may not import.
    NotEntitled,
    /// The forwarder may import, but not for this application. Stored like [`Self::NotEntitled`]; the forwarder must not
    /// be told otherwise than if there were no such application.
    NotResponsible,
    /// The tenant asks for a proof of the sender and the mail carries none.
    NotProven,
    /// It looks like a new application, which belongs to another address.
    LooksLikeNewApplication,
    /// It is one of our own notices, or an answer to one, sent to us by somebody's rule.
    OwnNotice,
    /// It was imported, and a person took its entry back.
    Reverted,
}

impl WhyUnassigned {
    /// All reasons, in the order in which they are listed.
    pub const ALL: [Self; 10] = [
        Self::NoNumber,
        Self::SeveralNumbers,
        Self::UnknownNumber,
        Self::ForwarderUnknown,
        Self::NotEntitled,
        Self::NotResponsible,
        Self::NotProven,
        Self::LooksLikeNewApplication,
        Self::OwnNotice,
        Self::Reverted,
    ];

    /// The word for it in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoNumber => "no_number",
            Self::SeveralNumbers => "several_numbers",
            Self::UnknownNumber => "unknown_number",
            Self::ForwarderUnknown => "forwarder_unknown",
            Self::NotEntitled | Self::NotResponsible => "not_entitled",
            Self::NotProven => "not_proven",
            Self::LooksLikeNewApplication => "looks_like_new_application",
            Self::OwnNotice => "own_notice",
            Self::Reverted => "reverted",
        }
    }

    /// The word for what a known forwarder is told; `None` where they are told nothing: an unknown one cannot be, one
    /// who is not proven may not have sent the mail, and a person's own deed needs no answer.
    ///
    /// Who may not import for an application is told the same as if there were none: the answer must not say which
    /// numbers exist.
    pub fn answer(self) -> Option<&'static str> {
        match self {
            // An answer to our own notice would come back like that.
            Self::ForwarderUnknown | Self::NotProven | Self::OwnNotice | Self::Reverted => None,
            Self::NotResponsible => Some(Self::UnknownNumber.as_str()),
            why => Some(why.as_str()),
        }
    }
}

/// The words of the answers that a mail with this stored reason may have had.
pub fn answers_to(stored: &str) -> Vec<&'static str> {
    let unassigned =
        WhyUnassigned::ALL.into_iter().filter(|why| why.as_str() == stored).filter_map(WhyUnassigned::answer);
    let set_aside = WhySetAside::ALL.into_iter().filter(|why| why.as_str() == stored).filter_map(WhySetAside::answer);
    unassigned.chain(set_aside).collect()
}

/// The word of the answer that a mail with this stored reason and these checks had, or would have. Where the checks do not
/// tell, the one that says least: whether there is such an application, it must not say.
pub fn answer_to(stored: &str, checks: &[Check]) -> Option<&'static str> {
    let by_role = checks.iter().any(|check| !check.passed && check.check == "role");
    let wanted = if by_role { WhyUnassigned::NotEntitled } else { WhyUnassigned::UnknownNumber };
    let answers = answers_to(stored);
    answers.iter().find(|answer| **answer == wanted.as_str()).or(answers.first()).copied()
}

impl fmt::Display for WhyUnassigned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a mail was set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhySetAside {
    /// Larger than the mailbox's `max_size`.
    TooLarge {
        /// The mail's size in octets, as the server states it.
        size: u64,
        /// The limit in octets.
        max_size: u64,
    },
    /// No program can read it.
    Unreadable(Unreadable),
    /// Processing it failed again and again for its own reasons.
    FailedTooOften {
        /// How many attempts were made.
        attempts: u32,
    },
}

impl WhySetAside {
    /// One of each word that is stored.
    pub const ALL: [Self; 11] = [
        Self::TooLarge { size: 0, max_size: 0 },
        Self::Unreadable(Unreadable::TooNested),
        Self::Unreadable(Unreadable::TooManyParts),
        Self::Unreadable(Unreadable::HeaderTooLarge),
        Self::Unreadable(Unreadable::TooManyParameters),
        Self::Unreadable(Unreadable::TooMuchContent),
        Self::Unreadable(Unreadable::EncryptedSmime),
        Self::Unreadable(Unreadable::BrokenSmime),
        Self::Unreadable(Unreadable::OnlyCertificates),
        Self::Unreadable(Unreadable::NoMail),
        Self::FailedTooOften { attempts: 0 },
    ];

    /// The word for it in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "too_large",
            Self::Unreadable(Unreadable::TooNested) => "too_nested",
            Self::Unreadable(Unreadable::TooManyParts) => "too_many_parts",
            Self::Unreadable(Unreadable::HeaderTooLarge) => "header_too_large",
            Self::Unreadable(Unreadable::TooManyParameters) => "too_many_parameters",
            Self::Unreadable(Unreadable::TooMuchContent) => "too_much_content",
            Self::Unreadable(Unreadable::EncryptedSmime | Unreadable::EncryptedPgp) => "encrypted",
            Self::Unreadable(Unreadable::BrokenSmime) => "broken_smime",
            Self::Unreadable(Unreadable::OnlyCertificates) => "only_certificates",
            Self::Unreadable(Unreadable::NoMail) => "unreadable",
            Self::FailedTooOften { .. } => "failed_too_often",
        }
    }

    /// The word for what a known forwarder is told; `None` where only the office is: what failed is no fault of theirs.
    pub fn answer(self) -> Option<&'static str> {
        match self {
            Self::FailedTooOften { .. } => None,
            why => Some(why.as_str()),
        }
    }
}

impl fmt::Display for WhySetAside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
