//! The candidate's profile in the browser.

use super::reload::serve_until_stopped;
use super::{connect, run};
use crate::service::{self, Until};
use crate::settings::Settings;
use anyhow::Result;
use std::process::ExitCode;

/// Serve the candidate's profile in the browser and nothing else, until asked to stop; at SIGHUP the settings are read anew
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
        serve_until_stopped(settings, async |settings, until| self.serve(settings, until).await).await
    }

    async fn serve(&self, settings: Settings, until: Until) -> Result<ExitCode> {
        let (named, no_migrate) = (settings.clone(), self.no_migrate);
        let open = move || connect::ready_store(&named, no_migrate);
        run::serving(service::wait_for_database(open, &until.stop).await, async |store| {
            service::serve_web(settings, store, until.clone()).await
        })
        .await
    }
}
