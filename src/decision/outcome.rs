//! What came of a mail.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What came of a mail: stored with it, counted, shown, and the name of its archive folder in the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
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
    pub const ALL: [Self; 5] = [Self::Imported, Self::Unassigned, Self::Repeated, Self::Automatic, Self::SetAside];

    /// The word for it in the database, in JSON and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Imported => "imported",
            Self::Unassigned => "unassigned",
            Self::Repeated => "repeated",
            Self::Automatic => "automatic",
            Self::SetAside => "set_aside",
        }
    }

    /// The outcome with this word, if there is one.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == word)
    }
}

impl fmt::Display for ImportOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Who decided last what comes of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecidedBy {
    /// The business rule.
    Service,
    /// Somebody who assigned the mail or took its entry back.
    Person,
}

impl DecidedBy {
    /// The word for it in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Person => "person",
        }
    }

    /// The one with this word, if there is one.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Service, Self::Person].into_iter().find(|by| by.as_str() == word)
    }
}
