//! The checks of a decision, in words for people.

use crate::decision::{Check, CheckName};
use serde::Serialize;

/// The word by which the pages find the text of a check.
fn word(name: CheckName) -> &'static str {
    match name {
        CheckName::CanBeProcessed => "processed",
        CheckName::Repeated => "repeated",
        CheckName::WrittenByAPerson => "written",
        CheckName::Readable => "readable",
        CheckName::NoNoticeOfOurs => "own_notice",
        CheckName::Reply => "reply",
        CheckName::Forwarder => "forwarder",
        CheckName::SenderProven => "proof",
        CheckName::Role => "role",
        CheckName::Number => "number",
        CheckName::Application => "application",
        CheckName::Access => "access",
        CheckName::Sender => "sender",
        CheckName::ForwardedBefore => "again",
        CheckName::Answer => "answer",
        CheckName::Person => "person",
    }
}

/// A check as the template shows it. What it saw is recorded in English only: `show` has it.
#[derive(Debug, Serialize)]
pub(super) struct CheckLine {
    passed: bool,
    /// Where its text is found; `None` for a check of another version of the program, which shows its own name.
    word: Option<&'static str>,
    name: String,
}

impl CheckLine {
    pub(super) fn new(check: Check) -> Self {
        Self { passed: check.passed, word: check.name().map(word), name: check.check }
    }
}

#[cfg(test)]
mod tests {
    use super::word;
    use crate::application::Language;
    use crate::decision::CheckName;
    use strum::VariantArray;

    #[test]
    fn every_check_of_a_decision_has_its_text() {
        for &name in CheckName::VARIANTS {
            for end in ["passed", "failed"] {
                let key = format!("inbox.check.{}.{end}", word(name));
                assert!(crate::web::words::text(&key, Language::De).is_some(), "{key}");
            }
        }
    }
}
