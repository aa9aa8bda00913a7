//! The checks of a decision, in words for people.

use crate::decision::Check;
use serde::Serialize;

/// The names of the checks in the decision record, and the words by which the texts of the pages are found.
pub(super) const CHECKS: [(&str, &str); 15] = [
    ("can be processed", "processed"),
    ("repeated", "repeated"),
    ("written by a person", "written"),
    ("readable", "readable"),
    ("no notice of ours", "own_notice"),
    ("a reply, not a new application", "reply"),
    ("forwarder", "forwarder"),
    ("sender proven", "proof"),
    ("role", "role"),
    ("number", "number"),
    ("application", "application"),
    ("access", "access"),
    ("sender", "sender"),
    ("forwarded before", "again"),
    ("a person", "person"),
];

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
        let word = CHECKS.iter().find(|(name, _)| *name == check.check).map(|(_, word)| *word);
        Self { passed: check.passed, word, name: check.check }
    }
}

#[cfg(test)]
mod tests {
    use super::CHECKS;
    use crate::application::Language;

    #[test]
    fn every_check_of_a_decision_has_its_text() {
        let sources =
            ["src/decision/decide.rs", "src/decision/person.rs"].map(|file| std::fs::read_to_string(file).unwrap());
        let sources = sources.concat();
        let mut found = 0;
        for begin in [".passed(", ".failed(", "check: ", "BY_A_PERSON: &str = "] {
            for rest in sources.split(begin).skip(1) {
                let Some(name) = rest.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next()) else {
                    continue;
                };
                assert!(CHECKS.iter().any(|(check, _)| *check == name), "{name} has no text");
                found += 1;
            }
        }
        assert!(found >= CHECKS.len(), "{found}");
        for (_, word) in CHECKS {
            for end in ["passed", "failed"] {
                let key = format!("inbox.check.{word}.{end}");
                assert!(crate::web::words::text(&key, Language::De).is_some(), "{key}");
            }
        }
    }
}
