//! One mail that tells of many notifications: how many of which kind, then a line for each, as far as there is room.

use super::{Facts, Occasion, words};
use crate::application::Language;
use crate::application::id::{HistoryEntryId, MailId};

/// So many notifications get a line of their own.
pub const MOST_LINES: usize = 50;

/// The notifications that one mail tells of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bundle {
    /// How many of which kind: all of them.
    pub counts: Vec<BundleCount>,
    /// The oldest, at most [`MOST_LINES`].
    pub lines: Vec<BundleLine>,
}

/// How many notifications of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleCount {
    /// Why the person is told.
    pub occasion: Occasion,
    /// The stored word of the reason, where the mail has one.
    pub why: Option<String>,
    /// How many.
    pub number: u64,
}

/// One notification among others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleLine {
    /// Why the person is told.
    pub occasion: Occasion,
    /// The mail it tells of.
    pub mail: Option<MailId>,
    /// The history entry it tells of.
    pub entry: Option<HistoryEntryId>,
    /// What its own mail would know.
    pub facts: Facts,
}

impl Bundle {
    /// Counts one more.
    pub fn add(&mut self, occasion: Occasion, why: Option<String>) {
        match self.counts.iter_mut().find(|count| count.occasion == occasion && count.why == why) {
            Some(count) => count.number += 1,
            None => self.counts.push(BundleCount { occasion, why, number: 1 }),
        }
    }

    /// How many notifications the mail tells of.
    pub fn total(&self) -> u64 {
        self.counts.iter().map(|count| count.number).sum()
    }
}

impl BundleCount {
    /// How many of what, as one line.
    pub(super) fn text(&self, language: Language) -> String {
        let what = what(self.occasion, language);
        let reason = self.why.as_deref().filter(|_| tells_the_reason(self.occasion));
        let reason = reason.map(|why| format!(": {}", words::headline(why, language))).unwrap_or_default();
        format!("{} × {what}{reason}", self.number)
    }
}

/// Only the office reads the stored reason: to a forwarder it would say whether a number exists.
fn tells_the_reason(occasion: Occasion) -> bool {
    occasion == Occasion::Waiting
}

fn what(occasion: Occasion, language: Language) -> &'static str {
    let (de, en) = match occasion {
        Occasion::Reply => ("neue Antwort in der Historie", "new reply in the history"),
        Occasion::Waiting => ("nicht zugeordnet", "not assigned"),
        Occasion::NotImported => ("nicht importiert", "not imported"),
        Occasion::ForwardedBefore => ("Antwort, die schon in der Historie steht", "reply already in the history"),
        Occasion::FilesAdded => ("weitere Dateien zu einer Antwort", "more files for a reply"),
        Occasion::FilesRefused => ("Dateien einer Antwort nicht übernommen", "files of a reply left out"),
        Occasion::Asked => ("Rückfrage zu einer weitergeleiteten E-Mail", "question about a forwarded e-mail"),
        Occasion::WaitingDigest => ("Übersicht über wartende E-Mails", "overview of waiting e-mails"),
    };
    words::in_language(language, de, en)
}

#[cfg(test)]
#[path = "bundle_tests.rs"]
mod tests;
