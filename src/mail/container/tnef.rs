//! winmail.dat: the container in which Exchange and Outlook send rich text and files ([MS-OXTNEF]).
//!
//! An own reader, because names must come out of the Unicode properties and every length must be bounded by what is
//! there. A container whose structure is damaged is not half unpacked: it stays a file, so that a person can look. Where
//! only a checksum is wrong, what is inside is marked as damaged.

use super::mapi::{self, Property, Reader};
use super::{embedded, rtf};
use crate::mail::address::Mailbox;
use crate::mail::encoding::charset;
use crate::mail::message::{Head, RawFile};

const SIGNATURE: u32 = 0x223e_9f78;
const BODY: u32 = 0x0002_800c;
const ATTACH_TITLE: u32 = 0x0001_8010;
const ATTACH_DATA: u32 = 0x0006_800f;
const ATTACH_BEGIN: u32 = 0x0006_9002;
const ATTACH_PROPERTIES: u32 = 0x0006_9005;
const MESSAGE_PROPERTIES: u32 = 0x0006_9003;
const CODE_PAGE: u32 = 0x0006_9007;
/// How deeply a mail embedded in a container may hold another.
const MAX_LEVEL: usize = 5;
/// An embedded object begins with the identifier of its interface.
const INTERFACE_OCTETS: usize = 16;

/// How every container begins.
pub(crate) const MARK: [u8; 4] = SIGNATURE.to_le_bytes();

/// What a container held.
#[derive(Default)]
pub(crate) struct Unpacked {
    pub(crate) text: Option<String>,
    pub(crate) html: Option<String>,
    pub(crate) files: Vec<RawFile>,
    /// The head of the mail that the container is.
    pub(crate) head: Head,
    /// The mails attached to it.
    pub(crate) mails: Vec<Self>,
    /// A checksum outside of the files is wrong.
    pub(crate) damaged: bool,
    /// The text stood in rich text only.
    pub(crate) from_rich_text: bool,
    rich_text: Option<Vec<u8>>,
}

/// Unpacks a container; `None` where it is damaged, or where the only text in it cannot be made out.
pub(crate) fn read(bytes: &[u8]) -> Option<Unpacked> {
    let mut unpacked = read_level(bytes, 0)?;
    let has_rich_text = unpacked.rich_text.is_some();
    unpacked.fall_back_to_rich_text();
    let holds =
        unpacked.text.is_some() || unpacked.html.is_some() || !unpacked.files.is_empty() || !unpacked.mails.is_empty();
    (holds || !has_rich_text).then_some(unpacked)
}

fn read_level(bytes: &[u8], level: usize) -> Option<Unpacked> {
    let mut reader = Reader { rest: bytes };
    if level > MAX_LEVEL || reader.u32()? != SIGNATURE {
        return None;
    }
    reader.u16()?;
    let mut unpacked = Unpacked::default();
    let mut code_page = None;
    let mut file: Option<File> = None;
    while !reader.rest.is_empty() {
        let (id, data, sound) = attribute(&mut reader)?;
        match id {
            CODE_PAGE => code_page = code_page_of(data),
            BODY => unpacked.text = text(&charset::decode(data, code_page.as_deref())),
            MESSAGE_PROPERTIES => read_body(data, code_page.as_deref(), &mut unpacked)?,
            ATTACH_BEGIN => {
                if let Some(done) = file.replace(File::default()) {
                    done.put_into(&mut unpacked, level)?;
                }
            }
            ATTACH_TITLE => file.get_or_insert_default().title = text(&charset::decode(data, code_page.as_deref())),
            ATTACH_DATA => file.get_or_insert_default().content = data.to_vec(),
            ATTACH_PROPERTIES => file.get_or_insert_default().read_properties(data, code_page.as_deref())?,
            _ => {}
        }
        match (&mut file, id) {
            _ if sound => {}
            (Some(file), ATTACH_TITLE | ATTACH_DATA | ATTACH_PROPERTIES) => file.damaged = true,
            _ => unpacked.damaged = true,
        }
    }
    if let Some(done) = file {
        done.put_into(&mut unpacked, level)?;
    }
    Some(unpacked)
}

impl Unpacked {
    /// Outlook sends a text that somebody formatted as rich text alone.
    fn fall_back_to_rich_text(&mut self) {
        let Some(rich_text) = self.rich_text.take().filter(|_| self.text.is_none() && self.html.is_none()) else {
            return;
        };
        match rtf::read(&rich_text) {
            Some(rtf::Content::Text(plain)) => self.text = text(&plain),
            Some(rtf::Content::Html(page)) => self.html = text(&page),
            None => {}
        }
        self.from_rich_text = self.text.is_some() || self.html.is_some();
    }
}

/// One attribute: level, id, length, data, and a checksum; gives whether that is right.
fn attribute<'a>(reader: &mut Reader<'a>) -> Option<(u32, &'a [u8], bool)> {
    reader.u8()?;
    let id = reader.u32()?;
    let length = usize::try_from(reader.u32()?).ok()?;
    let data = reader.take(length)?;
    let sum = data.iter().fold(0u16, |sum, &octet| sum.wrapping_add(u16::from(octet)));
    Some((id, data, reader.u16()? == sum))
}

/// A file while its attributes are read.
#[derive(Default)]
struct File {
    title: Option<String>,
    long_name: Option<String>,
    mime: Option<String>,
    content_id: Option<String>,
    content: Vec<u8>,
    embedded: Option<Vec<u8>>,
    damaged: bool,
}

impl File {
    fn read_properties(&mut self, data: &[u8], code_page: Option<&str>) -> Option<()> {
        for property in mapi::read(data)? {
            let value = || text(&property.text(code_page));
            match property.id {
                mapi::ATTACH_LONG_FILENAME => self.long_name = value().or(self.long_name.take()),
                mapi::ATTACH_FILENAME | mapi::DISPLAY_NAME => self.title = self.title.take().or_else(value),
                mapi::ATTACH_MIME_TAG => self.mime = value(),
                mapi::ATTACH_CONTENT_ID => self.content_id = value(),
                mapi::ATTACHED_OBJECT => {
                    let before = if property.is_object { INTERFACE_OCTETS } else { 0 };
                    self.embedded = property.value.get(before..).map(<[u8]>::to_vec);
                }
                _ => {}
            }
        }
        Some(())
    }

    /// A mail embedded as an object is a container of its own; where it says of nobody to be from, it is a part of ours.
    fn put_into(self, unpacked: &mut Unpacked, level: usize) -> Option<()> {
        let embedded = self.embedded.filter(|_| self.content.is_empty());
        if let Some(inner) = &embedded
            && inner.starts_with(&MARK)
        {
            let mut inner = read_level(inner, level + 1)?;
            inner.damaged |= self.damaged;
            if inner.head.from != Mailbox::default() {
                inner.fall_back_to_rich_text();
                unpacked.mails.push(inner);
                return Some(());
            }
            unpacked.files.extend(inner.files);
            unpacked.text = unpacked.text.take().or(inner.text);
            unpacked.html = unpacked.html.take().or(inner.html);
            unpacked.rich_text = unpacked.rich_text.take().or(inner.rich_text);
            unpacked.damaged |= inner.damaged;
            unpacked.mails.extend(inner.mails);
            return Some(());
        }
        unpacked.files.push(RawFile {
            name: self.long_name.or(self.title),
            declared: self.mime.map_or_else(|| "application/octet-stream".to_owned(), |mime| mime.to_ascii_lowercase()),
            content: embedded.unwrap_or(self.content),
            content_id: self.content_id,
            damaged: self.damaged,
            must_list: false,
            since: "it was packed in winmail.dat",
        });
        Some(())
    }
}

fn read_body(data: &[u8], code_page: Option<&str>, unpacked: &mut Unpacked) -> Option<()> {
    let properties = mapi::read(data)?;
    unpacked.head = embedded::head(&properties, code_page);
    for property in properties {
        match property.id {
            mapi::BODY => unpacked.text = text(&property.text(code_page)).or(unpacked.text.take()),
            mapi::RICH_TEXT => unpacked.rich_text = Some(property.value.to_vec()),
            mapi::BODY_HTML => unpacked.html = html(&property, code_page),
            _ => {}
        }
    }
    Some(())
}

fn html(property: &Property<'_>, code_page: Option<&str>) -> Option<String> {
    let named = charset::named_in_html(property.value);
    text(&property.text(named.as_deref().or(code_page)))
}

fn text(text: &str) -> Option<String> {
    let text = charset::tidy(text.trim_end_matches('\0').to_owned());
    (!text.trim().is_empty()).then_some(text)
}

/// The container's code page as a character set's label.
fn code_page_of(data: &[u8]) -> Option<String> {
    Some(charset::code_page_label(u32::from_le_bytes(data.get(..4)?.try_into().ok()?)))
}

#[cfg(test)]
#[path = "tnef_tests.rs"]
mod tests;
