//! How many connections and rounds there are at a time.

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
