//! What an Office container is and whether it holds macros, told by the names in it. Nothing is unpacked: ZIP and OLE
//! keep their names as plain octets.

use memchr::memmem;

/// The head of an OLE container: Word, Excel, `PowerPoint` and Outlook alike.
const OLE: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// Names in a ZIP container and the type that they tell (ECMA-376, part 2; `OpenDocument` 1.3, part 2, section 3.3).
const IN_ZIP: [(&str, &str); 6] = [
    ("word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("ppt/presentation.xml", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("mimetypeapplication/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text"),
    ("mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "application/vnd.oasis.opendocument.spreadsheet"),
    ("mimetypeapplication/vnd.oasis.opendocument.presentation", "application/vnd.oasis.opendocument.presentation"),
];
/// Names of streams in an OLE container ([MS-CFB], section 2.6.1) and the type that they tell.
const IN_OLE: [(&str, &str); 4] = [
    ("__substg1.0_", "application/vnd.ms-outlook"),
    ("WordDocument", "application/msword"),
    ("Workbook", "application/vnd.ms-excel"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
];
/// The parts in which macros lie ([MS-OVBA], section 2.2.1; ECMA-376 names the part by habit).
const MACROS_IN_ZIP: &str = "vbaProject.bin";
const MACROS_IN_OLE: &str = "_VBA_PROJECT";

pub(super) fn is_ole(content: &[u8]) -> bool {
    content.starts_with(&OLE)
}

pub(super) fn is_zip(content: &[u8]) -> bool {
    content.starts_with(b"PK\x03\x04")
}

/// How the first name in a document's ZIP container begins; an archive that holds documents begins otherwise.
const FIRST_IN_ZIP: [&str; 8] =
    ["[Content_Types].xml", "_rels/", "docProps/", "customXml/", "word/", "xl/", "ppt/", "mimetype"];

/// The ZIP container is a document's: by the name in its first local header (APPNOTE, section 4.3.7).
fn is_document_in_zip(content: &[u8]) -> bool {
    const NAME: usize = 30;
    is_zip(content)
        && content.get(NAME..).is_some_and(|name| FIRST_IN_ZIP.iter().any(|first| name.starts_with(first.as_bytes())))
}

/// The type of the document that a container is.
pub(super) fn kind(content: &[u8]) -> Option<&'static str> {
    if is_document_in_zip(content) {
        IN_ZIP.iter().find(|(name, _)| holds(content, name)).map(|&(_, mime)| mime)
    } else if is_ole(content) {
        IN_OLE.iter().find(|(name, _)| holds_wide(content, name)).map(|&(_, mime)| mime)
    } else {
        None
    }
}

/// The container holds macros, whatever its ending says.
pub(super) fn has_macros(content: &[u8]) -> bool {
    (is_document_in_zip(content) && holds(content, MACROS_IN_ZIP))
        || (is_ole(content) && holds_wide(content, MACROS_IN_OLE))
}

fn holds(content: &[u8], name: &str) -> bool {
    memmem::find(content, name.as_bytes()).is_some()
}

fn holds_wide(content: &[u8], name: &str) -> bool {
    let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    memmem::find(content, &wide).is_some()
}

#[cfg(test)]
mod tests {
    use super::{has_macros, kind};

    fn wide(name: &str) -> Vec<u8> {
        name.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn containers_are_told_by_what_they_hold() {
        let zip = |name: &str| [b"PK\x03\x04".as_slice(), &[0; 26], name.as_bytes()].concat();
        let ole = |name: &str| [super::OLE.as_slice(), &wide(name)].concat();
        assert_eq!(kind(&zip("xl/workbook.xml")).unwrap().rsplit('.').next(), Some("sheet"));
        assert_eq!(kind(&ole("__substg1.0_0037001F")), Some("application/vnd.ms-outlook"));
        assert_eq!((kind(&zip("a.txt")), kind(&ole("Root Entry")), kind(b"word/document.xml")), (None, None, None));
        assert!(has_macros(&zip("word/vbaProject.bin")) && has_macros(&ole("_VBA_PROJECT_CUR")));
        assert_eq!(kind(&zip("Lebenslauf.docx PK word/document.xml")), None);
        assert!(!has_macros(&zip("word/document.xml")) && !has_macros(&zip("a.docm PK word/vbaProject.bin")));
        assert!(!has_macros(b"vbaProject.bin"));
    }
}
