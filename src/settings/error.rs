//! What is wrong with the settings, for the person who wrote them.

use std::fmt;
use std::path::{Path, PathBuf};

/// Wrong settings: nothing but a person can help, and trying again does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsError {
    file: PathBuf,
    faults: Vec<WrongKey>,
    /// What else to know, below the faults.
    hint: Option<String>,
}

/// One fault: the key, and what is wrong and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WrongKey {
    pub(super) key: String,
    pub(super) text: String,
}

impl SettingsError {
    pub(super) fn new(file: &Path, faults: Vec<WrongKey>) -> Self {
        Self { file: file.to_owned(), faults, hint: None }
    }

    pub(super) fn with_hint(self, hint: Option<String>) -> Self {
        Self { hint, ..self }
    }

    /// One fault at one key.
    pub fn at(file: &Path, key: impl Into<String>, text: impl Into<String>) -> Self {
        Self::new(file, vec![WrongKey { key: key.into(), text: text.into() }])
    }

    /// A value that is none of the known ones; the nearest known one is named.
    pub fn unknown_value<'a>(file: &Path, key: &str, value: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let known: Vec<&str> = known.into_iter().collect();
        Self::at(file, key, format!("`{value}` is not known{}", suggestion(value, &known)))
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Wrong settings in {}", self.file.display())?;
        for fault in &self.faults {
            f.write_str("\n  ")?;
            if !fault.key.is_empty() {
                write!(f, "`{}`: ", fault.key)?;
            }
            f.write_str(&fault.text)?;
        }
        self.hint.iter().try_for_each(|hint| write!(f, "\n  {hint}"))
    }
}

impl std::error::Error for SettingsError {}

/// `; did you mean X?` if a known word is near, else `; known are ...`.
pub(super) fn suggestion(word: &str, known: &[&str]) -> String {
    let nearest = known.iter().max_by(|a, b| nearness(word, a).total_cmp(&nearness(word, b)));
    match nearest {
        Some(nearest) if nearness(word, nearest) > 0.75 => format!("; did you mean `{nearest}`?"),
        Some(_) => format!("; known are {}", known.join(", ")),
        None => String::new(),
    }
}

fn nearness(a: &str, b: &str) -> f64 {
    strsim::jaro_winkler(a, b)
}
