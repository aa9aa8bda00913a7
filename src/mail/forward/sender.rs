//! The sender's value in a forward's head: name and address in all the ways programs print them.

use super::folding::tidy;
use super::on_behalf;
use super::sender_name::{name_text, without_notes_path, without_repeats};
use crate::application::EmailAddress;

/// Name and address as far as they are printed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sender {
    pub(super) name: Option<String>,
    pub(super) address: Option<EmailAddress>,
}

/// Reads a sender's value. Never guesses: without an address there is none.
pub(super) fn read(value: &str) -> Sender {
    let value = tidy(value);
    let value = on_behalf::behind(&value);
    let Some(Printed { name_end, address, .. }) = find_address(value) else {
        let name = without_notes_path(name_text(value), false);
        return Sender { name: (!name.is_empty()).then(|| name.to_owned()), address: None };
    };
    let name = without_repeats(value.get(..name_end).unwrap_or_default(), address.as_str());
    let name = without_notes_path(name_text(name), true);
    let says_more = !name.is_empty() && !name.eq_ignore_ascii_case(address.as_str());
    Sender { name: says_more.then(|| name.to_owned()), address: Some(address) }
}

/// How an address stands in a value: the more telling way first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    /// `<a@b>`, `[mailto:a@b]`: so programs print the address itself.
    Angle,
    /// `[a@b]`.
    Square,
    /// `(a@b)`.
    Round,
    Bare,
    /// Between quotation marks: a name.
    Quoted,
}

/// An address where it stands in a value.
struct Printed {
    way: Way,
    address: EmailAddress,
    /// Where its bracket or it begins.
    name_end: usize,
    /// It begins the value and nothing but it stands before this place.
    alone_until: Option<usize>,
}

/// The address of the first person. The name stands before it and may hold others, in brackets even, which count for
/// nothing: of two in the same brackets the last one is it.
fn find_address(value: &str) -> Option<Printed> {
    let mut best: Option<Printed> = None;
    let mut start = None;
    let mut bracket = None;
    let is_mark = |at: usize| !value.get(..at).is_some_and(|before| before.ends_with('\\'));
    // A quotation mark without its fellow quotes nothing.
    let in_pairs = value.match_indices('"').filter(|&(at, _)| is_mark(at)).count() % 2 == 0;
    let mut quoted = false;
    for (at, letter) in value.char_indices().chain([(value.len(), ' ')]) {
        if !ends_a_piece(letter) {
            start.get_or_insert(at);
            continue;
        }
        let found = start.take().and_then(|from| printed(value, from, at, bracket, quoted));
        if let Some(found) = found.filter(|found| best.as_ref().is_none_or(|best| found.beats(best))) {
            best = Some(found);
        }
        match letter {
            '"' if in_pairs && is_mark(at) => (quoted, bracket) = (!quoted, None),
            '<' | '[' | '(' => bracket = Some((letter, at)),
            '>' | ']' | ')' => bracket = None,
            // The comma of `Beispiel, Erika <a@b>` parts no people.
            ',' | ';' if !quoted && best.as_ref().is_some_and(|best| best.ends_a_person(at)) => break,
            _ => {}
        }
    }
    best
}

/// Letters that no printed address holds. An apostrophe is one of its own (`o'neill@example.org`).
fn ends_a_piece(letter: char) -> bool {
    matches!(letter, '<' | '>' | '[' | ']' | '(' | ')' | '"' | ',' | ';' | '|' | '„' | '“' | '”' | '«' | '»')
        || letter.is_whitespace()
}

/// The piece between two places as an address, behind the last bracket that was opened.
fn printed(value: &str, from: usize, to: usize, bracket: Option<(char, usize)>, quoted: bool) -> Option<Printed> {
    let piece = value.get(from..to)?.trim_matches(['\'', '*']);
    let (address, by_mailto) = printed_address(piece)?;
    let way = match bracket {
        _ if quoted => Way::Quoted,
        Some(('<', _)) => Way::Angle,
        Some(('[', _)) if by_mailto => Way::Angle,
        Some(('[', _)) => Way::Square,
        Some(_) => Way::Round,
        None => Way::Bare,
    };
    let name_end = bracket.map_or(from, |(_, open)| open);
    Some(Printed { way, address, name_end, alone_until: (from == 0).then_some(to) })
}

impl Printed {
    fn beats(&self, earlier: &Self) -> bool {
        self.way < earlier.way || (self.way == earlier.way && self.way < Way::Bare)
    }

    /// A comma or semicolon at this place ends the person that the address is of.
    fn ends_a_person(&self, at: usize) -> bool {
        self.way == Way::Angle || self.alone_until == Some(at)
    }
}

/// An address as programs print it, and whether `mailto:` stands before it. The domain needs a dot: Notes prints names
/// with `@ORG`.
fn printed_address(piece: &str) -> Option<(EmailAddress, bool)> {
    let behind_scheme =
        piece.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:")).and_then(|_| piece.get(7..));
    let address = behind_scheme.unwrap_or(piece).split('?').next().unwrap_or_default().trim_end_matches(['.', ':']);
    let address = EmailAddress::parse(address).ok().filter(|address| address.domain().contains('.'))?;
    Some((address, behind_scheme.is_some()))
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
            "Karl Probe <karl@firma.example>; på vegne af; Erika Beispiel <erika@example.org>",
            "Karl Probe <karl@firma.example> jménem Erika Beispiel <erika@example.org>",
            "Karl Probe <karl@firma.example>; от имени; Erika Beispiel <erika@example.org>",
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
    fn an_address_in_a_name_counts_for_nothing() {
        for (value, name) in [
            ("Erika <chef@firma.example> <erika@example.org>", "Erika <chef@firma.example>"),
            ("\"Erika <chef@firma.example>\" <erika@example.org>", "Erika <chef@firma.example>"),
            ("Erika (chef@firma.example) <erika@example.org>", "Erika (chef@firma.example)"),
            ("\"Erika (chef@firma.example)\" <erika@example.org>", "Erika (chef@firma.example)"),
            ("Erika [chef@firma.example] <erika@example.org>", "Erika [chef@firma.example]"),
            ("\"Erika [mailto:chef@firma.example]\" <erika@example.org>", "Erika [mailto:chef@firma.example]"),
            ("Erika <chef@firma.example> [mailto:erika@example.org]", "Erika <chef@firma.example>"),
            ("Erika <chef@firma.example <erika@example.org>", "Erika <chef@firma.example"),
            ("Erika <chef@firma.example> <erika@example.org<mailto:erika@example.org>>", "Erika <chef@firma.example>"),
            ("\"Erika <chef@firma.example>, Dr.\" <erika@example.org>", "Erika <chef@firma.example>, Dr."),
            ("Erika \" <chef@firma.example> <erika@example.org>", "Erika \" <chef@firma.example>"),
            ("\"Erika \\\" <chef@firma.example>; x\" <erika@example.org>", "Erika \\\" <chef@firma.example>; x"),
            ("Erika chef@firma.example, Dr. <erika@example.org>", "Erika chef@firma.example, Dr."),
        ] {
            let sender = read(value);
            assert_eq!(sender.address.as_ref().map(EmailAddress::as_str), Some("erika@example.org"), "{value}");
            assert_eq!(sender.name.as_deref(), Some(name), "{value}");
        }
    }

    #[test]
    fn of_several_people_the_first_counts() {
        for value in [
            "Erika Beispiel <erika@example.org>; Karl Probe <karl@example.org>",
            "\"Beispiel, Erika\" <erika@example.org>, Karl Probe <karl@example.org>",
            "Beispiel, Erika [mailto:erika@example.org]; Probe, Karl [mailto:karl@example.org]",
            "erika@example.org, Karl Probe <karl@example.org>",
            "erika@example.org<mailto:erika@example.org>; karl@example.org<mailto:karl@example.org>",
        ] {
            assert_eq!(read(value).address.unwrap().as_str(), "erika@example.org", "{value}");
        }
    }

    #[test]
    fn one_address_printed_twice_is_one() {
        for value in [
            "Erika Beispiel <erika@example.org <mailto:erika@example.org>>",
            "Erika Beispiel <erika@example.org> <mailto:erika@example.org>",
            "Erika Beispiel <Erika@example.org> [mailto:erika@example.org]",
            "Erika Beispiel (erika@example.org) <erika@example.org>",
            "*Erika Beispiel* <*erika@example.org*>",
        ] {
            let sender = read(value);
            assert_eq!(sender.name.as_deref(), Some("Erika Beispiel"), "{value}");
            assert_eq!(sender.address.unwrap().as_str(), "erika@example.org", "{value}");
        }
    }

    #[test]
    fn an_apostrophe_belongs_to_the_address_it_stands_in() {
        for value in [
            "<niamh.o'beispiel@example.org>",
            "niamh.o'beispiel@example.org",
            "'niamh.o'beispiel@example.org' <niamh.o'beispiel@example.org>",
            "Niamh O'Beispiel [mailto:niamh.o'beispiel@example.org]",
            "'niamh.o'beispiel@example.org'",
        ] {
            assert_eq!(read(value).address.unwrap().as_str(), "niamh.o'beispiel@example.org", "{value}");
        }
        assert_eq!(read("<niamh.o'beispiel@example.org>").name, None);
    }

    #[test]
    fn a_notes_name_is_no_address() {
        let sender = read("Erika Beispiel/EXT/Firma@FIRMA");
        assert_eq!((sender.name.as_deref(), sender.address), (Some("Erika Beispiel"), None));
    }
}
