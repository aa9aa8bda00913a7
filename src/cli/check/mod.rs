//! Trying everything that the settings name.

mod database;
mod line;
mod log_in_ends;
mod mailbox;
mod protection;
mod receiving_host;

use super::connect;
use super::exit_code::FAILED;
use crate::certificate::Speaks;
use crate::clamd::{Scan, Scanner};
use crate::objects::Objects;
use crate::service;
use crate::settings::{Settings, Smtp, UNNAMED_PROXY, VirusScan};
use crate::store::Store;
use anyhow::Result;
use line::Lines;
use log_in_ends::say_what_ends;
use protection::say_protection;
use std::process::ExitCode;

/// Say whether every mailbox, the database, the SMTP server, the virus scanner and the object store can be reached and used
///
/// Each line that is red says what to do. Nothing is changed anywhere and no mail is sent; a content is put into the object
/// store and removed again. The exit code is 0 only if all can be used.
#[derive(Debug, clap::Args)]
pub(super) struct Check {
    /// Check the settings only; reach out to nothing
    #[arg(long)]
    settings_only: bool,
    /// Try in each mailbox what the service lives by (folders, flags, MOVE or COPY, UIDPLUS, IDLE), with a mail of its own in
    /// two folders that are made for it and removed again
    #[arg(long, conflicts_with = "settings_only")]
    probe: bool,
    /// One JSON object for each line
    #[arg(long)]
    json: bool,
}

impl Check {
    pub(super) async fn run(&self, settings: Settings) -> Result<ExitCode> {
        let mut lines = Lines { as_json: self.json, all_can: true };
        lines.ok(&format!("settings {}", settings.file.display()), "")?;
        for text in &settings.without_effect {
            lines.remark("settings", text)?;
        }
        for tenant in settings.tenants.iter().filter(|tenant| tenant.office.is_empty()) {
            let text = "has no `office`: nobody is told by mail of what waits; the Eingang shows it, or `mails --outcome \
                        unassigned` and `--outcome set_aside`";
            lines.remark("settings", &format!("tenant {} {text}", tenant.name))?;
        }
        for tenant in settings.tenants.iter().filter(|tenant| tenant.retention.is_empty()) {
            let text = "has no periods in [retention]: nothing of it is ever erased by time";
            lines.remark("settings", &format!("tenant {} {text}", tenant.name))?;
        }
        if settings.has_unnamed_proxy() {
            lines.remark("settings", UNNAMED_PROXY)?;
        }
        for text in settings.does_not_fit(connect::files_allowed()) {
            lines.remark("settings", &text)?;
        }
        if self.settings_only {
            return Ok(ExitCode::SUCCESS);
        }
        let store = database::check(&settings, &mut lines)?;
        files(&settings, store.clone(), &mut lines)?;
        for mailbox in &settings.mailboxes {
            if let Some(store) = &store {
                mailbox::check_tenant(store, mailbox, &mut lines)?;
            }
            mailbox::check(&settings, mailbox, self.probe, &mut lines).await?;
        }
        match &settings.smtp {
            Some(smtp) => sending(&settings, smtp, &mut lines).await?,
            None => lines.remark("smtp", "there is no [smtp] section: notifications are recorded and wait")?,
        }
        if let Some(scan) = &settings.virus_scan {
            let what_to_do = "start clamd, or see whether this user may write to its socket (`LocalSocketMode 666`, or the \
                              group `clamav`); mail with files waits until it answers";
            lines.result(&format!("virus scanner {}", scan.clamd), scanning(scan).await, what_to_do)?;
        }
        for tenant in &settings.tenants {
            for webhook in &tenant.webhooks {
                let can = service::try_webhook(webhook).map(|()| "its secret can be read; nothing was sent".to_owned());
                let what_to_do = "put the secret of the receiver into the file; what is to be told waits for it";
                lines.result(&format!("webhook {} of {}", webhook.url, tenant.name), can, what_to_do)?;
            }
        }
        Ok(ExitCode::from(if lines.all_can { 0 } else { FAILED }))
    }
}

/// Whether the object store can be used, if there is one, and whether one is missing.
fn files(settings: &Settings, store: Option<Store>, lines: &mut Lines) -> Result<()> {
    match &settings.files {
        Some(files) => {
            let tried = match store {
                Some(store) => store.try_objects().map(drop).map_err(Into::into),
                None => Objects::new(files).map_err(Into::into).and_then(|objects| Ok(objects.probe()?)),
            };
            let use_of_it = if files.takes_new { "new contents go there" } else { "new contents go into the database" };
            let what_to_do = "is it there, and may this user write to it? Mail with new files waits until it can be used (README, \
                              Files in an object store)";
            lines.result(&format!("object store {}", files.written), tried.map(|()| use_of_it.to_owned()), what_to_do)
        }
        None if store.is_some_and(|store| store.has_contents_outside().unwrap_or_default()) => {
            let says = "contents of files lie in an object store; name it in [files]";
            lines.fail("object store", says, "write the section [files] as it was when they were put there")
        }
        None => Ok(()),
    }
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

async fn sending(settings: &Settings, smtp: &Smtp, lines: &mut Lines) -> Result<()> {
    let about = format!("smtp {}", smtp.server.host);
    // Somebody who is to get mail from it; where nobody is known yet, the sender.
    let recipient = settings.tenants.iter().find_map(|tenant| tenant.office.first()).unwrap_or(&smtp.from);
    let tried = match service::open_sender(smtp).await {
        Ok((sender, _token)) => sender.check(recipient.as_str()).await,
        Err(error) => Err(error),
    };
    let log_in = if smtp.server.login.is_some() { "connected and logged in" } else { "connected, without a log-in" };
    let says = format!("{log_in}, it would take mail to {}", recipient.as_str());
    let what_to_do = "is the server up, and its certificate in order? Are `host`, `port`, `tls`, the log-in and `from` in [smtp] \
                      what it wants? Until it can be used notifications wait, and nothing is lost";
    lines.result(&about, tried.map(|()| says), what_to_do)?;
    say_protection(&about, &smtp.server, Speaks::Smtp, lines).await?;
    say_what_ends(&about, &smtp.server, lines)
}
