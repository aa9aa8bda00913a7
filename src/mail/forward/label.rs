//! A line as `Label: value`.

use super::folding::{fold, is_blank};
use super::label_table::{self, Label};
use super::languages::Language;

/// Longest label that is looked for, in letters.
const LONGEST: usize = 30;

/// A line that begins with a label of at least one language.
#[derive(Clone, Debug)]
pub(super) struct LabelLine<'a> {
    /// What the label may mean, by language.
    pub(super) meanings: &'static [(Language, Label)],
    /// What stands behind the colon.
    pub(super) value: &'a str,
}

impl LabelLine<'_> {
    pub(super) fn can_mean(&self, wanted: Label) -> bool {
        self.meanings.iter().any(|&(_, label)| label == wanted)
    }
}

/// Reads a line as a label and its value; bold labels have stars in plain text (`*Von:* ...`).
pub(super) fn read(line: &str) -> Option<LabelLine<'_>> {
    let line = line.trim_start_matches(|letter| is_blank(letter) || letter == '*');
    // Most lines have neither; the fullwidth one begins so.
    memchr::memchr2(b':', 0xef, line.as_bytes())?;
    let (at, colon) = line.char_indices().take(LONGEST).find(|&(_, letter)| matches!(letter, ':' | '：'))?;
    let (label, rest) = line.split_at_checked(at)?;
    let value = rest.strip_prefix(colon)?.trim_start_matches(|letter| is_blank(letter) || letter == '*');
    let label = fold(label);
    let label = label.trim_end_matches('*').trim_end();
    let meanings = label_table::meanings(label);
    (!meanings.is_empty()).then_some(LabelLine { meanings, value })
}

#[cfg(test)]
mod tests {
    use super::super::label_table::Label;
    use super::read;

    #[test]
    fn labels_are_read_however_they_are_set() {
        for (line, value) in [
            ("Von: Erika", "Erika"),
            ("*Von:* Erika", "Erika"),
            ("*Von: *Erika", "Erika"),
            ("De\u{a0}: Erika", "Erika"),
            ("送信元：Erika", "Erika"),
            ("VON:Erika", "Erika"),
            ("\u{feff}Von:\tErika", "Erika"),
        ] {
            let read = read(line).unwrap_or_else(|| panic!("{line}"));
            assert_eq!(read.value.trim(), value, "{line}");
            assert!(read.can_mean(Label::Sender), "{line}");
        }
    }

    #[test]
    fn other_words_with_colons_are_no_labels() {
        for line in ["Telefon: 1", "Von meinem Galaxy gesendet", "Hallo von: mir", ": x", ""] {
            assert!(read(line).is_none(), "{line}");
        }
    }
}
