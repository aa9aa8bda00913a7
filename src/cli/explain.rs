//! What would be understood of a mail.

use super::output;
use crate::application::ReferenceNumber;
use crate::mail::{IncomingMail, NumberReading, explanation, understand, verdict};
use crate::settings::{Settings, SettingsError, Tenant};
use anyhow::{Context, Result, bail};
use std::collections::HashSet;
use std::path::PathBuf;
use std::process::ExitCode;

/// Say what would be understood of a mail; no database, no network
#[derive(Debug, clap::Args)]
pub(super) struct Explain {
    /// Mails as files (.eml)
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
            let bytes = std::fs::read(file).with_context(|| format!("Cannot read the mail {}", file.display()))?;
            let mail = understand(&bytes, &rules);
            if self.json {
                output::json(&explanation(&mail))?;
            } else {
                output::line(&format!("{}\n{}", file.display(), for_people(&mail)))?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }

    fn tenant<'a>(&self, settings: &'a Settings) -> Result<&'a Tenant, anyhow::Error> {
        match (&self.tenant, settings.tenants.as_slice()) {
            (Some(name), _) => Ok(settings.tenant(name)?),
            (None, [only]) => Ok(only),
            (None, []) => Err(SettingsError::at(&settings.file, "tenant", "At least one [[tenant]] is needed").into()),
            (None, several) => {
                let names: Vec<&str> = several.iter().map(|tenant| tenant.name.as_str()).collect();
                bail!("Several tenants have rules for mail; choose one with --tenant: {}", names.join(", "))
            }
        }
    }
}

fn for_people(mail: &IncomingMail) -> String {
    let mut lines = vec![
        format!("  verdict    {}", verdict(mail).as_str()),
        format!("  subject    {}", mail.subject.whole),
        format!("  number     {}", number(&mail.subject.number)),
    ];
    if let Some(forwarder) = &mail.forwarder {
        lines.push(format!("  forwarder  {}", forwarder.address.as_str()));
    }
    if let Some(original) = &mail.original {
        let from = original.from_address.as_ref().map_or("address unknown", |address| address.as_str());
        let date = original.date.map_or_else(|| "date unknown".to_owned(), |date| date.to_rfc3339());
        lines.push(format!("  original   {} <{from}>, {date}", original.from_name.as_deref().unwrap_or_default()));
        lines.push(format!("             {}", original.subject.as_deref().unwrap_or("no subject")));
    }
    for file in &mail.attachments {
        let care = file.danger.map(|danger| format!(", handle with care: {}", danger.as_str())).unwrap_or_default();
        let damaged = if file.damaged { ", damaged" } else { "" };
        lines.push(format!(
            "  file       {} ({}, {} octets): {}, since {}{care}{damaged}",
            file.name,
            file.mime,
            file.content.len(),
            file.kind.as_str(),
            file.kind_rule
        ));
    }
    lines.extend(mail.ignored.iter().map(|part| format!("  not listed {}: {}", part.name, part.why)));
    if !mail.note.is_empty() {
        lines.push(format!("  note       {}", mail.note.replace('\n', "\n             ")));
    }
    lines.push(format!("  text       {}", mail.text.replace('\n', "\n             ")));
    lines.join("\n")
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
