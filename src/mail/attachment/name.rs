//! File names made safe, in a fixed order: escapes and misread UTF-8 undone, NFC, last path element, dangerous letters out, length bounded.

use super::type_table::ENDINGS;
use crate::application::document_kind::repaired;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use unicode_normalization::UnicodeNormalization;

/// Longest name that file systems take, in bytes.
const MAX_BYTES: usize = 255;
/// Longest ending that is worth keeping when a name is cut.
const MAX_ENDING: usize = 16;

/// How often a name is made safe again before its percent signs are taken for an attack.
const MOST_ROUNDS: usize = 5;

/// The safe form of a name; `None` where nothing readable is left. The safe form of a safe name is that name.
///
/// What is left by one round may hold something that another would take out (`%252e` is `.` encoded twice), so that it is
/// made safe until nothing changes.
pub(crate) fn safe(name: &str) -> Option<String> {
    let mut name = once_safe(name)?;
    for _ in 0..MOST_ROUNDS {
        let again = once_safe(&name)?;
        if again == name {
            return Some(name);
        }
        name = again;
    }
    // Only escapes can change in every round.
    once_safe(&name.replace('%', "_"))
}

fn once_safe(name: &str) -> Option<String> {
    let unescaped = repaired(&undo_percent(name));
    let visible = unescaped.chars().map(|letter| if letter.is_whitespace() { ' ' } else { letter });
    // Before the normal form: an invisible letter may keep two apart that are one in it.
    let composed: String = visible.filter(|&letter| !is_dangerous(letter)).nfc().collect();
    let last = composed.rsplit(['/', '\\']).find(|piece| !piece.trim_matches(['.', ' ']).is_empty())?;
    let clean: String = last.chars().map(replace_forbidden).collect();
    let clean = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    let clean = cut(clean.trim_end_matches(['.', ' ']), MAX_BYTES);
    let clean = clean.trim_end_matches(['.', ' ']);
    let nameless = clean.trim_matches(['.', '_']).is_empty() || is_ending_alone(clean);
    (!nameless).then(|| cut(&without_device(clean), MAX_BYTES))
}

/// A dot and a known ending: hidden on some systems, and no name that anybody could read.
fn is_ending_alone(name: &str) -> bool {
    name.strip_prefix('.').is_some_and(|ending| ENDINGS.iter().any(|(known, ..)| ending.eq_ignore_ascii_case(known)))
}

/// Windows takes these names for devices, whatever ending follows.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// A name that Windows would take for a device gets a line before it.
fn without_device(name: &str) -> String {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    let numbered = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
    let port = numbered.is_some_and(|number| {
        let mut digits = number.chars();
        matches!(digits.next(), Some('0'..='9' | '¹' | '²' | '³')) && digits.next().is_none()
    });
    if port || DEVICES.contains(&stem.as_str()) { format!("_{name}") } else { name.to_owned() }
}

/// Letters that hide what a name is: control, direction and invisible ones.
pub(super) fn is_dangerous(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffd}')
}

/// Letters that some file system does not take.
fn replace_forbidden(letter: char) -> char {
    if matches!(letter, '<' | '>' | ':' | '"' | '|' | '?' | '*') { '_' } else { letter }
}

/// Undoes `%XX` where all percent signs are such and the result is UTF-8; otherwise they are meant.
fn undo_percent(name: &str) -> String {
    let every_one = name.split('%').skip(1).all(|behind| {
        let mut letters = behind.chars();
        letters.next().is_some_and(|letter| letter.is_ascii_hexdigit())
            && letters.next().is_some_and(|letter| letter.is_ascii_hexdigit())
    });
    if !name.contains('%') || !every_one {
        return name.to_owned();
    }
    percent_encoding::percent_decode_str(name)
        .decode_utf8()
        .map_or_else(|_| name.to_owned(), std::borrow::Cow::into_owned)
}

/// Cuts a name to so many bytes and keeps its ending.
fn cut(name: &str, bytes: usize) -> String {
    if name.len() <= bytes {
        return name.to_owned();
    }
    let ending = ending(name);
    let mut end = bytes - ending.len();
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{ending}", name.get(..end).unwrap_or_default().trim_end())
}

/// The ending with its dot, empty where there is none.
fn ending(name: &str) -> &str {
    name.rfind('.')
        .and_then(|at| name.get(at..))
        .filter(|ending| (2..=MAX_ENDING).contains(&ending.len()))
        .unwrap_or_default()
}

/// The ending without its dot, in small letters.
pub(crate) fn extension(name: &str) -> String {
    ending(name).trim_start_matches('.').to_lowercase()
}

/// Names already taken, without regard to case, each with the number to try next: that is kept, as a mail may hold many
/// thousand files of one name.
pub(super) type Taken = HashMap<String, usize>;

/// Makes a name different from those already taken: `Zeugnis (2).pdf`.
pub(crate) fn distinct(name: String, taken: &mut Taken) -> String {
    let wanted = name.to_lowercase();
    let Some(&tried) = taken.get(&wanted) else {
        taken.insert(wanted, 2);
        return name;
    };
    let ending = ending(&name);
    let stem = name.strip_suffix(ending).unwrap_or(&name);
    let mut number = tried;
    loop {
        let mark = format!(" ({number})");
        let candidate = format!("{}{mark}{ending}", cut(stem, MAX_BYTES - mark.len() - ending.len()));
        number += 1;
        if let Entry::Vacant(free) = taken.entry(candidate.to_lowercase()) {
            free.insert(2);
            taken.insert(wanted, number);
            return candidate;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Taken, distinct, safe};

    #[test]
    fn paths_and_dangerous_letters_go() {
        for (name, right) in [
            ("C:\\Users\\x\\Lebenslauf.pdf", "Lebenslauf.pdf"),
            ("../../etc/passwd", "passwd"),
            ("..%2F..%2FZeugnis.pdf", "Zeugnis.pdf"),
            ("Zeugnis%20neu.pdf", "Zeugnis neu.pdf"),
            ("100% Zeugnis.pdf", "100% Zeugnis.pdf"),
            ("Lebenslauf\u{202e}fdp.exe", "Lebenslauffdp.exe"),
            ("a\0b\u{7}\r\nc.pdf", "ab c.pdf"),
            ("Pru\u{308}fung.pdf", "Prüfung.pdf"),
            ("Zeugnis: \"gut\"?.pdf", "Zeugnis_ _gut__.pdf"),
            ("Zeugnis.pdf. ", "Zeugnis.pdf"),
            ("CON.pdf", "_CON.pdf"),
            ("nul.tar.gz", "_nul.tar.gz"),
            ("Lpt1 .pdf", "_Lpt1 .pdf"),
            ("com10.pdf", "com10.pdf"),
            ("Conrad.pdf", "Conrad.pdf"),
            (".htaccess", ".htaccess"),
            ("PrÃ¼fung AbschluÃŸ.pdf", "Prüfung Abschluß.pdf"),
            ("L\u{c3}\u{a0} bas, ¿ Größe.pdf", "Là bas, ¿ Größe.pdf"),
        ] {
            assert_eq!(safe(name).as_deref(), Some(right), "{name:?}");
        }
    }

    #[test]
    fn what_is_no_name_is_none() {
        for name in ["", " ", ".", "..", "///", "\u{202e}", ".pdf", "x/.DOCX"] {
            assert_eq!(safe(name), None, "{name:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let name = safe(&format!("{}.pdf", "ü".repeat(300))).unwrap();
        assert!(name.len() <= 255 && name.ends_with("ü.pdf"));
    }

    #[test]
    fn equal_names_are_told_apart() {
        let mut taken = Taken::new();
        let names: Vec<_> = ["Zeugnis.pdf", "Zeugnis.pdf", "zeugnis.PDF"]
            .into_iter()
            .map(|name| distinct(name.to_owned(), &mut taken))
            .collect();
        assert_eq!(names, ["Zeugnis.pdf", "Zeugnis (2).pdf", "zeugnis (2).PDF".replace("(2)", "(3)").as_str()]);
    }
}
