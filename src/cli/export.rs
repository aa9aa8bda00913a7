//! A mail for a bug report.

use super::{connect, output};
use crate::application::id::MailId;
use crate::import;
use crate::mail::scrub;
use crate::settings::Settings;
use crate::store::{Actor, Looking};
use anyhow::{Context, Result, ensure};
use chrono::Utc;
use std::process::ExitCode;

/// Write the original of a recorded mail to standard output, scrubbed: for a bug report
///
/// Every word that may be personal becomes another of the same length, every number of three digits and more another, and
/// of each file only the beginning stays by which its type is told; the mail's structure is kept. Look through what is
/// written before you pass it on. That it was looked at is written into the audit.
#[derive(Debug, clap::Args)]
pub(super) struct Export {
    /// The mail's number, as `mails` lists it
    #[arg(value_name = "ID")]
    id: i64,
    /// Replace what may be personal; there is no other way to export a mail
    #[arg(long, required = true)]
    scrubbed: bool,
}

impl Export {
    pub(super) async fn run(&self, settings: Settings) -> Result<ExitCode> {
        let (store, id) = (connect::store_to_read(&settings)?, MailId(self.id));
        let looked = store.off_thread(move |store| store.look_at(id, Looking::AsUsual, Actor::Cli, Utc::now())).await?;
        let looked = looked.with_context(|| format!("There is no mail {id}; `reply-import mails` lists them"))?;
        ensure!(looked.summary.blocked_since.is_none(), "Mail {id} is of a blocked application, and is not exported");
        let original = import::original(&settings, &store, id).await?;
        output::bytes(&scrub(&original, fastrand::u64(..)))?;
        Ok(ExitCode::SUCCESS)
    }
}
