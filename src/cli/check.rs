//! Trying everything that the settings name.

use super::log_ins::LoginStatus;
use super::{connect, output, receiving_host};
use crate::clamd::{Scan, Scanner};
use crate::imap::{FolderName, Mode, Way};
use crate::import;
use crate::oauth2::Urgency;
use crate::objects::Objects;
use crate::service;
use crate::settings::{Mailbox, Server, Settings, Smtp, UNNAMED_PROXY, VirusScan};
use anyhow::Result;
use chrono::Utc;
use std::process::ExitCode;

/// Say whether every mailbox, the database, the SMTP server, the virus scanner and the object store can be reached and used
///
/// Nothing is changed anywhere; a content is put into the object store and removed again. The exit code is 0 only if all can.
#[derive(Debug, clap::Args)]
pub(super) struct Check {
    /// Check the settings only; reach out to nothing
    #[arg(long)]
    settings_only: bool,
}

impl Check {
    pub(super) async fn run(&self, settings: Settings) -> Result<ExitCode> {
        output::line(&format!("ok    settings {}", settings.file.display()))?;
        for key in &settings.without_effect {
            output::line(&format!("note  `{key}` has no effect in this version"))?;
        }
        for tenant in settings.tenants.iter().filter(|tenant| tenant.office.is_empty()) {
            let text = "has no `office`: nobody is told by mail of what waits, `mails --outcome unassigned` shows it";
            output::line(&format!("note  tenant {} {text}", tenant.name))?;
        }
        for tenant in settings.tenants.iter().filter(|tenant| tenant.retention.is_empty()) {
            let text = "has no periods in [retention]: nothing of it is ever erased by time";
            output::line(&format!("note  tenant {} {text}", tenant.name))?;
        }
        if settings.has_unnamed_proxy() {
            output::line(&format!("note  {UNNAMED_PROXY}"))?;
        }
        for text in settings.does_not_fit(connect::files_allowed()) {
            output::line(&format!("note  {text}"))?;
        }
        if self.settings_only {
            return Ok(ExitCode::SUCCESS);
        }
        let mut all_can = say("database", database(&settings))?;
        all_can &= files(&settings)?;
        for mailbox in &settings.mailboxes {
            let name = format!("mailbox {}", mailbox.address.as_str());
            let (facts, doubts) = match inbox(&settings, mailbox).await {
                Ok((facts, doubts)) => (Ok(facts), doubts),
                Err(error) => (Err(error), None),
            };
            all_can &= say(&name, facts)?;
            if let Some(doubts) = doubts {
                output::line(&format!("note  {name}: {doubts}"))?;
            }
            all_can &= say_what_ends(&name, &mailbox.server)?;
        }
        match &settings.smtp {
            Some(smtp) => {
                let name = format!("smtp {}", smtp.server.host);
                all_can &= say(&name, sending(smtp).await)?;
                all_can &= say_what_ends(&name, &smtp.server)?;
            }
            None => output::line("note  there is no [smtp] section: notifications are recorded and wait")?,
        }
        if let Some(scan) = &settings.virus_scan {
            all_can &= say(&format!("virus scanner {}", scan.clamd), scanning(scan).await)?;
        }
        Ok(ExitCode::from(if all_can { 0 } else { super::FAILED }))
    }
}

fn say(what: &str, result: Result<String>) -> Result<bool> {
    match result {
        Ok(facts) => output::line(&format!("ok    {what}: {facts}")).map(|()| true),
        Err(error) => output::line(&format!("FAIL  {what}: {error:#}")).map(|()| false),
    }
}

/// Whether nothing must be renewed within days.
fn say_what_ends(what: &str, server: &Server) -> Result<bool> {
    match LoginStatus::of(server, None, Utc::now()).doubt() {
        None => Ok(true),
        Some((Urgency::Now, text)) => output::line(&format!("FAIL  {what}: {text}")).map(|()| false),
        Some((_, text)) => output::line(&format!("note  {what}: {text}")).map(|()| true),
    }
}

fn database(settings: &Settings) -> Result<String> {
    connect::store_to_read(settings)?;
    let kind = if settings.database_url.starts_with("sqlite:") { "SQLite" } else { "PostgreSQL" };
    Ok(format!("{kind}, up to date"))
}

/// Whether the object store can be used, if there is one, and whether one is missing.
fn files(settings: &Settings) -> Result<bool> {
    // What is wrong with the database was said.
    let store = connect::store_to_read(settings).ok();
    match &settings.files {
        Some(files) => {
            let tried = match store {
                Some(store) => store.try_objects().map(drop).map_err(Into::into),
                None => Objects::new(files).map_err(Into::into).and_then(|objects| Ok(objects.probe()?)),
            };
            let use_of_it = if files.takes_new { "new contents go there" } else { "new contents go into the database" };
            say(&format!("object store {}", files.written), tried.map(|()| use_of_it.to_owned()))
        }
        None if store.is_some_and(|store| store.has_contents_outside().unwrap_or_default()) => {
            let text = "contents of files lie in an object store; name it in [files]";
            output::line(&format!("FAIL  {text}")).map(|()| false)
        }
        None => Ok(true),
    }
}

/// What the mailbox can do, and what speaks against the settings of its receiving host.
async fn inbox(settings: &Settings, mailbox: &Mailbox) -> Result<(String, Option<String>)> {
    let mut session = import::connect(mailbox).await?;
    let folder = session.open(&FolderName::parse(&mailbox.folder)?, Mode::ReadOnly).await?;
    let mut missing = Vec::new();
    for name in mailbox.archive.folders(Utc::now()) {
        if session.folders().await?.find_open(&FolderName::parse(&name)?).is_none() {
            missing.push(name);
        }
    }
    let capabilities = session.capabilities();
    let moving = match Way::offered_by(capabilities) {
        Way::Move => "MOVE",
        Way::CopyAndExpunge => "COPY and UID EXPUNGE",
        Way::CopyAndMark => "COPY only: filed mail stays in the inbox, marked as deleted",
    };
    let idle = if capabilities.can_idle() { "IDLE" } else { "no IDLE, polled" };
    let exists = folder.exists;
    let doubts = receiving_host::doubts(&mut session, settings, mailbox).await?;
    session.logout().await;
    let mut facts = format!("logged in, {exists} mails in {}, {moving}, {idle}", mailbox.folder);
    if !missing.is_empty() {
        facts = format!("{facts}; will be made when needed: {}", missing.join(", "));
    }
    Ok((facts, doubts))
}

/// One content of the largest size that is sent shows whether the scanner takes it.
async fn scanning(settings: &VirusScan) -> Result<String> {
    let (scanner, largest) = (Scanner::new(settings), usize::try_from(settings.max_stream).unwrap_or(usize::MAX));
    tokio::task::spawn_blocking(move || {
        scanner.ping()?;
        let version = scanner.version()?;
        Ok(match scanner.scan(&vec![0; largest])? {
            Scan::TooLarge => format!(
                "{version}; it takes less than `virus_scan.max_stream`: files beyond its StreamMaxLength will be withheld"
            ),
            Scan::Clean | Scan::Found(_) => version,
        })
    })
    .await?
}

async fn sending(smtp: &Smtp) -> Result<String> {
    let (sender, _token) = service::open_sender(smtp).await?;
    sender.check().await?;
    Ok("connected and logged in".to_owned())
}
