//! The peer's folders and mails, open to the test.

use std::collections::BTreeMap;

/// A mailbox.
pub struct MailStore {
    /// By name, as on the wire.
    pub folders: BTreeMap<String, Folder>,
    /// What is offered beside `IMAP4rev1`, such as `MOVE`.
    pub capabilities: Vec<&'static str>,
    arrivals: u32,
}

/// A folder.
pub struct Folder {
    pub uid_validity: u32,
    pub uid_next: u32,
    pub mails: Vec<Kept>,
    /// The sequence numbers of mails that vanished, in the order in which clients must be told.
    pub(super) vanished: Vec<usize>,
}

/// A mail in a folder.
#[derive(Clone, Debug)]
pub struct Kept {
    pub uid: u32,
    pub bytes: Vec<u8>,
    /// INTERNALDATE.
    pub arrival: String,
    pub seen: bool,
    pub deleted: bool,
}

impl MailStore {
    pub(super) fn new() -> Self {
        let folders = BTreeMap::from([("INBOX".to_owned(), Folder::new(7))]);
        Self { folders, capabilities: vec!["MOVE", "UIDPLUS", "IDLE"], arrivals: 0 }
    }

    /// Puts a mail into the inbox, unseen; each arrives a second after the one before.
    pub fn deliver(&mut self, bytes: Vec<u8>) -> u32 {
        self.arrivals += 1;
        let (minute, second) = (self.arrivals / 60 % 60, self.arrivals % 60);
        let arrival = format!("13-Mar-2024 10:{minute:02}:{second:02} +0100");
        self.inbox().add(Kept { uid: 0, bytes, arrival, seen: false, deleted: false })
    }

    pub fn inbox(&mut self) -> &mut Folder {
        self.folders.get_mut("INBOX").unwrap()
    }

    pub(super) fn offers(&self, capability: &str) -> bool {
        self.capabilities.contains(&capability)
    }

    /// COPY: the pairs of old and new UIDs, and the other folder's UIDVALIDITY; `None` if that is missing.
    pub(super) fn copy(&mut self, from: &str, uids: &[u32], to: &str) -> Option<(u32, Vec<(u32, u32)>)> {
        let mails: Vec<Kept> =
            self.folders[from].mails.iter().filter(|mail| uids.contains(&mail.uid)).cloned().collect();
        let target = self.folders.get_mut(to)?;
        let pairs = mails.into_iter().map(|mail| (mail.uid, target.add(mail))).collect();
        Some((target.uid_validity, pairs))
    }
}

impl Folder {
    /// An empty one.
    pub fn new(uid_validity: u32) -> Self {
        Self { uid_validity, uid_next: 1, mails: Vec::new(), vanished: Vec::new() }
    }

    /// Gives the mail the next UID.
    pub fn add(&mut self, mail: Kept) -> u32 {
        let uid = self.uid_next;
        self.uid_next += 1;
        self.mails.push(Kept { uid, ..mail });
        uid
    }

    /// Removes mails, as another client's EXPUNGE does: connected clients are told with their next answer.
    pub fn expunge(&mut self, uids: &[u32]) {
        while let Some(index) = self.mails.iter().position(|mail| uids.contains(&mail.uid)) {
            self.mails.remove(index);
            self.vanished.push(index + 1);
        }
    }

    /// Whether a UID command asks for this mail too.
    pub fn in_range(&self, command: &str, uid: u32) -> bool {
        let set = command.strip_prefix("UID ").and_then(|rest| rest.split(' ').nth(1));
        set.is_some_and(|set| set.starts_with(|c: char| c.is_ascii_digit()) && self.in_set(set).contains(&uid))
    }

    /// Those of a set such as `1:3,7` that are here.
    pub(super) fn in_set(&self, set: &str) -> Vec<u32> {
        let ranges: Vec<(u32, u32)> = set.split(',').map(range).collect();
        let inside = |uid: u32| ranges.iter().any(|(first, last)| (*first..=*last).contains(&uid));
        self.mails.iter().map(|mail| mail.uid).filter(|uid| inside(*uid)).collect()
    }
}

/// `3` or `3:7`.
pub(super) fn range(text: &str) -> (u32, u32) {
    let (first, last) = text.split_once(':').unwrap_or((text, text));
    (first.parse().unwrap(), last.parse().unwrap())
}
