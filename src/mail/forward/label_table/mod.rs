//! The labels of a forward's head by language, as mail programs print them.
//!
//! Compared without regard to case. Short ones (`A`, `An`, `Da`, `De`, `Do`, `Od`) are common words: they count only
//! where a whole block of labels stands together.

mod eastern;
mod labels;
mod western;

pub(super) use labels::{Label, Labels};

use super::languages::Language;
use std::collections::HashMap;
use std::sync::LazyLock;

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
