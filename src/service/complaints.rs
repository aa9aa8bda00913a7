//! What the log says of a mailbox that gives trouble.

use super::complaint::{Complaint, Said};
use crate::import::RoundReport;
use crate::settings::Mailbox;
use std::time::Duration;

/// What went wrong with a mailbox and was said.
#[derive(Debug, Default)]
pub(super) struct Complaints {
    unusable: Complaint,
    refused: Complaint,
    stranded: Complaint,
}

impl Complaints {
    /// No mail can be imported from it, whatever is at fault (the mail server, the database, the virus scanner: the error
    /// says it), and it is tried again after the pause.
    pub(super) fn cannot_be_used(&mut self, mailbox: &Mailbox, why: &str, pause: Duration, needs_a_person: bool) {
        let Some(Said { since, times }) = self.unusable.again(why) else { return };
        let (mailbox, error) = (mailbox.address.as_str(), why);
        let (since, pause) = (tracing::field::display(since), tracing::field::debug(pause));
        if needs_a_person {
            tracing::error!(
                mailbox,
                error,
                since,
                failures = times,
                pause,
                "No mail is imported from the mailbox until a person puts this right; it is tried again all the same"
            );
        } else {
            tracing::warn!(
                mailbox,
                error,
                since,
                failures = times,
                pause,
                "No mail is imported from the mailbox for now; it is tried again"
            );
        }
    }

    /// A look, or a round, went through it.
    pub(super) fn can_be_used(&mut self, mailbox: &Mailbox) {
        if let Some(Said { since, times }) = self.unusable.over() {
            tracing::info!(mailbox = mailbox.address.as_str(), %since, failures = times, "Mail is imported from the mailbox again");
        }
    }

    /// What a round did not do, because the server refused it or somebody reads this mailbox.
    pub(super) fn after_round(&mut self, mailbox: &Mailbox, report: &RoundReport) {
        let mailbox = mailbox.address.as_str();
        if report.refusals.is_empty()
            && let Some(Said { since, .. }) = self.refused.over()
        {
            tracing::info!(mailbox, %since, "The server refuses nothing any more");
        }
        for refusal in &report.refusals {
            if let Some(Said { since, .. }) = self.refused.again(refusal) {
                tracing::warn!(mailbox, refusal, %since, "The server refused something; it is tried again");
            }
        }
        if report.stranded == 0 {
            self.stranded.over();
        } else if let Some(Said { since, .. }) = self.stranded.again(&report.stranded.to_string()) {
            let stranded = report.stranded;
            tracing::warn!(
                mailbox,
                stranded,
                %since,
                "Seen mail without a record lies in the inbox; `reprocess --stranded` imports it"
            );
        }
    }
}
