//! Whether the forwarded mail is the candidate's: a wrong number may be noticed by its sender.

use crate::application::EmailAddress;
use crate::mail::IncomingMail;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

/// Whether the original's sender is the candidate of the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema, IntoStaticStr, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
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
        self.into()
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
