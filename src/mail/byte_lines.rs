//! The lines of a mail, as bytes and as text.

/// The pieces between line feeds, the last one too; a carriage return at a line's end belongs to the line.
///
/// The same as `split`, but many bytes at a time: a mail of files is little else than line ends to be found.
pub(crate) fn byte_lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut start = 0;
    memchr::memchr_iter(b'\n', bytes).chain([bytes.len()]).map(move |end| {
        let line = bytes.get(start..end).unwrap_or_default();
        start = end + 1;
        line
    })
}

/// The same of a text.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut start = 0;
    memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]).map(move |end| {
        let line = text.get(start..end).unwrap_or_default();
        start = end + 1;
        line
    })
}

#[cfg(test)]
mod tests {
    use super::{byte_lines, lines};

    #[test]
    fn the_lines_are_those_of_split() {
        for bytes in [&b""[..], b"\n", b"a", b"a\r\nb", b"a\n\nb\n"] {
            assert!(byte_lines(bytes).eq(bytes.split(|&byte| byte == b'\n')), "{bytes:?}");
            let text = std::str::from_utf8(bytes).unwrap();
            assert!(lines(text).eq(text.split('\n')), "{text:?}");
        }
    }
}
