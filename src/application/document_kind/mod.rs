//! What kind of document a file is, told by its name.
//!
//! The content of the file is not looked at here. When in doubt the answer is [`DocumentKind::Other`]: an unsorted file
//! is seen at once, a wrong kind hides it.

mod decoration;
mod endings;
mod file_name;
mod topics;
mod unlisted;
mod vocabulary;

pub(crate) use file_name::repaired;

use endings::Format;
use file_name::FileName;
use serde::{Deserialize, Serialize};
use std::fmt;

/// All words by which kinds are told.
pub(crate) fn words() -> Vec<&'static str> {
    topics::words()
}

/// The kind under which a file is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
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
    pub const ALL: [Self; 8] = [
        Self::Cv,
        Self::CoverLetter,
        Self::Certificate,
        Self::Reference,
        Self::Photo,
        Self::Portfolio,
        Self::CompleteApplication,
        Self::Other,
    ];

    /// The word for this kind in the database and in what programs read.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cv => "cv",
            Self::CoverLetter => "cover_letter",
            Self::Certificate => "certificate",
            Self::Reference => "reference",
            Self::Photo => "photo",
            Self::Portfolio => "portfolio",
            Self::CompleteApplication => "complete_application",
            Self::Other => "other",
        }
    }

    /// The kind with this word, if there is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
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

/// What a file's name tells about the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileNameReading {
    /// The kind the name tells, [`DocumentKind::Other`] where it tells none.
    pub kind: DocumentKind,
    /// The rule that gave the kind, for the decision record: a short English sentence naming the word found.
    pub rule: String,
    /// The name is one that mail programs give to decoration and technical parts: not to be listed.
    pub ignored: bool,
    /// What the name says against opening the file.
    pub danger: Option<Danger>,
}

/// Reads what a file's decoded name tells. The name is to be given as it came, before it is made safe for storing:
/// direction marks in it are a reason for care.
#[must_use]
pub fn read_file_name(name: &str) -> FileNameReading {
    let name = FileName::prepare(name);
    if name.turned_round {
        return other("the name holds a mark that turns its letters round".to_owned(), Some(Danger::MisleadingName));
    }
    if let Some(rule) = decoration::why_ignored(&name) {
        return FileNameReading { ignored: true, ..other(rule.to_owned(), None) };
    }
    let ending = &name.ending;
    match endings::format_of(ending) {
        Format::Document => {
            let (kind, rule) = topics::read(&name.words);
            FileNameReading { kind, rule, ignored: false, danger: None }
        }
        Format::Program if endings::hides_behind_another(&name.stem) => {
            other(format!("the name hides the ending `.{ending}` of a program"), Some(Danger::MisleadingName))
        }
        Format::Program => other(format!("`.{ending}` is the ending of a program or script"), Some(Danger::Program)),
        Format::Archive => other(format!("`.{ending}` is the ending of an archive"), Some(Danger::Archive)),
        Format::Macros => other(format!("`.{ending}` is the ending of a document with macros"), Some(Danger::Macros)),
        Format::Unlisted if ending.is_empty() => other("the name has no ending that tells a format".to_owned(), None),
        Format::Unlisted => other("the ending is of no document or picture format".to_owned(), None),
    }
}

fn other(rule: String, danger: Option<Danger>) -> FileNameReading {
    FileNameReading { kind: DocumentKind::Other, rule, ignored: false, danger }
}

#[cfg(test)]
mod tests;
