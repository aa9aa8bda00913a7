//! The values of `Content-Type` and `Content-Disposition`: a word and its parameters, RFC 2231 in every form.

use crate::mail::encoding::{charset, encoded_word, quoted_printable};

/// A header value with parameters: `text/plain; charset=utf-8`.
#[derive(Debug, Default)]
pub(crate) struct Parameterised {
    /// What stands before the first semicolon, in small letters and without comments.
    pub(crate) word: String,
    parameters: Vec<(String, Vec<u8>)>,
    /// There were more parameters than were taken.
    pub(crate) too_many: bool,
}

impl Parameterised {
    /// Reads a value, unfolded but not decoded, with at most so many parameters. They may be quoted or not, with blanks
    /// and with raw bytes.
    pub(crate) fn parse(raw: &[u8], most: usize) -> Self {
        let mut pieces = split_outside_quotes(raw);
        let (word, unparted) = split_unparted(pieces.next().unwrap_or_default());
        let word = without_comments(word);
        let mut parameters: Vec<_> = parameter(unparted).into_iter().collect();
        parameters.extend(pieces.by_ref().take(most).filter_map(parameter));
        let too_many = pieces.next().is_some();
        Self { word: String::from_utf8_lossy(&word).trim().to_ascii_lowercase(), parameters, too_many }
    }

    /// A parameter whose value is ASCII by nature (`charset`, `boundary`, `format`).
    pub(crate) fn plain(&self, name: &str) -> Option<String> {
        let value =
            self.find(name).map(<[u8]>::to_vec).or_else(|| self.find(&format!("{name}*")).map(strip_charset))?;
        Some(String::from_utf8_lossy(&value).trim().to_owned())
    }

    /// A parameter that people read (`filename`, `name`). The forms of RFC 2231 go before the simple one.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        let starred = self.find(&format!("{name}*")).map(decode_extended);
        let (continued, from_start) = self.continued(name).unzip();
        // Pieces whose first is lost are worse than a simple name, but better than none.
        let whole = continued.clone().filter(|_| from_start == Some(true));
        let text = starred.or(whole).or_else(|| self.find(name).map(encoded_word::decode)).or(continued)?;
        let text = without_odd_quotes(text.trim());
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn find(&self, name: &str) -> Option<&[u8]> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_slice())
    }

    /// RFC 2231, section 3: `name*0*=...; name*1=...`, in the order of the numbers. The pieces are joined as bytes, as a
    /// letter or an escape may be cut between two; a piece without a star at its end holds no escapes, unless the first
    /// one names a character set all the same. Gives the value and whether its first piece is there.
    fn continued(&self, name: &str) -> Option<(String, bool)> {
        let mut pieces: Vec<(u32, bool, &[u8])> = self
            .parameters
            .iter()
            .filter_map(|(known, value)| {
                let number = known.strip_prefix(name)?.strip_prefix('*')?;
                let extended = number.ends_with('*');
                Some((number.trim_end_matches('*').parse().ok()?, extended, value.as_slice()))
            })
            .collect();
        pieces.sort_by_key(|&(number, ..)| number);
        let (number, first_extended, first) = *pieces.first()?;
        let (label, value) = split_charset(first);
        let all_extended = !first_extended && label.as_deref().is_some_and(|label| is_character_set(label.as_bytes()));
        let (label, first) = if first_extended || all_extended { (label, value) } else { (None, first) };
        let any_extended = all_extended || pieces.iter().any(|&(_, extended, _)| extended);
        let mut bytes = Vec::new();
        let mut escaped = Vec::new();
        for (index, &(_, extended, value)) in pieces.iter().enumerate() {
            let value = if index == 0 { first } else { value };
            if extended || all_extended {
                escaped.extend_from_slice(value);
            } else {
                unescape(&escaped, &mut bytes);
                escaped.clear();
                bytes.extend_from_slice(value);
            }
        }
        unescape(&escaped, &mut bytes);
        let text = if any_extended { charset::decode(&bytes, label.as_deref()) } else { encoded_word::decode(&bytes) };
        Some((text, number == 0))
    }
}

/// RFC 2231, section 4: `charset'language'escaped`; the two quotation marks may be missing.
fn decode_extended(value: &[u8]) -> String {
    if value.starts_with(b"=?") {
        return encoded_word::decode(value);
    }
    let (label, rest) = split_charset(value);
    let mut bytes = Vec::new();
    unescape(rest, &mut bytes);
    // Some programs put an encoded word into the form that replaced it.
    if bytes.starts_with(b"=?") { encoded_word::decode(&bytes) } else { charset::decode(&bytes, label.as_deref()) }
}

fn split_charset(value: &[u8]) -> (Option<String>, &[u8]) {
    let mut pieces = value.splitn(3, |&byte| byte == b'\'');
    match (pieces.next(), pieces.next(), pieces.next()) {
        (Some(label), Some(_), Some(rest))
            if label.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(byte)) =>
        {
            (Some(String::from_utf8_lossy(label).into_owned()).filter(|label| !label.is_empty()), rest)
        }
        // One of the two marks is missing.
        (Some(label), Some(rest), None) if is_character_set(label) => {
            (Some(String::from_utf8_lossy(label).into_owned()), rest)
        }
        _ => (None, value),
    }
}

fn is_character_set(label: &[u8]) -> bool {
    encoding_rs::Encoding::for_label(label).is_some()
}

fn strip_charset(value: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    unescape(split_charset(value).1, &mut bytes);
    bytes
}

/// Replaces each `%XX` by its byte; other percent signs stay.
fn unescape(mut value: &[u8], bytes: &mut Vec<u8>) {
    while let [first, rest @ ..] = value {
        if let (b'%', Some(byte)) = (*first, quoted_printable::hex_pair(rest)) {
            bytes.push(byte);
            value = rest.get(2..).unwrap_or_default();
        } else {
            bytes.push(*first);
            value = rest;
        }
    }
}

/// `name=value`.
fn parameter(piece: &[u8]) -> Option<(String, Vec<u8>)> {
    let equals = piece.iter().position(|&byte| byte == b'=')?;
    let name = String::from_utf8_lossy(piece.get(..equals)?).trim().to_ascii_lowercase();
    Some((name, unquote(piece.get(equals + 1..)?.trim_ascii())))
}

/// Splits a first piece into its word and a parameter that stands behind it without a semicolon, or alone.
fn split_unparted(piece: &[u8]) -> (&[u8], &[u8]) {
    let Some(equals) = piece.iter().position(|&byte| byte == b'=') else { return (piece, b"") };
    let before = piece.get(..equals).unwrap_or_default().trim_ascii_end();
    let start = before.iter().rposition(u8::is_ascii_whitespace).map_or(0, |blank| blank + 1);
    piece.split_at_checked(start).unwrap_or((piece, b""))
}

/// Splits at semicolons outside quotation marks. A mark that is never closed is an ordinary letter.
fn split_outside_quotes(raw: &[u8]) -> impl Iterator<Item = &[u8]> {
    let last_mark = raw.iter().rposition(|&byte| byte == b'"');
    let mut quoted = false;
    let mut escaped = false;
    let mut at = 0;
    raw.split(move |&byte| {
        let here = byte == b';' && !quoted;
        if byte == b'"' && !escaped {
            quoted = !quoted && last_mark != Some(at);
        }
        escaped = quoted && byte == b'\\' && !escaped;
        at += 1;
        here
    })
}

/// Takes off a pair of marks that are no quotation marks of a header.
fn without_odd_quotes(text: &str) -> &str {
    let inner = text.strip_prefix(['\'', '‘', '“', '„', '”']);
    let inner = inner.and_then(|inner| inner.strip_suffix(['\'', '’', '“', '”']));
    inner.map_or(text, str::trim)
}

/// Takes out comments, also nested ones (RFC 5322, section 3.2.2): they may stand anywhere in a type.
fn without_comments(word: &[u8]) -> Vec<u8> {
    let mut depth = 0_usize;
    let outside = word.iter().copied().filter(|byte| match byte {
        b'(' => {
            depth += 1;
            false
        }
        b')' if depth > 0 => {
            depth -= 1;
            false
        }
        _ => depth == 0,
    });
    outside.collect()
}

/// Takes off quotation marks. A backslash escapes only a mark or another backslash: what Windows programs put in quotes
/// are paths.
fn unquote(value: &[u8]) -> Vec<u8> {
    let Some(inner) = value.strip_prefix(b"\"") else { return value.to_vec() };
    let mut text = Vec::with_capacity(inner.len());
    let mut bytes = inner.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => break,
            b'\\' if matches!(bytes.peek(), Some(b'"' | b'\\')) => text.extend(bytes.next()),
            _ => text.push(byte),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::Parameterised;

    fn name(value: &str) -> Option<String> {
        Parameterised::parse(value.as_bytes(), 100).text("filename")
    }

    #[test]
    fn every_way_to_write_a_name_is_read() {
        for (value, right) in [
            ("attachment; filename=Zeugnis.pdf", "Zeugnis.pdf"),
            ("attachment; filename=Zeugnis der Schule.pdf", "Zeugnis der Schule.pdf"),
            ("attachment; filename=\"Zeugnis; \\\"gut\\\".pdf\"; size=1", "Zeugnis; \"gut\".pdf"),
            ("attachment; filename=\"C:\\Users\\x\\CV.pdf\"", "C:\\Users\\x\\CV.pdf"),
            ("attachment; filename=\"=?utf-8?Q?K=C3=B6chin?=.pdf\"", "Köchin.pdf"),
            ("attachment; filename*=utf-8'de'Pr%C3%BCfung.pdf; filename=Pruefung.pdf", "Prüfung.pdf"),
            ("attachment; filename*=iso-8859-1''J%F6rg.pdf", "Jörg.pdf"),
            ("attachment; filename*=Zeugnis%20neu.pdf", "Zeugnis neu.pdf"),
            ("attachment; filename*0*=iso-8859-1''J%F6; filename*1*=rg%FC; filename*2=100%25.pdf", "Jörgü100%25.pdf"),
            ("attachment; filename*1*=%BC.pdf; filename*0*=utf-8''%C3", "ü.pdf"),
            ("attachment; filename*0=\"lang\"; filename*1=\"er.pdf\"", "langer.pdf"),
            ("attachment; filename*0*=utf-8''%C3%B; filename*1*=C.pdf", "ü.pdf"),
            ("attachment; filename*0=\"utf-8''%C3%BC\"; filename*1=\"%20.pdf\"", "ü .pdf"),
            ("attachment; filename*=utf-8'%C3%BC.pdf", "ü.pdf"),
            ("attachment; filename*=Erika's.pdf", "Erika's.pdf"),
            ("attachment; filename*1*=nis.pdf; filename=Zeugnis.pdf", "Zeugnis.pdf"),
            ("attachment; filename*1*=utf-8''Zeug; filename*2*=nis.pdf", "Zeugnis.pdf"),
            ("attachment; filename=\"Zeugnis.pdf; size=43", "Zeugnis.pdf"),
            ("attachment; filename='Zeugnis.pdf'", "Zeugnis.pdf"),
            ("attachment; filename=“Zeugnis.pdf”", "Zeugnis.pdf"),
            ("attachment filename=\"Zeugnis.pdf\"", "Zeugnis.pdf"),
            ("filename=\"Zeugnis.pdf\"", "Zeugnis.pdf"),
        ] {
            assert_eq!(name(value).as_deref(), Some(right), "{value}");
        }
    }

    #[test]
    fn an_empty_name_is_none() {
        assert_eq!(name("attachment; filename=\"\""), None);
        assert_eq!(name("attachment"), None);
    }

    #[test]
    fn comments_and_capital_letters_do_not_matter() {
        let value = Parameterised::parse(b"Text/HTML (nice); CHARSET=\"UTF-8\"", 100);
        assert_eq!((value.word.as_str(), value.plain("charset").as_deref()), ("text/html", Some("UTF-8")));
        let value = Parameterised::parse(b"text/html charset=utf-8", 100);
        assert_eq!((value.word.as_str(), value.plain("charset").as_deref()), ("text/html", Some("utf-8")));
        let value = Parameterised::parse(b"(a (b)) Text(c)/(d)HTML; charset=utf-8", 100);
        assert_eq!((value.word.as_str(), value.plain("charset").as_deref()), ("text/html", Some("utf-8")));
    }
}
