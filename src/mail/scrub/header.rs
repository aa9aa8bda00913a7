//! Headers, boundaries, and what else stands around the contents of parts.

use super::mask::Mask;
use crate::mail::encoding::{charset, encoded_word};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// Fields in which nobody is named.
const KEPT: [&str; 12] = [
    "mime-version",
    "content-transfer-encoding",
    "date",
    "x-mailer",
    "user-agent",
    "precedence",
    "auto-submitted",
    "importance",
    "x-priority",
    "x-auto-response-suppress",
    "x-ms-exchange-generated-message-source",
    "content-language",
];

/// Fields with parameters.
const CONTENT: [&[u8]; 2] = [b"content-type", b"content-disposition"];

/// Which lines they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lines {
    /// Those with which a mail begins.
    OfAMail,
    /// Those behind the content of a part: of a header only behind a boundary.
    BehindAPart,
    /// Groups of fields with empty lines between them.
    OfFields,
}

/// The lines around the contents of parts, with what they say masked. Only of a header are names of fields kept.
pub(super) fn scrub_lines(lines: &[u8], which: Lines, mask: &Mask, scrubbed: &mut Vec<u8>) {
    let mut field: Vec<u8> = Vec::new();
    let mut in_header = which != Lines::BehindAPart;
    for line in lines.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            field.extend_from_slice(line);
            continue;
        }
        scrub_field(&std::mem::take(&mut field), in_header, mask, scrubbed);
        let begins_a_part = line.starts_with(b"--") && !line.trim_ascii_end().ends_with(b"--");
        in_header = begins_a_part || (in_header && (which == Lines::OfFields || !line.trim_ascii().is_empty()));
        field.extend_from_slice(line);
    }
    scrub_field(&field, in_header, mask, scrubbed);
}

/// A field with the lines that continue it, or any other line.
fn scrub_field(field: &[u8], in_header: bool, mask: &Mask, scrubbed: &mut Vec<u8>) {
    let colon = field.iter().position(|byte| *byte == b':').filter(|_| in_header);
    let name = colon.and_then(|colon| field.get(..colon)).filter(|name| name.iter().all(u8::is_ascii_graphic));
    let Some(name) = name else {
        // A boundary says nothing, and must stay what it was declared as.
        if field.starts_with(b"--") {
            scrubbed.extend_from_slice(field);
        } else {
            mask_bytes(field, mask, scrubbed);
        }
        return;
    };
    let value = field.get(name.len()..).unwrap_or_default();
    scrubbed.extend_from_slice(name);
    if KEPT.iter().any(|kept| name.eq_ignore_ascii_case(kept.as_bytes())) {
        scrubbed.extend_from_slice(value);
    } else if CONTENT.iter().any(|content| name.eq_ignore_ascii_case(content)) {
        scrub_names(value, mask, scrubbed);
    } else {
        scrub_value(value, mask, scrubbed);
    }
}

/// Type, character set and boundary stay; names of files do not.
fn scrub_names(value: &[u8], mask: &Mask, scrubbed: &mut Vec<u8>) {
    let (mut rest, mut begins) = (value, true);
    while !rest.is_empty() {
        let mut is_quoted = false;
        let end = rest.iter().position(|byte| {
            is_quoted ^= *byte == b'"';
            *byte == b';' && !is_quoted
        });
        let (piece, behind) = rest.split_at_checked(end.map_or(rest.len(), |end| end + 1)).unwrap_or((rest, b""));
        let parameter = piece.trim_ascii_start().to_ascii_lowercase();
        let is_name = !begins && (parameter.starts_with(b"name") || parameter.starts_with(b"filename"));
        if is_name {
            scrub_value(piece, mask, scrubbed);
        } else {
            scrubbed.extend_from_slice(piece);
        }
        (rest, begins) = (behind, false);
    }
}

/// Encoded words (RFC 2047) are masked inside, each by itself.
fn scrub_value(value: &[u8], mask: &Mask, scrubbed: &mut Vec<u8>) {
    let mut rest = value;
    while let Some(start) = memchr::memmem::find(rest, b"=?") {
        let (before, word) = rest.split_at_checked(start).unwrap_or((rest, b""));
        mask_bytes(before, mask, scrubbed);
        let Some((length, masked)) = masked_word(word, mask) else {
            scrubbed.extend_from_slice(b"=?");
            rest = word.get(2..).unwrap_or_default();
            continue;
        };
        scrubbed.extend_from_slice(masked.as_bytes());
        rest = word.get(length..).unwrap_or_default();
    }
    mask_bytes(rest, mask, scrubbed);
}

/// How long the encoded word is that stands here, and what stands in its place.
fn masked_word(bytes: &[u8], mask: &Mask) -> Option<(usize, String)> {
    let mut pieces = bytes.get(2..)?.splitn(3, |byte| *byte == b'?');
    let (label, way, rest) = (pieces.next()?, pieces.next()?, pieces.next()?);
    let inner = memchr::memmem::find(rest, b"?=")?;
    let length = 2 + label.len() + 1 + way.len() + 1 + inner + 2;
    let label = std::str::from_utf8(label).ok()?;
    let text = mask.text(&encoded_word::decode(bytes.get(..length)?));
    let set = label.split('*').next().and_then(|label| Encoding::for_label(label.as_bytes())).unwrap_or(UTF_8);
    let octets = in_set(&text, set);
    let encoded = match way {
        b"B" | b"b" => STANDARD.encode(octets),
        b"Q" | b"q" => {
            let octet = |byte: &u8| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'!' | b'*' | b'+' | b'/' => {
                    char::from(*byte).to_string()
                }
                b' ' => "_".to_owned(),
                other => format!("={other:02X}"),
            };
            octets.iter().map(octet).collect()
        }
        _ => return None,
    };
    Some((length, format!("=?{label}?{}?{encoded}?=", String::from_utf8_lossy(way))))
}

/// Bytes that are text in UTF-8, or else in the set that Western mail programs mean.
pub(super) fn mask_bytes(bytes: &[u8], mask: &Mask, scrubbed: &mut Vec<u8>) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        scrubbed.extend_from_slice(mask.text(text).as_bytes());
    } else {
        let text = charset::decode(bytes, Some("windows-1252"));
        scrubbed.extend_from_slice(&in_set(&mask.text(&text), WINDOWS_1252));
    }
}

/// A text in a character set; a letter that it lacks becomes an `x`.
pub(super) fn in_set(text: &str, set: &'static Encoding) -> Vec<u8> {
    if let (octets, _, false) = set.encode(text) {
        return octets.into_owned();
    }
    let known = |c: char| !set.encode(&c.to_string()).2;
    let text: String = text.chars().map(|c| if known(c) { c } else { 'x' }).collect();
    set.encode(&text).0.into_owned()
}
