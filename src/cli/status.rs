//! How the service stands.

use super::{connect, output};
use crate::settings::Settings;
use crate::store::MailboxStatus;
use anyhow::Result;
use std::process::ExitCode;

/// Say how the service stands: mailboxes, last round, waiting, stranded, who works on them, outbox, failures
#[derive(Debug, clap::Args)]
pub(super) struct Status {
    /// One JSON object
    #[arg(long)]
    json: bool,
}

impl Status {
    pub(super) fn run(&self, settings: &Settings) -> Result<ExitCode> {
        let status = connect::store_to_read(settings)?.status()?;
        if self.json {
            output::json(&status)?;
            return Ok(ExitCode::SUCCESS);
        }
        let rows: Vec<Vec<String>> = status.mailboxes.iter().map(mailbox_row).collect();
        output::table(&["mailbox", "last round", "state", "waiting", "stranded", "worker"], &rows)?;
        let outcomes: Vec<String> = status.outcomes.iter().map(|(outcome, n)| format!("{n} {outcome}")).collect();
        output::line(&format!("mails: {}", outcomes.join(", ")))?;
        let outbox = &status.outbox;
        output::line(&format!(
            "notifications: {} pending, {} failed, {} sent",
            outbox.pending, outbox.failed, outbox.sent
        ))?;
        Ok(ExitCode::SUCCESS)
    }
}

fn mailbox_row(mailbox: &MailboxStatus) -> Vec<String> {
    let last = mailbox.last_round.map_or_else(|| "never".to_owned(), |at| at.format("%Y-%m-%d %H:%M:%S").to_string());
    let state = match &mailbox.error {
        Some(error) => error.clone(),
        None if mailbox.last_round.is_none() => "no round yet".to_owned(),
        None => "ok".to_owned(),
    };
    let worker = match (&mailbox.worker, mailbox.worker_until) {
        (Some(worker), Some(until)) => format!("{worker} until {}", until.format("%H:%M:%S")),
        _ => String::new(),
    };
    vec![mailbox.address.clone(), last, state, mailbox.waiting.to_string(), mailbox.stranded.to_string(), worker]
}
