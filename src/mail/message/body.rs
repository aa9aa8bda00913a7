//! Text parts: which of them are the mail's body, and their text.

use super::RawFile;
use crate::mail::encoding::{charset, flowed, uuencode};
use crate::mail::structure::Parameterised;
use crate::mail::text::page::Page;

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
}

/// Decodes a plain text part; uuencoded files standing in it are taken out.
pub(super) fn plain_text(content: &[u8], content_type: &Parameterised) -> PlainText {
    let taken = uuencode::take_from_text(content);
    let (content, files) = match &taken {
        Some((text, files)) => (text.as_slice(), files.as_slice()),
        None => (content, &[][..]),
    };
    let text = charset::tidy(&charset::decode(content, content_type.plain("charset").as_deref()));
    let is =
        |name: &str, wanted: &str| content_type.plain(name).is_some_and(|value| value.eq_ignore_ascii_case(wanted));
    let text = if is("format", "flowed") { flowed::unwrap_lines(&text, is("delsp", "yes")) } else { text };
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
    let text = without_clear_signature(&text);
    PlainText { files, is_cut: text.len() > MAX_BYTES, text: cut(text) }
}

/// The character set of an HTML part: the header's, else the page's own.
pub(super) fn html_label(content: &[u8], content_type: &Parameterised) -> Option<String> {
    let declared = content_type.plain("charset").filter(|label| !label.is_empty());
    declared.or_else(|| charset::named_in_html(content))
}

/// Decodes an HTML part.
pub(super) fn html(content: &[u8], label: Option<&str>) -> String {
    charset::decode(content, label).replace('\0', "")
}

/// Plain text that is one PGP message (RFC 4880, section 6.2) and nothing else.
pub(crate) fn is_encrypted_by_pgp(text: &str) -> bool {
    text.trim_start().starts_with("-----BEGIN PGP MESSAGE-----")
}

/// The text inside a clear signature (RFC 4880, section 7), its dash escapes undone.
fn without_clear_signature(text: &str) -> String {
    let signed = || {
        let (before, behind) = text.split_once("-----BEGIN PGP SIGNED MESSAGE-----\n")?;
        let (_, behind) = behind.split_once("\n\n")?;
        let (inner, rest) = behind.split_once("-----BEGIN PGP SIGNATURE-----")?;
        let (_, after) = rest.split_once("-----END PGP SIGNATURE-----")?;
        let inner: Vec<&str> = inner.split('\n').map(|line| line.strip_prefix("- ").unwrap_or(line)).collect();
        Some(format!("{before}{}{after}", inner.join("\n")))
    };
    signed().unwrap_or_else(|| text.to_owned())
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
    use super::{Parameterised, plain_text};

    #[test]
    fn a_clear_signature_is_taken_off() {
        let text = b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nGuten Tag\n- --\nErika\n-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n";
        assert_eq!(plain_text(text, &Parameterised::default()).text.trim(), "Guten Tag\n--\nErika");
    }

    #[test]
    fn files_in_a_text_come_out() {
        let read = plain_text(b"Anbei.\nbegin 644 a.txt\n%2&%L;&\\\n`\nend\n", &Parameterised::default());
        assert_eq!((read.text.as_str(), read.files.len()), ("Anbei.\n", 1));
    }
}
