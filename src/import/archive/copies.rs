//! The folders in which copies of an erased mail may lie.

use super::Sought;
use crate::application::FolderName;
use crate::imap::{Session, SpecialUse};
use crate::settings::Mailbox;
use anyhow::Result;
use chrono::Utc;
use std::collections::BTreeSet;

/// Where an exchange that was interrupted may have put these mails: in the folder that was noted, or in the archive folders,
/// where they go by month in those of the time since they were decided about. The inbox is none of them: what is like them
/// there is new mail.
pub(super) fn archive_folders(mailbox: &Mailbox, sought: &[Sought]) -> Vec<String> {
    let (now, inbox) = (Utc::now(), mailbox.folder.to_string());
    let noted = sought.iter().filter_map(|one| one.folder.clone()).filter(|folder| *folder != inbox);
    let archive = sought.iter().flat_map(|one| mailbox.archive.folders_between(one.processed_at, now));
    noted.chain(archive).collect::<BTreeSet<String>>().into_iter().collect()
}

/// All folders that can hold mail, except the inbox and such as only show what lies elsewhere; by the names that the
/// settings give them, as records do.
pub(super) async fn other_folders(session: &mut Session, mailbox: &Mailbox) -> Result<Vec<String>> {
    let folders = session.folders().await?;
    let is_inbox = folders.find_open(&mailbox.folder).map(|folder| folder.name.clone());
    let mut names = Vec::new();
    for folder in &folders.list {
        let only_shows = matches!(folder.special_use, Some(SpecialUse::All | SpecialUse::Flagged));
        if !folder.selectable || only_shows || is_inbox.as_ref() == Some(&folder.name) {
            continue;
        }
        // A server that keeps folders inside the inbox is spoken to as if it did not.
        let plain = folder.name.strip_prefix("INBOX/").filter(|plain| {
            let named = FolderName::parse(plain).ok();
            named.and_then(|name| folders.find_open(&name)).is_some_and(|found| found.name == folder.name)
        });
        let name = plain.unwrap_or(&folder.name);
        if FolderName::parse(name).is_ok() {
            names.push(name.to_owned());
        }
    }
    Ok(names)
}
