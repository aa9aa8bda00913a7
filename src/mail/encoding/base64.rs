//! Base64 as mails carry it: strictly by libraries where it is sound, letter by letter where it is not.

use super::decoded::Decoded;
use crate::mail::byte_lines::byte_lines;
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use std::borrow::Cow;

/// Padding may be missing and loose bits may stand at the end: both lose nothing.
const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Decodes a base64 body. Line ends and blanks are skipped; letters outside the alphabet are skipped too but mark the
/// content as damaged (RFC 2045, section 6.8), as does a piece cut off in the middle of a letter.
pub(crate) fn decode(bytes: &[u8]) -> Decoded<'_> {
    let content = decode_lines(bytes).map_or_else(|| ENGINE.decode(without_blanks(bytes)), Ok);
    match content {
        Ok(content) => Decoded { bytes: Cow::Owned(content), damaged: false },
        Err(_) if is_written_text(bytes) || is_plain_file(bytes) => {
            Decoded { bytes: Cow::Borrowed(bytes), damaged: true }
        }
        Err(_) => decode_leniently(bytes),
    }
}

/// Letters that are decoded at a time: a large file is not copied a second time for the sake of its line ends.
const PIECE: usize = 48 * 1024;

/// What almost every body needs; line by line, as letter by letter would take half the time of reading a mail. `None` if
/// it is not sound.
fn decode_lines(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut content = Vec::with_capacity(bytes.len() / 4 * 3 + 3);
    let mut letters = Vec::with_capacity(PIECE.min(bytes.len()) * 2);
    let (mut rest, mut width) = (bytes, 0);
    while !rest.is_empty() {
        // Nearly all lines are as long as the one before. If this one is two, their end is no letter and all is read anew.
        if width == 0 || rest.get(width - 1) != Some(&b'\n') {
            width = memchr::memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
        }
        let (line, behind) = rest.split_at_checked(width)?;
        rest = behind;
        for part in line.trim_ascii().chunks(PIECE) {
            letters.extend_from_slice(part);
            if letters.len() >= PIECE {
                let decoded = decode_whole_quanta(&letters, &mut content)?;
                letters.drain(..decoded);
            }
        }
    }
    let decoded = decode_whole_quanta(&letters, &mut content)?;
    ENGINE.decode_vec(letters.get(decoded..)?, &mut content).ok()?;
    Some(content)
}

/// Decodes all but the last letters, which may be padded, many at a time; gives how many it were.
fn decode_whole_quanta(letters: &[u8], content: &mut Vec<u8>) -> Option<usize> {
    let (quanta, _) = letters.split_at_checked(letters.len().saturating_sub(1) / 4 * 4)?;
    base64_simd::STANDARD_NO_PAD.decode_append(quanta, content).ok()?;
    Some(quanta.len())
}

fn without_blanks(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect()
}

/// Declared as base64 but sent as it is: most lines have blanks between words.
fn is_written_text(bytes: &[u8]) -> bool {
    let lines = || byte_lines(bytes).map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let worded = lines().filter(|line| line.contains(&b' ')).count();
    worded * 2 > lines().count()
}

/// First bytes of files that base64 letters cannot be.
const PLAIN_FILES: [&[u8]; 7] =
    [b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf", b"\xd0\xcf\x11\xe0", b"GIF89a"];

/// The same of a file.
fn is_plain_file(bytes: &[u8]) -> bool {
    PLAIN_FILES.iter().any(|start| bytes.starts_with(start))
}

/// First letters that files of those kinds have in base64.
const ENCODED_FILES: [&[u8]; 6] = [b"JVBERi", b"UEsDB", b"iVBORw0KGgo", b"/9j/", b"e1xydG", b"0M8R4KGx"];

/// The content is sound base64 of a file although nothing says so.
pub(crate) fn is_encoded_file(bytes: &[u8]) -> bool {
    let bytes = bytes.trim_ascii_start();
    ENCODED_FILES.iter().any(|start| bytes.starts_with(start)) && !decode(bytes).damaged
}

/// Reads line by line. Several padded pieces behind each other are joined; a line that holds foreign letters *behind*
/// a padded end is a footer that some gateway added, and is left out. So is what looks like a footer behind a line that
/// is shorter than those before it: an end need not be padded.
fn decode_leniently(bytes: &[u8]) -> Decoded<'static> {
    let mut content = Vec::with_capacity(bytes.len() / 4 * 3);
    let mut quantum = Quantum::default();
    let mut damaged = false;
    let mut padded = false;
    let mut shorter = false;
    let mut longest = 0;
    for line in bytes.split(|byte| matches!(byte, b'\n' | b'\r')) {
        let foreign = line.iter().any(|&byte| value(byte).is_none() && byte != b'=' && !byte.is_ascii_whitespace());
        if padded && (foreign || line.trim_ascii().iter().any(u8::is_ascii_whitespace)) {
            continue;
        }
        if shorter && is_footer(line.trim_ascii()) {
            break;
        }
        damaged |= foreign;
        for &byte in line {
            if byte == b'=' {
                quantum.flush(&mut content);
                padded = true;
            } else if let Some(bits) = value(byte) {
                quantum.push(bits, &mut content);
                padded = false;
            }
        }
        let length = line.trim_ascii_end().len();
        if length > 0 {
            shorter = quantum.count == 0 && length < longest;
        }
        longest = longest.max(length);
    }
    damaged |= quantum.count == 1;
    quantum.flush(&mut content);
    Decoded { bytes: Cow::Owned(content), damaged }
}

/// A separator of hyphens or underscores, or words.
fn is_footer(line: &[u8]) -> bool {
    line.starts_with(b"--") || line.starts_with(b"__") || line.iter().any(u8::is_ascii_whitespace)
}

/// Up to four letters that make up to three bytes.
#[derive(Default)]
struct Quantum {
    bits: u32,
    count: u8,
}

impl Quantum {
    fn push(&mut self, bits: u8, content: &mut Vec<u8>) {
        self.bits = self.bits << 6 | u32::from(bits);
        self.count += 1;
        if self.count == 4 {
            let [_, first, second, third] = self.bits.to_be_bytes();
            content.extend([first, second, third]);
            *self = Self::default();
        }
    }

    /// Gives out what a short quantum holds: two letters make one byte, three make two, one makes none.
    fn flush(&mut self, content: &mut Vec<u8>) {
        let missing = u32::from(4 - self.count.min(4));
        let [_, first, second, _] = self.bits.checked_shl(6 * missing).unwrap_or(0).to_be_bytes();
        if self.count >= 2 {
            content.push(first);
        }
        if self.count >= 3 {
            content.push(second);
        }
        *self = Self::default();
    }
}

/// The six bits of a letter.
fn value(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{ENGINE, PIECE, decode, is_encoded_file};
    use base64::Engine;

    #[test]
    fn what_is_decoded_in_pieces_is_what_is_decoded_at_once() {
        let content: Vec<u8> = (0..400_000_u32).map(|n| u8::try_from(n * 7_919 % 251).unwrap()).collect();
        for length in [0, 1, 2, 3, PIECE / 4 * 3 - 1, PIECE / 4 * 3, PIECE / 4 * 3 + 1, PIECE, content.len()] {
            let letters = ENGINE.encode(&content[..length]);
            for width in [76, 61, PIECE, usize::MAX] {
                let width = width.min(letters.len().max(1));
                let body = letters.as_bytes().chunks(width).collect::<Vec<_>>().join(&b"\r\n"[..]);
                let decoded = decode(&body);
                assert!(!decoded.damaged && *decoded.bytes == content[..length], "{length} octets in lines of {width}");
            }
        }
    }

    #[test]
    fn padding_in_the_middle_of_a_large_body_is_no_end() {
        let whole = ENGINE.encode(vec![b'x'; PIECE]);
        for at in [4, PIECE - 4, PIECE] {
            let (before, behind) = whole.split_at(at);
            let body = format!("{before}QQ=={behind}");
            assert_eq!(decode(body.as_bytes()).bytes, super::decode_leniently(body.as_bytes()).bytes, "at {at}");
        }
    }

    #[test]
    fn sound_base64_is_not_damaged() {
        let decoded = decode(b"SGFs\r\nbG8=\r\n");
        assert_eq!((decoded.bytes.as_ref(), decoded.damaged), (b"Hallo".as_slice(), false));
    }

    #[test]
    fn blanks_within_a_line_and_bare_carriage_returns_are_no_damage() {
        let decoded = decode(b"SG Fs\rbG8=\n");
        assert_eq!((decoded.bytes.as_ref(), decoded.damaged), (b"Hallo".as_slice(), false));
    }

    #[test]
    fn missing_padding_and_loose_bits_lose_nothing() {
        assert_eq!(decode(b"SGFsbG8").bytes.as_ref(), b"Hallo");
        assert_eq!(decode(b"SGFsbG9=").bytes.as_ref(), b"Hallo");
        assert!(!decode(b"SGFsbG8").damaged);
    }

    #[test]
    fn foreign_letters_are_skipped_and_told() {
        let decoded = decode(b"SG!Fs\n*bG8=");
        assert_eq!((decoded.bytes.as_ref(), decoded.damaged), (b"Hallo".as_slice(), true));
    }

    #[test]
    fn a_footer_behind_the_padded_end_is_left_out() {
        assert_eq!(decode(b"SGFsbG8=\n_______________\nList info: www.example.net\n").bytes.as_ref(), b"Hallo");
    }

    #[test]
    fn a_footer_behind_a_shorter_last_line_is_left_out() {
        let decoded = decode(b"SGFsbG8g\r\nV2Vs\r\n-- \r\nSent by a list\r\n");
        assert_eq!((decoded.bytes.as_ref(), decoded.damaged), (b"Hallo Wel".as_slice(), false));
        let decoded = decode(b"SGFsbG8g\nV2Vs\nd!DEy\n");
        assert_eq!((decoded.bytes.as_ref(), decoded.damaged), (b"Hallo Welt12".as_slice(), true));
    }

    #[test]
    fn a_file_that_was_never_encoded_stays() {
        assert_eq!(decode(b"%PDF-1.4\n<<>>\n").bytes.as_ref(), b"%PDF-1.4\n<<>>\n");
    }

    #[test]
    fn a_file_is_known_in_base64() {
        assert!(is_encoded_file(b"JVBERi0xLjQK\n"));
        assert!(!is_encoded_file(b"JVBERi ist der Anfang.") && !is_encoded_file(b"SGFsbG8="));
    }

    #[test]
    fn text_that_was_never_encoded_stays() {
        let decoded = decode(b"Guten Tag Frau Muster,\nanbei das Zeugnis.\n");
        assert_eq!(decoded.bytes.as_ref(), b"Guten Tag Frau Muster,\nanbei das Zeugnis.\n");
    }

    #[test]
    fn padded_pieces_behind_each_other_are_joined() {
        assert_eq!(decode(b"SGE=\nbGxv\n").bytes.as_ref(), b"Hallo");
    }

    #[test]
    fn an_end_in_the_middle_of_a_letter_is_damage() {
        let decoded = decode(b"SGFsb");
        assert_eq!((decoded.bytes.as_ref(), decoded.damaged), (b"Hal".as_slice(), true));
    }
}
