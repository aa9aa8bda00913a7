//! The people named in a `From` header (RFC 5322, section 3.4), read leniently.

use super::encoding::{charset, encoded_word};
use crate::application::EmailAddress;

/// A name and an address, as far as the header gives them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mailbox {
    pub(crate) name: Option<String>,
    pub(crate) address: Option<EmailAddress>,
}

/// Reads the first person of a header's unfolded bytes.
///
/// The address is looked for in the bytes, before encoded words are decoded, so that a name cannot bring an address
/// along. Unquoted commas, brackets and colons in names are borne; of a group (`Name: a, b;`) the first member counts.
pub(crate) fn read_first(raw: &[u8]) -> Mailbox {
    let text: String = raw.iter().map(|&byte| char::from(byte)).collect();
    if let Some((before, address)) = in_angle_brackets(&text) {
        // `a@b, Name <c@d>`: the first of several people has no name.
        if let Some(first) = before.split_once(',').and_then(|(first, _)| address_text(first)) {
            return Mailbox { name: None, address: Some(first) };
        }
        let name = name_text(before);
        let is_address = name.eq_ignore_ascii_case(address.as_str());
        return Mailbox { name: (!name.is_empty() && !is_address).then_some(name), address: Some(address) };
    }
    let bare = text.split(|letter: char| letter.is_whitespace() || matches!(letter, ',' | ';' | '(' | ')' | '<' | '>'));
    let address = bare.map(|word| word.trim_matches('"')).find_map(address_text);
    let comment = text.split_once('(').and_then(|(_, behind)| behind.split_once(')')).map(|(comment, _)| comment);
    let name = match (&address, comment) {
        (Some(_), comment) => comment.map(name_text),
        (None, _) => Some(name_text(&text)),
    };
    Mailbox { name: name.filter(|name| !name.is_empty()), address }
}

/// The first address in angle brackets outside quotation marks and comments, and what stands before it.
fn in_angle_brackets(text: &str) -> Option<(&str, EmailAddress)> {
    let mut depth = 0_usize;
    let mut quoted = false;
    let mut escaped = false;
    let mut open = None;
    for (at, letter) in text.char_indices() {
        match letter {
            '"' if !escaped => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth = depth.saturating_sub(1),
            '<' if !quoted && depth == 0 => open = Some(at),
            '>' if !quoted && depth == 0 => {
                // Taken, not kept: no address holds a `>`, and a million of them would each be read from the same `<`.
                let read =
                    open.take().and_then(|open| Some((text.get(..open)?, address_text(text.get(open + 1..at)?)?)));
                if read.is_some() {
                    return read;
                }
            }
            _ => {}
        }
        escaped = quoted && letter == '\\' && !escaped;
    }
    // A quotation mark or comment that is never closed hides everything behind it: then look at the last brackets.
    let (before, behind) = text.rsplit_once('<')?;
    Some((before, address_text(behind.split('>').next()?)?))
}

/// The address without the route that old programs put before it (RFC 5322, section 4.4), without blanks around its `@`
/// and dots, and without what other programs put around it.
fn address_text(text: &str) -> Option<EmailAddress> {
    let text = text.trim();
    let text = if text.starts_with('@') { text.split_once(':')?.1 } else { text };
    let scheme = text.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:"));
    let text = scheme.and_then(|scheme| text.get(scheme.len()..)).unwrap_or(text);
    let text = in_pair(text, '\'', '\'').or_else(|| in_pair(text, '[', ']')).unwrap_or(text).trim_end_matches('.');
    let mut address = text.to_owned();
    if address.contains(char::is_whitespace) {
        for sign in ["@", "."] {
            address = address.split(sign).map(str::trim).collect::<Vec<_>>().join(sign);
        }
    }
    EmailAddress::parse(&charset::decode(&bytes_of(&address), None)).ok()
}

fn in_pair(text: &str, open: char, close: char) -> Option<&str> {
    text.strip_prefix(open)?.strip_suffix(close)
}

/// The decoded name: without a group's name before it, without quotation marks.
fn name_text(latin: &str) -> String {
    let latin = match latin.split_once(':') {
        Some((group, member)) if !group.contains(['"', '[', '(', '?']) => member,
        _ => latin,
    };
    let name = encoded_word::decode(bytes_of(latin).trim_ascii());
    let name = name.trim();
    let inner = name.strip_prefix('"').map_or(name, |inner| inner.strip_suffix('"').unwrap_or(inner));
    let unescaped =
        if inner.len() == name.len() { inner.to_owned() } else { inner.replace("\\\"", "\"").replace("\\\\", "\\") };
    let unescaped = unescaped.trim().trim_matches('\'');
    unescaped.split_whitespace().collect::<Vec<_>>().join(" ").replace(char::is_control, "")
}

/// The header's bytes, of which every letter stands for one.
fn bytes_of(latin: &str) -> Vec<u8> {
    latin.chars().filter_map(|letter| u8::try_from(u32::from(letter)).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::read_first;
    use crate::application::EmailAddress;

    #[test]
    fn names_and_addresses_are_read_however_they_are_written() {
        for (raw, name) in [
            ("Ruth Muster <ruth@example.org>", Some("Ruth Muster")),
            ("\"Muster, Ruth\" <Ruth@Example.org>", Some("Muster, Ruth")),
            ("Muster, Ruth <ruth@example.org>", Some("Muster, Ruth")),
            ("Ruth Muster [PERSONAL/ WERK:] <ruth@example.org>", Some("Ruth Muster [PERSONAL/ WERK:]")),
            ("Personal: Ruth Muster <ruth@example.org>, Karl <karl@example.org>;", Some("Ruth Muster")),
            ("=?utf-8?Q?J=C3=B6rg?= <ruth@example.org>", Some("Jörg")),
            ("\"=?utf-8?Q?J=C3=B6rg?=\" <ruth@example.org>", Some("Jörg")),
            ("ruth@example.org (Ruth Muster)", Some("Ruth Muster")),
            ("ruth@example.org", None),
            ("Ruth <@relay.example:ruth@example.org>", Some("Ruth")),
            ("<ruth@example.org>", None),
            ("ruth@example.org <ruth@example.org>", None),
            (
                "\"chef@firma.example <chef@firma.example>\" <ruth@example.org>",
                Some("chef@firma.example <chef@firma.example>"),
            ),
            ("\"Ruth <ruth@example.org>", Some("Ruth")),
            ("Ruth (Personal <ruth@example.org>", Some("Ruth (Personal")),
            ("Ruth <'ruth@example.org'>", Some("Ruth")),
            ("Ruth <mailto:ruth@example.org>", Some("Ruth")),
            ("Ruth <ruth @ example . org>", Some("Ruth")),
            ("Ruth <ruth@example.org.>", Some("Ruth")),
            ("[ruth@example.org]", None),
            ("ruth@example.org, Karl <karl@example.org>", None),
        ] {
            let read = read_first(raw.as_bytes());
            assert_eq!(read.address.as_ref().map(EmailAddress::as_str), Some("ruth@example.org"), "{raw}");
            assert_eq!(read.name.as_deref(), name, "{raw}");
        }
    }

    #[test]
    fn an_address_in_a_comment_is_none() {
        let read = read_first(b"Ruth (once <erika@example.org>) <ruth@example.org>");
        assert_eq!(read.address.unwrap().as_str(), "ruth@example.org");
    }

    #[test]
    fn an_address_may_hold_letters_beyond_ascii() {
        for raw in ["Jörg <jörg@example.org>", "jörg@example.org"] {
            assert_eq!(read_first(raw.as_bytes()).address.unwrap().as_str(), "jörg@example.org");
        }
    }

    #[test]
    fn raw_bytes_in_a_name_are_read() {
        assert_eq!(read_first(b"J\xf6rg <ruth@example.org>").name.as_deref(), Some("Jörg"));
    }

    #[test]
    fn an_encoded_word_brings_no_address_along() {
        let read = read_first(b"=?utf-8?Q?=3Cchef=40firma.example=3E?= <ruth@example.org>");
        assert_eq!(read.address.unwrap().as_str(), "ruth@example.org");
    }
}
