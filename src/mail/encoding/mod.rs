//! Transfer encodings and character sets: bytes as they travelled in, bytes or text as they were meant out.
//!
//! Everything here is lenient, because mails are: what can be read is read, what cannot be is kept as it stands, and
//! each function runs in a time that grows with the length of its input only. Structure (parts, headers) is not known
//! here.

pub(crate) mod base64;
pub(crate) mod charset;
mod cp852;
mod decoded;
pub(crate) mod encoded_word;
pub(crate) mod flowed;
pub(crate) mod quoted_printable;
pub(crate) mod uuencode;

pub(crate) use decoded::Decoded;

use std::borrow::Cow;

/// Takes off the transfer encoding named in a `Content-Transfer-Encoding` header (RFC 2045, section 6).
///
/// Unknown names (`8bits`, `none`) are read as no encoding.
pub(crate) fn take_off<'a>(encoding: &str, bytes: &'a [u8]) -> Decoded<'a> {
    match encoding {
        "base64" => base64::decode(bytes),
        "quoted-printable" => Decoded { bytes: Cow::Owned(quoted_printable::decode(bytes)), damaged: false },
        "x-uuencode" | "uuencode" | "x-uue" | "uue" => uuencode::decode_whole(bytes),
        _ => Decoded { bytes: Cow::Borrowed(bytes), damaged: false },
    }
}
