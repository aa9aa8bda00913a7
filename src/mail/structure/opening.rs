//! What stands before a mail's first field, or keeps it from being found: saved mails carry a byte order mark, empty
//! lines, the line ends of old Macintosh programs, or are UTF-16 as a whole.

use std::borrow::Cow;

/// A mail from its first field on, with lines that end in LF or CRLF.
pub(crate) fn open(bytes: &[u8]) -> Cow<'_, [u8]> {
    match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, mark)) if encoding != encoding_rs::UTF_8 => {
            let (text, _) = encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default());
            Cow::Owned(with_line_feeds(text.as_bytes()).into_owned())
        }
        Some((_, mark)) => with_line_feeds(bytes.get(mark..).unwrap_or_default()),
        None => with_line_feeds(bytes),
    }
}

/// Lines that end with CR alone get LF: no header would be found in them. Empty lines before the first field go.
fn with_line_feeds(bytes: &[u8]) -> Cow<'_, [u8]> {
    let first = bytes.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(0);
    let before = bytes.get(..first).unwrap_or_default();
    let start = before.iter().rposition(|byte| matches!(byte, b'\r' | b'\n')).map_or(0, |end| end + 1);
    let bytes = bytes.get(start..).unwrap_or_default();
    if bytes.contains(&b'\n') || !bytes.contains(&b'\r') {
        return Cow::Borrowed(bytes);
    }
    Cow::Owned(bytes.iter().map(|&byte| if byte == b'\r' { b'\n' } else { byte }).collect())
}

#[cfg(test)]
mod tests {
    use super::open;

    #[test]
    fn the_first_field_comes_first() {
        let utf_16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        for mail in [
            b"From: a\n\nText".to_vec(),
            b"From: a\r\rText".to_vec(),
            b"\r\n\n  \nFrom: a\n\nText".to_vec(),
            b"\xef\xbb\xbfFrom: a\n\nText".to_vec(),
            utf_16("\u{feff}From: a\n\nText"),
            utf_16("\u{feff}From: a\r\rText"),
        ] {
            assert_eq!(open(&mail).as_ref(), b"From: a\n\nText", "{mail:?}");
        }
    }
}
