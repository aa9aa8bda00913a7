//! The files that came with a mail: which are listed, under which names and as what, and which stay in the archive.

mod dimensions;
mod name;
mod office;
mod picture;
mod sniff;
mod type_table;

use super::message::{Item, Message, RawFile};
use super::{Attachment, Finding, IgnoredPart, InlinePicture, Topic, left_out};
use crate::application::document_kind::read_file_name;
use crate::application::{Danger, DocumentKind, FileNameReading};
use sha2::{Digest, Sha256};
use std::collections::HashSet;

/// What becomes of the files of a mail.
#[derive(Default)]
pub(crate) struct Files {
    pub(crate) listed: Vec<Attachment>,
    pub(crate) pictures: Vec<InlinePicture>,
    pub(crate) ignored: Vec<IgnoredPart>,
    /// What was repaired in the mail, and what its files became.
    pub(crate) findings: Vec<Finding>,
}

/// Sorts the files of a mail and of the mails attached to it, in their order. `shown` holds the content ids that any
/// HTML of the mail shows.
pub(crate) fn sort(message: Message, shown: &HashSet<String>) -> Files {
    let mut sorting = Sorting { files: Files::default(), shown, taken: name::Taken::new() };
    sorting.message(message);
    sorting.files
}

struct Sorting<'a> {
    files: Files,
    shown: &'a HashSet<String>,
    taken: name::Taken,
}

impl Sorting<'_> {
    fn message(&mut self, message: Message) {
        self.files.findings.extend(message.findings);
        self.files.findings.extend(message.ignored.iter().map(not_listed));
        self.files.ignored.extend(message.ignored);
        for item in message.items {
            match item {
                Item::File(file) => self.file(file),
                Item::Message(attached) => {
                    self.ignore(opened_mail(&attached));
                    self.message(attached);
                }
            }
        }
    }

    fn file(&mut self, file: RawFile) {
        let raw_name = file.name.as_deref().unwrap_or_default();
        let safe_name = name::safe(raw_name);
        let reading = read_file_name(raw_name);
        let extension = name::extension(safe_name.as_deref().unwrap_or_default());
        let sniffed = sniff::sniff(&file.content, &extension, &file.declared);
        let danger = reading.danger.or(sniffed.danger);
        let sha256 = hex::encode(Sha256::digest(&file.content));
        let shown = file.content_id.as_ref().is_some_and(|id| self.shown.contains(id))
            && is_harmless_picture(&sniffed.mime, danger)
            && !picture::is_pixel(&file.content)
            && (!reading.ignored || picture::is_photo(raw_name, &file.content));
        if shown {
            self.files.pictures.push(InlinePicture {
                content_id: file.content_id.clone().unwrap_or_default(),
                mime: sniffed.mime.clone(),
                content: file.content.clone(),
                sha256: sha256.clone(),
                withheld: None,
            });
        }
        if let Some(why) = why_ignored(&file, &reading, &sniffed.mime) {
            let name = safe_name.unwrap_or(file.declared);
            return self.ignore(IgnoredPart { name, why: why.to_owned() });
        }
        if shown && reading.kind == DocumentKind::Other && !picture::is_photo(raw_name, &file.content) {
            let name = safe_name.unwrap_or(file.declared);
            return self.tell(Topic::Part, format!("`{name}` is not listed: a picture that the HTML shows"));
        }
        let number = self.files.listed.len() + 1;
        let name = safe_name.unwrap_or_else(|| format!("Anhang-{number}.{}", type_table::ending_of(&sniffed.mime)));
        let name = name::distinct(name, &mut self.taken);
        self.tell(Topic::Part, format!("`{name}` is a file, since {}", file.since));
        if name != raw_name {
            self.tell(Topic::Repaired, format!("`{name}` was named `{}`", raw_name.escape_debug()));
        }
        self.files.listed.push(Attachment {
            name,
            kind: if sniffed.danger == Some(Danger::Program) { DocumentKind::Other } else { reading.kind },
            kind_rule: reading.rule,
            danger,
            mime: sniffed.mime,
            content: file.content,
            sha256,
            damaged: file.damaged,
            withheld: None,
        });
    }
}

impl Sorting<'_> {
    fn tell(&mut self, about: Topic, says: String) {
        self.files.findings.push(Finding::new(about, says));
    }

    fn ignore(&mut self, part: IgnoredPart) {
        self.files.findings.push(not_listed(&part));
        self.files.ignored.push(part);
    }
}

fn not_listed(part: &IgnoredPart) -> Finding {
    Finding::new(Topic::Part, format!("`{}` is not listed: {}", part.name, part.why))
}

/// A picture that may be shown in the text. An SVG is a page that runs scripts where it is opened: it is listed with its
/// mark instead.
fn is_harmless_picture(mime: &str, danger: Option<Danger>) -> bool {
    mime.starts_with("image/") && mime != "image/svg+xml" && danger.is_none()
}

/// Why a file is decoration or a technical part, if it is.
fn why_ignored(file: &RawFile, reading: &FileNameReading, mime: &str) -> Option<&'static str> {
    if file.must_list {
        None
    } else if reading.ignored {
        Some(left_out::DECORATION)
    } else if mime.starts_with("image/") && picture::is_pixel(&file.content) {
        Some(left_out::PIXEL)
    } else if file.content.is_empty() && file.name.is_none() {
        Some(left_out::EMPTY)
    } else {
        None
    }
}

/// An attached mail is opened, not listed; its name in the decision record is its subject.
fn opened_mail(attached: &Message) -> IgnoredPart {
    let subject = attached.head.subject.as_deref().unwrap_or_default().replace(['/', '\\', ':'], " ");
    let name = name::safe(&format!("{subject}.eml")).filter(|_| !subject.trim().is_empty());
    IgnoredPart { name: name.unwrap_or_else(|| "Nachricht.eml".to_owned()), why: left_out::ATTACHED_MAIL.to_owned() }
}
