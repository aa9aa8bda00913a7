//! How many connections and rounds there are at a time, and what follows for the mailboxes of the settings.

use super::{Server, Settings};
use std::collections::BTreeMap;

/// Descriptors that are open beside those of mailboxes and pages: database, files, log, mail server.
const OTHER_FILES: usize = 100;

/// Connections that the pages take at a time.
const PAGES: usize = 500;

/// How many connections and rounds of one worker there are at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connections {
    /// To one mail server (host and port), at least 1.
    pub per_host: usize,
    /// To all, between two looks; other mailboxes are logged in to anew for each look. 0: none is kept.
    pub kept_open: usize,
    /// Log-ins at one mail server, at least 1; at all together there are [`Self::log_ins_in_all`].
    pub log_ins_at_once: usize,
    /// Mailboxes whose mail is fetched, recorded and filed, at least 1.
    pub rounds_at_once: usize,
}

impl Default for Connections {
    fn default() -> Self {
        Self { per_host: 50, kept_open: 1_000, log_ins_at_once: 8, rounds_at_once: 8 }
    }
}

impl Connections {
    /// Of so many mailboxes at one mail server, the connections of how many may be kept open between two looks. Where
    /// there is not room for all, a quarter, and one at least, is left to those that come and go.
    pub fn kept_at_host(self, mailboxes: usize) -> usize {
        if mailboxes <= self.per_host { mailboxes } else { self.per_host - (self.per_host / 4).max(1) }
    }

    /// Log-ins at all mail servers at a time: a server that does not answer does not keep others from theirs.
    pub fn log_ins_in_all(self) -> usize {
        self.log_ins_at_once.saturating_mul(8)
    }

    /// Rounds at one of so many mail servers at a time: one that has become slow does not keep all from theirs.
    pub fn rounds_at_host(self, hosts: usize) -> usize {
        if hosts > 1 { self.rounds_at_once - self.rounds_at_once / 4 } else { self.rounds_at_once }
    }
}

impl Server {
    /// What is one mail server as far as limits go: host, in small letters, and port.
    pub fn host_and_port(&self) -> (String, u16) {
        (self.host.to_ascii_lowercase(), self.port)
    }
}

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
        let pages = if self.web.is_some() { PAGES } else { 0 };
        let needed = open + pages + OTHER_FILES;
        if let Some(files) = files.filter(|files| *files < needed) {
            said.push(format!("a process here may open {files} files, and {needed} may be needed: see `ulimit -n`"));
        }
        said
    }
}

#[cfg(test)]
#[path = "connections_tests.rs"]
mod tests;
