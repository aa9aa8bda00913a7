//! Writing a settings file to begin with.

use super::{output, settings_file};
use crate::settings::TEMPLATE;
use anyhow::{Context, Result};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

/// Write a commented settings file to begin with
///
/// The file goes where `--config` says, else to reply-import.toml here. A file that exists is not touched.
#[derive(Debug, clap::Args)]
pub(super) struct Init {}

impl Init {
    pub(super) fn run(config: Option<&Path>) -> Result<()> {
        let file = config.unwrap_or(Path::new(settings_file::PLACES[0]));
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(file)
            .and_then(|mut new| new.write_all(TEMPLATE.as_bytes()))
            .with_context(|| format!("Cannot write the settings file {}", file.display()))?;
        output::complain(&format!("Wrote {}; fill it in, then run `reply-import check`", file.display()));
        Ok(())
    }
}
