//! The sender's value in a forward's head: name and address in all the ways programs print them.

use super::folding::tidy;
use crate::application::EmailAddress;

/// Words between the one who pressed "send" and the one the mail is from.
const ON_BEHALF: [&str; 11] = [
    " im auftrag von ",
    " im namen von ",
    " on behalf of ",
    " de la part de ",
    " au nom de ",
    " en nombre de ",
    " per conto di ",
    " namens ",
    " w imieniu ",
    " em nome de ",
    " på vegne av ",
];

/// Name and address as far as they are printed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sender {
    pub(super) name: Option<String>,
    pub(super) address: Option<EmailAddress>,
}

/// Reads a sender's value. Never guesses: without an address there is none.
pub(super) fn read(value: &str) -> Sender {
    let value = tidy(value);
    let value = behind_on_behalf(&value);
    let (at, address) = match find_address(value) {
        Some((at, address)) => (at, Some(address)),
        None => (value.len(), None),
    };
    let name = value.get(..at).unwrap_or_default();
    let name = without_notes_path(name_text(name));
    let is_address = address.as_ref().is_some_and(|address| name.eq_ignore_ascii_case(address.as_str()));
    Sender { name: (!name.is_empty() && !is_address).then(|| name.to_owned()), address }
}

/// `A <a@x> im Auftrag von B <b@y>`: B is the sender.
fn behind_on_behalf(value: &str) -> &str {
    let small = value.to_lowercase();
    if small.len() != value.len() {
        return value;
    }
    let place = |words: &str| memchr::memmem::find(small.as_bytes(), words.as_bytes());
    let behind = ON_BEHALF.iter().find_map(|words| place(words).and_then(|at| value.get(at + words.len()..)));
    behind.map_or(value, |behind| behind.trim_start_matches([';', ' ']))
}

/// The first address, those in brackets first (a name may look like an address), and where its bracket or it begins.
fn find_address(value: &str) -> Option<(usize, EmailAddress)> {
    let mut candidates = Vec::new();
    let mut start = None;
    let ends = |letter: char| {
        matches!(letter, '<' | '>' | '[' | ']' | '(' | ')' | '"' | '\'' | ',' | ';' | '|' | '„' | '“' | '”' | '«' | '»')
            || letter.is_whitespace()
    };
    for (at, letter) in value.char_indices().chain([(value.len(), ' ')]) {
        match (ends(letter), start) {
            (false, None) => start = Some(at),
            (true, Some(from)) => {
                if let Some(address) = value.get(from..at).and_then(printed_address) {
                    let before = value.get(..from).unwrap_or_default();
                    let bracket = before.ends_with(['<', '[', '(']);
                    candidates.push((bracket, if bracket { from - 1 } else { from }, address));
                }
                start = None;
            }
            _ => {}
        }
    }
    let (first_outside, in_brackets): (Vec<_>, Vec<_>) = candidates.into_iter().partition(|(bracket, ..)| !bracket);
    // `a@b<mailto:a@b>`: the one outside is the beginning of the same.
    let best = in_brackets.into_iter().next().or_else(|| first_outside.into_iter().next());
    best.map(|(_, at, address)| (at, address))
}

/// An address as programs print it, `mailto:` before it or not. The domain needs a dot: Notes prints names with `@ORG`.
fn printed_address(piece: &str) -> Option<EmailAddress> {
    let piece = piece
        .get(..7)
        .filter(|scheme| scheme.eq_ignore_ascii_case("mailto:"))
        .and_then(|_| piece.get(7..))
        .unwrap_or(piece);
    let piece = piece.split('?').next().unwrap_or_default().trim_end_matches(['.', ':']);
    EmailAddress::parse(piece).ok().filter(|address| address.domain().contains('.'))
}

/// The name without the quotation marks of any kind around it.
fn name_text(name: &str) -> &str {
    let marks: &[char] = &['"', '\'', '„', '“', '”', '«', '»', '‘', '’', '‚', ' ', ',', ';'];
    name.trim_matches(marks).trim_end_matches(['<', '[', '(']).trim_matches(marks)
}

/// `Name/OU/ORG@ORG` (Notes): the name is what stands before the first slash.
fn without_notes_path(name: &str) -> &str {
    match name.split_once('/') {
        Some((person, path)) if path.contains('@') || path.contains('/') => person.trim_end(),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::application::EmailAddress;

    #[test]
    fn every_printed_form_gives_name_and_address() {
        for value in [
            "Erika Beispiel <erika@example.org>",
            "Erika Beispiel <erika@example.org> ",
            "Erika Beispiel [mailto:erika@example.org]",
            "Erika Beispiel <mailto:erika@example.org>",
            "Erika Beispiel <erika@example.org<mailto:erika@example.org>>",
            "\"Erika Beispiel\" <Erika@Example.org>",
            "'Erika Beispiel' <erika@example.org>",
            "„Erika Beispiel” erika@example.org",
            "« Erika Beispiel » <erika@example.org>",
            "Karl Probe <karl@firma.example> im Auftrag von Erika Beispiel <erika@example.org>",
            "Karl Probe <karl@firma.example> on behalf of Erika Beispiel <erika@example.org>",
        ] {
            let sender = read(value);
            assert_eq!(sender.name.as_deref(), Some("Erika Beispiel"), "{value}");
            assert_eq!(sender.address.as_ref().map(EmailAddress::as_str), Some("erika@example.org"), "{value}");
        }
    }

    #[test]
    fn what_is_not_printed_is_unknown() {
        assert_eq!(read("Erika Beispiel").address, None);
        assert_eq!(read("erika@example.org <erika@example.org>").name, None);
        assert_eq!(read("<erika@example.org>").name, None);
        assert_eq!(read("erika@example.org<mailto:erika@example.org>").name, None);
        assert_eq!(read("").name, None);
    }

    #[test]
    fn a_comma_in_the_name_stays() {
        assert_eq!(read("Beispiel, Erika <erika@example.org>").name.as_deref(), Some("Beispiel, Erika"));
    }

    #[test]
    fn a_name_that_looks_like_an_address_is_not_taken_for_it() {
        let sender = read("\"chef@firma.example\" <erika@example.org>");
        assert_eq!(sender.address.unwrap().as_str(), "erika@example.org");
    }

    #[test]
    fn a_notes_name_is_no_address() {
        let sender = read("Erika Beispiel/EXT/Firma@FIRMA");
        assert_eq!((sender.name.as_deref(), sender.address), (Some("Erika Beispiel"), None));
    }
}
