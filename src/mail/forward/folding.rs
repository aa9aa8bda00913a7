//! Words folded for comparing with the tables, and values tidied for keeping.

use unicode_normalization::UnicodeNormalization;

/// White space and the invisible letters that mail programs put at a line's ends.
pub(super) fn is_blank(letter: char) -> bool {
    letter.is_whitespace() || is_invisible(letter)
}

/// Soft hyphens, joiners, marks of direction and of the byte order: nothing that a reader sees.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Folds a label or marker for comparing: NFC, small letters, plain hyphens, single blanks, nothing invisible.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    if text.is_ascii() {
        text.bytes().for_each(|letter| push_folded(char::from(letter.to_ascii_lowercase()), &mut folded));
    } else {
        text.nfc().flat_map(char::to_lowercase).for_each(|letter| push_folded(letter, &mut folded));
    }
    folded.trim().to_owned()
}

fn push_folded(letter: char, folded: &mut String) {
    match letter {
        // What is left of the Turkish capital İ in small letters.
        '\u{307}' => {}
        letter if is_invisible(letter) => {}
        '\u{2010}' | '\u{2011}' => folded.push('-'),
        letter if is_blank(letter) => {
            if !folded.ends_with(' ') {
                folded.push(' ');
            }
        }
        letter => folded.push(letter),
    }
}

/// A value as it is kept: single ordinary blanks, none around it, and of what nobody sees only what makes letters and
/// pictures out of others.
pub(super) fn tidy(value: &str) -> String {
    let mut tidied = String::with_capacity(value.len());
    for word in value.split_whitespace() {
        let word = word.trim_matches(is_invisible);
        if !(word.is_empty() || tidied.is_empty()) {
            tidied.push(' ');
        }
        let is_address = word.contains('@');
        tidied.extend(word.chars().filter(|&letter| !is_invisible(letter) || (is_joiner(letter) && !is_address)));
    }
    tidied
}

/// Persian words are spelled with the one, pictures of people and families are joined by the other.
fn is_joiner(letter: char) -> bool {
    matches!(letter, '\u{200c}' | '\u{200d}')
}

#[cfg(test)]
mod tests {
    use super::tidy;

    #[test]
    fn what_nobody_sees_is_no_blank() {
        for (value, right) in [
            (" Be\u{ad}wer\u{200b}bung\u{a0} \u{200e} als\u{feff} ", "Bewerbung als"),
            ("\u{202b}علی\u{200c}رضا\u{202c}", "علی\u{200c}رضا"),
            ("👩\u{200d}💻\u{200d} da", "👩\u{200d}💻 da"),
            ("eri\u{200d}ka@exam\u{200c}ple.org", "erika@example.org"),
            ("\u{200d}\u{200b}", ""),
        ] {
            assert_eq!(tidy(value), right, "{value:?}");
        }
    }
}
