//! One import address.

use super::server::Server;
use crate::application::{EmailAddress, FolderName};
use crate::decision::ImportOutcome;
use chrono::{DateTime, Months, Utc};
use std::time::Duration;

/// One import address and the mailbox behind it.
#[derive(Clone, Debug)]
pub struct Mailbox {
    /// The tenant's name.
    pub tenant: String,
    /// The import address.
    pub address: EmailAddress,
    /// What metrics call it, which must show no address; without it its row's number.
    pub name: Option<String>,
    /// The IMAP server and the log-in.
    pub server: Server,
    /// The inbox.
    pub folder: FolderName,
    /// How often the inbox is looked at, whatever IDLE says.
    pub poll_interval: Duration,
    /// Whether to wait by IDLE between two looks.
    pub idle: bool,
    /// Larger mails are set aside, in octets.
    pub max_size: u64,
    /// Whether seen mail without a record is imported too.
    pub adopt_seen: bool,
    /// After so many failures for its own reasons a mail is set aside.
    pub max_attempts: u32,
    /// Where mail goes.
    pub archive: Archive,
}

/// The archive folders of one mailbox.
#[derive(Clone, Debug)]
pub struct Archive {
    pub(super) root: String,
    pub(super) names: [String; 5],
    pub(super) by_month: bool,
}

impl Mailbox {
    /// Whether this address is the import address, with or without something behind a `+`.
    pub fn is_reached_by(&self, address: &EmailAddress) -> bool {
        self.address.is_mailbox_of(address)
    }

    /// Whether the name that logs in is this address: then it is the same mailbox, whatever its import address is.
    pub fn is_logged_in_as(&self, address: &EmailAddress) -> bool {
        let login = self.server.login.as_ref().and_then(|login| EmailAddress::parse(&login.username).ok());
        login.is_some_and(|login| login.is_mailbox_of(address))
    }
}

impl Archive {
    /// The folder for mail with this outcome, in plain Unicode with `/`; `now` tells the month.
    pub fn folder(&self, outcome: ImportOutcome, now: DateTime<Utc>) -> String {
        let name = self.names.get(outcome as usize).map_or("", String::as_str);
        let mut folder = if self.root.is_empty() { name.to_owned() } else { format!("{}/{name}", self.root) };
        if self.by_month {
            folder.push_str(&now.format("/%Y-%m").to_string());
        }
        folder
    }

    /// All folders that mail may go to at this time.
    pub fn folders(&self, now: DateTime<Utc>) -> Vec<String> {
        ImportOutcome::ALL.iter().map(|&outcome| self.folder(outcome, now)).collect()
    }

    /// All folders that mail may have gone to between these times, each once.
    pub fn folders_between(&self, since: DateTime<Utc>, now: DateTime<Utc>) -> Vec<String> {
        let next =
            |at: &DateTime<Utc>| at.checked_add_months(Months::new(1)).filter(|next| self.by_month && *next < now);
        let mut folders = Vec::new();
        for at in std::iter::successors(Some(since), next).chain([now]) {
            folders.extend(self.folders(at).into_iter().filter(|folder| !folders.contains(folder)).collect::<Vec<_>>());
        }
        folders
    }
}
