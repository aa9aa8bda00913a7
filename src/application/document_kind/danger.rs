//! What speaks against opening a file, with its words.

use serde::{Deserialize, Serialize};

/// Why a file must be handled with care: marked, and never opened in the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Danger {
    /// A program or script.
    Program,
    /// An archive, whose content nobody has looked at.
    Archive,
    /// The name hides what the file is (double ending, direction marks).
    MisleadingName,
    /// The content is of another type than name and declaration say.
    MisleadingType,
    /// An office document with macros.
    Macros,
}

impl Danger {
    /// All dangers, in the order in which help texts list them.
    pub const ALL: [Self; 5] = [Self::Program, Self::Archive, Self::MisleadingName, Self::MisleadingType, Self::Macros];

    /// The word for this danger in the database and in what programs read.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Program => "program",
            Self::Archive => "archive",
            Self::MisleadingName => "misleading_name",
            Self::MisleadingType => "misleading_type",
            Self::Macros => "macros",
        }
    }

    /// The danger with this word, if there is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|danger| danger.as_str() == word)
    }
}
