//! Mails once more.

use super::{connect, mails::outcome, output};
use crate::application::id::MailId;
use crate::decision::ImportOutcome;
use crate::import::reprocess;
use crate::settings::Settings;
use anyhow::Result;
use std::process::ExitCode;
use std::sync::Arc;

/// Fetch originals again from their archive folder and decide anew
///
/// For mail whose number became known, or whose forwarder was added. The exit code is 0 only if every mail was
/// processed.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("which").required(true).args(["ids", "outcome"]))]
pub(super) struct Reprocess {
    /// Mails by their number, as `mails` lists them
    #[arg(value_name = "ID")]
    ids: Vec<i64>,
    /// All mails with this outcome: imported, unassigned, repeated, automatic, `set_aside`
    #[arg(long, value_parser = outcome)]
    outcome: Option<ImportOutcome>,
}

impl Reprocess {
    pub(super) async fn run(&self, settings: Settings) -> Result<ExitCode> {
        let store = connect::ready_store(&settings, false)?;
        let ids: Vec<MailId> = match self.outcome {
            Some(outcome) => store.off_thread(move |store| store.mails_with(outcome)).await?,
            None => self.ids.iter().copied().map(MailId).collect(),
        };
        let settings = Arc::new(settings);
        let mut failed = 0;
        for id in &ids {
            match reprocess(&settings, &store, *id).await {
                Ok(done) if done.before == done.now => output::line(&format!("{id}: {}, as before", done.now))?,
                Ok(done) => output::line(&format!("{id}: {} (was {})", done.now, done.before))?,
                Err(error) => {
                    failed += 1;
                    output::complain(&format!("{id}: {error:#}"));
                }
            }
        }
        if failed > 0 {
            output::complain(&format!("{failed} of {} mails could not be processed", ids.len()));
        }
        Ok(ExitCode::from(if failed == 0 { 0 } else { super::FAILED }))
    }
}
