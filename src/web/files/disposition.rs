//! The `Content-Disposition` of a file: its name in a header, for every browser (RFC 6266, RFC 8187).

use axum::http::HeaderValue;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What stands for itself in an extended value: RFC 8187's `attr-char`.
const EXTENDED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// How a browser is to treat a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Disposition {
    /// It shows it.
    Inline,
    /// It saves it.
    Attachment,
}

impl Disposition {
    /// The header with the file's name: in plain ASCII for old programs, and exact for the others.
    pub(super) fn header(self, name: &str) -> HeaderValue {
        let word = match self {
            Self::Inline => "inline",
            Self::Attachment => "attachment",
        };
        let exact = utf8_percent_encode(name, EXTENDED);
        let header = format!("{word}; filename=\"{}\"; filename*=UTF-8''{exact}", in_ascii(name));
        HeaderValue::try_from(header).unwrap_or(HeaderValue::from_static("attachment"))
    }
}

/// The name without what a quoted string would need marks for: programs read those in different ways. A percent sign
/// would be read as the beginning of a coded letter.
fn in_ascii(name: &str) -> String {
    let plain = |letter: char| match letter {
        'ä' => "ae".to_owned(),
        'ö' => "oe".to_owned(),
        'ü' => "ue".to_owned(),
        'Ä' => "Ae".to_owned(),
        'Ö' => "Oe".to_owned(),
        'Ü' => "Ue".to_owned(),
        'ß' => "ss".to_owned(),
        '"' | '\\' | '/' | '%' => "_".to_owned(),
        ' '..='~' => letter.to_string(),
        _ => "_".to_owned(),
    };
    name.chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::Disposition;

    fn header(name: &str) -> String {
        Disposition::Attachment.header(name).to_str().unwrap().to_owned()
    }

    #[test]
    fn a_name_is_exact_for_browsers_and_plain_for_old_programs() {
        assert_eq!(
            header("Lebenslauf Jörg Groß.pdf"),
            "attachment; filename=\"Lebenslauf Joerg Gross.pdf\"; \
             filename*=UTF-8''Lebenslauf%20J%C3%B6rg%20Gro%C3%9F.pdf"
        );
        assert!(Disposition::Inline.header("a.pdf").to_str().unwrap().starts_with("inline; filename=\"a.pdf\";"));
        assert!(header("履歴書.pdf").contains("filename=\"___.pdf\"; filename*=UTF-8''%E5%B1%A5"));
    }

    #[test]
    fn a_name_cannot_leave_its_place_in_the_header() {
        for name in ["a\r\nSet-Cookie: x=1.pdf", "a\"; filename=\"b.exe", "a\\\"b", "a\0b", "a;b='c'", "%41.pdf", ""] {
            let header = header(name);
            assert_eq!(header.matches('"').count(), 2, "{header}");
            assert!(!header.contains(['\r', '\n', '\0', '\\']), "{header}");
            let exact = header.split_once("filename*=UTF-8''").unwrap().1;
            assert!(!exact.contains([';', ' ', '\'', '"', '*', '(']), "{header}");
            assert_eq!(percent_encoding::percent_decode_str(exact).decode_utf8().unwrap(), name);
        }
    }
}
