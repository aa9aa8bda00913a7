//! The server's folders, and where a folder of a given name lies or is to be made.
//!
//! Settings name folders as `Archive/Imported`. A server may separate with `/` or `.`, and it may want every folder of
//! a mailbox inside the inbox (`INBOX.Archive.Imported`: Courier, Cyrus, many Dovecots). NAMESPACE would tell, but its
//! answer is unreadable to the parser; so LIST must do:
//!
//! 1. The separator stands in every LIST answer.
//! 2. A folder that exists is taken where it is, without or with the inbox before it. So a folder that was made once is
//!    found again, whatever folders a mail program adds later.
//! 3. A folder to be made goes where the others are: into the inbox if every folder with a special use lies there, or,
//!    where no special uses are told, every folder at all.
//! 4. A fresh mailbox has nothing but its inbox and tells nothing. Then the plain name is tried, and the name inside
//!    the inbox if the server refuses the first: Dovecot, Courier and Cyrus refuse a name outside their namespaces, and
//!    a refused CREATE changes nothing.

use async_imap::imap_proto::{MailboxDatum, MailboxListData, NameAttribute, Response};

use super::modified_utf7;
use super::quoting::unescaped;
use super::wire_name::on_wire;
use crate::application::FolderName;

/// What LIST told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folders {
    /// Stands between a folder and those in it; `None` on a server without folders in folders.
    pub separator: Option<char>,
    /// All folders, in the server's order.
    pub list: Vec<Folder>,
}

/// One folder of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// The name as it may stand in the settings.
    pub name: String,
    /// Whether it can hold mail; some only hold other folders.
    pub selectable: bool,
    /// What it is for, if the server tells.
    pub special_use: Option<SpecialUse>,
    /// The name as the server writes it, unquoted.
    pub(super) wire: String,
}

/// What a folder is for (RFC 6154).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpecialUse {
    /// All mail, a virtual folder.
    All,
    /// The archive.
    Archive,
    /// Drafts.
    Drafts,
    /// Marked mail, a virtual folder.
    Flagged,
    /// Spam.
    Junk,
    /// Sent mail.
    Sent,
    /// Thrown away.
    Trash,
}

impl Folders {
    /// The folder that `name` means, if it exists.
    #[must_use]
    pub fn find(&self, name: &FolderName) -> Option<&Folder> {
        self.places(name).ok()?.into_iter().find_map(|place| self.at(&place))
    }

    /// The folder that `name` means, if it exists and can hold mail.
    #[must_use]
    pub fn find_open(&self, name: &FolderName) -> Option<&Folder> {
        let mut found = self.places(name).ok()?.into_iter().filter_map(|place| self.at(&place));
        found.find(|folder| folder.selectable)
    }

    pub(super) fn take_in(&mut self, response: &Response<'_>) {
        if let Response::MailboxData(MailboxDatum::List(listed)) = response {
            self.separator = self.separator.or(listed.delimiter.as_deref().and_then(separator_in));
            if !listed.name.is_empty() {
                self.list.push(Folder::read(listed));
            }
        }
    }

    pub(super) fn at(&self, wire: &str) -> Option<&Folder> {
        self.list.iter().find(|folder| {
            folder.wire == wire || (wire.eq_ignore_ascii_case("INBOX") && folder.wire.eq_ignore_ascii_case("INBOX"))
        })
    }

    /// Where `name` may lie on the wire, the likelier place first; an error text if this server cannot have it.
    pub(super) fn places(&self, name: &FolderName) -> Result<Vec<String>, String> {
        let plain = on_wire(name, self.separator)?;
        let Some(prefix) = self.inbox_prefix().filter(|_| !name.is_below_inbox()) else {
            return Ok(vec![plain]);
        };
        let inside = format!("{prefix}{plain}");
        Ok(if self.lie_inside_inbox() == Some(true) { vec![inside, plain] } else { vec![plain, inside] })
    }

    /// Where a folder that does not exist may be made, the likelier place first.
    pub(super) fn places_to_make(&self, name: &FolderName) -> Result<Vec<String>, String> {
        let mut places = self.places(name)?;
        if self.lie_inside_inbox().is_some() {
            places.truncate(1);
        }
        Ok(places)
    }

    /// The folders above `wire` that do not exist, outermost first.
    pub(super) fn missing_parents(&self, wire: &str) -> Vec<String> {
        let Some(separator) = self.separator else { return Vec::new() };
        let parents = wire.match_indices(separator).filter_map(|(at, _)| wire.get(..at));
        parents.filter(|parent| !parent.is_empty() && self.at(parent).is_none()).map(str::to_owned).collect()
    }

    fn inbox_prefix(&self) -> Option<String> {
        Some(format!("INBOX{}", self.separator?))
    }

    /// Whether this mailbox keeps its folders inside the inbox; `None` if the names do not tell. Names beside the inbox
    /// prove nothing without a special use: they may be other people's.
    fn lie_inside_inbox(&self) -> Option<bool> {
        let prefix = self.inbox_prefix()?;
        let inside = |folder: &Folder| folder.wire.starts_with(&prefix);
        let mut special = self.list.iter().filter(|folder| folder.special_use.is_some()).peekable();
        if special.peek().is_some() {
            return Some(special.all(inside));
        }
        let mut others = self.list.iter().filter(|folder| !folder.wire.eq_ignore_ascii_case("INBOX")).peekable();
        (others.peek().is_some() && others.all(inside)).then_some(true)
    }
}

impl Folder {
    fn read(listed: &MailboxListData<'_>) -> Self {
        let wire = unescaped(&listed.name);
        let bars = |attribute: &NameAttribute<'_>| match attribute {
            NameAttribute::NoSelect => true,
            NameAttribute::Extension(name) => name.eq_ignore_ascii_case("\\NonExistent"),
            _ => false,
        };
        let separator = listed.delimiter.as_deref().and_then(separator_in);
        Self {
            name: readable(&wire, separator),
            selectable: !listed.name_attributes.iter().any(bars),
            special_use: listed.name_attributes.iter().find_map(special_use),
            wire,
        }
    }
}

fn separator_in(delimiter: &str) -> Option<char> {
    // A backslash comes escaped, as it stood in its quoted string.
    unescaped(delimiter).chars().next()
}

fn readable(wire: &str, separator: Option<char>) -> String {
    let decoded = |part: &str| modified_utf7::decode(part).unwrap_or_else(|| part.to_owned());
    match separator {
        Some(separator) => wire.split(separator).map(decoded).collect::<Vec<_>>().join("/"),
        None => decoded(wire),
    }
}

fn special_use(attribute: &NameAttribute<'_>) -> Option<SpecialUse> {
    match attribute {
        NameAttribute::All => Some(SpecialUse::All),
        NameAttribute::Archive => Some(SpecialUse::Archive),
        NameAttribute::Drafts => Some(SpecialUse::Drafts),
        NameAttribute::Flagged => Some(SpecialUse::Flagged),
        NameAttribute::Junk => Some(SpecialUse::Junk),
        NameAttribute::Sent => Some(SpecialUse::Sent),
        NameAttribute::Trash => Some(SpecialUse::Trash),
        _ => None,
    }
}

#[cfg(test)]
#[path = "folders_tests.rs"]
mod tests;
