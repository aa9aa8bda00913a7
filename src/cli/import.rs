//! One mail from disk.

use super::{connect, output};
use crate::application::EmailAddress;
use crate::import::{Content, Importer, MailInHand};
use crate::settings::Settings;
use anyhow::{Context, Result};
use chrono::Utc;
use std::path::PathBuf;
use std::process::ExitCode;

/// Take a mail from disk (.eml) down the same path
#[derive(Debug, clap::Args)]
pub(super) struct Import {
    /// The mail
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The import address that it would have come to
    #[arg(long, value_name = "ADDRESS")]
    mailbox: EmailAddress,
}

impl Import {
    pub(super) fn run(&self, settings: &Settings) -> Result<ExitCode> {
        let mailbox = settings.mailbox(&self.mailbox)?;
        let bytes =
            std::fs::read(&self.file).with_context(|| format!("Cannot read the mail {}", self.file.display()))?;
        let importer = Importer::open(&connect::ready_store(settings, false)?, settings, mailbox)?;
        let now = Utc::now();
        let size = bytes.len() as u64;
        let content = Content::Whole(bytes);
        let mail = MailInHand { place: None, size, content, received_at: now, attempt: 1 };
        let imported = importer.import(vec![mail], now)?;
        let one = imported.first().context("The mail could not be processed; the log says why")?;
        output::line(&format!("{}: {}", one.mail, one.outcome))?;
        Ok(ExitCode::SUCCESS)
    }
}
