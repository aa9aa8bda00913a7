//! Header fields as bytes (RFC 5322, section 2.2), found by name and decoded when asked for.

use super::Parameterised;
use crate::mail::encoding::encoded_word;
use encoding_rs::{Encoding, UTF_8};

/// Among so many parameters the character set of a header's own bytes, or its boundary, is looked for.
const MOST_PARAMETERS: usize = 20;

/// The fields of a mail or of a part, in their order.
pub(crate) struct Header<'a> {
    fields: Vec<(&'a [u8], &'a [u8])>,
}

/// A header that was read up to a bound.
pub(crate) struct Bounded<'a> {
    pub(crate) header: Header<'a>,
    /// What stands behind it.
    pub(crate) body: &'a [u8],
    /// It went on behind the bound; its further fields are part of the body now.
    pub(crate) too_large: bool,
}

impl<'a> Header<'a> {
    /// Reads the fields up to the empty line; gives them and the body behind it.
    ///
    /// A line that is neither a field nor a continuation is skipped. If the very first line of a part is none, the part
    /// has no header at all and everything is body. A leading mbox line (`From ...`) is skipped.
    pub(crate) fn parse(bytes: &'a [u8]) -> (Self, &'a [u8]) {
        let Bounded { header, body, .. } = Self::parse_within(bytes, usize::MAX);
        (header, body)
    }

    /// The same for a header of at most so many octets: a field that goes beyond them is not taken.
    pub(crate) fn parse_within(bytes: &'a [u8], most: usize) -> Bounded<'a> {
        Self::parse_until(bytes, most, |_| false)
    }

    /// The same for a part that ends at a boundary. Where the empty line is missing, the body begins with the first line
    /// that is no field.
    pub(crate) fn parse_until(bytes: &'a [u8], most: usize, is_boundary: impl Fn(&[u8]) -> bool) -> Bounded<'a> {
        let done = |fields, body, too_large| Bounded { header: Self { fields }, body, too_large };
        let mut fields: Vec<(&[u8], &[u8])> = Vec::new();
        let mut rest = bytes;
        let mut first_odd = None;
        while !rest.is_empty() {
            let (line, behind) = field_lines(rest);
            if line.starts_with(b"--") && is_boundary(line) {
                return done(fields, first_odd.unwrap_or(rest), false);
            }
            if line.trim_ascii_end().is_empty() {
                return done(fields, behind, false);
            }
            if bytes.len() - behind.len() > most {
                return done(fields, rest, true);
            }
            match split_field(line) {
                Some(field) => fields.push(field),
                None if fields.is_empty() && !line.starts_with(b"From ") && !later_field(behind) => {
                    return done(fields, bytes, false);
                }
                None if fields.is_empty() => {}
                None if first_odd.is_none() && is_own_boundary(line, &fields) => return done(fields, rest, false),
                None => drop(first_odd.get_or_insert(rest)),
            }
            rest = behind;
        }
        done(fields, first_odd.unwrap_or(rest), false)
    }

    /// Names and values as they stand, from the topmost field down.
    pub(crate) fn in_order(&self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> {
        self.fields.iter().copied()
    }

    /// The unfolded bytes of the first field of this name, without blanks around them; an empty one gives way to a later
    /// one that says something.
    pub(crate) fn raw(&self, name: &str) -> Option<Vec<u8>> {
        self.all(name).find(|value| !value.is_empty()).or_else(|| self.all(name).next())
    }

    /// The same of every field of this name.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = Vec<u8>> {
        self.fields
            .iter()
            .filter(move |(field, _)| field.eq_ignore_ascii_case(name.as_bytes()))
            .map(|(_, value)| unfold(value))
    }

    /// The same in UTF-8, encoded words left as they are. Bytes that are no UTF-8 are read by the set that the header
    /// declares for the body: programs that write raw bytes use one set for both.
    pub(crate) fn in_utf_8(&self, name: &str) -> Option<Vec<u8>> {
        let raw = self.raw(name)?;
        if std::str::from_utf8(&raw).is_ok() {
            return Some(raw);
        }
        let declared = Parameterised::parse(&self.raw("Content-Type").unwrap_or_default(), MOST_PARAMETERS);
        let set = declared.plain("charset").and_then(|label| Encoding::for_label(label.as_bytes()));
        let set = set.filter(|set| *set != UTF_8 && set.is_ascii_compatible());
        Some(set.map_or_else(|| raw.clone(), |set| set.decode_without_bom_handling(&raw).0.into_owned().into_bytes()))
    }

    /// The decoded text of the first field of this name.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.in_utf_8(name).map(|raw| encoded_word::decode(&raw))
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
    let line_end = |start: usize| {
        let rest = bytes.get(start..).unwrap_or_default();
        start + memchr::memchr(b'\n', rest).map_or(rest.len(), |at| at + 1)
    };
    let mut end = line_end(0);
    let empty = bytes.get(..end).is_some_and(|line| line.trim_ascii_end().is_empty());
    while !empty && matches!(bytes.get(end), Some(b' ' | b'\t')) {
        let next = line_end(end);
        let blank = bytes.get(end..next).is_some_and(|line| line.trim_ascii().is_empty());
        // A line of blanks goes on with the field (RFC 5322, section 4.2) only if more of the header follows.
        if blank && !goes_on(bytes.get(next..).unwrap_or_default()) {
            break;
        }
        end = next;
    }
    bytes.split_at_checked(end).unwrap_or((bytes, b""))
}

/// A field is a name of printable ASCII letters (RFC 5322, section 3.6.8), a colon and a value.
fn split_field(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = line.iter().position(|&byte| byte == b':')?;
    let (name, value) = line.split_at_checked(colon)?;
    let name = name.trim_ascii_end();
    let fits = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
    fits.then(|| (name, value.strip_prefix(b":").unwrap_or(value)))
}

/// The line is the boundary that the fields before it declare: their empty line is missing.
fn is_own_boundary(line: &[u8], fields: &[(&[u8], &[u8])]) -> bool {
    let Some(line) = line.trim_ascii_end().strip_prefix(b"--") else { return false };
    let mut types = fields.iter().filter(|(name, _)| name.eq_ignore_ascii_case(b"Content-Type"));
    let declared =
        types.next().and_then(|(_, value)| Parameterised::parse(&unfold(value), MOST_PARAMETERS).plain("boundary"));
    declared.is_some_and(|boundary| !boundary.is_empty() && line == boundary.as_bytes())
}

/// What follows a line of blanks belongs to the header: a continuation or a field that mails have.
fn goes_on(bytes: &[u8]) -> bool {
    let line = bytes.split(|&byte| byte == b'\n').next().unwrap_or_default();
    matches!(line.first(), Some(b' ' | b'\t')) || split_field(line).is_some_and(|(name, _)| is_known(name))
}

fn is_known(name: &[u8]) -> bool {
    KNOWN.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes()))
}

/// Behind a first line that is no field, does the next one look like one (then the odd line is noise in a header)?
fn later_field(bytes: &[u8]) -> bool {
    let (line, _) = field_lines(bytes);
    split_field(line).is_some_and(|(name, _)| is_known(name))
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
    fn a_line_of_blanks_ends_the_header_unless_more_of_it_follows() {
        let (header, body) = Header::parse(b"From: a\nSubject: x\n  \nGuten Tag\n\nText");
        assert_eq!((header.text("Subject").as_deref(), body), (Some("x"), &b"Guten Tag\n\nText"[..]));
        let (header, body) = Header::parse(b"From: a\n  \nTo: b\nSubject: x\n \n y\n\nText");
        assert_eq!((header.text("To").as_deref(), header.text("Subject").as_deref()), (Some("b"), Some("x  y")));
        assert_eq!(body, b"Text");
    }

    #[test]
    fn where_the_empty_line_is_missing_the_body_begins_with_what_is_no_field() {
        let bounded = Header::parse_until(b"Content-Type: a\nJVBERi\n--b\nX: y\n\nText", 99, |line| line == b"--b\n");
        assert!(bounded.body.starts_with(b"JVBERi\n--b") && !bounded.header.has("X"));
    }

    #[test]
    fn a_header_ends_before_the_boundary_that_it_declares() {
        let (header, body) = Header::parse(b"Content-Type: multipart/mixed;\n boundary=b\nTo: a\n--b\nTo: c\n\nText");
        assert!(header.has("To") && body.starts_with(b"--b\nTo: c"));
    }

    #[test]
    fn raw_bytes_are_read_by_the_set_of_the_body() {
        let (header, _) = Header::parse(b"Subject: \xf2\xc5\nContent-Type: text/plain; charset=koi8-r\n\n");
        assert_eq!(header.text("Subject").as_deref(), Some("Ре"));
        let (header, _) = Header::parse("Subject: Ре\nContent-Type: text/plain; charset=koi8-r\n\n".as_bytes());
        assert_eq!(header.text("Subject").as_deref(), Some("Ре"));
    }

    #[test]
    fn an_empty_field_gives_way_to_one_that_says_something() {
        let (header, _) = Header::parse(b"Subject:\nSubject: x\nSubject: y\nCc:\n\n");
        assert_eq!((header.text("Subject").as_deref(), header.text("Cc").as_deref()), (Some("x"), Some("")));
    }

    #[test]
    fn a_part_without_a_header_is_all_body() {
        let (header, body) = Header::parse(b"Guten Tag,\nanbei: nichts\n\nGruss");
        assert!(header.fields.is_empty());
        assert!(body.starts_with(b"Guten Tag"));
    }

    #[test]
    fn a_header_beyond_its_bound_keeps_the_fields_before() {
        let mail = format!("Subject: kurz\nTo: {}\nFrom: a\n\nText", "x".repeat(100));
        let bounded = Header::parse_within(mail.as_bytes(), 50);
        assert!(bounded.too_large && bounded.body.starts_with(b"To: x"));
        assert_eq!((bounded.header.text("Subject").as_deref(), bounded.header.has("From")), (Some("kurz"), false));
        assert!(!Header::parse_within(mail.as_bytes(), 200).too_large);
    }

    #[test]
    fn a_field_of_very_many_empty_continuations_is_read_in_one_go() {
        let mail = format!("Subject: x\n{}\n\nText", " \n".repeat(500_000));
        assert_eq!(Header::parse(mail.as_bytes()).0.text("Subject").as_deref(), Some("x"));
    }

    #[test]
    fn an_empty_header_ends_at_once() {
        let (header, body) = Header::parse(b"\r\nText");
        assert!(header.fields.is_empty());
        assert_eq!(body, b"Text");
    }
}
