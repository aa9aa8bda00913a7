//! The languages in which the service speaks to people.

use serde::{Deserialize, Serialize};

/// A language of texts that users see. German is the first language of the service's users.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// German.
    #[default]
    De,
    /// English.
    En,
}

impl Language {
    /// The two-letter code used in settings, feeds and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::De => "de",
            Self::En => "en",
        }
    }

    /// The language with this code, if it is one the service speaks.
    pub fn from_word(code: &str) -> Option<Self> {
        [Self::De, Self::En].into_iter().find(|language| language.as_str() == code)
    }
}
