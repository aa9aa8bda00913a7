//! How a round, and a mail, read in one line.

use super::RoundReport;
use crate::monitoring;
use crate::store::{MailRecord, Recorded};
use std::fmt;

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

/// The one line that the log has of a mail, and the one count: numbers only, nothing that a person wrote.
pub(super) fn log(record: &MailRecord, recorded: &Recorded) {
    monitoring::mail_recorded(recorded.outcome.as_str());
    tracing::info!(
        mail = recorded.mail.0,
        outcome = recorded.outcome.as_str(),
        why = record.decided.decision.why(),
        entry = recorded.entry.map(|entry| entry.0),
        files = record.mail.attachments.len(),
        octets = record.size,
        milliseconds = u64::try_from(record.took.as_millis()).unwrap_or(u64::MAX),
        "Recorded"
    );
}
