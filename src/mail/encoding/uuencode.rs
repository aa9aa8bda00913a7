//! Uuencoded files, as a transfer encoding or standing in a text.

use super::decoded::Decoded;
use std::borrow::Cow;

/// A file that stood in a text.
pub(crate) struct UuencodedFile {
    /// The name behind `begin`, as it stands there.
    pub(crate) name: Vec<u8>,
    /// The decoded bytes.
    pub(crate) content: Vec<u8>,
    /// No `end` line followed.
    pub(crate) damaged: bool,
}

/// Decodes a body whose transfer encoding is uuencode; without a `begin` line it stays as it is.
pub(crate) fn decode_whole(bytes: &[u8]) -> Decoded<'_> {
    match take_from_text(bytes).and_then(|(_, files)| files.into_iter().next()) {
        Some(file) => Decoded { bytes: Cow::Owned(file.content), damaged: file.damaged },
        None => Decoded { bytes: Cow::Borrowed(bytes), damaged: true },
    }
}

/// Takes the uuencoded files out of a text; `None` where there are none.
///
/// A file counts only if the line behind `begin` decodes, so that a sentence starting with "begin 100 ..." stays text.
pub(crate) fn take_from_text(bytes: &[u8]) -> Option<(Vec<u8>, Vec<UuencodedFile>)> {
    memchr::memmem::find(bytes, b"begin ")?;
    let mut text = Vec::new();
    let mut files: Vec<UuencodedFile> = Vec::new();
    let mut lines = bytes.split_inclusive(|&byte| byte == b'\n').peekable();
    while let Some(line) = lines.next() {
        let begins = begin_line(line).filter(|_| lines.peek().is_some_and(|next| decode_line(next).is_some()));
        let Some(name) = begins else {
            text.extend_from_slice(line);
            continue;
        };
        let mut file = UuencodedFile { name: name.to_vec(), content: Vec::new(), damaged: true };
        while let Some(content) = lines.peek().and_then(|next| decode_line(next)) {
            file.content.extend_from_slice(&content);
            lines.next();
        }
        if lines.peek().is_some_and(|next| next.trim_ascii() == b"end") {
            file.damaged = false;
            lines.next();
        }
        files.push(file);
    }
    (!files.is_empty()).then_some((text, files))
}

/// The name in `begin MODE NAME`.
fn begin_line(line: &[u8]) -> Option<&[u8]> {
    let rest = line.strip_prefix(b"begin ")?.trim_ascii();
    let space = rest.iter().position(|&byte| byte == b' ')?;
    let (mode, name) = rest.split_at_checked(space)?;
    let octal = matches!(mode.len(), 3 | 4) && mode.iter().all(|byte| (b'0'..=b'7').contains(byte));
    let name = name.trim_ascii();
    (octal && !name.is_empty()).then_some(name)
}

/// One line: its length in the first letter, then four letters for three bytes. Blanks at the end may have been lost.
fn decode_line(line: &[u8]) -> Option<Vec<u8>> {
    let line = line.trim_ascii_end();
    let (&first, letters) = line.split_first()?;
    if line == b"end" || !(b' '..=b'`').contains(&first) || !letters.iter().all(|byte| (b' '..=b'`').contains(byte)) {
        return None;
    }
    let length = usize::from((first - b' ') & 63);
    let needed = length.div_ceil(3) * 4;
    if letters.len() > needed + 2 {
        return None;
    }
    let bits = |index: usize| letters.get(index).map_or(0, |byte| u32::from((byte - b' ') & 63));
    let mut content = Vec::with_capacity(length + 2);
    for start in (0..needed).step_by(4) {
        let quantum = bits(start) << 18 | bits(start + 1) << 12 | bits(start + 2) << 6 | bits(start + 3);
        let [_, bytes @ ..] = quantum.to_be_bytes();
        content.extend(bytes);
    }
    content.truncate(length);
    Some(content)
}

#[cfg(test)]
mod tests {
    use super::take_from_text;

    #[test]
    fn a_file_in_a_text_is_taken_out() {
        let (text, files) = take_from_text(b"Anbei.\nbegin 644 notiz.txt\n%2&%L;&\\\n`\nend\nGruss\n").unwrap();
        assert_eq!(text, b"Anbei.\nGruss\n");
        assert_eq!((files[0].name.as_slice(), files[0].content.as_slice()), (&b"notiz.txt"[..], &b"Hallo"[..]));
        assert!(!files[0].damaged);
    }

    #[test]
    fn a_sentence_that_begins_so_stays_text() {
        assert!(take_from_text(b"begin 100 days before\nthe course starts\n").is_none());
    }

    #[test]
    fn a_file_cut_short_is_damaged() {
        let (_, files) = take_from_text(b"begin 644 a.txt\n%2&%L;&\\\n").unwrap();
        assert!(files[0].damaged);
    }
}
