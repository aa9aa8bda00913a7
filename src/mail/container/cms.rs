//! S/MIME envelopes (RFC 5652, RFC 8551): the mail inside a signed or compressed one, without checking or trusting the
//! signature.
//!
//! An own reader of the few BER elements on the way to the content: programs write indefinite lengths and content in
//! pieces, which strict DER readers refuse.

use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_zlib_with_limit};

/// `id-signedData`, 1.2.840.113549.1.7.2.
const SIGNED: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
/// `id-ct-compressedData`, 1.2.840.113549.1.9.16.1.9 (RFC 3274).
const COMPRESSED: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x09];
/// `id-envelopedData`, `id-signedAndEnvelopedData`, `id-encryptedData` and, in the second row, `id-ct-authEnvelopedData`.
const ENCRYPTED: [&[u8]; 4] = [
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x03],
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x04],
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x06],
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x17],
];

const OBJECT_IDENTIFIER: u8 = 0x06;
const OCTETS: u8 = 0x04;
const OCTETS_IN_PIECES: u8 = 0x24;
const SEQUENCE: u8 = 0x30;
const EXPLICIT_0: u8 = 0xa0;
/// Deepest nesting of elements of unknown length; real envelopes have six levels.
const MAX_DEPTH: usize = 32;

/// What an envelope is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Envelope {
    /// Signed or compressed only: the content, a MIME entity.
    Opened(Vec<u8>),
    /// Compressed, and larger than may be unpacked.
    TooMuch,
    /// Encrypted; a person with the key has to look.
    Encrypted,
    /// Certificates, and no content.
    Certificates,
    /// No envelope, or a broken one.
    Broken,
}

/// Opens an envelope as far as it goes without a key; what is compressed may have so many octets.
pub(crate) fn read(bytes: &[u8], most: usize) -> Envelope {
    let Some((kind, content)) = content_info(bytes) else { return Envelope::Broken };
    if ENCRYPTED.contains(&kind) {
        return Envelope::Encrypted;
    }
    let encapsulated = (kind == SIGNED || kind == COMPRESSED).then(|| encapsulated(content)).flatten();
    match encapsulated {
        None => Envelope::Broken,
        Some(inner) if kind == COMPRESSED => inflate(&inner, most),
        Some(inner) if inner.is_empty() => Envelope::Certificates,
        Some(inner) => Envelope::Opened(inner),
    }
}

/// Undoes ZLIB, the only algorithm that RFC 3274 names.
fn inflate(compressed: &[u8], most: usize) -> Envelope {
    match decompress_to_vec_zlib_with_limit(compressed, most) {
        Ok(inner) => Envelope::Opened(inner),
        Err(error) if error.status == TINFLStatus::HasMoreOutput => Envelope::TooMuch,
        Err(_) => Envelope::Broken,
    }
}

/// `ContentInfo`: an object identifier and the content it names.
fn content_info(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (info, _) = element(bytes)?.of(SEQUENCE)?;
    let (kind, rest) = element(info)?.of(OBJECT_IDENTIFIER)?;
    let (content, _) = element(rest)?.of(EXPLICIT_0)?;
    Some((kind, content))
}

/// `SignedData` and `CompressedData`: version and algorithms, then the encapsulated content; empty where there is none.
fn encapsulated(content: &[u8]) -> Option<Vec<u8>> {
    let (signed, _) = element(content)?.of(SEQUENCE)?;
    let after_version = element(signed)?.rest;
    let after_algorithms = element(after_version)?.rest;
    let (encapsulated, _) = element(after_algorithms)?.of(SEQUENCE)?;
    let (_, rest) = element(encapsulated)?.of(OBJECT_IDENTIFIER)?;
    let mut octets = Vec::new();
    if rest.is_empty() {
        return Some(octets);
    }
    let (explicit, _) = element(rest)?.of(EXPLICIT_0)?;
    collect_octets(&element(explicit)?, 0, &mut octets);
    Some(octets)
}

/// One BER element (X.690, section 8.1).
struct Element<'a> {
    tag: u8,
    content: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Element<'a> {
    fn of(self, tag: u8) -> Option<(&'a [u8], &'a [u8])> {
        (self.tag == tag).then_some((self.content, self.rest))
    }
}

/// The octets of a string, which may be cut into pieces.
fn collect_octets(element_at: &Element<'_>, depth: usize, octets: &mut Vec<u8>) {
    match element_at.tag {
        OCTETS => octets.extend_from_slice(element_at.content),
        OCTETS_IN_PIECES if depth < MAX_DEPTH => {
            let mut rest = element_at.content;
            while let Some(piece) = element(rest) {
                collect_octets(&piece, depth + 1, octets);
                rest = piece.rest;
            }
        }
        _ => {}
    }
}

/// The first element of `bytes`. A definite length beyond the end takes what is there: the mail was cut short.
fn element(bytes: &[u8]) -> Option<Element<'_>> {
    let (tag, indefinite, header, length) = header(bytes)?;
    let behind = bytes.get(header..)?;
    if indefinite {
        let length = indefinite_length(behind)?;
        return Some(Element {
            tag,
            content: behind.get(..length)?,
            rest: behind.get(length + 2..).unwrap_or_default(),
        });
    }
    let length = length.min(behind.len());
    Some(Element { tag, content: behind.get(..length)?, rest: behind.get(length..)? })
}

/// Tag, whether the length is indefinite, octets of tag and length, and the length.
fn header(bytes: &[u8]) -> Option<(u8, bool, usize, usize)> {
    let (&tag, &first) = (bytes.first()?, bytes.get(1)?);
    if tag & 0x1f == 0x1f {
        return None;
    }
    match first {
        0x80 => Some((tag, true, 2, 0)),
        0x00..=0x7f => Some((tag, false, 2, usize::from(first))),
        0x81..=0x88 => {
            let count = usize::from(first & 0x7f);
            let digits = bytes.get(2..2 + count)?;
            let length = digits.iter().try_fold(0usize, |length, &digit| {
                length.checked_mul(256).and_then(|length| length.checked_add(usize::from(digit)))
            })?;
            Some((tag, false, 2 + count, length))
        }
        _ => None,
    }
}

/// Octets up to the end-of-contents that closes this level; where the data were cut off, all of them.
fn indefinite_length(bytes: &[u8]) -> Option<usize> {
    let mut depth = 0;
    let mut offset = 0;
    loop {
        let rest = bytes.get(offset..)?;
        if rest.starts_with(&[0, 0]) {
            if depth == 0 {
                return Some(offset);
            }
            depth -= 1;
            offset += 2;
            continue;
        }
        let Some((_, indefinite, header, length)) = header(rest) else { return Some(bytes.len()) };
        if indefinite {
            depth += 1;
            if depth > MAX_DEPTH {
                return None;
            }
            offset += header;
        } else {
            offset = offset.checked_add(header)?.checked_add(length)?;
        }
        if offset >= bytes.len() {
            return Some(bytes.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{COMPRESSED, Envelope, SIGNED};
    use miniz_oxide::deflate::compress_to_vec_zlib;

    fn read(bytes: &[u8]) -> Envelope {
        super::read(bytes, 1_000)
    }

    fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
        [&[tag, u8::try_from(content.len()).unwrap()], content].concat()
    }

    fn indefinite(tag: u8, content: &[u8]) -> Vec<u8> {
        [&[tag, 0x80], content, &[0, 0]].concat()
    }

    fn envelope(octets: &[u8], wrap: fn(u8, &[u8]) -> Vec<u8>) -> Vec<u8> {
        of_kind(SIGNED, &wrap(0xa0, octets), wrap)
    }

    fn of_kind(kind: &[u8], content: &[u8], wrap: fn(u8, &[u8]) -> Vec<u8>) -> Vec<u8> {
        let encapsulated = wrap(0x30, &[tlv(6, &[0x2a]), content.to_vec()].concat());
        let data = wrap(0x30, &[tlv(2, &[1]), tlv(0x31, &[]), encapsulated].concat());
        wrap(0x30, &[tlv(6, kind), wrap(0xa0, &data)].concat())
    }

    #[test]
    fn compressed_content_is_unpacked_up_to_a_bound() {
        let compressed = |octets: &[u8]| {
            let packed = compress_to_vec_zlib(octets, 6);
            of_kind(COMPRESSED, &tlv(0xa0, &tlv(4, &packed)), indefinite)
        };
        assert_eq!(read(&compressed(b"Hallo Hallo Hallo")), Envelope::Opened(b"Hallo Hallo Hallo".to_vec()));
        assert_eq!(read(&compressed(&[b'x'; 1_000])), Envelope::Opened(vec![b'x'; 1_000]));
        assert_eq!(read(&compressed(&[b'x'; 1_001])), Envelope::TooMuch);
        assert_eq!(read(&of_kind(COMPRESSED, &tlv(0xa0, &tlv(4, b"no zlib")), tlv)), Envelope::Broken);
    }

    #[test]
    fn certificates_alone_are_neither_encrypted_nor_broken() {
        assert_eq!(read(&of_kind(SIGNED, &[], tlv)), Envelope::Certificates);
        assert_eq!(read(&of_kind(SIGNED, &[], indefinite)), Envelope::Certificates);
        let whole = envelope(&tlv(4, b"Hallo"), tlv);
        assert_eq!(read(&whole[..14]), Envelope::Broken);
    }

    #[test]
    fn the_content_comes_out_of_every_form_of_length() {
        assert_eq!(read(&envelope(&tlv(4, b"Hallo"), tlv)), Envelope::Opened(b"Hallo".to_vec()));
        let pieces = indefinite(0x24, &[tlv(4, b"Hal"), tlv(4, b"lo")].concat());
        assert_eq!(read(&envelope(&pieces, indefinite)), Envelope::Opened(b"Hallo".to_vec()));
    }

    #[test]
    fn an_encrypted_envelope_is_told() {
        let oid = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x03];
        assert_eq!(read(&tlv(0x30, &[tlv(6, &oid), tlv(0xa0, &[])].concat())), Envelope::Encrypted);
    }

    #[test]
    fn anything_else_is_unknown_and_ends_soon() {
        assert_eq!(read(b""), Envelope::Broken);
        assert_eq!(read(&[0x30, 0x80].repeat(1_000_000)), Envelope::Broken);
        assert_eq!(read(&[0x30, 0x88, 255, 255, 255, 255, 255, 255, 255, 255]), Envelope::Broken);
    }
}
