//! The list of mails.

use super::{connect, output};
use crate::decision::ImportOutcome;
use crate::settings::Settings;
use crate::store::{MailFilter, MailSummary};
use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};
use std::process::ExitCode;

/// List the mails that were seen, newest first
#[derive(Debug, clap::Args)]
pub(super) struct Mails {
    /// Only those with this outcome: imported, unassigned, repeated, automatic, `set_aside`
    #[arg(long, value_parser = outcome)]
    outcome: Option<ImportOutcome>,
    /// Only those processed since: 2026-11-25, 2026-11-25T08:00:00Z, or 2h, 7days ago
    #[arg(long, value_parser = since)]
    since: Option<DateTime<Utc>>,
    /// At most so many
    #[arg(long, default_value_t = 1000)]
    limit: u32,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

impl Mails {
    pub(super) fn run(&self, settings: &Settings) -> Result<ExitCode> {
        let filter = MailFilter { outcome: self.outcome, since: self.since, limit: Some(self.limit) };
        let mails = connect::store_to_read(settings)?.mails(&filter)?;
        if self.json {
            mails.iter().try_for_each(output::json)?;
        } else {
            let rows: Vec<Vec<String>> = mails.iter().map(row).collect();
            output::table(&["id", "processed", "mailbox", "outcome", "why", "reference", "folder"], &rows)?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn row(mail: &MailSummary) -> Vec<String> {
    vec![
        mail.id.to_string(),
        mail.processed_at.format("%Y-%m-%d %H:%M:%S").to_string(),
        mail.mailbox.clone(),
        format!(
            "{}{}{}",
            mail.outcome,
            if mail.blocked_since.is_some() { ", blocked" } else { "" },
            if mail.discarded_at.is_some() { ", discarded" } else { "" }
        ),
        mail.why.clone().unwrap_or_default(),
        mail.reference.clone().unwrap_or_default(),
        mail.folder.clone().unwrap_or_default(),
    ]
}

/// An outcome's word.
pub(super) fn outcome(text: &str) -> Result<ImportOutcome, String> {
    text.parse().map_err(|_| {
        let words: Vec<&str> = ImportOutcome::ALL.iter().map(|outcome| outcome.as_str()).collect();
        format!("write one of {}", words.join(", "))
    })
}

/// A time, or how long ago.
pub(super) fn since(text: &str) -> Result<DateTime<Utc>, String> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Ok(time.to_utc());
    }
    if let Some(midnight) = text.parse::<NaiveDate>().ok().and_then(|day| day.and_hms_opt(0, 0, 0)) {
        return Ok(midnight.and_utc());
    }
    humantime::parse_duration(text)
        .ok()
        .and_then(|ago| Utc::now().checked_sub_signed(chrono::Duration::from_std(ago).ok()?))
        .ok_or_else(|| "write a day (2026-11-25), a time (2026-11-25T08:00:00Z) or how long ago (2h, 7days)".to_owned())
}
