//! The candidate's profile in the browser.

use super::reload::{Turn, serve_until_stopped};
use super::{connect, run};
use crate::service;
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
        serve_until_stopped(settings, async |turn| self.serve(turn).await).await
    }

    async fn serve(&self, Turn { settings, until, worked_before }: Turn) -> Result<ExitCode> {
        let (named, no_migrate) = (settings.clone(), self.no_migrate);
        let open = move || connect::served_store(&named, no_migrate, worked_before);
        run::serving(service::wait_for_database(open, &until.stop).await, async |store| {
            service::serve_web(settings, store, until.clone()).await
        })
        .await
    }
}
