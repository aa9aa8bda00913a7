//! The candidate's profile in the browser.

use super::{connect, run};
use crate::service;
use crate::settings::Settings;
use anyhow::Result;
use std::process::ExitCode;
use tokio_util::sync::CancellationToken;

/// Serve the candidate's profile in the browser and nothing else, until asked to stop
///
/// `run` does so too where `[web] listen` is set; this is for a machine of its own.
#[derive(Debug, clap::Args)]
pub(super) struct Web {
    /// Leave the database as it is; fail if it is not up to date
    #[arg(long)]
    no_migrate: bool,
}

impl Web {
    pub(super) async fn run(&self, settings: Settings) -> Result<ExitCode> {
        let stop = CancellationToken::new();
        connect::stop_on_signals(&stop)?;
        let (named, no_migrate) = (settings.clone(), self.no_migrate);
        let open = move || connect::ready_store(&named, no_migrate);
        run::serving(service::wait_for_database(open, &stop).await, async |store| {
            service::serve_web(settings, store, stop.clone()).await
        })
        .await
    }
}
