//! The service.

use super::connect;
use crate::service;
use crate::settings::Settings;
use anyhow::Result;
use std::process::ExitCode;
use tokio_util::sync::CancellationToken;

/// Run the service until it is asked to stop (SIGTERM, SIGINT)
#[derive(Debug, clap::Args)]
pub(super) struct Run {
    /// Leave the database as it is; fail if it is not up to date
    #[arg(long)]
    no_migrate: bool,
}

impl Run {
    pub(super) async fn run(&self, settings: Settings) -> Result<ExitCode> {
        for key in &settings.without_effect {
            tracing::warn!(key, "This setting has no effect in this version");
        }
        for tenant in settings.tenants.iter().filter(|tenant| tenant.office.is_empty()) {
            tracing::warn!(tenant = tenant.name, "This tenant has no `office`: nobody is told by mail of what waits");
        }
        let store = connect::ready_store(&settings, self.no_migrate)?;
        let stop = CancellationToken::new();
        connect::stop_on_signals(&stop)?;
        service::run(settings, store, stop).await?;
        Ok(ExitCode::SUCCESS)
    }
}
