//! Taking over the recruiting system's feed.

use super::input::{self, Input};
use super::{connect, output};
use crate::settings::Settings;
use crate::store::directory::{DirectoryEntry, DirectoryLine, read_csv, read_json_lines};
use anyhow::{Context, Result, bail};
use chrono::Utc;
use std::collections::HashMap;
use std::io::BufReader;
use std::path::PathBuf;
use std::process::ExitCode;

/// Users, candidates, applications and who is responsible: the recruiting system's feed
#[derive(Debug, clap::Args)]
pub(super) struct Directory {
    #[command(subcommand)]
    command: DirectoryCommand,
}

#[derive(Debug, clap::Subcommand)]
enum DirectoryCommand {
    Import(ImportDirectory),
}

/// Take over a file: JSON Lines, or CSV with one kind of row
///
/// The same file twice changes nothing. A faulty line is named with its number, and nothing of the file is applied.
#[derive(Debug, clap::Args)]
struct ImportDirectory {
    /// The file; a name ending in .csv is read as CSV. `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// It is CSV, whatever its name
    #[arg(long)]
    csv: bool,
}

impl Directory {
    pub(super) fn run(&self, settings: &Settings) -> Result<ExitCode> {
        let DirectoryCommand::Import(command) = &self.command;
        let Input { read: feed, name } = input::open("the directory file", &command.file)?;
        let nothing_applied = || format!("Nothing of {name} was applied");
        let is_csv = command.csv || command.file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
        let lines = if is_csv { read_csv(feed) } else { read_json_lines(BufReader::new(feed)) };
        let lines = lines.with_context(nothing_applied)?;
        refuse_import_addresses(settings, &lines).with_context(nothing_applied)?;
        let shapes: HashMap<_, _> =
            settings.tenants.iter().map(|tenant| (tenant.name.clone(), tenant.shapes.clone())).collect();
        let report = connect::ready_store(settings, false)?
            .import_directory(&lines, &shapes, Utc::now())
            .with_context(nothing_applied)?;
        for (what, counts) in
            [("users", report.users), ("candidates", report.candidates), ("applications", report.applications)]
        {
            let text = format!(
                "{what}: {} inserted, {} updated, {} unchanged",
                counts.inserted, counts.updated, counts.unchanged
            );
            output::line(&text)?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// A user whose address is an import address would be sent notices that come back as mail.
fn refuse_import_addresses(settings: &Settings, lines: &[DirectoryLine]) -> Result<()> {
    for line in lines {
        let DirectoryEntry::User(user) = &line.entry else { continue };
        let found = user
            .addresses
            .iter()
            .find(|address| settings.mailboxes.iter().any(|mailbox| mailbox.is_reached_by(address)));
        if let Some(address) = found {
            bail!("Line {}: `{}` is an import address, and cannot be a user's", line.number, address.as_str());
        }
    }
    Ok(())
}
