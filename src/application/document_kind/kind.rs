//! The kinds of documents, with their words.

use serde::{Deserialize, Serialize};
use std::fmt;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// The kind under which a file is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(IntoStaticStr, EnumString, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum DocumentKind {
    /// Lebenslauf.
    Cv,
    /// Anschreiben.
    CoverLetter,
    /// Zeugnis.
    Certificate,
    /// Referenz.
    Reference,
    /// Foto.
    Photo,
    /// Arbeitsprobe.
    Portfolio,
    /// Komplette Bewerbung.
    CompleteApplication,
    /// Sonstige.
    Other,
}

impl DocumentKind {
    /// All kinds, in the order in which they are listed.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// The word for this kind in the database and in what programs read.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The name that German readers see.
    #[must_use]
    pub fn german(self) -> &'static str {
        match self {
            Self::Cv => "Lebenslauf",
            Self::CoverLetter => "Anschreiben",
            Self::Certificate => "Zeugnis",
            Self::Reference => "Referenz",
            Self::Photo => "Foto",
            Self::Portfolio => "Arbeitsprobe",
            Self::CompleteApplication => "Komplette Bewerbung",
            Self::Other => "Sonstige",
        }
    }

    /// The name that English readers see.
    #[must_use]
    pub fn english(self) -> &'static str {
        match self {
            Self::Cv => "CV",
            Self::CoverLetter => "Cover letter",
            Self::Certificate => "Certificate",
            Self::Reference => "Reference",
            Self::Photo => "Photo",
            Self::Portfolio => "Work sample",
            Self::CompleteApplication => "Complete application",
            Self::Other => "Other",
        }
    }
}

impl fmt::Display for DocumentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
