//! Mail from disk: one, or what another system kept in a mailbox of its own.

mod kept;
mod many;
mod mbox;

use super::{connect, input, named, output};
use crate::application::EmailAddress;
use crate::import::{Content, Importer, MailInHand};
use crate::settings::Settings;
use anyhow::{Context, Result};
use chrono::Utc;
use kept::Form;
use std::path::PathBuf;
use std::process::ExitCode;

/// Take mail from disk down the same path: one (.eml), or all of a mailbox that another system kept
///
/// Of a mailbox (`--from`) each mail that has a record already is left out, so that the same may be run again, and nobody
/// is told, unless `--tell` is typed. The exit code is 0 only if every mail was processed.
#[derive(Debug, clap::Args)]
pub(super) struct Import {
    /// The mail (`-`: standard input); with `--from`, the mbox file or the Maildir folder
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The import address that it would have come to
    #[arg(long, value_name = "ADDRESS")]
    mailbox: EmailAddress,
    /// Take all mails of a mailbox of this form; of a Maildir not those of its subfolders
    #[arg(long, value_enum, value_name = "FORM")]
    from: Option<Form>,
    /// Notify people and answer forwarders as for mail that comes in now
    #[arg(long, requires = "from")]
    tell: bool,
    /// Say what would come of it, and record nothing
    #[arg(long, requires = "from")]
    dry_run: bool,
}

impl Import {
    pub(super) fn run(&self, settings: &Settings) -> Result<ExitCode> {
        let mailbox = named::mailbox(settings, &self.mailbox)?;
        if let Some(form) = self.from {
            // What is wrong with it is said before anything is opened.
            let mails = kept::mails(form, &self.file, mailbox.max_size)?;
            let store =
                if self.dry_run { connect::store_to_read(settings)? } else { connect::ready_store(settings, false)? };
            let importer = if self.dry_run {
                Importer::open_for_plan(&store, settings, mailbox)?
            } else {
                Importer::open(&store, settings, mailbox)?
            };
            let importer = if self.tell { importer } else { importer.quietly() };
            return many::run(&importer, mails, self.dry_run);
        }
        let (bytes, _) = input::read("the mail", &self.file)?;
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
