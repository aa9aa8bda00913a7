//! Walks through a mail's parts and puts each where it belongs.

use super::body::BodyPiece;
use super::disguise::{Nature, known_fields, nature};
use super::text_part::{add_text, is_body};
use super::{Head, Item, Message, RawFile};
use crate::mail::byte_lines::byte_lines;
use crate::mail::container::{cms, tnef};
use crate::mail::encoding::{self, base64, quoted_printable};
use crate::mail::structure::{Parameterised, Part, Structure, opening};
use crate::mail::{Finding, IgnoredPart, Limits, Topic, Unreadable, left_out};

/// Reads a mail with everything in it, as far as the limits go.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Message {
    Reader { limits: *limits, parts: 0, decoded: 0, stopped: None }.message(bytes, 0)
}

pub(super) struct Reader {
    pub(super) limits: Limits,
    /// Parts seen so far, in all attached mails together.
    parts: usize,
    /// Octets decoded so far, in all attached mails together.
    pub(super) decoded: usize,
    pub(super) stopped: Option<Unreadable>,
}

impl Reader {
    pub(super) fn message(&mut self, bytes: &[u8], level: usize) -> Message {
        let structure = Structure::scan(bytes, &self.limits);
        let mut message = Message::default();
        if let Some(root) = structure.parts.first() {
            message.head = Head::of(&root.header);
        }
        let inner = encoded_as_a_whole(&structure);
        let inner = inner.as_deref().map(|inner| Structure::scan(inner, &self.limits));
        self.entity(inner.as_ref().unwrap_or(&structure), &mut message, level);
        message
    }

    /// Reads all parts of a mail or of what a container held into `message`.
    fn entity(&mut self, structure: &Structure<'_>, message: &mut Message, level: usize) {
        self.parts += structure.parts.len();
        if self.parts > self.limits.parts {
            self.stopped = Some(Unreadable::TooManyParts);
        }
        let children = structure.children();
        // The parts still to be read, the next one last, each with the alternative it is a form of.
        let mut waiting: Vec<(usize, Option<usize>)> = vec![(0, None)];
        while let Some((index, alternative)) = waiting.pop() {
            let Some(part) = structure.parts.get(index) else { continue };
            if part.guessed && part.media_type.starts_with("multipart/") {
                message.repaired("a multipart declares no boundary: the first line that looks like one is taken");
            }
            let mut alternative = alternative;
            match part.media_type.as_str() {
                "multipart/encrypted" => {
                    message.unreadable.get_or_insert(Unreadable::EncryptedPgp);
                    continue;
                }
                "multipart/alternative" => {
                    message.body.push(BodyPiece::default());
                    alternative = Some(message.body.len() - 1);
                }
                kind if kind.starts_with("multipart/") => {}
                _ => self.leaf(part, alternative, message, level),
            }
            waiting.extend(children.get(index).into_iter().flatten().rev().map(|&child| (child, alternative)));
        }
        if let Some(stopped) = structure.stopped.or(self.stopped) {
            message.unreadable.get_or_insert(stopped);
        }
    }

    fn leaf(&mut self, part: &Part<'_>, alternative: Option<usize>, message: &mut Message, level: usize) {
        let transfer = transfer_encoding(part);
        let Some(within) = self.decoded.checked_add(part.body.len()).filter(|&sum| sum <= self.limits.decoded_size)
        else {
            self.stopped = Some(Unreadable::TooMuchContent);
            return;
        };
        self.decoded = within;
        let mut decoded = encoding::take_off(&transfer, part.body);
        if part.media_type == "message/rfc822" && known_fields(&decoded.bytes) == 0 && known_fields(part.body) > 1 {
            // Declared as encoded, sent as it is: the RFC allows no encoding here (RFC 2046, section 5.2.1).
            decoded = encoding::take_off("", part.body);
        }
        let is_file = !part.media_type.starts_with("text/") && !part.media_type.starts_with("message/");
        if is_file && matches!(transfer.as_str(), "" | "7bit" | "8bit" | "binary") && base64::is_encoded_file(part.body)
        {
            message.repaired(format!("a {} part is base64, which it does not declare", part.media_type));
            decoded = base64::decode(part.body);
        }
        let disposition = disposition(part, &self.limits);
        if disposition.too_many {
            self.stopped = Some(Unreadable::TooManyParameters);
        }
        let name = disposition.text("filename").or_else(|| part.content_type.text("name"));
        tell_repairs(part, &transfer, decoded.damaged, name.as_deref(), message);
        let content: &[u8] = &decoded.bytes;
        let ignored = |why: &str| {
            let name = name.clone().unwrap_or_else(|| part.media_type.clone());
            IgnoredPart { name, why: why.to_owned() }
        };
        match nature(&part.media_type, name.as_deref(), content) {
            Nature::Technical(what) => return message.ignored.push(ignored(what)),
            Nature::Report => {
                message.ignored.push(ignored(left_out::REPORT));
                return message.reports.push(part.media_type.clone());
            }
            Nature::Text | Nature::Html if is_body(part, &disposition, name.as_deref(), message) => {
                return add_text(part, content, alternative, message);
            }
            Nature::Mail | Nature::Cms if level >= self.limits.attached_depth => {
                self.stopped = Some(Unreadable::TooNested);
            }
            Nature::Mail if self.stopped.is_none() => {
                let attached = self.message(&opening::open(content), level + 1);
                return message.items.push(Item::Message(attached));
            }
            Nature::Encrypted => {
                message.unreadable.get_or_insert(Unreadable::EncryptedPgp);
                return message.ignored.push(ignored(left_out::ENCRYPTED));
            }
            Nature::Tnef => {
                if let Some(unpacked) = tnef::read(content) {
                    message.ignored.push(ignored(left_out::CONTAINER));
                    return self.unpacked(unpacked, message, level);
                }
            }
            Nature::Cms => match cms::read(content, self.limits.decoded_size.saturating_sub(self.decoded)) {
                cms::Envelope::Opened(inner) => {
                    message.ignored.push(ignored(left_out::CONTAINER));
                    let inner = Structure::scan(&inner, &self.limits);
                    return self.entity(&inner, message, level + 1);
                }
                cms::Envelope::Encrypted => {
                    message.unreadable.get_or_insert(Unreadable::EncryptedSmime);
                    return;
                }
                cms::Envelope::TooMuch => self.stopped = Some(Unreadable::TooMuchContent),
                cms::Envelope::Certificates => {
                    if part.parent.is_none() {
                        message.unreadable.get_or_insert(Unreadable::OnlyCertificates);
                    }
                    return message.ignored.push(ignored(left_out::CERTIFICATES));
                }
                cms::Envelope::Broken => {
                    // Never imported as empty: a person has to see what no program could open.
                    let declared = part.content_type.plain("smime-type").unwrap_or_default().to_ascii_lowercase();
                    if declared.contains("enveloped") || part.parent.is_none() {
                        message.unreadable.get_or_insert(Unreadable::BrokenSmime);
                    }
                }
            },
            _ => {}
        }
        let is_container = matches!(nature(&part.media_type, name.as_deref(), content), Nature::Tnef | Nature::Cms);
        // The name of an encrypted file ends like a signature's.
        let is_encrypted = content.starts_with(b"-----BEGIN PGP MESSAGE-----");
        let has_name = name.is_some();
        message.items.push(Item::File(RawFile {
            name,
            declared: part.media_type.clone(),
            damaged: decoded.damaged || (!part.closed && transfer == "base64"),
            content: decoded.bytes.into_owned(),
            content_id: content_id(part),
            must_list: is_container || is_encrypted,
            since: if disposition.word == "attachment" {
                "it is marked as an attachment"
            } else if has_name {
                "it has a file's name"
            } else {
                "its type is neither text nor HTML"
            },
        }));
    }
}

impl Message {
    pub(super) fn repaired(&mut self, says: impl Into<String>) {
        self.findings.push(Finding::new(Topic::Repaired, says));
    }

    pub(super) fn cut(&mut self, says: &str) {
        self.findings.push(Finding::new(Topic::Cut, says));
    }
}

/// The disposition; of several the first that names a file.
fn disposition(part: &Part<'_>, limits: &Limits) -> Parameterised {
    let mut all = part.header.all("Content-Disposition").map(|raw| Parameterised::parse(&raw, limits.parameter_pieces));
    let first = all.next().unwrap_or_default();
    if first.text("filename").is_some() {
        return first;
    }
    all.find(|further| further.text("filename").is_some()).unwrap_or(first)
}

/// A multipart that some gateway encoded as a whole (RFC 2045, section 6.4, forbids it), taken out with its type.
fn encoded_as_a_whole(structure: &Structure<'_>) -> Option<Vec<u8>> {
    let [root] = structure.parts.as_slice() else { return None };
    let transfer = transfer_encoding(root);
    let boundary = root.content_type.plain("boundary").filter(|boundary| !boundary.is_empty())?;
    let encoded = matches!(transfer.as_str(), "base64" | "quoted-printable");
    let decoded = encoded.then(|| encoding::take_off(&transfer, root.body))?.bytes;
    let opening = format!("--{boundary}");
    let opens = byte_lines(&decoded).any(|line| line.trim_ascii_end() == opening.as_bytes());
    opens.then(|| {
        let kind = root.header.raw("Content-Type").unwrap_or_default();
        [b"Content-Type: ".as_slice(), &kind, b"\n\n", &decoded].concat()
    })
}

/// The name of the encoding, also where a program wrote it in quotation marks or with another hyphen.
fn transfer_encoding(part: &Part<'_>) -> String {
    let value = part.header.raw("Content-Transfer-Encoding").unwrap_or_default();
    let word = Parameterised::parse(&value, 1).word;
    let word = word.trim_matches(['"', '\'']).trim();
    word.split_whitespace().next().unwrap_or_default().replace('_', "-")
}

/// Tells what does not fit a part's encoding.
fn tell_repairs(part: &Part<'_>, transfer: &str, damaged: bool, name: Option<&str>, message: &mut Message) {
    let which = || name.map_or_else(|| format!("a {} part", part.media_type), |name| format!("`{name}`"));
    if damaged {
        message.repaired(format!("the {transfer} of {} is broken: what can be decoded is kept", which()));
    } else if transfer == "quoted-printable" && quoted_printable::is_broken(part.body) {
        message.repaired(format!("the quoted-printable of {} is broken: what is no escape stays", which()));
    }
    if !part.closed {
        message.repaired(format!("the boundary behind {} is missing: it goes on to the end", which()));
    }
}

fn content_id(part: &Part<'_>) -> Option<String> {
    let id = part.header.text("Content-ID")?;
    let id = id.trim().trim_start_matches('<').trim_end_matches('>').trim();
    (!id.is_empty()).then(|| id.to_owned())
}
