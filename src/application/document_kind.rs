//! What kind of document a file is, told by its name.

use serde::{Deserialize, Serialize};

/// The kind under which a file is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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

/// Why a file must be handled with care: marked, and never opened in the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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

/// Reads what a file's decoded name tells.
#[must_use]
pub fn read_file_name(_name: &str) -> FileNameReading {
    FileNameReading { kind: DocumentKind::Other, rule: String::new(), ignored: false, danger: None }
}
