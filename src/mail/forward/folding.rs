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

/// A value as it is kept: single ordinary blanks, none around it.
pub(super) fn tidy(value: &str) -> String {
    value.split(is_blank).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}
