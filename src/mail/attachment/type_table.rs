//! File endings, their media types and the family they belong to.

/// What kind of content a type is. A file whose name says one family and whose content another is lying.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Pdf,
    Office,
    Picture,
    Archive,
    Program,
    Media,
    Text,
    Web,
}

/// Endings in small letters.
pub(super) const ENDINGS: [(&str, &str, Family); 50] = [
    ("pdf", "application/pdf", Family::Pdf),
    ("doc", "application/msword", Family::Office),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", Family::Office),
    ("docm", "application/vnd.ms-word.document.macroenabled.12", Family::Office),
    ("dot", "application/msword", Family::Office),
    ("dotx", "application/vnd.openxmlformats-officedocument.wordprocessingml.template", Family::Office),
    ("odt", "application/vnd.oasis.opendocument.text", Family::Office),
    ("ods", "application/vnd.oasis.opendocument.spreadsheet", Family::Office),
    ("odp", "application/vnd.oasis.opendocument.presentation", Family::Office),
    ("rtf", "application/rtf", Family::Office),
    ("xls", "application/vnd.ms-excel", Family::Office),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Family::Office),
    ("ppt", "application/vnd.ms-powerpoint", Family::Office),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation", Family::Office),
    ("pages", "application/vnd.apple.pages", Family::Office),
    ("numbers", "application/vnd.apple.numbers", Family::Office),
    ("key", "application/vnd.apple.keynote", Family::Office),
    ("msg", "application/vnd.ms-outlook", Family::Office),
    ("oft", "application/vnd.ms-outlook", Family::Office),
    ("jpg", "image/jpeg", Family::Picture),
    ("jpeg", "image/jpeg", Family::Picture),
    ("png", "image/png", Family::Picture),
    ("gif", "image/gif", Family::Picture),
    ("bmp", "image/bmp", Family::Picture),
    ("tif", "image/tiff", Family::Picture),
    ("tiff", "image/tiff", Family::Picture),
    ("webp", "image/webp", Family::Picture),
    ("heic", "image/heic", Family::Picture),
    ("heif", "image/heif", Family::Picture),
    ("zip", "application/zip", Family::Archive),
    ("rar", "application/vnd.rar", Family::Archive),
    ("7z", "application/x-7z-compressed", Family::Archive),
    ("gz", "application/gzip", Family::Archive),
    ("tgz", "application/gzip", Family::Archive),
    ("tar", "application/x-tar", Family::Archive),
    ("exe", "application/vnd.microsoft.portable-executable", Family::Program),
    ("dll", "application/vnd.microsoft.portable-executable", Family::Program),
    ("msi", "application/x-msi", Family::Program),
    ("mp3", "audio/mpeg", Family::Media),
    ("m4a", "audio/mp4", Family::Media),
    ("wav", "audio/x-wav", Family::Media),
    ("mp4", "video/mp4", Family::Media),
    ("mov", "video/quicktime", Family::Media),
    ("txt", "text/plain", Family::Text),
    ("csv", "text/csv", Family::Text),
    ("md", "text/markdown", Family::Text),
    ("eml", "message/rfc822", Family::Text),
    ("htm", "text/html", Family::Web),
    ("html", "text/html", Family::Web),
    ("svg", "image/svg+xml", Family::Web),
];

/// The ending that a made-up name gets for a type.
pub(super) fn ending_of(mime: &str) -> &'static str {
    ENDINGS.iter().find(|(_, known, _)| *known == mime).map_or("bin", |&(ending, ..)| ending)
}
