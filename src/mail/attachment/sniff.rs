//! The real type of a file, told by its first bytes where it can be, and whether its name or declaration lies.

use super::office;
use super::type_table::{ENDINGS, Family, PROGRAM_TYPES};
use crate::application::Danger;

/// The head of a Windows shortcut ([MS-SHLLINK], section 2.1): its size and its class.
const SHORTCUT: [u8; 20] = [0x4c, 0, 0, 0, 0x01, 0x14, 0x02, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46];

/// What was found out about a file's type.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sniffed {
    pub(super) mime: String,
    pub(super) danger: Option<Danger>,
}

/// How far into a file the head of a PDF may stand (Acrobat's own bound).
const PDF_HEAD: usize = 1024;

/// Tells the type of a file from its content, its ending and its declared type, in this order.
pub(super) fn sniff(content: &[u8], extension: &str, declared: &str) -> Sniffed {
    let by_ending = ENDINGS.iter().find(|(ending, ..)| *ending == extension);
    let promised = by_ending.map(|&(.., family)| family).or_else(|| family_of(declared));
    let Some(found) = by_content(content) else {
        return unrecognised(content, by_ending.map(|&(_, mime, _)| mime), declared, promised);
    };
    let family = family_of(found);
    let container = office::is_zip(content) || office::is_ole(content);
    let mime = match by_ending {
        // One kind of container for many kinds of documents: the ending says which.
        Some(&(_, mime, Family::Office)) if container && is_in_zip(mime) == office::is_zip(content) => mime,
        None if container && promised == Some(Family::Office) && office::kind(content).is_none() => declared,
        // One container, told apart by marks that not every telephone writes.
        Some(&(_, mime @ "image/heif", _)) if found == "image/heic" => mime,
        _ => found,
    };
    let contained = container && promised == Some(Family::Office);
    let lies = matches!((promised, family), (Some(promised), Some(family)) if promised != family && !contained);
    let danger = match family {
        Some(Family::Program) => Some(Danger::Program),
        _ if lies => Some(Danger::MisleadingType),
        _ if office::has_macros(content) => Some(Danger::Macros),
        Some(Family::Archive) if !contained => Some(Danger::Archive),
        Some(Family::Web) if runs_in_a_browser(found) => Some(Danger::Program),
        _ => None,
    };
    Sniffed { mime: mime.to_owned(), danger }
}

/// Documents of this type are ZIP containers; the older ones are OLE.
fn is_in_zip(mime: &str) -> bool {
    ["openxmlformats", "oasis", "apple", "macroenabled"].iter().any(|kind| mime.contains(kind))
}

/// Pages and SVG pictures run scripts where they are opened; other XML does not.
fn runs_in_a_browser(mime: &str) -> bool {
    matches!(mime, "image/svg+xml" | "text/html" | "application/xhtml+xml")
}

/// A file of a type that is always recognised and was not is none of that type.
fn unrecognised(content: &[u8], by_ending: Option<&str>, declared: &str, promised: Option<Family>) -> Sniffed {
    let recognisable = matches!(promised, Some(Family::Pdf | Family::Picture | Family::Archive | Family::Program));
    if recognisable && !content.is_empty() {
        return Sniffed { mime: "application/octet-stream".to_owned(), danger: Some(Danger::MisleadingType) };
    }
    let says_something =
        declared.contains('/') && !declared.ends_with("/octet-stream") && family_of(declared) == promised;
    let mime = if says_something { declared } else { by_ending.unwrap_or("application/octet-stream") };
    let runs = by_ending.is_none() && (runs_in_a_browser(declared) || PROGRAM_TYPES.contains(&declared));
    let macros = by_ending.is_none() && declared.contains("macroenabled");
    let danger = if runs { Some(Danger::Program) } else { macros.then_some(Danger::Macros) };
    Sniffed { mime: mime.to_owned(), danger }
}

/// The type that the first bytes tell.
pub(super) fn by_content(content: &[u8]) -> Option<&'static str> {
    let head = content.get(..content.len().min(PDF_HEAD)).unwrap_or_default();
    if head.windows(5).any(|window| window == b"%PDF-") {
        return Some("application/pdf");
    }
    if content.starts_with(&SHORTCUT) {
        return Some("application/x-ms-shortcut");
    }
    if is_svg(head) {
        return Some("image/svg+xml");
    }
    // A mark of the byte order before a page hides it from the table.
    let content = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
    office::kind(content).or_else(|| {
        infer::get(content).map(|kind| match kind.mime_type() {
            // The table knows one name for what telephones send as `image/heic`.
            "image/heif" => "image/heic",
            mime => mime,
        })
    })
}

/// The outermost element of the XML is `svg`; a declaration, a document type and comments may stand before it.
fn is_svg(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start().to_ascii_lowercase();
    let before = head.starts_with(b"<?xml") || head.starts_with(b"<!--") || head.starts_with(b"<!doctype svg");
    head.starts_with(b"<svg") || (before && memchr::memmem::find(&head, b"<svg").is_some())
}

/// The family of a media type.
fn family_of(mime: &str) -> Option<Family> {
    match mime {
        "application/pdf" => Some(Family::Pdf),
        "image/svg+xml" | "text/html" | "text/xml" | "application/xhtml+xml" => Some(Family::Web),
        "application/rtf" | "text/rtf" | "application/msword" | "application/x-ole-storage" => Some(Family::Office),
        "application/zip"
        | "application/vnd.rar"
        | "application/x-7z-compressed"
        | "application/gzip"
        | "application/x-tar"
        | "application/x-bzip2"
        | "application/x-xz"
        | "application/zstd"
        | "application/vnd.ms-cab-compressed"
        | "application/x-rar-compressed" => Some(Family::Archive),
        "application/vnd.microsoft.portable-executable"
        | "application/x-executable"
        | "application/x-mach-binary"
        | "application/x-msdownload"
        | "application/x-dosexec"
        | "application/java"
        | "application/vnd.android.dex"
        | "application/wasm"
        | "text/x-shellscript"
        | "application/x-elf"
        | "application/x-msi"
        | "application/x-ms-shortcut"
        | "application/x-deb" => Some(Family::Program),
        _ if mime.starts_with("application/vnd.openxmlformats") || mime.starts_with("application/vnd.oasis") => {
            Some(Family::Office)
        }
        _ if mime.starts_with("application/vnd.ms-") && !mime.contains("cab") => Some(Family::Office),
        _ if mime.starts_with("image/") => Some(Family::Picture),
        _ if mime.starts_with("audio/") || mime.starts_with("video/") => Some(Family::Media),
        _ if mime.starts_with("text/") => Some(Family::Text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::sniff;
    use crate::application::Danger;

    #[test]
    fn the_content_goes_before_name_and_declaration() {
        assert_eq!(sniff(b"%PDF-1.4\n", "", "application/octet-stream").mime, "application/pdf");
        assert_eq!(sniff(b"%PDF-1.4\n", "txt", "text/plain").mime, "application/pdf");
        assert_eq!(sniff(b"\r\n\r\n%PDF-1.4\n", "pdf", "application/pdf").danger, None);
    }

    #[test]
    fn a_lie_is_told() {
        assert_eq!(sniff(b"MZ\x90\0\x03\0\0\0", "pdf", "application/pdf").danger, Some(Danger::Program));
        assert_eq!(sniff(b"PK\x03\x04\x14\0\0\0", "pdf", "application/pdf").danger, Some(Danger::MisleadingType));
        assert_eq!(sniff(b"nur Text", "pdf", "application/pdf").danger, Some(Danger::MisleadingType));
        assert_eq!(sniff(b"nur Text", "pdf", "application/pdf").mime, "application/octet-stream");
    }

    #[test]
    fn what_bytes_do_not_tell_is_told_by_ending_or_declaration() {
        assert_eq!(sniff(b"Hallo", "txt", "application/octet-stream").mime, "text/plain");
        assert_eq!(sniff(b"Hallo", "", "text/plain").mime, "text/plain");
        assert_eq!(sniff(b"Hallo", "xyz", "").mime, "application/octet-stream");
        assert_eq!(
            sniff(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "msg", "application/octet-stream").mime,
            "application/vnd.ms-outlook"
        );
    }

    #[test]
    fn what_runs_is_marked_without_a_name_too() {
        for (content, declared) in [
            (b"<html><body>".as_slice(), "application/octet-stream"),
            (b"\xef\xbb\xbf<html><body>", "application/octet-stream"),
            (b"<svg onload=\"a()\"/>", "image/svg+xml"),
            (b"<?xml version=\"1.0\"?>\n<svg/>", "text/xml"),
            (b"alert(1)", "application/javascript"),
            (b"x", "application/xhtml+xml"),
            (b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0F", "application/octet-stream"),
        ] {
            assert_eq!(sniff(content, "", declared).danger, Some(Danger::Program), "{declared}");
        }
        assert_eq!(sniff(b"<?xml version=\"1.0\"?><cv/>", "xml", "text/xml").danger, None);
    }

    #[test]
    fn a_container_is_told_by_its_ending_and_an_old_ending_by_the_container() {
        let zip = |names: &str| [b"PK\x03\x04".as_slice(), &[0; 26], names.as_bytes()].concat();
        let docx = zip("word/document.xml");
        let word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
        assert_eq!(sniff(&docx, "doc", "application/msword"), super::Sniffed { mime: word.to_owned(), danger: None });
        assert_eq!(sniff(&docx, "", "application/octet-stream").mime, word);
        assert_eq!(sniff(b"PK\x03\x04", "odt", "").mime, "application/vnd.oasis.opendocument.text");
        assert_eq!(sniff(&zip("word/document.xml word/vbaProject.bin"), "docx", word).danger, Some(Danger::Macros));
    }

    #[test]
    fn an_archive_is_marked() {
        assert_eq!(sniff(b"PK\x03\x04\x14\0\0\0", "zip", "application/zip").danger, Some(Danger::Archive));
        assert_eq!(sniff(b"PK\x03\x04\x14\0\0\0", "docx", "").danger, None);
    }
}
