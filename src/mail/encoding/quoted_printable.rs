//! Quoted-printable (RFC 2045, section 6.7), read leniently.

/// Decodes a quoted-printable body.
///
/// Blanks at a line's end are transport noise and dropped; a soft break may be followed by such blanks; small hex digits
/// are read; an `=` that is no escape stays as it is.
pub(crate) fn decode(bytes: &[u8]) -> Vec<u8> {
    let mut content = Vec::with_capacity(bytes.len());
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', bytes).map(|at| at + 1).chain([bytes.len()]) {
        let line = bytes.get(start..end).unwrap_or_default();
        start = end;
        let text = line.trim_ascii_end();
        let end = match line {
            [.., b'\r', b'\n'] => b"\r\n".as_slice(),
            [.., b'\n'] => b"\n".as_slice(),
            _ => b"".as_slice(),
        };
        if let Some(text) = text.strip_suffix(b"=") {
            decode_escapes(text, &mut content);
        } else if end.is_empty() {
            // The last line, cut anywhere: its blanks may be meant.
            decode_escapes(line, &mut content);
        } else {
            decode_escapes(text, &mut content);
            content.extend_from_slice(end);
        }
    }
    content
}

/// An `=` stands in the body that is neither an escape nor a soft break.
pub(crate) fn is_broken(bytes: &[u8]) -> bool {
    memchr::memchr_iter(b'=', bytes).any(|at| {
        let behind = bytes.get(at + 1..).unwrap_or_default();
        hex_pair(behind).is_none() && !is_soft_break(behind)
    })
}

/// Nothing but blanks up to the end of the line.
fn is_soft_break(behind: &[u8]) -> bool {
    behind.iter().find(|byte| **byte == b'\n' || !byte.is_ascii_whitespace()).is_none_or(|&byte| byte == b'\n')
}

/// Replaces each `=XX` by its byte.
pub(crate) fn decode_escapes(mut text: &[u8], content: &mut Vec<u8>) {
    while let Some((before, [sign, rest @ ..])) = memchr::memchr(b'=', text).and_then(|at| text.split_at_checked(at)) {
        content.extend_from_slice(before);
        if let Some(byte) = hex_pair(rest) {
            content.push(byte);
            text = rest.get(2..).unwrap_or_default();
        } else {
            content.push(*sign);
            text = rest;
        }
    }
    content.extend_from_slice(text);
}

/// The byte that the first two letters name in hex, small or capital.
pub(crate) fn hex_pair(text: &[u8]) -> Option<u8> {
    let [high, low, ..] = text else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(*high)? << 4 | digit(*low)?).ok()
}

#[cfg(test)]
mod tests {
    use super::{decode, is_broken};

    #[test]
    fn escapes_and_soft_breaks_are_undone() {
        assert_eq!(decode(b"K=C3=B6ch=\r\nin \r\nneu"), "Köchin\r\nneu".as_bytes());
    }

    #[test]
    fn a_soft_break_may_have_blanks_behind_it_or_end_the_body() {
        assert_eq!(decode(b"eins= \t\r\nzwei=\n"), b"einszwei");
        assert_eq!(decode(b"Ende="), b"Ende");
    }

    #[test]
    fn a_broken_body_is_told() {
        assert!(!is_broken(b"K=C3=B6ch=\r\nin = \r\nneu="));
        assert!(is_broken(b"50=% mehr\n") && is_broken(b"a==\n") && is_broken(b"=C"));
    }

    #[test]
    fn what_is_no_escape_stays() {
        assert_eq!(decode(b"50=% =ZZ =c3=bc ="), "50=% =ZZ ü ".as_bytes());
    }
}
