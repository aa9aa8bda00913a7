//! One round, or the plan of one.

use super::exit_code::FAILED;
use super::{connect, output};
use crate::import::PlannedMail;
use crate::service::{self, RetentionReport};
use crate::settings::Settings;
use anyhow::Result;
use std::process::ExitCode;
use tokio_util::sync::CancellationToken;

/// Make one round over all mailboxes and empty the outbox; for a timer or a careful first day
///
/// The exit code is 0 only if every mailbox could be used, no mail failed, every mail could be filed away and no
/// notification was given up. A mailbox that another worker is on is left to it, and counts as not used.
#[derive(Debug, clap::Args)]
pub(super) struct Once {
    /// Say what would be done: inboxes are opened read-only, nothing is recorded, moved or sent
    #[arg(long)]
    dry_run: bool,
    /// Leave the database as it is; fail if it is not up to date
    #[arg(long)]
    no_migrate: bool,
}

impl Once {
    pub(super) async fn run(&self, settings: Settings) -> Result<ExitCode> {
        let (named, no_migrate) = (settings.clone(), self.no_migrate || self.dry_run);
        let store = service::open_database(move || connect::ready_store(&named, no_migrate)).await?;
        if self.dry_run {
            return plan(settings, &store).await;
        }
        let stop = CancellationToken::new();
        connect::stop_on_signals(&stop)?;
        let report = service::once(settings, &store, &stop).await?;
        let mut all_went_well = true;
        for (address, result) in &report.mailboxes {
            let address = address.as_str();
            match result {
                Ok(report) => {
                    all_went_well &= report.failed == 0 && report.refusals.is_empty();
                    output::line(&format!("{address}: {report}"))?;
                    for refusal in &report.refusals {
                        output::complain(&format!("{address}: {refusal}"));
                    }
                }
                Err(error) => {
                    all_went_well = false;
                    output::complain(&format!("{address}: {error:#}"));
                }
            }
        }
        match &report.retention {
            Ok(report) if *report == RetentionReport::default() => {}
            Ok(report) => output::line(&format!("retention: {report}"))?,
            Err(error) => {
                all_went_well = false;
                output::complain(&format!("retention: {error:#}"));
            }
        }
        match &report.outbox {
            Some(Ok(report)) => {
                all_went_well &= report.given_up == 0;
                output::line(&format!("notifications: {report}"))?;
                if let Some(away) = &report.away {
                    output::complain(&format!("notifications: none can go out: {away}"));
                }
            }
            Some(Err(error)) => {
                all_went_well = false;
                output::complain(&format!("notifications: {error:#}"));
            }
            None => output::complain("notifications: there is no [smtp] section, they are recorded and wait"),
        }
        Ok(ExitCode::from(if all_went_well { 0 } else { FAILED }))
    }
}

async fn plan(settings: Settings, store: &crate::store::Store) -> Result<ExitCode> {
    let plans = service::dry_run(settings, store).await?;
    let rows: Vec<Vec<String>> =
        plans.iter().flat_map(|(address, plan)| plan.iter().map(|mail| row(address.as_str(), mail))).collect();
    output::table(&["mailbox", "uid", "would be", "why", "reference", "last check"], &rows)?;
    Ok(ExitCode::SUCCESS)
}

fn row(address: &str, mail: &PlannedMail) -> Vec<String> {
    let last = mail.decided.checks.last();
    vec![
        address.to_owned(),
        mail.place.as_ref().map_or_else(String::new, |place| place.uid.to_string()),
        mail.decided.decision.outcome().to_string(),
        mail.decided.decision.why().unwrap_or_default().to_owned(),
        mail.reference.clone().unwrap_or_default(),
        last.map_or_else(String::new, |check| format!("{}: {}", check.check, check.saw)),
    ]
}
