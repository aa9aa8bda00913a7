//! Bringing the database up to date.

use super::{connect, output};
use crate::settings::Settings;
use anyhow::Result;
use std::process::ExitCode;

/// Bring the database up to date
///
/// Whatever writes (`run`, `web`, `once`, `import` …) does so first; the first three not with `--no-migrate`.
#[derive(Debug, clap::Args)]
pub(super) struct Migrate {}

impl Migrate {
    pub(super) fn run(settings: &Settings) -> Result<ExitCode> {
        let applied = connect::store(settings)?.migrate()?;
        if applied.is_empty() {
            output::complain("The database is up to date");
        }
        applied.iter().try_for_each(|name| output::line(&format!("applied {name}")))?;
        Ok(ExitCode::SUCCESS)
    }
}
