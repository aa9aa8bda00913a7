//! Base64 as mails carry it: strictly by the `base64` crate where it is sound, letter by letter where it is not.

use super::Decoded;
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
    let content = ENGINE.decode(joined_lines(bytes)).or_else(|_| ENGINE.decode(without_blanks(bytes)));
    match content {
        Ok(content) => Decoded { bytes: Cow::Owned(content), damaged: false },
        Err(_) if is_written_text(bytes) => Decoded { bytes: Cow::Borrowed(bytes), damaged: true },
        Err(_) => decode_leniently(bytes),
    }
}

/// What almost every body needs; line by line, as letter by letter would take half the time of reading a mail.
fn joined_lines(bytes: &[u8]) -> Vec<u8> {
    let mut letters = Vec::with_capacity(bytes.len());
    for line in byte_lines(bytes) {
        letters.extend_from_slice(line.trim_ascii());
    }
    letters
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

/// Reads line by line. Several padded pieces behind each other are joined; a line that holds foreign letters *behind*
/// a padded end is a footer that some gateway added, and is left out.
fn decode_leniently(bytes: &[u8]) -> Decoded<'static> {
    let mut content = Vec::with_capacity(bytes.len() / 4 * 3);
    let mut quantum = Quantum::default();
    let mut damaged = false;
    let mut padded = false;
    for line in bytes.split(|byte| matches!(byte, b'\n' | b'\r')) {
        let foreign = line.iter().any(|&byte| value(byte).is_none() && byte != b'=' && !byte.is_ascii_whitespace());
        if padded && (foreign || line.trim_ascii().iter().any(u8::is_ascii_whitespace)) {
            continue;
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
    }
    damaged |= quantum.count == 1;
    quantum.flush(&mut content);
    Decoded { bytes: Cow::Owned(content), damaged }
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
    use super::decode;

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
