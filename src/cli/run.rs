//! The service.

use super::exit_code::WRONG_SETTINGS;
use super::reload::{Turn, serve_until_stopped};
use super::{connect, output};
use crate::service;
use crate::settings::Settings;
use crate::store::{Store, StoreError};
use anyhow::Result;
use std::process::ExitCode;

/// Run the service until it is asked to stop (SIGTERM, SIGINT); at SIGHUP it reads its settings anew
#[derive(Debug, clap::Args)]
pub(super) struct Run {
    /// Leave the database as it is; fail if it is not up to date
    #[arg(long)]
    no_migrate: bool,
}

impl Run {
    pub(super) async fn run(&self, settings: Settings) -> Result<ExitCode> {
        serve_until_stopped(settings, async |turn| self.serve(turn).await).await
    }

    async fn serve(&self, Turn { settings, until, worked_before }: Turn) -> Result<ExitCode> {
        for text in &settings.without_effect {
            tracing::warn!("{text}");
        }
        for tenant in settings.tenants.iter().filter(|tenant| tenant.office.is_empty()) {
            tracing::warn!(tenant = tenant.name, "This tenant has no `office`: nobody is told by mail of what waits");
        }
        for text in settings.does_not_fit(connect::files_allowed()) {
            tracing::warn!("{text}");
        }
        let (named, no_migrate) = (settings.clone(), self.no_migrate);
        let open = move || connect::served_store(&named, no_migrate, worked_before);
        serving(service::wait_for_database(open, &until.stop).await, async |store| {
            service::run(settings, store, until.clone()).await
        })
        .await
    }
}

/// Serves with a database that was waited for.
pub(super) async fn serving(
    opened: Result<Option<Store>>,
    serve: impl AsyncFnOnce(Store) -> Result<()>,
) -> Result<ExitCode> {
    match opened {
        Ok(Some(store)) => serve(store).await?,
        // Stopped before the database was there.
        Ok(None) => {}
        Err(error) if is_wrong(&error) => {
            output::failed(&error);
            return Ok(ExitCode::from(WRONG_SETTINGS));
        }
        Err(error) => return Err(error),
    }
    Ok(ExitCode::SUCCESS)
}

/// Whether a person must put it right, so that the service manager need not try again.
fn is_wrong(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(StoreError::WrongSettings { .. } | StoreError::ProgramTooOld { .. }))
}
