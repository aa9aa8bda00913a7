//! Text parts: which of them are the mail's body, and their text.

use super::raw_file::RawFile;
use crate::mail::encoding::{charset, flowed, uuencode};
use crate::mail::forward;
use crate::mail::structure::Parameterised;
use crate::mail::text::page::Page;
use encoding_rs::{Encoding, ISO_8859_15, WINDOWS_1252};
use memchr::memmem;
use std::borrow::Cow;

/// Longest text that is kept of one part, in bytes.
const MAX_BYTES: usize = 2 << 20;

/// A piece of a body; the forms of one `multipart/alternative` are one piece.
#[derive(Debug, Default)]
pub(crate) struct BodyPiece {
    /// The plain form, `\n` line ends, no control letters.
    pub(crate) plain: Option<String>,
    /// The HTML form.
    pub(crate) page: Option<Page>,
}

/// A plain text part, decoded.
pub(super) struct PlainText {
    pub(super) text: String,
    /// The files that stood in it.
    pub(super) files: Vec<RawFile>,
    /// The text was longer than is kept.
    pub(super) is_cut: bool,
    /// What it is read by.
    pub(super) label: Option<String>,
    /// What it is read by instead.
    pub(super) fallback: Option<&'static str>,
}

/// Decodes a plain text part; uuencoded files standing in it are taken out.
pub(super) fn plain_text(content: &[u8], content_type: &Parameterised) -> PlainText {
    let taken = uuencode::take_from_text(content);
    let whole = content;
    let (content, files) = match &taken {
        Some((text, files)) => (text.as_slice(), files.as_slice()),
        None => (content, &[][..]),
    };
    let read = |content: &[u8]| {
        let label = label(content, content_type, false);
        let charset::Text { text, fallback } = charset::read(content, label.as_deref());
        (text, label, fallback)
    };
    let (text, mut label, mut fallback) = read(content);
    let text = charset::tidy(text);
    let is =
        |name: &str, wanted: &str| content_type.plain(name).is_some_and(|value| value.eq_ignore_ascii_case(wanted));
    let text = if is("format", "flowed") {
        flowed::unwrap_lines(&text, is("delsp", "yes"), forward::is_labelled)
    } else {
        text
    };
    if !files.is_empty() {
        // The names of files have letters too.
        (_, label, fallback) = read(whole);
    }
    let files = files.iter().map(|file| RawFile {
        name: Some(charset::decode(&file.name, None)),
        declared: "application/octet-stream".to_owned(),
        content: file.content.clone(),
        content_id: None,
        damaged: file.damaged,
        must_list: false,
        since: "it stood uuencoded in the text",
    });
    let files = files.collect();
    let text = match without_clear_signatures(&text) {
        Cow::Owned(without) => without,
        Cow::Borrowed(_) => text,
    };
    PlainText { files, is_cut: text.len() > MAX_BYTES, text: cut(text), label, fallback }
}

/// The character set to read a text part by: the declared one, for HTML else the page's own.
///
/// UTF-8 goes before a Western set that is declared for it, and before any other that a page contradicts: gateways write
/// the header anew, and letters that are sound UTF-8 by chance are as good as never seen.
pub(super) fn label(content: &[u8], content_type: &Parameterised, is_html: bool) -> Option<String> {
    let declared = content_type.plain("charset").filter(|label| !label.is_empty());
    let own = if is_html { charset::named_in_html(content) } else { None };
    let western = declared.as_deref().is_some_and(|label| {
        Encoding::for_label(label.as_bytes()).is_some_and(|set| [WINDOWS_1252, ISO_8859_15].contains(&set))
    });
    let says_utf_8 = own.as_deref().is_some_and(charset::is_utf_8);
    let utf_8 = || !content.is_ascii() && std::str::from_utf8(content).is_ok();
    // What declares it itself needs no look at all letters.
    let declares_utf_8 = declared.as_deref().is_some_and(charset::is_utf_8);
    if declared.is_some() && !declares_utf_8 && (western || says_utf_8) && utf_8() {
        return Some("utf-8".to_owned());
    }
    // What could be read as ASCII this far is no UTF-16, whatever it says (HTML, determining the character encoding).
    declared.or(own.filter(|label| !label.starts_with("utf-16")))
}

/// Decodes an HTML part.
pub(super) fn html(content: &[u8], label: Option<&str>) -> charset::Text {
    let charset::Text { text, fallback } = charset::read(content, label);
    let has_nought = memchr::memchr(0, text.as_bytes()).is_some();
    charset::Text { text: if has_nought { text.replace('\0', "") } else { text }, fallback }
}

/// Text that begins with a PGP message (RFC 4880, section 6.2).
pub(super) fn is_encrypted_by_pgp(text: &str) -> bool {
    text.trim_start().starts_with(ENCRYPTED)
}

/// Text in which a PGP message stands, be it behind a forwarder's words. One that is quoted is an older mail's.
pub(crate) fn holds_encrypted(text: &str) -> bool {
    memmem::find(text.as_bytes(), ENCRYPTED.as_bytes()).is_some()
        && text.split('\n').any(|line| line.trim() == ENCRYPTED)
}

const ENCRYPTED: &str = "-----BEGIN PGP MESSAGE-----";
const SIGNED: &str = "-----BEGIN PGP SIGNED MESSAGE-----";
const SIGNATURE: &str = "-----BEGIN PGP SIGNATURE-----";
const SIGNATURE_END: &str = "-----END PGP SIGNATURE-----";

/// The text without its clear signatures (RFC 4880, section 7), the dash escapes inside undone.
pub(crate) fn without_clear_signatures(text: &str) -> Cow<'_, str> {
    if memmem::find(text.as_bytes(), SIGNED.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut kept: Vec<&str> = Vec::new();
    let mut lines = text.split('\n').peekable();
    while let Some(line) = lines.next() {
        if line.trim() != SIGNED {
            kept.push(line);
            continue;
        }
        while lines.next_if(|line| line.starts_with("Hash:") || line.starts_with("Charset:")).is_some() {}
        lines.next_if(|line| line.trim().is_empty());
        while let Some(line) = lines.next_if(|line| line.trim() != SIGNATURE) {
            kept.push(line.strip_prefix("- ").unwrap_or(line));
        }
        // A signature without an end hides nothing, nor what is signed behind it.
        let mut signature = Vec::new();
        while let Some(line) = lines.next_if(|line| ![SIGNATURE_END, SIGNED].contains(&line.trim())) {
            signature.push(line);
        }
        if lines.next_if(|line| line.trim() == SIGNATURE_END).is_none() {
            kept.extend(signature);
        }
    }
    Cow::Owned(kept.join("\n"))
}

fn cut(mut text: String) -> String {
    let mut end = MAX_BYTES.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    text
}

#[cfg(test)]
mod tests {
    use super::{Parameterised, label, plain_text};

    #[test]
    fn utf_8_goes_before_a_set_that_cannot_be_meant() {
        let read = |content: &[u8], declared: &str, is_html| {
            label(content, &Parameterised::parse(declared.as_bytes(), 9), is_html)
        };
        let page = "<meta charset=utf-8>Größe".as_bytes();
        assert_eq!(read(page, "text/html; charset=windows-1250", true).as_deref(), Some("utf-8"));
        assert_eq!(read(page, "text/html; charset=windows-1250", false).as_deref(), Some("windows-1250"));
        assert_eq!(read(page, "text/plain; charset=iso-8859-1", false).as_deref(), Some("utf-8"));
        assert_eq!(
            read(b"<meta charset=utf-8>Gr\xf6\xdfe", "text/html; charset=iso-8859-1", true).as_deref(),
            Some("iso-8859-1")
        );
        assert_eq!(read(b"<meta charset=utf-16>", "text/html", true), None);
    }

    #[test]
    fn a_clear_signature_is_taken_off() {
        let text = b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nGuten Tag\n- --\nErika\n-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n";
        assert_eq!(plain_text(text, &Parameterised::default()).text.trim(), "Guten Tag\n--\nErika");
    }

    #[test]
    fn clear_signatures_in_every_form_are_taken_off() {
        let signed = |head: &str, text: &str| {
            format!(
                "-----BEGIN PGP SIGNED MESSAGE-----{head}\n{text}\n-----BEGIN PGP SIGNATURE-----\nx\n-----END PGP SIGNATURE-----\n"
            )
        };
        for (text, right) in [
            (signed("\n", "a\n\nb"), "a\n\nb"),
            (signed(" \nHash: SHA256\n ", "a"), "a"),
            (signed("\nHash: SHA256\n", "a") + &signed("\n", "b"), "a\nb"),
            ("-----BEGIN PGP SIGNED MESSAGE-----\n\na\n".to_owned(), "a"),
            (
                "-----BEGIN PGP SIGNED MESSAGE-----\n\na\n-----BEGIN PGP SIGNATURE-----\nb".to_owned(),
                "a\n-----BEGIN PGP SIGNATURE-----\nb",
            ),
            (
                format!(
                    "-----BEGIN PGP SIGNED MESSAGE-----\n\na\n-----BEGIN PGP SIGNATURE-----\nb\n{}",
                    signed("\n", "c")
                ),
                "a\n-----BEGIN PGP SIGNATURE-----\nb\nc",
            ),
            (
                signed("\n", "a") + "b\n-----BEGIN PGP SIGNED MESSAGE-----\n\nc\n-----BEGIN PGP SIGNATURE-----\nd",
                "a\nb\nc\n-----BEGIN PGP SIGNATURE-----\nd",
            ),
        ] {
            assert_eq!(super::without_clear_signatures(&text).trim(), right, "{text}");
        }
    }

    #[test]
    fn a_message_that_is_quoted_is_an_older_mails() {
        let message = "-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----\n";
        assert!(super::holds_encrypted(&format!("Bitte ablegen.\n\n{message}")));
        assert!(!super::holds_encrypted(&format!("Antwort\n> {message}")));
    }

    #[test]
    fn files_in_a_text_come_out() {
        let read = plain_text(b"Anbei.\nbegin 644 a.txt\n%2&%L;&\\\n`\nend\n", &Parameterised::default());
        assert_eq!((read.text.as_str(), read.files.len()), ("Anbei.\n", 1));
    }
}
