//! A mail or an attached one: the contents of its parts, each in its encoding.

use super::header::{Lines, in_set, mask_bytes, scrub_lines};
use super::html;
use super::mask::Mask;
use crate::mail::Limits;
use crate::mail::encoding::{charset, take_off};
use crate::mail::structure::{Parameterised, Part, Structure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// Mails in mails are looked into so deep; what lies deeper goes.
const DEEPEST: usize = 5;

/// So much of a file stays: by it its type is told, and of a picture its size in points.
const BEGINNING: usize = 8;
const BEGINNING_OF_A_PICTURE: usize = 34;

/// Among so many parameters the name of a file is looked for.
const MOST_PARAMETERS: usize = 20;

/// Octets of a line of base64.
const LINE: usize = 57;

/// The mail with everything personal in it masked.
pub(super) fn scrub(bytes: &[u8], mask: &Mask, depth: usize) -> Vec<u8> {
    let structure = Structure::scan(bytes, &Limits::default());
    let children = structure.children();
    let leaves = structure.parts.iter().zip(&children).filter(|(_, children)| children.is_empty());
    let begins = bytes.as_ptr().addr();
    let mut contents: Vec<(usize, &Part<'_>)> = leaves
        .filter_map(|(part, _)| Some((part.body.as_ptr().addr().checked_sub(begins)?, part)))
        .filter(|(start, part)| start + part.body.len() <= bytes.len())
        .collect();
    contents.sort_by_key(|(start, _)| *start);
    let mut scrubbed = Vec::with_capacity(bytes.len());
    let mut behind = 0;
    for (start, part) in contents {
        let which = if behind == 0 { Lines::OfAMail } else { Lines::BehindAPart };
        scrub_lines(bytes.get(behind..start).unwrap_or_default(), which, mask, &mut scrubbed);
        scrub_content(part, mask, depth, &mut scrubbed);
        behind = start + part.body.len();
    }
    let which = if behind == 0 { Lines::OfAMail } else { Lines::BehindAPart };
    scrub_lines(bytes.get(behind..).unwrap_or_default(), which, mask, &mut scrubbed);
    scrubbed
}

fn scrub_content(part: &Part<'_>, mask: &Mask, depth: usize, scrubbed: &mut Vec<u8>) {
    let encoding = part.header.word("Content-Transfer-Encoding");
    let content = take_off(&encoding, part.body).bytes;
    let masked = match part.media_type.as_str() {
        "message/rfc822" | "message/global" if depth < DEEPEST => self::scrub(&content, mask, depth + 1),
        _ if depth < DEEPEST && is_named_as_mail(part) => self::scrub(&content, mask, depth + 1),
        "message/delivery-status" | "text/rfc822-headers" => {
            let mut lines = Vec::new();
            scrub_lines(&content, Lines::OfFields, mask, &mut lines);
            lines
        }
        media_type if media_type.starts_with("text/") => scrub_text(part, &content, mask),
        media_type => {
            let is_picture = media_type.starts_with("image/");
            let kept = if is_picture { BEGINNING_OF_A_PICTURE } else { BEGINNING };
            let mut file = content.get(..kept.min(content.len())).unwrap_or_default().to_vec();
            file.resize(content.len(), 0);
            file
        }
    };
    let line_end = if memchr::memmem::find(part.body, b"\r\n").is_some() { "\r\n" } else { "\n" };
    match encoding.as_str() {
        "base64" => {
            let lines: Vec<String> = masked.chunks(LINE).map(|line| STANDARD.encode(line)).collect();
            scrubbed.extend_from_slice(lines.join(line_end).as_bytes());
        }
        "quoted-printable" => quoted_printable(&masked, line_end, scrubbed),
        _ => scrubbed.extend_from_slice(&masked),
    }
    if part.body.ends_with(b"\n") && !scrubbed.ends_with(b"\n") {
        scrubbed.extend_from_slice(line_end.as_bytes());
    }
}

fn scrub_text(part: &Part<'_>, content: &[u8], mask: &Mask) -> Vec<u8> {
    let label = part.content_type.plain("charset");
    let named = label.as_deref().and_then(|label| Encoding::for_label(label.as_bytes()));
    if named.is_some_and(|set| set.output_encoding() != set) {
        // UTF-16, which cannot be written here.
        let mut masked = Vec::new();
        mask_bytes(content, mask, &mut masked);
        return masked;
    }
    let is_utf_8 = std::str::from_utf8(content).is_ok();
    // Bytes that are no text of UTF-8 were read as the set that Western mail programs mean.
    let set = named.filter(|set| *set != UTF_8 || is_utf_8).unwrap_or(if is_utf_8 { UTF_8 } else { WINDOWS_1252 });
    let text = charset::decode(content, Some(set.name()));
    let masked = if part.media_type == "text/html" { html::scrub(&text, mask) } else { mask.text(&text) };
    in_set(&masked, set)
}

/// A mail that came as a file.
fn is_named_as_mail(part: &Part<'_>) -> bool {
    let disposition =
        Parameterised::parse(&part.header.raw("Content-Disposition").unwrap_or_default(), MOST_PARAMETERS);
    let name = disposition.text("filename").or_else(|| part.content_type.text("name"));
    name.is_some_and(|name| name.to_lowercase().ends_with(".eml"))
}

/// RFC 2045, section 6.7.
fn quoted_printable(content: &[u8], line_end: &str, scrubbed: &mut Vec<u8>) {
    const LONGEST: usize = 75;
    let lines: Vec<&[u8]> = content.split(|byte| *byte == b'\n').collect();
    for (number, line) in lines.iter().enumerate() {
        if number > 0 {
            scrubbed.extend_from_slice(line_end.as_bytes());
        }
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let mut length = 0;
        for (at, byte) in line.iter().enumerate() {
            let is_last = at + 1 == line.len();
            let is_plain = matches!(byte, b'!'..=b'<' | b'>'..=b'~') || (matches!(byte, b' ' | b'\t') && !is_last);
            let written = if is_plain { char::from(*byte).to_string() } else { format!("={byte:02X}") };
            if length + written.len() > LONGEST {
                scrubbed.extend_from_slice(b"=");
                scrubbed.extend_from_slice(line_end.as_bytes());
                length = 0;
            }
            length += written.len();
            scrubbed.extend_from_slice(written.as_bytes());
        }
    }
}
