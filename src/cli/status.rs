//! How the service stands.

use super::log_ins::LoginStatus;
use super::{connect, output};
use crate::decision::ImportOutcome;
use crate::settings::Settings;
use crate::store::{MailboxStatus, ObjectsWaiting, OutboxCounts, RemovalsWaiting, WebhookStatus};
use anyhow::Result;
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::BTreeMap;
use std::process::ExitCode;

/// Say how the service stands: mailboxes, last round, waiting, stranded, who works on them, outbox, failures
#[derive(Debug, clap::Args)]
pub(super) struct Status {
    /// One JSON object
    #[arg(long)]
    json: bool,
}

impl Status {
    pub(super) fn run(&self, settings: &Settings) -> Result<ExitCode> {
        let status = connect::store_to_read(settings)?.status()?;
        let now = Utc::now();
        let sending = settings.smtp.as_ref().map(|smtp| LoginStatus::of(&smtp.server, None, now));
        let mailboxes: Vec<Mailbox> =
            status.mailboxes.iter().map(|status| Mailbox::of(status, settings, now)).collect();
        if self.json {
            let (outcomes, outbox, smtp) = (&status.outcomes, &status.outbox, sending.map(|login| Sending { login }));
            let put_off = status.put_off.as_deref();
            let (removals, objects, webhooks) = (&status.removals, &status.objects, &status.webhooks);
            output::json(&Whole { mailboxes, outcomes, outbox, put_off, removals, objects, webhooks, smtp })?;
            return Ok(ExitCode::SUCCESS);
        }
        let rows: Vec<Vec<String>> = mailboxes.iter().map(mailbox_row).collect();
        output::table(
            &["no.", "mailbox", "last round (UTC)", "state", "waiting", "stranded", "login", "worker (UTC)"],
            &rows,
        )?;
        let outcomes: Vec<String> = status.outcomes.iter().map(|(outcome, n)| format!("{n} {outcome}")).collect();
        output::line(&format!("mails: {}", outcomes.join(", ")))?;
        let outbox = &status.outbox;
        output::line(&format!(
            "notifications: {} pending, {} failed, {} sent{}",
            outbox.pending,
            outbox.failed,
            outbox.sent,
            status.put_off.as_ref().map(|error| format!("; last put off: {error}")).unwrap_or_default()
        ))?;
        if let Some(login) = sending.filter(|login| login.doubt().is_some()) {
            output::line(&format!("smtp: {login}"))?;
        }
        for webhook in &status.webhooks {
            let why = webhook.error.as_ref().map(|error| format!("; last: {error}")).unwrap_or_default();
            output::line(&format!(
                "webhook {} of {}: {} pending, {} failed, {} sent{why}",
                webhook.url, webhook.tenant, webhook.pending, webhook.failed, webhook.sent
            ))?;
        }
        for waiting in &status.removals {
            let why = waiting.error.as_ref().map(|error| format!(": {error}")).unwrap_or_default();
            output::line(&format!(
                "erased and still to be removed from {}: {} mails{why}",
                waiting.mailbox, waiting.mails
            ))?;
        }
        if status.objects.contents > 0 {
            let why = status.objects.error.as_ref().map(|error| format!(": {error}")).unwrap_or_default();
            output::line(&format!(
                "not needed and still to be removed from the object store: {} contents{why}",
                status.objects.contents
            ))?;
        }
        if status.objects.unrecorded > 0 {
            output::line(&format!(
                "put into the object store and not recorded: {} contents, which go within an hour if nobody records them",
                status.objects.unrecorded
            ))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

const TIME: &str = "%Y-%m-%d %H:%M:%S";

/// What `--json` prints.
#[derive(Serialize)]
struct Whole<'a> {
    mailboxes: Vec<Mailbox<'a>>,
    outcomes: &'a BTreeMap<ImportOutcome, u64>,
    outbox: &'a OutboxCounts,
    put_off: Option<&'a str>,
    removals: &'a [RemovalsWaiting],
    objects: &'a ObjectsWaiting,
    webhooks: &'a [WebhookStatus],
    smtp: Option<Sending>,
}

#[derive(Serialize)]
struct Mailbox<'a> {
    #[serde(flatten)]
    status: &'a MailboxStatus,
    /// `None` for a mailbox that the settings no longer name.
    login: Option<LoginStatus>,
}

#[derive(Serialize)]
struct Sending {
    login: LoginStatus,
}

impl<'a> Mailbox<'a> {
    fn of(status: &'a MailboxStatus, settings: &Settings, now: DateTime<Utc>) -> Self {
        let named = settings.mailboxes.iter().find(|mailbox| mailbox.address.as_str() == status.address);
        let login = named.map(|mailbox| LoginStatus::of(&mailbox.server, status.login_ends_at, now));
        Self { status, login }
    }
}

fn mailbox_row(mailbox: &Mailbox<'_>) -> Vec<String> {
    let login = mailbox.login.as_ref().map(ToString::to_string).unwrap_or_default();
    let mailbox = mailbox.status;
    let last = mailbox.last_round.map_or_else(|| "never".to_owned(), |at| at.format(TIME).to_string());
    let state = match &mailbox.error {
        Some(error) => {
            let good = mailbox.last_good_round.map_or_else(|| "never".to_owned(), |at| at.format(TIME).to_string());
            format!("{error} (last good round: {good})")
        }
        None if mailbox.last_round.is_none() => "no round yet".to_owned(),
        None => "ok".to_owned(),
    };
    let worker = match (&mailbox.worker, mailbox.worker_until) {
        (Some(worker), Some(until)) => format!("{worker} until {}", until.format("%H:%M:%S")),
        _ => String::new(),
    };
    let number = mailbox.id.to_string();
    let (waiting, stranded) = (mailbox.waiting.to_string(), mailbox.stranded.to_string());
    vec![number, mailbox.address.clone(), last, state, waiting, stranded, login, worker]
}
