//! One word for another.

use super::words::is_nobodys;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Longest name of a character reference (`&thetasym;`); longer ones are words.
const LONGEST_REFERENCE: usize = 10;

/// Gives each word and number its mask.
pub(super) struct Mask {
    key: u64,
}

impl Mask {
    pub(super) fn new(key: u64) -> Self {
        Self { key }
    }

    /// A text with its words and numbers masked.
    pub(super) fn text(&self, text: &str) -> String {
        let mut masked = String::with_capacity(text.len());
        let mut rest = text;
        let mut before = None;
        while let Some(first) = rest.chars().next() {
            let length = if first.is_alphabetic() {
                run(rest, char::is_alphabetic)
            } else if first.is_ascii_digit() {
                run(rest, |c| c.is_ascii_digit())
            } else {
                opaque(rest).unwrap_or(first.len_utf8())
            };
            let (piece, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
            if first.is_alphabetic() {
                self.word(piece, &mut masked);
            } else if first.is_ascii_digit() {
                self.number(piece, before, &mut masked);
            } else {
                masked.push_str(piece);
            }
            before = piece.chars().next_back();
            rest = behind;
        }
        masked
    }

    fn word(&self, word: &str, masked: &mut String) {
        if is_nobodys(word) {
            masked.push_str(word);
            return;
        }
        let of = word.to_lowercase();
        masked.extend(word.chars().enumerate().map(|(at, letter)| other_letter(letter, self.chance(&of, at))));
    }

    /// Days, hours, years from 2000 on and time zones stay.
    fn number(&self, number: &str, before: Option<char>, masked: &mut String) {
        let is_year = number.len() == 4 && number.starts_with("20");
        let is_zone = number.len() == 4 && matches!(before, Some('+' | '-')) && number.starts_with(['0', '1']);
        if number.len() <= 2 || is_year || is_zone {
            masked.push_str(number);
            return;
        }
        let digits = number.chars().enumerate().map(|(at, digit)| match digit {
            // A number's leading zeros are a part of its shape.
            '0' if number.chars().take(at).all(|c| c == '0') => '0',
            _ => pick(&['1', '2', '3', '4', '5', '6', '7', '8', '9'], self.chance(number, at)),
        });
        masked.extend(digits);
    }

    fn chance(&self, of: &str, at: usize) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.key, of, at).hash(&mut hasher);
        hasher.finish()
    }
}

fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

/// What stands for a single letter: `%C3`, `&uuml;`, `&#228;`.
fn opaque(text: &str) -> Option<usize> {
    if let Some(behind) = text.strip_prefix('%') {
        let is_octet = behind.len() >= 2 && behind.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
        return is_octet.then_some(3);
    }
    let name = text.strip_prefix('&')?;
    let end = name.find(';').filter(|end| (1..=LONGEST_REFERENCE).contains(end))?;
    let is_reference = name.bytes().take(end).all(|byte| byte.is_ascii_alphanumeric() || byte == b'#');
    is_reference.then_some(end + 2)
}

/// Another letter of the same kind: a text in a character set stays one that the set can hold.
fn other_letter(letter: char, chance: u64) -> char {
    const LOWER: [char; 20] =
        ['a', 'b', 'd', 'e', 'f', 'g', 'h', 'i', 'k', 'l', 'm', 'n', 'o', 'p', 'r', 's', 't', 'u', 'w', 'z'];
    match (letter, letter.is_uppercase()) {
        ('a'..='z', _) => pick(&LOWER, chance),
        ('A'..='Z', _) => pick(&LOWER, chance).to_ascii_uppercase(),
        ('\u{aa}'..='\u{ff}', false) => pick(&['ä', 'ö', 'ü'], chance),
        ('\u{aa}'..='\u{ff}', true) => pick(&['Ä', 'Ö', 'Ü'], chance),
        ('\u{370}'..='\u{3ff}', false) => pick(&['α', 'β', 'γ', 'δ', 'ε', 'λ', 'μ', 'ν'], chance),
        ('\u{370}'..='\u{3ff}', true) => pick(&['Α', 'Β', 'Γ', 'Δ', 'Ε', 'Λ', 'Μ', 'Ν'], chance),
        ('\u{400}'..='\u{4ff}', false) => pick(&['а', 'б', 'в', 'г', 'д', 'е', 'к', 'л'], chance),
        ('\u{400}'..='\u{4ff}', true) => pick(&['А', 'Б', 'В', 'Г', 'Д', 'Е', 'К', 'Л'], chance),
        ('\u{2e80}'.., _) => pick(&['人', '大', '小', '日', '月', '山', '川', '本'], chance),
        (_, false) => 'x',
        (_, true) => 'X',
    }
}

fn pick(letters: &[char], chance: u64) -> char {
    let at = chance.checked_rem(letters.len() as u64).unwrap_or_default();
    usize::try_from(at).ok().and_then(|at| letters.get(at)).copied().unwrap_or('x')
}
