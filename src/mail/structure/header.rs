//! Header fields as bytes (RFC 5322, section 2.2), found by name and decoded when asked for.

use crate::mail::encoding::encoded_word;

/// The fields of a mail or of a part, in their order.
pub(crate) struct Header<'a> {
    fields: Vec<(&'a [u8], &'a [u8])>,
}

impl<'a> Header<'a> {
    /// Reads the fields up to the empty line; gives them and the body behind it.
    ///
    /// A line that is neither a field nor a continuation is skipped. If the very first line of a part is none, the part
    /// has no header at all and everything is body. A leading mbox line (`From ...`) is skipped.
    pub(crate) fn parse(bytes: &'a [u8]) -> (Self, &'a [u8]) {
        let mut fields: Vec<(&[u8], &[u8])> = Vec::new();
        let mut rest = bytes;
        while !rest.is_empty() {
            let (line, behind) = field_lines(rest);
            if line.trim_ascii_end().is_empty() {
                return (Self { fields }, behind);
            }
            match split_field(line) {
                Some(field) => fields.push(field),
                None if fields.is_empty() && !line.starts_with(b"From ") && !later_field(behind) => {
                    return (Self { fields }, bytes);
                }
                None => {}
            }
            rest = behind;
        }
        (Self { fields }, rest)
    }

    /// The unfolded bytes of the first field of this name, without blanks around them.
    pub(crate) fn raw(&self, name: &str) -> Option<Vec<u8>> {
        self.all(name).next()
    }

    /// The same of every field of this name.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = Vec<u8>> {
        self.fields
            .iter()
            .filter(move |(field, _)| field.eq_ignore_ascii_case(name.as_bytes()))
            .map(|(_, value)| unfold(value))
    }

    /// The decoded text of the first field of this name.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.raw(name).map(|raw| encoded_word::decode(&raw))
    }

    /// The decoded text in small letters, empty where there is no such field.
    pub(crate) fn word(&self, name: &str) -> String {
        self.text(name).unwrap_or_default().trim().to_lowercase()
    }

    /// There is a field of this name, be it empty.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(field, _)| field.eq_ignore_ascii_case(name.as_bytes()))
    }
}

/// The first line with its continuations, and what is behind it.
fn field_lines(bytes: &[u8]) -> (&[u8], &[u8]) {
    let mut end = 0;
    // Kept from line to line: looking at all lines so far would make many blank ones take the square of their number.
    let mut empty = true;
    loop {
        let rest = bytes.get(end..).unwrap_or_default();
        let length = rest.iter().position(|&byte| byte == b'\n').map_or(rest.len(), |at| at + 1);
        empty = empty && rest.get(..length).is_some_and(|line| line.trim_ascii_end().is_empty());
        end += length;
        let folded = matches!(bytes.get(end), Some(b' ' | b'\t'));
        if empty || !folded || end >= bytes.len() {
            return bytes.split_at_checked(end).unwrap_or((bytes, b""));
        }
    }
}

/// A field is a name of printable ASCII letters (RFC 5322, section 3.6.8), a colon and a value.
fn split_field(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = line.iter().position(|&byte| byte == b':')?;
    let (name, value) = line.split_at_checked(colon)?;
    let name = name.trim_ascii_end();
    let fits = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
    fits.then(|| (name, value.strip_prefix(b":").unwrap_or(value)))
}

/// Behind a first line that is no field, does the next one look like one (then the odd line is noise in a header)?
fn later_field(bytes: &[u8]) -> bool {
    let (line, _) = field_lines(bytes);
    split_field(line).is_some_and(|(name, _)| KNOWN.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes())))
}

/// Fields of which at least one stands in whatever deserves to be called a mail.
pub(crate) const KNOWN: [&str; 14] = [
    "From",
    "Subject",
    "Date",
    "To",
    "Message-ID",
    "Received",
    "MIME-Version",
    "Content-Type",
    "Return-Path",
    "Sender",
    "Cc",
    "Reply-To",
    "Content-Transfer-Encoding",
    "Content-Disposition",
];

/// Line ends go, the blanks behind them stay (RFC 5322, section 2.2.3).
fn unfold(value: &[u8]) -> Vec<u8> {
    value.trim_ascii().iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n' | 0)).collect()
}

#[cfg(test)]
mod tests {
    use super::Header;

    #[test]
    fn folded_fields_are_whole_and_the_first_of_a_name_counts() {
        let (header, body) = Header::parse(b"Subject: 2024-00001\r\n WG: neu\r\nsubject: zwei\r\n\r\nText");
        assert_eq!(header.text("SUBJECT").as_deref(), Some("2024-00001 WG: neu"));
        assert_eq!(body, b"Text");
    }

    #[test]
    fn lines_that_are_no_field_are_skipped() {
        let (header, body) = Header::parse(b"From x@y Wed\nFrom: a\nohne Doppelpunkt\nTo : b\n\nText");
        assert_eq!((header.text("from").as_deref(), header.text("to").as_deref()), (Some("a"), Some("b")));
        assert_eq!(body, b"Text");
    }

    #[test]
    fn a_part_without_a_header_is_all_body() {
        let (header, body) = Header::parse(b"Guten Tag,\nanbei: nichts\n\nGruss");
        assert!(header.fields.is_empty());
        assert!(body.starts_with(b"Guten Tag"));
    }

    #[test]
    fn an_empty_header_ends_at_once() {
        let (header, body) = Header::parse(b"\r\nText");
        assert!(header.fields.is_empty());
        assert_eq!(body, b"Text");
    }
}
