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
        let word = pieces.next().unwrap_or_default();
        let word = without_comments(word);
        let parameters = pieces.by_ref().take(most).filter_map(|piece| {
            let equals = piece.iter().position(|&byte| byte == b'=')?;
            let name = String::from_utf8_lossy(piece.get(..equals)?).trim().to_ascii_lowercase();
            Some((name, unquote(piece.get(equals + 1..)?.trim_ascii())))
        });
        let parameters = parameters.collect();
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
        let text = starred.or_else(|| self.continued(name)).or_else(|| self.find(name).map(encoded_word::decode))?;
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn find(&self, name: &str) -> Option<&[u8]> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_slice())
    }

    /// RFC 2231, section 3: `name*0*=...; name*1=...`, in the order of the numbers. The pieces are joined as bytes, as a
    /// letter may be cut between two; a piece without a star at its end holds no escapes.
    fn continued(&self, name: &str) -> Option<String> {
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
        let (_, first_extended, first) = *pieces.first()?;
        let any_extended = pieces.iter().any(|&(_, extended, _)| extended);
        let (label, first) = if first_extended { split_charset(first) } else { (None, first) };
        let mut bytes = Vec::new();
        for (index, &(_, extended, value)) in pieces.iter().enumerate() {
            let value = if index == 0 { first } else { value };
            if extended { unescape(value, &mut bytes) } else { bytes.extend_from_slice(value) }
        }
        Some(if any_extended { charset::decode(&bytes, label.as_deref()) } else { encoded_word::decode(&bytes) })
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
        _ => (None, value),
    }
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

/// Splits at semicolons outside quotation marks. A mark that is never closed counts as an ordinary letter's end.
fn split_outside_quotes(raw: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut quoted = false;
    let mut escaped = false;
    raw.split(move |&byte| {
        let here = byte == b';' && !quoted;
        if byte == b'"' && !escaped {
            quoted = !quoted;
        }
        escaped = quoted && byte == b'\\' && !escaped;
        here
    })
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
        let value = Parameterised::parse(b"(a (b)) Text(c)/(d)HTML; charset=utf-8", 100);
        assert_eq!((value.word.as_str(), value.plain("charset").as_deref()), ("text/html", Some("utf-8")));
    }
}
