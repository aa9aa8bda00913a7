//! A file's name made ready for reading: what programs have done to it is undone, and it is split into words.

use crate::application::characters::is_invisible;
use percent_encoding::percent_decode_str;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// So many characters of a name are read; the longest that file systems allow has 255.
const MAX_READ: usize = 1_000;

/// Overrides, the embedding from right to left, and isolates: nobody types them into a name. The other direction marks
/// are honest: Windows puts U+202A before a copied path, and names in Arabic or Hebrew hold U+200F.
const TURNING: [char; 6] = ['\u{202B}', '\u{202D}', '\u{202E}', '\u{2066}', '\u{2067}', '\u{2068}'];

/// A name made ready for reading.
#[derive(Debug)]
pub(super) struct FileName {
    /// The last path element without its ending.
    pub(super) stem: String,
    /// The ending without its dot, in small letters; empty where there is none.
    pub(super) ending: String,
    /// The words of the stem.
    pub(super) words: Vec<Word>,
    /// Marks in the name make it look other than it is.
    pub(super) turned_round: bool,
}

/// A word of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// In small letters, without accents, and with ae, oe, ue, ss for the German letters.
    pub(super) text: String,
    /// It was written in capital letters.
    pub(super) shouted: bool,
}

impl FileName {
    pub(super) fn prepare(name: &str) -> Self {
        let decoded = percent_decoded(name);
        let turned_round = decoded.contains(TURNING);
        let last = decoded.rsplit(['/', '\\']).find(|element| !element.trim().is_empty()).unwrap_or_default();
        let readable: String = last.chars().take(MAX_READ).nfc().collect();
        let readable: String = repaired(&repaired(&readable)).nfkc().filter(|c| !is_invisible(*c)).collect();
        let (stem, ending) = split_ending(&readable);
        Self { words: words(stem), stem: stem.to_owned(), ending, turned_round }
    }
}

/// `Lebenslauf%20M%C3%BCller.pdf` as people read it; also where the bytes are Latin-1. A name with signs that are no
/// percent-encoding stays as it is.
fn percent_decoded(name: &str) -> String {
    let bytes: Vec<u8> = percent_decode_str(name).collect();
    match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) if name.is_ascii() => error.into_bytes().into_iter().map(char::from).collect(),
        Err(_) => name.to_owned(),
    }
}

/// The text with each piece of UTF-8 that was read as Latin-1 or Windows-1252 repaired (`AbschluÃŸ`), others kept.
pub(crate) fn repaired(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut whole = String::with_capacity(text.len());
    let mut rest = chars.as_slice();
    while let Some((first, behind)) = rest.split_first() {
        if let Some((c, length)) = misread(rest) {
            whole.push(c);
            rest = rest.get(length..).unwrap_or_default();
        } else {
            whole.push(*first);
            rest = behind;
        }
    }
    whole
}

/// The character whose UTF-8 bytes stand here as characters of their own, and how many they are.
fn misread(chars: &[char]) -> Option<(char, usize)> {
    let length = match latin_byte(*chars.first()?)? {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return None,
    };
    let bytes: Vec<u8> = chars.get(..length)?.iter().copied().map_while(latin_byte).collect();
    Some((std::str::from_utf8(&bytes).ok()?.chars().next()?, length))
}

/// The byte that Latin-1 or Windows-1252 reads as this character.
fn latin_byte(c: char) -> Option<u8> {
    if let Ok(byte) = u8::try_from(u32::from(c)) {
        return Some(byte);
    }
    let mut utf8 = [0; 4];
    let (bytes, _, unmappable) = encoding_rs::WINDOWS_1252.encode(c.encode_utf8(&mut utf8));
    bytes.first().copied().filter(|_| !unmappable)
}

/// The stem, and the ending in small letters. A counter that a program put behind the ending is no part of it.
fn split_ending(name: &str) -> (&str, String) {
    let name = name.trim_end_matches(|c: char| c.is_whitespace() || c == '.');
    let uncounted = name.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '(' | ')' | '[' | ']' | ' '));
    let counted = name.ends_with([')', ']']) && uncounted.rsplit_once('.').is_some_and(|(_, end)| is_ending(end));
    let name = if counted { uncounted } else { name };
    match name.rsplit_once('.') {
        Some((stem, ending)) if is_ending(ending.trim()) => (stem, ending.trim().to_lowercase()),
        _ => (name, String::new()),
    }
}

fn is_ending(text: &str) -> bool {
    !text.is_empty() && text.len() <= 20 && text.chars().all(|c| c.is_alphanumeric() || c == '-')
}

/// Splits at everything that is no letter, from small to capital letters, and behind capitals that a capitalised word
/// follows (`CVMuster`). An `&` is a word.
fn words(stem: &str) -> Vec<Word> {
    let mut pieces = vec![String::new()];
    let mut chars = stem.chars().peekable();
    let mut capitals = 0;
    while let Some(c) = chars.next() {
        let word_starts = c.is_uppercase()
            && match pieces.last().and_then(|piece| piece.chars().last()) {
                Some(last) if last.is_lowercase() => true,
                Some(_) => capitals >= 2 && chars.peek().is_some_and(|next| next.is_lowercase()),
                None => false,
            };
        if word_starts || !(c.is_alphabetic() || is_combining_mark(c)) {
            pieces.push(String::new());
            capitals = 0;
        }
        if c == '&' {
            pieces.push("und".to_owned());
            pieces.push(String::new());
        } else if c.is_alphabetic()
            && let Some(piece) = pieces.last_mut()
        {
            piece.push(c);
            capitals = if c.is_uppercase() { capitals + 1 } else { 0 };
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces.iter().map(|piece| Word { text: folded(piece), shouted: piece.chars().all(char::is_uppercase) }).collect()
}

/// In small letters, without accents, the German letters written out.
fn folded(text: &str) -> String {
    let mut whole = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'ä' | 'æ' => whole.push_str("ae"),
            'ö' | 'œ' | 'ø' => whole.push_str("oe"),
            'ü' => whole.push_str("ue"),
            'ß' => whole.push_str("ss"),
            'ł' => whole.push('l'),
            'đ' => whole.push('d'),
            'ı' => whole.push('i'),
            _ => decompose_canonical(c, |part| {
                if !is_combining_mark(part) {
                    whole.push(part);
                }
            }),
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::FileName;

    fn words(name: &str) -> String {
        FileName::prepare(name).words.into_iter().map(|word| word.text).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_name_is_split_into_folded_words() {
        for (name, expected) in [
            ("Lebenslauf_Max-Mustermann (2).pdf", "lebenslauf max mustermann"),
            ("MustermannMaxCV.pdf", "mustermann max cv"),
            ("CVMustermann2026DE.pdf", "cv mustermann de"),
            ("CVs.pdf", "cvs"),
            ("Lebensla\u{308}ufe.pdf", "lebenslaeufe"),
            ("Größe & Maß.pdf", "groesse und mass"),
            ("Świadectwo Łódź.pdf", "swiadectwo lodz"),
            ("Photo d’identité.jpg", "photo d identite"),
            ("C.V.pdf", "c v"),
            ("ＣＶ　Ｍｕｓｔｅｒ.pdf", "cv muster"),
            ("", ""),
        ] {
            assert_eq!(words(name), expected, "{name}");
        }
    }

    #[test]
    fn what_programs_did_to_a_name_is_undone() {
        for (name, stem, ending) in [
            ("C:\\Users\\max\\Lebenslauf.PDF", "Lebenslauf", "pdf"),
            ("..%2F..%2FZeugnis.pdf", "Zeugnis", "pdf"),
            ("Lebenslauf%20M%C3%BCller.pdf", "Lebenslauf Müller", "pdf"),
            ("F%FChrungszeugnis.pdf", "Führungszeugnis", "pdf"),
            ("100% Zeugnis.pdf", "100% Zeugnis", "pdf"),
            ("AbschluÃŸzeugnis MÃ¼ller.pdf", "Abschlußzeugnis Müller", "pdf"),
            ("AbschluÃŸzeugnis Müller.pdf", "Abschlußzeugnis Müller", "pdf"),
            ("Ã\u{84}rzte.pdf", "Ärzte", "pdf"),
            ("MÃƒÂ¼ller.pdf", "Müller", "pdf"),
            ("Pru\u{308}fung.pdf", "Prüfung", "pdf"),
            ("\u{202a}Lebenslauf.pdf", "Lebenslauf", "pdf"),
            ("Lebenslauf.pdf (1)", "Lebenslauf", "pdf"),
            ("Lebenslauf.pdf. ", "Lebenslauf", "pdf"),
            ("Lebenslauf", "Lebenslauf", ""),
            ("Zeugnis vom 3. Mai (Kopie)", "Zeugnis vom 3. Mai (Kopie)", ""),
            ("/", "", ""),
        ] {
            let read = FileName::prepare(name);
            assert_eq!((read.stem.as_str(), read.ending.as_str()), (stem, ending), "{name}");
            assert!(!read.turned_round);
        }
    }

    #[test]
    fn marks_that_turn_letters_round_are_told_from_honest_ones() {
        for mark in ['\u{202b}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{2067}', '\u{2068}'] {
            assert!(FileName::prepare(&format!("Lebenslauf{mark}fdp.exe")).turned_round, "{mark:?}");
        }
        assert!(FileName::prepare("Lebenslauf%E2%80%AEfdp.exe").turned_round);
        for mark in ['\u{200e}', '\u{200f}', '\u{202a}', '\u{202c}', '\u{61c}'] {
            assert!(!FileName::prepare(&format!("{mark}Lebenslauf.pdf")).turned_round, "{mark:?}");
        }
    }
}
