//! A copy of the database.

use super::output;
use crate::settings::Settings;
use crate::store::Store;
use anyhow::Result;
use bytesize::ByteSize;
use std::path::PathBuf;
use std::process::ExitCode;

/// Copy the SQLite database into a new file while the service works
///
/// The copy is whole, checked and on the disk when the command ends, and readable by its owner only. PostgreSQL has tools of
/// its own for that; the README says which.
#[derive(Debug, clap::Args)]
pub(super) struct Backup {
    /// The new file; one that is there is never replaced
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

impl Backup {
    pub(super) fn run(&self, settings: &Settings) -> Result<ExitCode> {
        // Also before an upgrade, whose program is here already.
        let store = Store::open_existing(&settings.database_url)?;
        let size = ByteSize(store.copy_to(&self.file)?);
        output::line(&format!("{}: {size}, checked", self.file.display()))?;
        if settings.files.is_some() {
            output::line("Contents of files lie in the object store: copy that one too, after this")?;
        }
        Ok(ExitCode::SUCCESS)
    }
}
