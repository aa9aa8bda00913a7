//! What the recruiting system is told of by its webhooks.

use super::ImportOutcome;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// Something that a webhook can be told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, EnumString, VariantArray)]
pub enum WebhookEvent {
    /// A mail made a line in an application's history.
    #[serde(rename = "mail.imported")]
    #[strum(serialize = "mail.imported")]
    MailImported,
    /// A mail waits for a person: it cannot be assigned, or not be processed; the outcome says which.
    #[serde(rename = "mail.unassigned")]
    #[strum(serialize = "mail.unassigned")]
    MailUnassigned,
}

impl WebhookEvent {
    /// All of them.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// What an outcome is to a webhook; `None` if it is not told.
    pub fn of(outcome: ImportOutcome) -> Option<Self> {
        match outcome {
            ImportOutcome::Imported => Some(Self::MailImported),
            ImportOutcome::Unassigned | ImportOutcome::SetAside => Some(Self::MailUnassigned),
            ImportOutcome::Repeated | ImportOutcome::Automatic => None,
        }
    }

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
