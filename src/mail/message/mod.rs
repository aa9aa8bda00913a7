//! One mail taken apart: head, body, files, attached mails, everything decoded and owned.
//!
//! Containers (winmail.dat, opaque signatures, attached mails in any disguise) are opened here. What the parts *mean* for
//! the import is not known here.

mod body;
mod disguise;
mod raw_file;
mod reader;
mod text_part;
mod unpacked;

pub(crate) use body::{BodyPiece, holds_encrypted, without_clear_signatures};
pub(crate) use raw_file::RawFile;
pub(crate) use reader::read;

use super::address::{self, Mailbox};
use super::structure::Header;
use super::{Finding, IgnoredPart, Unreadable};

/// One mail, the fetched one or one attached to it.
#[derive(Default)]
pub(crate) struct Message {
    pub(crate) head: Head,
    /// The pieces of its body in their order; each may be there as text, as HTML or as both.
    pub(crate) body: Vec<BodyPiece>,
    /// Files and attached mails in their order.
    pub(crate) items: Vec<Item>,
    /// Parts that are kept in the archived mail only.
    pub(crate) ignored: Vec<IgnoredPart>,
    /// The media types of the report parts found (RFC 3464, RFC 8098).
    pub(crate) reports: Vec<String>,
    /// Why the content cannot be read.
    pub(crate) unreadable: Option<Unreadable>,
    /// What was repaired, and what parts became.
    pub(crate) findings: Vec<Finding>,
}

/// The fields of a mail's header that the import goes by.
#[derive(Default)]
pub(crate) struct Head {
    pub(crate) from: Mailbox,
    pub(crate) subject: Option<String>,
    /// The `Date` as it stands.
    pub(crate) date: Option<String>,
    pub(crate) message_id: Option<String>,
    /// Who redirected the mail (RFC 5322, section 3.6.6), if that has an address. Some programs write only the sender's
    /// field. The newest block of these fields stands on top.
    pub(crate) resent_from: Option<Mailbox>,
}

/// Something attached.
pub(crate) enum Item {
    File(RawFile),
    Message(Message),
}

impl Head {
    pub(crate) fn of(header: &Header<'_>) -> Self {
        let text = |name: &str| header.text(name).map(|text| text.trim().replace(['\r', '\n', '\0'], ""));
        Self {
            from: header.in_utf_8("From").map(|raw| address::read_first(&raw)).unwrap_or_default(),
            subject: text("Subject"),
            date: text("Date"),
            message_id: text("Message-ID").as_deref().and_then(message_id),
            resent_from: ["Resent-From", "Resent-Sender"]
                .into_iter()
                .filter_map(|name| header.in_utf_8(name).map(|raw| address::read_first(&raw)))
                .find(|mailbox| mailbox.address.is_some()),
        }
    }
}

/// A well-formed Message-ID without its brackets: `left@right`, no blanks, at most 900 letters.
pub(crate) fn message_id(text: &str) -> Option<String> {
    let inner = text.trim().strip_prefix('<')?.split_once('>')?.0;
    let (left, right) = inner.rsplit_once('@')?;
    let fits = !left.is_empty() && !right.is_empty() && inner.len() <= 900;
    (fits && inner.chars().all(|letter| letter.is_ascii_graphic() && letter != '<')).then(|| inner.to_owned())
}

impl Message {
    /// This mail and all attached ones, in the order of their parts.
    pub(crate) fn with_attached(&self) -> Vec<&Self> {
        let mut all = vec![self];
        for item in &self.items {
            if let Item::Message(message) = item {
                all.extend(message.with_attached());
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::message_id;

    #[test]
    fn only_a_well_formed_message_id_counts() {
        assert_eq!(message_id(" <a.1@example.org> ").as_deref(), Some("a.1@example.org"));
        for text in ["", "<>", "a@example.org", "<a b@example.org>", "<@example.org>", "<abc>"] {
            assert_eq!(message_id(text), None, "{text}");
        }
    }
}
