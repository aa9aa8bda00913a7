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

    /// The first line of a letter may begin with it as well.
    pub(super) fn may_begin_a_text(&self) -> bool {
        self.meanings.iter().any(|&(_, label)| label == Label::Enclosures)
    }
}

/// Reads a line as a label and its value; what is bold has stars in plain text: the label (`*Von:* ...`), the value
/// (`Von: *...*`) or the row (`*Von: ...*`).
pub(super) fn read(line: &str) -> Option<LabelLine<'_>> {
    let behind_stars = line.trim_start_matches(|letter| is_blank(letter) || letter == '*');
    // Most lines have neither; the fullwidth one begins so.
    memchr::memchr2(b':', 0xef, behind_stars.as_bytes())?;
    let (at, colon) = behind_stars.char_indices().take(LONGEST).find(|&(_, letter)| matches!(letter, ':' | '：'))?;
    let (label, rest) = behind_stars.split_at_checked(at)?;
    let rest = rest.strip_prefix(colon)?;
    let label = fold(label);
    let plain = label.trim_end_matches('*').trim_end();
    let meanings = label_table::meanings(plain);
    if meanings.is_empty() {
        return None;
    }
    let stars = line.trim_start_matches(is_blank);
    let stars = if plain == label { stars.len() - stars.trim_start_matches('*').len() } else { 0 };
    Some(LabelLine { meanings, value: plain_value(rest, stars) })
}

/// The value without the stars of its row, of which so many stand before the label, and without those around itself.
fn plain_value(rest: &str, stars: usize) -> &str {
    let value = rest.trim_matches(is_blank);
    let of_row = "*".repeat(stars);
    let value = match value.strip_prefix(&*of_row) {
        Some(behind_label) => behind_label.trim_start_matches(is_blank),
        None => value.strip_suffix(&*of_row).unwrap_or(value).trim_end_matches(is_blank),
    };
    let inner = value.trim_matches('*');
    let is_bold = value.starts_with('*') && value.ends_with('*') && !inner.contains('*');
    if is_bold { inner.trim_matches(is_blank) } else { value }
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
            ("*Von: Erika*", "Erika"),
            ("*Von:* *Erika*", "Erika"),
            ("Von: *Erika*", "Erika"),
            ("Von: *Erika* <a@b>", "*Erika* <a@b>"),
            ("Von: ***SPAM*** Re: Erika", "***SPAM*** Re: Erika"),
            ("*Von:* ***SPAM*** Re: Erika", "***SPAM*** Re: Erika"),
            ("Von: *Neu* von *Erika*", "*Neu* von *Erika*"),
            ("**Von:** Erika", "Erika"),
            ("**Von: Erika**", "Erika"),
            ("*Von:* C*", "C*"),
            ("*Von: *C*", "C*"),
            ("*Von*: C*", "C*"),
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
