//! What came of a mail.

use serde::{Deserialize, Serialize};
use std::fmt;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// What came of a mail: stored with it, counted, shown, and the name of its archive folder in the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(IntoStaticStr, EnumString, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum ImportOutcome {
    /// It stands in an application's history.
    Imported,
    /// It waits for a person who assigns it.
    Unassigned,
    /// The same mail was recorded before.
    Repeated,
    /// A robot wrote it.
    Automatic,
    /// It cannot be processed.
    SetAside,
}

impl ImportOutcome {
    /// All outcomes, in the order in which they are listed.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// The word for it in the database, in JSON and on the command line.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl fmt::Display for ImportOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Who decided last what comes of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum DecidedBy {
    /// The business rule.
    Service,
    /// Somebody who assigned the mail or took its entry back.
    Person,
}

impl DecidedBy {
    /// The word for it in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
