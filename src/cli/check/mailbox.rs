//! One mailbox: can it be reached and used, and in which way.

use super::line::Lines;
use super::log_in_ends::say_what_ends;
use super::protection::say_protection;
use super::receiving_host;
use crate::application::FolderName;
use crate::certificate::Speaks;
use crate::imap::{Capabilities, ImapError, Mend, Mode, Way};
use crate::import;
use crate::oauth2::TokenError;
use crate::settings::{Mailbox, Settings};
use crate::store::Store;
use anyhow::Result;
use chrono::Utc;

/// Says how a mailbox stands; with `probe`, also what came of trying it out.
pub(super) async fn check(settings: &Settings, mailbox: &Mailbox, probe: bool, lines: &mut Lines) -> Result<()> {
    let about = format!("mailbox {}", mailbox.address.as_str());
    match inbox(settings, mailbox).await {
        Ok((says, doubts)) => {
            lines.ok(&about, &says)?;
            if let Some(doubts) = doubts {
                lines.note(&about, &doubts)?;
            }
            if probe {
                try_out(mailbox, &about, lines).await?;
            }
        }
        Err(error) => lines.fail(&about, &format!("{error:#}"), what_to_do(&error))?,
    }
    say_protection(&about, &mailbox.server, Speaks::Imap, lines).await?;
    say_what_ends(&about, &mailbox.server, lines)
}

/// Says where its import address is recorded for another tenant than the settings name.
pub(super) fn check_tenant(store: &Store, mailbox: &Mailbox, lines: &mut Lines) -> Result<()> {
    let found = store.mailbox_and_tenant(&mailbox.address)?;
    let Some((_, tenant)) = found.filter(|(_, tenant)| *tenant != mailbox.tenant) else { return Ok(()) };
    let about = format!("mailbox {}", mailbox.address.as_str());
    let says = format!("it is recorded for the tenant `{tenant}`, and nothing is imported for `{}`", mailbox.tenant);
    lines.fail(&about, &says, "write that name again as its `tenant`, or use another import address")
}

/// What the mailbox can do, and what speaks against the settings of its receiving host.
async fn inbox(settings: &Settings, mailbox: &Mailbox) -> Result<(String, Option<String>)> {
    let mut session = import::connect(mailbox).await?;
    let folder = session.open(&mailbox.folder, Mode::ReadOnly).await?;
    let mut missing = Vec::new();
    for name in mailbox.archive.folders(Utc::now()) {
        if session.folders().await?.find_open(&FolderName::parse(&name)?).is_none() {
            missing.push(name);
        }
    }
    let ways = ways(session.capabilities(), mailbox.idle);
    let exists = folder.exists;
    let doubts = receiving_host::doubts(&mut session, settings, mailbox).await?;
    session.logout().await;
    let mut says = format!("logged in, {exists} mails in {}, {ways}", mailbox.folder);
    if !missing.is_empty() {
        says = format!("{says}; will be made when needed: {}", missing.join(", "));
    }
    Ok((says, doubts))
}

/// Which way of moving, of finding a mail's new place and of waiting will be used.
fn ways(capabilities: &Capabilities, may_idle: bool) -> String {
    let moving = match Way::offered_by(capabilities) {
        Way::Move => "MOVE",
        Way::CopyAndExpunge => "COPY and UID EXPUNGE",
        Way::CopyAndMark => "COPY only: filed mail stays in the inbox, marked as deleted",
    };
    let finding = if capabilities.has_uidplus() { "UIDPLUS" } else { "no UIDPLUS, filed mail is searched for" };
    let waiting = match (capabilities.can_idle(), may_idle) {
        (true, true) => "IDLE",
        (true, false) => "IDLE offered and not wanted, polled",
        (false, _) => "no IDLE, polled",
    };
    format!("{moving}, {finding}, {waiting}")
}

async fn try_out(mailbox: &Mailbox, about: &str, lines: &mut Lines) -> Result<()> {
    let (mut session, mut other) = match (import::connect(mailbox).await, import::connect(mailbox).await) {
        (Ok(session), Ok(other)) => (session, other),
        (Err(error), _) | (_, Err(error)) => {
            let what_to_do =
                "trying takes two connections at a time, as does the service beside a person: raise the server's limit";
            return lines.fail(&format!("{about}, probe"), &format!("{error:#}"), what_to_do);
        }
    };
    let mark = format!("{}-{}", Utc::now().format("%Y%m%d-%H%M%S"), std::process::id());
    for tried in session.probe(&mut other, &mark).await {
        let what_to_do = "the server's words say what it does not allow; the account needs the right to make folders, and to keep, \
                          mark, move and remove mail in them. Folders named `reply-import …` that are left may be removed by hand";
        lines.result(&format!("{about}, {}", tried.what), tried.came.map_err(Into::into), what_to_do)?;
    }
    session.logout().await;
    other.logout().await;
    Ok(())
}

/// By the kind of the failure; the failure itself stands in its text.
fn what_to_do(error: &anyhow::Error) -> &'static str {
    match error.downcast_ref() {
        Some(TokenError::Refused { .. }) => {
            return "put right what is named where the log-in was set up (README, OAuth 2); the service tries again by itself, and \
                    mail waits in the inbox";
        }
        Some(TokenError::Away { .. }) => {
            return "is the token endpoint right, is its server up, and does a firewall let this machine through? The service tries \
                    again by itself, and mail waits in the inbox";
        }
        None => {}
    }
    match error.downcast_ref() {
        Some(ImapError::Lost { .. }) => {
            "are `host` and `port` right, is the server up, and does a firewall let this machine through? The service tries again \
             by itself, and mail waits in the inbox"
        }
        Some(ImapError::TokenRefused { .. }) => {
            "has the account the right to IMAP, and is the token for this server (scope)? See OAuth 2 in the README"
        }
        Some(ImapError::WrongSettings { mend: Mend::Login, .. }) => {
            "is `username` the account's name, and is the first line of `password_file` its password (where accounts have two \
             factors, an app password)? The service reads the file anew at each try; mail waits in the inbox"
        }
        Some(ImapError::WrongSettings { mend: Mend::Certificate, .. }) => {
            "whoever runs the server puts in a certificate that lasts and names `host`; one of an own CA is trusted by `ca_file`. \
             The service tries again by itself, and mail waits in the inbox"
        }
        Some(ImapError::WrongSettings { mend: Mend::Settings, .. } | ImapError::Refused { .. }) => {
            "correct `[[mailbox]]` in the settings, or ask who runs the mail server; mail waits in the inbox"
        }
        None => "correct what is named; mail waits in the inbox",
    }
}
