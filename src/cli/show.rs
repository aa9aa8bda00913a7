//! One mail's record.

use super::{connect, output};
use crate::application::id::MailId;
use crate::decision::DecidedBy;
use crate::settings::{DocumentsTab, Settings};
use crate::store::{Actor, FileDetail, FurtherForward, Looking, MailDetail};
use anyhow::{Context, Result};
use chrono::Utc;
use std::process::ExitCode;

/// Show one mail's whole decision record: every check, and why each file got its kind
///
/// That it was looked at is written into the audit.
#[derive(Debug, clap::Args)]
pub(super) struct Show {
    /// The mail's number, as `mails` lists it
    #[arg(value_name = "ID")]
    id: i64,
    /// Show what is blocked too
    #[arg(long)]
    blocked: bool,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

impl Show {
    pub(super) fn run(&self, settings: &Settings) -> Result<ExitCode> {
        let looking = if self.blocked { Looking::AtWhatIsBlocked } else { Looking::AsUsual };
        let mail = connect::store_to_read(settings)?
            .look_at(MailId(self.id), looking, Actor::Cli, Utc::now())?
            .with_context(|| format!("There is no mail {}; `reply-import mails` lists them", self.id))?;
        if self.json {
            output::json(&mail)?;
        } else {
            let documents_tab = settings.tenant(&mail.tenant).map_or(DocumentsTab::None, |tenant| tenant.documents_tab);
            output::line(&for_people(&mail, documents_tab))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn for_people(mail: &MailDetail, documents_tab: DocumentsTab) -> String {
    let summary = &mail.summary;
    let mut lines = vec![
        format!("mail         {}", summary.id),
        format!("outcome      {}{}{}", summary.outcome, in_brackets(summary.why.as_deref()), by_whom(mail.decided_by)),
        format!("reference    {}", summary.reference.as_deref().unwrap_or("none")),
        format!("mailbox      {} (tenant {})", summary.mailbox, mail.tenant),
        format!("lies in      {}", place(mail)),
        format!("received     {}", summary.received_at.format("%Y-%m-%d %H:%M:%S UTC")),
        format!("processed    {}, {} ms", summary.processed_at.format("%Y-%m-%d %H:%M:%S UTC"), mail.took_ms),
    ];
    if let Some(at) = summary.discarded_at {
        let by = mail.discarded_by.map(|user| format!(" by user {user}")).unwrap_or_default();
        let at = at.format("%Y-%m-%d %H:%M:%S UTC");
        lines.push(format!("discarded    {at}{by}: it belongs to no application, and waits no longer"));
    }
    if let Some(since) = summary.blocked_since {
        let why = "nobody is shown what it says; `--blocked` shows it, and the audit says that somebody looked";
        lines.push(format!("blocked      since {}: {why}", since.format("%Y-%m-%d")));
    } else {
        lines.push(format!("message id   {}", mail.message_id.as_deref().unwrap_or("none")));
    }
    lines.extend(mail.subject.iter().map(|subject| format!("subject      {subject}")));
    lines.extend(mail.entry.map(|entry| format!("entry        {entry}")));
    lines.extend(match (mail.repeat_of, mail.adds_to) {
        (Some(earlier), Some(entry)) => Some(format!("adds to      entry {entry} of mail {earlier}: the same reply")),
        (Some(earlier), None) => Some(format!("repeats      mail {earlier}")),
        (None, _) => None,
    });
    lines.extend(mail.note.iter().map(|note| format!("note         {}", in_one_line(note))));
    lines.extend(mail.forwarded_again.iter().map(further_line));
    if !mail.checks.is_empty() {
        lines.push("checks".to_owned());
    }
    lines.extend(
        mail.checks.iter().map(|check| {
            format!("  {} {}: {}", if check.passed { "passed " } else { "decided" }, check.check, check.saw)
        }),
    );
    if !mail.files.is_empty() {
        lines.push("files".to_owned());
        lines.extend(mail.files.iter().map(|file| file_line(file, summary.id, documents_tab)));
    }
    if !mail.notifications.is_empty() {
        lines.push("notifications".to_owned());
        lines.extend(mail.notifications.iter().map(|told| {
            let when = told.sent_at.or(told.due_at).map(|time| format!(" {}", time.format("%Y-%m-%d %H:%M:%S UTC")));
            let error = told.last_error.as_ref().map(|error| format!(": {error}"));
            format!(
                "  {} {} to {}{}{}",
                told.state,
                told.occasion,
                told.recipient,
                when.unwrap_or_default(),
                error.unwrap_or_default()
            )
        }));
    }
    lines.join("\n")
}

fn by_whom(decided_by: DecidedBy) -> &'static str {
    match decided_by {
        DecidedBy::Service => "",
        DecidedBy::Person => ", decided by a person",
    }
}

fn place(mail: &MailDetail) -> String {
    let folder = mail.summary.folder.as_deref().unwrap_or("a file on disk");
    let uid = mail.uid.map(|uid| format!(", UID {uid}")).unwrap_or_default();
    let pending = match (mail.filed_at, mail.refile_since, &mail.summary.folder) {
        (_, Some(_), _) => ", to be moved on",
        (None, _, Some(_)) => ", to be filed away",
        _ => "",
    };
    format!("{folder}{uid}{pending}")
}

/// A mail in which the reply was forwarded again.
fn further_line(further: &FurtherForward) -> String {
    let user = further.forwarder.map(|user| format!(" by user {user}")).unwrap_or_default();
    let note = further.note.as_deref().map(|note| format!(": {}", in_one_line(note))).unwrap_or_default();
    format!("again        mail {}{user}{note}", further.mail)
}

fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn file_line(file: &FileDetail, mail: MailId, documents_tab: DocumentsTab) -> String {
    let tabs = if documents_tab.shows(file.kind) { "Dateien, Dokumente" } else { "Dateien" };
    let danger = file.danger.map(|danger| format!(", handle with care: {}", danger.as_str())).unwrap_or_default();
    let damaged = if file.damaged { ", damaged" } else { "" };
    let withheld = match (file.withheld.as_deref(), &file.virus) {
        (Some(_), Some(virus)) => format!("; withheld: the virus scanner found {virus}"),
        (Some("too_large_to_scan"), None) => "; withheld: too large for the virus scanner".to_owned(),
        (Some(_), None) => "; withheld: the virus scanner fails at it".to_owned(),
        (None, _) => String::new(),
    };
    let brought = if file.mail == mail { String::new() } else { format!("; brought by mail {}", file.mail) };
    format!(
        "  {} ({}, {} octets{danger}{damaged}): {}, since {}; under {tabs}{brought}{withheld}",
        file.name,
        file.mime,
        file.size,
        file.kind.as_str(),
        file.kind_rule
    )
}

fn in_brackets(text: Option<&str>) -> String {
    text.map(|text| format!(" ({text})")).unwrap_or_default()
}
