//! Whether there is room for all mailboxes of the settings.

use super::Settings;
use std::collections::BTreeMap;

/// Descriptors that are open beside those of mailboxes and pages: database, files, log, mail server.
const OTHER_FILES: usize = 100;

/// Connections that the pages take at a time; fewer than the 1024 descriptors that a program usually has, since mailboxes,
/// mail server and database need some too.
pub const PAGE_CONNECTIONS: usize = 500;

impl Settings {
    /// What the limits cannot hold, for a warning: mailboxes that are logged in to anew for each look, and connections for
    /// which `files`, the number of files that a process may open, does not suffice.
    pub fn does_not_fit(&self, files: Option<usize>) -> Vec<String> {
        let limits = self.connections;
        let mut hosts: BTreeMap<(String, u16), usize> = BTreeMap::new();
        for mailbox in &self.mailboxes {
            *hosts.entry(mailbox.server.host_and_port()).or_default() += 1;
        }
        let mut said = Vec::new();
        for ((host, port), mailboxes) in &hosts {
            let kept = limits.kept_at_host(*mailboxes);
            if kept < *mailboxes {
                said.push(format!(
                    "{mailboxes} mailboxes at {host}:{port}, and `connections.per_host` = {}: {} of them are logged in to \
                     anew for each look, and new mail there is seen at the next one",
                    limits.per_host,
                    mailboxes - kept
                ));
            }
        }
        let kept: usize = hosts.values().map(|mailboxes| limits.kept_at_host(*mailboxes)).sum();
        if kept > limits.kept_open {
            said.push(format!(
                "connections to {kept} mailboxes could be kept open, and `connections.kept_open` = {}: the others are \
                 logged in to anew for each look",
                limits.kept_open
            ));
        }
        let open: usize = hosts.values().map(|mailboxes| limits.per_host.min(*mailboxes)).sum();
        let pages = if self.web.is_some() { PAGE_CONNECTIONS } else { 0 };
        let needed = open + pages + OTHER_FILES;
        if let Some(files) = files.filter(|files| *files < needed) {
            said.push(format!("a process here may open {files} files, and {needed} may be needed: see `ulimit -n`"));
        }
        said
    }
}

#[cfg(test)]
#[path = "room_tests.rs"]
mod tests;
