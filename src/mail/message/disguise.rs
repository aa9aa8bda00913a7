//! What a part really is, where its declared type does not say so: attached mails, containers, signatures.

use super::body::is_encrypted_by_pgp;
use crate::mail::container::tnef;
use crate::mail::left_out;
use crate::mail::structure::{Header, opening};
use std::borrow::Cow;

/// What is to be done with a part that is no multipart.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Nature {
    /// Text that may be the body.
    Text,
    /// HTML that may be the body.
    Html,
    /// A mail.
    Mail,
    /// winmail.dat.
    Tnef,
    /// Signed or encrypted by S/MIME, the content inside.
    Cms,
    /// A piece of a mail encrypted by PGP (RFC 3156) whose multipart a server took apart.
    Encrypted,
    /// A report for programs (RFC 3464, RFC 8098).
    Report,
    /// A part for programs that stays in the archived mail; says what it is.
    Technical(&'static str),
    /// Anything else.
    File,
}

/// Tells what a part is from its type, its name and its first bytes.
pub(super) fn nature(media_type: &str, name: Option<&str>, content: &[u8]) -> Nature {
    let name = name.unwrap_or_default().to_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    match media_type {
        "message/delivery-status"
        | "message/global-delivery-status"
        | "message/disposition-notification"
        | "message/global-disposition-notification"
        | "text/rfc822-headers"
        | "message/global-headers"
        | "message/feedback-report" => Nature::Report,
        "application/pkcs7-signature" | "application/x-pkcs7-signature" | "application/pgp-signature" => {
            Nature::Technical(left_out::SIGNATURE)
        }
        "application/pgp-keys" if ends(&[".asc", ".gpg"]) || is_pgp_key(content) => {
            Nature::Technical(left_out::SIGNATURE)
        }
        "text/calendar" | "application/ics" => Nature::Technical(left_out::APPOINTMENT),
        "text/vcard" | "text/x-vcard" | "text/directory" => Nature::Technical(left_out::VISITING_CARD),
        "text/x-amp-html" | "text/watch-html" => Nature::Technical(left_out::OTHER_FORM),
        "application/applefile" => Nature::Technical(left_out::RESOURCE_FORK),
        "application/ms-tnef" | "application/vnd.ms-tnef" => Nature::Tnef,
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => Nature::Cms,
        "message/rfc822" | "message/global" | "message/news" if declared_mail(content) => Nature::Mail,
        "application/pgp-encrypted" => Nature::Encrypted,
        _ if is_encrypted_mail(&name, content) => Nature::Encrypted,
        _ if content.starts_with(&tnef::MARK) => Nature::Tnef,
        _ if ends(&[".p7m", ".p7z"]) && content.first() == Some(&0x30) => Nature::Cms,
        _ if ends(&[".p7s"]) => Nature::Technical(left_out::SIGNATURE),
        _ if ends(&[".eml"]) && known_fields(content) >= 2 => Nature::Mail,
        "application/octet-stream" | "application/eml" | "application/x-eml" | "message/x-rfc822" | "text/rfc822"
            if !has_ending(&name) && known_fields(content) >= 3 =>
        {
            Nature::Mail
        }
        "text/html" | "application/xhtml+xml" => Nature::Html,
        "text/plain" | "text/enriched" | "text/richtext" => Nature::Text,
        _ => Nature::File,
    }
}

/// Names that programs give to the encrypted content of a mail, as against an encrypted file that somebody sends.
const ENCRYPTED_NAMES: [&str; 4] = ["encrypted.asc", "openpgp encrypted message.asc", "msg.asc", "message.asc"];

fn is_encrypted_mail(name: &str, content: &[u8]) -> bool {
    ENCRYPTED_NAMES.contains(&name)
        && is_encrypted_by_pgp(&String::from_utf8_lossy(content.get(..content.len().min(100)).unwrap_or_default()))
}

/// The content begins as an `OpenPGP` key, armoured (RFC 9580, section 6.2) or not. Systems take every `.key` for one, also a
/// presentation.
fn is_pgp_key(content: &[u8]) -> bool {
    const ARMOUR: &[u8] = b"-----BEGIN PGP ";
    // A public or secret key's packet, in the old and in the new format.
    let is_packet = matches!(content.first(), Some(0x94..=0x9b | 0xc5 | 0xc6));
    let start = content.get(..content.len().min(1024)).unwrap_or_default();
    is_packet || memchr::memmem::find(start, ARMOUR).is_some()
}

/// The name ends like a file's: a mail attached under its subject has a name without such an end.
fn has_ending(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    ending.is_some_and(|ending| {
        (1..=5).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// What is declared as a mail is one even if only the fields of a part are left of its header; whoever nests mails to
/// hurt a reader writes no others.
fn declared_mail(content: &[u8]) -> bool {
    known_fields(content) > 0 || Header::parse(&start_of(content)).0.has("Content-Type")
}

/// How many of the fields that every mail has stand at the content's start.
pub(super) fn known_fields(content: &[u8]) -> usize {
    let start = start_of(content);
    let (header, _) = Header::parse(&start);
    ["From", "Subject", "Date", "To", "Message-ID"].into_iter().filter(|field| header.has(field)).count()
}

/// Enough for any honest header.
fn start_of(content: &[u8]) -> Cow<'_, [u8]> {
    opening::open(content.get(..content.len().min(64 * 1024)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::{Nature, nature};

    #[test]
    fn a_mail_is_known_by_ending_or_content() {
        let mail = b"From: a@example.org\r\nSubject: x\r\nDate: y\r\n\r\nText";
        assert_eq!(nature("application/octet-stream", Some("Re.EML"), mail), Nature::Mail);
        assert_eq!(nature("application/octet-stream", None, mail), Nature::Mail);
        assert_eq!(nature("application/octet-stream", Some("a.eml"), b"%PDF-1.4"), Nature::File);
        assert_eq!(nature("application/octet-stream", Some("notiz.txt"), mail), Nature::File);
        let marked = [b"\xef\xbb\xbf\r\n".as_slice(), mail].concat();
        assert_eq!(nature("application/octet-stream", Some("a.eml"), &marked), Nature::Mail);
        assert_eq!(nature("application/octet-stream", Some("Re. Stelle 3. Versuch"), mail), Nature::Mail);
        assert_eq!(nature("application/octet-stream", Some("Zeugnis"), b"%PDF-1.4"), Nature::File);
    }

    #[test]
    fn a_key_is_told_from_a_presentation() {
        let armoured = b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQ";
        let technical = Nature::Technical(crate::mail::left_out::SIGNATURE);
        for (name, content) in [
            (Some("OpenPGP_0x1.asc"), b"x".as_slice()),
            (Some("key.gpg"), b"x"),
            (Some("public.key"), armoured),
            (None, armoured),
            (None, b"\x99\x01\x0d\x04"),
        ] {
            assert_eq!(nature("application/pgp-keys", name, content), technical, "{name:?}");
        }
        for name in [Some("Portfolio.key"), None] {
            assert_eq!(nature("application/pgp-keys", name, b"PK\x03\x04Index/Document.iwa"), Nature::File, "{name:?}");
        }
    }

    #[test]
    fn an_encrypted_mail_is_told_from_an_encrypted_file() {
        let encrypted = b"-----BEGIN PGP MESSAGE-----\n\nabc";
        assert_eq!(nature("application/octet-stream", Some("encrypted.asc"), encrypted), Nature::Encrypted);
        assert_eq!(nature("application/octet-stream", Some("Lebenslauf.pdf.asc"), encrypted), Nature::File);
        assert_eq!(nature("application/octet-stream", Some("encrypted.asc"), b"-----BEGIN PGP SIG"), Nature::File);
    }
}
