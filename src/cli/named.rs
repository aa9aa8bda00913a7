//! Tenants and mailboxes of the settings by what was typed.

use crate::application::EmailAddress;
use crate::settings::{Mailbox, Settings, Tenant};

/// The settings have nothing of the name that was typed.
#[derive(Debug, thiserror::Error)]
#[error("`{option} {typed}`: there is no such {what} in {file}; there {known}")]
pub(super) struct NotInSettings {
    option: &'static str,
    typed: String,
    what: &'static str,
    file: String,
    known: String,
}

/// The tenant that was typed behind `--tenant`.
///
/// # Errors
///
/// [`NotInSettings`] if there is none.
pub(super) fn tenant<'a>(settings: &'a Settings, typed: &str) -> Result<&'a Tenant, NotInSettings> {
    settings.tenant(typed).map_err(|_| {
        let known: Vec<&str> = settings.tenants.iter().map(|tenant| tenant.name.as_str()).collect();
        NotInSettings::of(settings, ("--tenant", typed, "tenant"), &known)
    })
}

/// The mailbox of the import address that was typed behind `--mailbox`.
///
/// # Errors
///
/// [`NotInSettings`] if there is none.
pub(super) fn mailbox<'a>(settings: &'a Settings, typed: &EmailAddress) -> Result<&'a Mailbox, NotInSettings> {
    settings.mailbox(typed).map_err(|_| {
        let known: Vec<&str> = settings.mailboxes.iter().map(|mailbox| mailbox.address.as_str()).collect();
        NotInSettings::of(settings, ("--mailbox", typed.as_str(), "mailbox"), &known)
    })
}

impl NotInSettings {
    fn of(settings: &Settings, (option, typed, what): (&'static str, &str, &'static str), known: &[&str]) -> Self {
        let known = match known {
            [] => "is none".to_owned(),
            [only] => format!("is {only}"),
            several => format!("are {}", several.join(", ")),
        };
        Self { option, typed: typed.to_owned(), what, file: settings.file.display().to_string(), known }
    }
}
