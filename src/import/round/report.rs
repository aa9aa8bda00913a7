//! What a round did, and how that reads in one line.

use crate::application::id::MailId;
use crate::decision::ImportOutcome;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::fmt;

/// What one round did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoundReport {
    /// The mails that were recorded, in their order.
    pub recorded: Vec<MailId>,
    /// How many mails came to which end.
    pub outcomes: BTreeMap<ImportOutcome, u64>,
    /// Mails recorded in an earlier round and filed away in this one.
    pub filed_late: u64,
    /// Mails that failed for their own reasons and wait for the next round.
    pub failed: u64,
    /// Unseen mails left in the inbox: the service was asked to stop, or they failed.
    pub waiting: u64,
    /// Seen mails in the inbox that have no record: somebody opened them.
    pub stranded: u64,
    /// Mails that are recorded and that the server did not let be filed away: the next round tries only that again.
    pub unfiled: u64,
    /// What the server refused without ending the round, in words for operations: such a round is no good one.
    pub refusals: Vec<String>,
    /// When the access token ends that the log-in was by; `None` if it was by a password.
    pub login_ends_at: Option<DateTime<Utc>>,
}

impl RoundReport {
    /// Notes a refusal, once.
    pub(crate) fn note_refusal(&mut self, refusal: String) {
        if !self.refusals.contains(&refusal) {
            self.refusals.push(refusal);
        }
    }
}

impl fmt::Display for RoundReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> = self.outcomes.iter().map(|(outcome, n)| format!("{n} {outcome}")).collect();
        let rest = [
            (self.filed_late, "filed away from an earlier round"),
            (self.failed, "failed, tried again next round"),
            (self.waiting, "waiting"),
            (self.stranded, "stranded (seen, but not recorded)"),
            (self.unfiled, "recorded, but not yet filed away"),
        ];
        parts.extend(rest.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")));
        f.write_str(if parts.is_empty() { "no new mail" } else { "" })?;
        f.write_str(&parts.join(", "))
    }
}
