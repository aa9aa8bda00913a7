//! The real type of a file, told by its first bytes where it can be, and whether its name or declaration lies.

use super::type_table::{ENDINGS, Family};
use crate::application::Danger;

/// What was found out about a file's type.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sniffed {
    pub(super) mime: String,
    pub(super) danger: Option<Danger>,
}

/// The head of an OLE container: Word, Excel, `PowerPoint` and Outlook alike.
const OLE: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
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
    let generic = found == "application/zip" || content.starts_with(&OLE);
    let mime = match by_ending {
        // Documents of this kind are zip or OLE containers inside; the ending says which.
        Some(&(_, mime, Family::Office)) if generic => mime,
        // One container, told apart by marks that not every telephone writes.
        Some(&(_, mime @ ("image/heic" | "image/heif"), _)) if found.starts_with("image/hei") => mime,
        _ => found,
    };
    let contained = generic && promised == Some(Family::Office);
    let lies = matches!((promised, family), (Some(promised), Some(family)) if promised != family && !contained);
    let danger = match family {
        Some(Family::Program) => Some(Danger::Program),
        _ if lies => Some(Danger::MisleadingType),
        Some(Family::Archive) if !contained => Some(Danger::Archive),
        _ => None,
    };
    Sniffed { mime: mime.to_owned(), danger }
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
    Sniffed { mime: mime.to_owned(), danger: None }
}

/// The type that the first bytes tell.
pub(super) fn by_content(content: &[u8]) -> Option<&'static str> {
    let head = content.get(..content.len().min(PDF_HEAD)).unwrap_or_default();
    if head.windows(5).any(|window| window == b"%PDF-") {
        return Some("application/pdf");
    }
    infer::get(content).map(|kind| kind.mime_type())
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
    fn an_archive_is_marked() {
        assert_eq!(sniff(b"PK\x03\x04\x14\0\0\0", "zip", "application/zip").danger, Some(Danger::Archive));
        assert_eq!(sniff(b"PK\x03\x04\x14\0\0\0", "docx", "").danger, None);
    }
}
