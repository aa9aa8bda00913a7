//! What would be understood of a mail.

use super::{input, named, output};
use crate::application::ReferenceNumber;
use crate::mail::{
    Attachment, IncomingMail, NumberReading, SenderProof, Topic, Verdict, explanation, understand, verdict,
};
use crate::settings::{Settings, SettingsError, Tenant};
use anstyle::{AnsiColor, Style};
use anyhow::{Result, bail};
use std::collections::HashSet;
use std::path::PathBuf;
use std::process::ExitCode;

/// Say what would be understood of a mail; no database, no network
#[derive(Debug, clap::Args)]
pub(super) struct Explain {
    /// Mails as files (.eml). `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Read them with this tenant's rules; needed if the settings have several tenants
    #[arg(long, value_name = "NAME")]
    tenant: Option<String>,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

impl Explain {
    pub(super) fn run(&self, settings: &Settings) -> Result<ExitCode> {
        let rules = settings.reading_rules(self.tenant(settings)?, HashSet::new());
        for file in &self.files {
            let (bytes, name) = input::read("the mail", file)?;
            let mail = understand(&bytes, &rules);
            if self.json {
                output::json(&explanation(&mail))?;
            } else {
                output::coloured(&for_people(&name, &mail))?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }

    fn tenant<'a>(&self, settings: &'a Settings) -> Result<&'a Tenant, anyhow::Error> {
        match (&self.tenant, settings.tenants.as_slice()) {
            (Some(name), _) => Ok(named::tenant(settings, name)?),
            (None, [only]) => Ok(only),
            (None, []) => Err(SettingsError::at(&settings.file, "tenant", "At least one [[tenant]] is needed").into()),
            (None, several) => {
                let names: Vec<&str> = several.iter().map(|tenant| tenant.name.as_str()).collect();
                bail!("Several tenants have rules for mail; choose one with --tenant: {}", names.join(", "))
            }
        }
    }
}

/// The whole reading, one fact a line, and below each how it was found.
fn for_people(file: &str, mail: &IncomingMail) -> String {
    let mut sheet = Sheet::default();
    sheet.title(file);
    let verdict = verdict(mail);
    sheet.fact("verdict", &paint(colour(verdict), verdict.as_str()));
    sheet.fact("subject", &shown(&mail.subject.whole));
    sheet.fact("number", &number(&mail.subject.number));
    sheet.findings(mail, Topic::Number);
    if let Some(forwarder) = &mail.forwarder {
        sheet.fact("forwarder", forwarder.address.as_str());
    }
    match &mail.proof {
        SenderProof::NotAsked => {}
        SenderProof::Proven(_) => sheet.fact("proven", &mail.proof.to_string()),
        SenderProof::Missing(_) => sheet.fact("not proven", &paint(WARNING, &mail.proof.to_string())),
    }
    if let Some(original) = &mail.original {
        let name = original.from_name.as_deref().unwrap_or_default();
        let from = original.from_address.as_ref().map_or("address unknown", |address| address.as_str());
        let date = original.date.map_or_else(|| "date unknown".to_owned(), |date| date.to_rfc3339());
        sheet.fact("original", &shown(&format!("{name} <{from}>, {date}")));
        sheet.fact("", &shown(original.subject.as_deref().unwrap_or("no subject")));
    }
    sheet.findings(mail, Topic::Original);
    for file in &mail.attachments {
        sheet.fact("file", &listed(file));
    }
    sheet.findings(mail, Topic::Part);
    let warnings = [(Topic::Repaired, "repaired"), (Topic::Cut, "cut")];
    let told = |topic| mail.findings.iter().filter(move |finding| finding.about == topic);
    for (label, finding) in warnings.into_iter().flat_map(|(topic, label)| told(topic).map(move |found| (label, found)))
    {
        sheet.fact(label, &paint(WARNING, &shown(&finding.says)));
    }
    if !mail.note.is_empty() {
        sheet.fact("note", &shown(&mail.note));
    }
    sheet.fact("text", &shown(&mail.text));
    sheet.lines.join("\n")
}

fn listed(file: &Attachment) -> String {
    let danger = file.danger.map(|danger| format!(", handle with care: {}", danger.as_str())).unwrap_or_default();
    let care = format!("{danger}{}", if file.damaged { ", damaged" } else { "" });
    let (kind, rule, size) = (file.kind.as_str(), &file.kind_rule, file.content.len());
    let facts = shown(&format!("{} ({}, {size} octets): {kind}, since {rule}", file.name, file.mime));
    format!("{facts}{}", paint(DANGER, &care))
}

const TITLE: Style = Style::new().bold();
const LABEL: Style = AnsiColor::Cyan.on_default();
const REASON: Style = Style::new().dimmed();
const GOOD: Style = AnsiColor::Green.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default();
const DANGER: Style = AnsiColor::Red.on_default().bold();

fn colour(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Import => GOOD,
        Verdict::Unmatched | Verdict::AutoReply | Verdict::Bounce | Verdict::Loop => WARNING,
        Verdict::Unreadable => DANGER,
    }
}

fn paint(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// What a mail says, without the letters that would steer the terminal.
fn shown(text: &str) -> String {
    text.replace(|letter: char| letter.is_control() && letter != '\n', "\u{fffd}")
}

/// Lines with a label in front.
#[derive(Default)]
struct Sheet {
    lines: Vec<String>,
}

impl Sheet {
    fn title(&mut self, text: &str) {
        self.lines.push(paint(TITLE, &shown(text)));
    }

    /// A fact; its further lines stand below its first.
    fn fact(&mut self, label: &str, value: &str) {
        let label = paint(LABEL, &format!("{label:<10}"));
        self.lines.push(format!("  {label} {}", value.replace('\n', "\n             ")));
    }

    fn findings(&mut self, mail: &IncomingMail, topic: Topic) {
        let found = mail.findings.iter().filter(|finding| finding.about == topic);
        self.lines.extend(found.map(|finding| format!("             {}", paint(REASON, &shown(&finding.says)))));
    }
}

fn number(reading: &NumberReading) -> String {
    match reading {
        NumberReading::None => "none".to_owned(),
        NumberReading::One(number) => number.to_string(),
        NumberReading::Several(numbers) => {
            let numbers: Vec<&str> = numbers.iter().map(ReferenceNumber::as_str).collect();
            format!("several, so none: {}", numbers.join(", "))
        }
    }
}

#[cfg(test)]
#[path = "explain_tests.rs"]
mod tests;
