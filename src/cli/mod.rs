//! What may be typed: one file per command, doc comments are the help.
//!
//! Data goes to standard output, everything else to standard error.

mod api_description;
mod assign;
mod audit;
mod backup;
mod check;
mod connect;
mod directory;
mod erase;
mod exit_code;
mod explain;
mod export;
mod files;
mod hold;
mod import;
mod init;
mod input;
mod log_ins;
mod logging;
mod mails;
mod manual;
mod migrate;
mod named;
mod once;
mod output;
mod reload;
mod reprocess;
mod revert;
mod run;
mod settings_file;
mod show;
mod status;
mod token;
mod web;

use crate::settings::{Settings, SettingsError};
use anyhow::Result;
use clap::{CommandFactory, Parser, Subcommand};
use exit_code::{FAILED, WRONG_SETTINGS, WRONG_USAGE};
use named::NotInSettings;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// So long threads that still work may take to end when the command is done.
const LAST_THREADS: Duration = Duration::from_secs(2);

/// Threads at most that wait for a database or work on mail, beside those that wait for networks: well below what the unit
/// of the service manager allows. What finds none waits for one.
const MOST_THREADS: usize = 200;

/// Imports candidates' e-mail replies, forwarded by recruiters, into the history of their application.
#[derive(Debug, Parser)]
#[command(name = "reply-import", version, propagate_version = true)]
struct CommandLine {
    /// The settings file [default: reply-import.toml here, else /etc/reply-import/reply-import.toml]
    #[arg(long, global = true, value_name = "FILE", env = "REPLY_IMPORT_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Init),
    #[command(flatten)]
    WithSettings(WithSettings),
    ApiDescription(api_description::ApiDescription),
    #[command(hide = true)]
    Manual(manual::Manual),
}

/// Commands for which the settings are read first.
#[derive(Debug, Subcommand)]
enum WithSettings {
    Migrate(migrate::Migrate),
    Directory(directory::Directory),
    Check(check::Check),
    Run(run::Run),
    Web(web::Web),
    Once(once::Once),
    Explain(explain::Explain),
    Mails(mails::Mails),
    Show(show::Show),
    Import(import::Import),
    Reprocess(reprocess::Reprocess),
    Assign(assign::Assign),
    Revert(revert::Revert),
    Erase(erase::Erase),
    Files(files::Files),
    Hold(hold::Hold),
    Audit(audit::Audit),
    Export(export::Export),
    Backup(backup::Backup),
    Token(token::Token),
    Status(status::Status),
}

/// Runs the command that was typed.
pub fn main() -> ExitCode {
    let typed = CommandLine::parse();
    let done = match &typed.command {
        Command::Init(_) => init::Init::run(typed.config.as_deref()).map(|()| ExitCode::SUCCESS),
        Command::ApiDescription(_) => api_description::ApiDescription::run(),
        Command::Manual(command) => command.run(&CommandLine::command()).map(|()| ExitCode::SUCCESS),
        Command::WithSettings(command) => command.run(typed.config.as_deref()),
    };
    done.unwrap_or_else(|error| {
        output::failed(&error);
        ExitCode::from(match &error {
            error if error.is::<SettingsError>() => WRONG_SETTINGS,
            error if error.is::<NotInSettings>() => WRONG_USAGE,
            _ => FAILED,
        })
    })
}

impl WithSettings {
    fn run(&self, config: Option<&Path>) -> Result<ExitCode> {
        let settings = settings_file::read(config)?;
        logging::start(settings.log_format);
        if let Some(unreadable) = settings.unreadable_secrets.clone().filter(|_| self.needs_secrets(&settings)) {
            return Err(unreadable.into());
        }
        match self {
            Self::Migrate(_) => migrate::Migrate::run(&settings),
            Self::Directory(command) => command.run(&settings),
            Self::Check(command) => wait(command.run(settings)),
            Self::Run(command) => wait(command.run(settings)),
            Self::Web(command) => wait(command.run(settings)),
            Self::Once(command) => wait(command.run(settings)),
            Self::Explain(command) => command.run(&settings),
            Self::Mails(command) => command.run(&settings),
            Self::Show(command) => command.run(&settings),
            Self::Import(command) => command.run(&settings),
            Self::Reprocess(command) => wait(command.run(settings)),
            Self::Assign(command) => wait(command.run(settings)),
            Self::Revert(command) => wait(command.run(settings)),
            Self::Hold(command) => command.run(&settings),
            Self::Audit(command) => command.run(&settings),
            Self::Export(command) => wait(command.run(settings)),
            Self::Backup(command) => command.run(&settings),
            Self::Token(command) => command.run(&settings),
            Self::Files(command) => wait(command.run(settings)),
            Self::Erase(command) => wait(command.run(settings)),
            Self::Status(command) => command.run(&settings),
        }
    }

    /// Whether it needs the secrets of the settings. Whoever asks only what the database knows need not be allowed to read
    /// them.
    fn needs_secrets(&self, settings: &Settings) -> bool {
        match self {
            // Its files may go into an object store.
            Self::Import(_) => settings.files.is_some(),
            Self::Check(_) | Self::Run(_) | Self::Web(_) | Self::Once(_) | Self::Reprocess(_) | Self::Export(_) => true,
            Self::Erase(command) => command.needs_secrets(),
            Self::Files(command) => command.needs_secrets(),
            _ => false,
        }
    }
}

/// Runs a command that waits for networks.
fn wait(command: impl Future<Output = Result<ExitCode>>) -> Result<ExitCode> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().max_blocking_threads(MOST_THREADS).enable_all().build()?;
    let done = runtime.block_on(command);
    // A thread that still waits for something, such as a password command, does not keep the process.
    runtime.shutdown_timeout(LAST_THREADS);
    done
}
