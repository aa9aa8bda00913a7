//! Who did what, when.

use super::hold::find_application;
use super::{connect, mails, output};
use crate::application::id::{ApplicationId, MailId};
use crate::settings::Settings;
use crate::store::{AuditEntry, AuditFilter};
use anyhow::Result;
use chrono::{DateTime, Utc};
use std::process::ExitCode;

/// List who did what and when: imports, decisions, views, holds, erasures; ids and words only
///
/// What stands here outlives an erasure. Deeds on an application that is erased are found by its id.
#[derive(Debug, clap::Args)]
pub(super) struct Audit {
    /// Only deeds on the application with this reference number
    #[arg(long, value_name = "NUMBER")]
    application: Option<String>,
    /// The tenant, where several have applications
    #[arg(long, value_name = "NAME", requires = "application")]
    tenant: Option<String>,
    /// Only deeds on the application with this id, which may be erased already
    #[arg(long, value_name = "ID", conflicts_with = "application")]
    application_id: Option<i64>,
    /// Only deeds on the mail with this id, which may be erased already
    #[arg(long, value_name = "ID")]
    mail: Option<i64>,
    /// Only those since: 2026-11-25, 2026-11-25T08:00:00Z, or 2h, 7days ago
    #[arg(long, value_parser = mails::since)]
    since: Option<DateTime<Utc>>,
    /// At most so many, the latest ones
    #[arg(long, default_value_t = 1000)]
    limit: u32,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

impl Audit {
    pub(super) fn run(&self, settings: &Settings) -> Result<ExitCode> {
        let store = connect::store_to_read(settings)?;
        let application = match &self.application {
            Some(number) => Some(find_application(settings, &store, self.tenant.as_deref(), number)?),
            None => self.application_id.map(ApplicationId),
        };
        let filter =
            AuditFilter { application, mail: self.mail.map(MailId), since: self.since, limit: Some(self.limit) };
        let deeds = store.audit(&filter)?;
        if self.json {
            deeds.iter().try_for_each(output::json)?;
        } else {
            let rows: Vec<Vec<String>> = deeds.iter().map(row).collect();
            output::table(&["at", "what", "who", "mail", "entry", "application", "outcome", "detail"], &rows)?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn row(deed: &AuditEntry) -> Vec<String> {
    let text = |id: Option<i64>| id.map(|id| id.to_string()).unwrap_or_default();
    vec![
        deed.at.format("%Y-%m-%d %H:%M:%S").to_string(),
        deed.what.clone(),
        deed.user.map_or_else(|| deed.who.clone(), |user| format!("{}, user {user}", deed.who)),
        text(deed.mail.map(|mail| mail.0)),
        text(deed.entry.map(|entry| entry.0)),
        text(deed.application.map(|application| application.0)),
        deed.outcome.clone().unwrap_or_default(),
        deed.detail.clone().unwrap_or_default(),
    ]
}
