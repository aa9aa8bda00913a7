//! The labels of a forward's head by language, as mail programs print them.
//!
//! Compared without regard to case. Short ones (`A`, `An`, `Da`, `De`, `Do`, `Od`) are common words: they count only
//! where a whole block of labels stands together.

mod eastern;
mod western;

use super::languages::Language;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What a label announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Label {
    /// Who wrote the mail.
    Sender,
    /// When it was sent.
    Date,
    /// To whom.
    To,
    /// Copies.
    Copy,
    /// Its subject.
    Subject,
    /// Anything else that stands in a head: answers to, attachments, importance.
    Other,
}

/// The labels of one language.
pub(super) struct Labels {
    pub(super) language: Language,
    pub(super) sender: &'static [&'static str],
    pub(super) date: &'static [&'static str],
    pub(super) to: &'static [&'static str],
    pub(super) copy: &'static [&'static str],
    pub(super) subject: &'static [&'static str],
    pub(super) other: &'static [&'static str],
}

/// The labels of all languages.
pub(super) fn all() -> impl Iterator<Item = &'static Labels> {
    western::WESTERN.iter().chain(&eastern::EASTERN)
}

/// Every label with what it may mean, by language.
static MEANINGS: LazyLock<HashMap<&'static str, Vec<(Language, Label)>>> = LazyLock::new(|| {
    let mut meanings: HashMap<_, Vec<_>> = HashMap::new();
    for labels in all() {
        for (words, label) in labels.by_meaning() {
            for word in words {
                meanings.entry(*word).or_default().push((labels.language, label));
            }
        }
    }
    meanings
});

/// What a label, folded for comparing, may mean; empty where it is none.
pub(super) fn meanings(label: &str) -> &'static [(Language, Label)] {
    MEANINGS.get(label).map_or(&[], Vec::as_slice)
}

impl Labels {
    /// The labels of this language by what they announce.
    pub(super) fn by_meaning(&self) -> [(&'static [&'static str], Label); 6] {
        [
            (self.sender, Label::Sender),
            (self.date, Label::Date),
            (self.to, Label::To),
            (self.copy, Label::Copy),
            (self.subject, Label::Subject),
            (self.other, Label::Other),
        ]
    }
}
