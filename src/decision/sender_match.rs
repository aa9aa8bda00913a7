//! Whether the forwarded mail is the candidate's: a wrong number may be noticed by its sender.

use crate::application::EmailAddress;
use crate::mail::IncomingMail;
use serde::{Deserialize, Serialize};

/// Whether the original's sender is the candidate of the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SenderMatch {
    /// The address is one of the candidate's.
    Matches,
    /// It is another one: the entry is marked, the number may be wrong.
    Differs,
    /// The forward shows no address, or none is known of the candidate.
    Unknown,
}

impl SenderMatch {
    /// The word for it in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Matches => "matches",
            Self::Differs => "differs",
            Self::Unknown => "unknown",
        }
    }

    /// The match with this word, if there is one.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Matches, Self::Differs, Self::Unknown].into_iter().find(|sender| sender.as_str() == word)
    }
}

/// Compares the original's sender with the candidate's addresses.
pub(super) fn sender_match(mail: &IncomingMail, candidate: &[EmailAddress]) -> SenderMatch {
    match mail.original.as_ref().and_then(|original| original.from_address.as_ref()) {
        Some(address) if candidate.contains(address) => SenderMatch::Matches,
        Some(_) if !candidate.is_empty() => SenderMatch::Differs,
        _ => SenderMatch::Unknown,
    }
}
