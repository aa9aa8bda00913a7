//! What winmail.dat held, put where it belongs in the mail.

use super::disguise::{Nature, nature};
use super::reader::Reader;
use super::{BodyPiece, Item, Message, RawFile};
use crate::mail::container::tnef;
use crate::mail::structure::opening;
use crate::mail::text::page::Page;
use crate::mail::{IgnoredPart, left_out};

impl Reader {
    /// Takes in what winmail.dat held; the files in it are looked at like those of a mail.
    pub(super) fn unpacked(&mut self, mut unpacked: tnef::Unpacked, message: &mut Message, level: usize) {
        let (files, mails) = (std::mem::take(&mut unpacked.files), std::mem::take(&mut unpacked.mails));
        if unpacked.damaged || files.iter().any(|file| file.damaged) {
            message.repaired("a checksum in winmail.dat is wrong: it is unpacked all the same");
        }
        add_text_of(unpacked, message);
        for file in files {
            self.unpacked_file(file, message, level);
        }
        for mut mail in mails {
            let mut attached = Message { head: std::mem::take(&mut mail.head), ..Message::default() };
            self.unpacked(mail, &mut attached, level + 1);
            message.items.push(Item::Message(attached));
        }
    }

    fn unpacked_file(&mut self, file: RawFile, message: &mut Message, level: usize) {
        let within =
            self.decoded + file.content.len() <= self.limits.decoded_size && level < self.limits.attached_depth;
        let ignored = |why: &str| {
            let name = file.name.clone().unwrap_or_else(|| file.declared.clone());
            IgnoredPart { name, why: why.to_owned() }
        };
        match nature(&file.declared, file.name.as_deref(), &file.content) {
            Nature::Technical(what) => message.ignored.push(ignored(what)),
            Nature::Mail if within && self.stopped.is_none() => {
                self.decoded += file.content.len();
                let attached = self.message(&opening::open(&file.content), level + 1);
                message.items.push(Item::Message(attached));
            }
            Nature::Tnef if within && let Some(unpacked) = tnef::read(&file.content) => {
                self.decoded += file.content.len();
                message.ignored.push(ignored(left_out::CONTAINER));
                self.unpacked(unpacked, message, level + 1);
            }
            _ => message.items.push(Item::File(file)),
        }
    }
}

fn add_text_of(unpacked: tnef::Unpacked, message: &mut Message) {
    if unpacked.from_rich_text {
        message.repaired("the text stood in winmail.dat as rich text only: it is taken out without its formatting");
    }
    let has_body = message
        .body
        .iter()
        .any(|piece| piece.page.is_some() || piece.plain.as_deref().is_some_and(|text| !text.trim().is_empty()));
    if !has_body && (unpacked.text.is_some() || unpacked.html.is_some()) {
        message.body.push(BodyPiece { plain: unpacked.text, page: unpacked.html.as_deref().map(Page::read) });
    }
}
