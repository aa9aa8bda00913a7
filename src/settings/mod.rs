//! Every setting: read once, checked once, trusted afterwards.
//!
//! What was typed is in `written`, what is meant is in [`Settings`]; `check` turns the one into the other and names the
//! key, the file and what to write instead. Secrets are not read here but when they are needed ([`Secret::read`]), so
//! that a renewed password file counts without a restart.

mod check;
mod connections;
mod error;
mod files;
mod login;
mod mailbox;
mod metrics;
mod notify;
mod read;
mod room;
mod secret;
mod sending;
mod server;
mod tenant;
mod this_machine;
mod units;
mod virus_scan;
mod web;
mod webhook;
mod written;

pub use connections::Connections;
pub use error::SettingsError;
pub use files::{AccessKey, FileStore, Files};
pub use login::{Grant, Login, LoginBy, OAuth2, TokenEndpoint, TokenSource};
pub use mailbox::{Archive, Mailbox};
pub use metrics::Metrics;
pub use notify::{Notify, QuietBefore};
pub use read::{ENVIRONMENT_PREFIX, read};
pub use room::PAGE_CONNECTIONS;
pub use secret::Secret;
pub use sending::Smtp;
pub use server::Server;
pub use tenant::Tenant;
pub use this_machine::leads_to_this_machine;
pub use virus_scan::{ClamdAddress, VirusScan};
pub use web::{SignIn, UNNAMED_PROXY, Web};
pub use webhook::Webhook;
pub use written::{AssertionAlgorithm, DocumentsTab, FachbereichPlusScope, LogFormat, Mechanism, NotifyContent, Tls};

use crate::application::EmailAddress;
use crate::mail::{Limits, ReadingRules};
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// The settings file that `init` writes: every key with its default and what it is for.
pub const TEMPLATE: &str = include_str!("template.toml");

/// All settings, checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The file they were read from, for messages.
    pub file: PathBuf,
    /// Where the database is: `sqlite:PATH` or `postgres://...`.
    pub database_url: String,
    /// The tenants, at least one.
    pub tenants: Vec<Tenant>,
    /// The import addresses, at least one.
    pub mailboxes: Vec<Arc<Mailbox>>,
    /// How notifications leave; without it they are recorded and wait.
    pub smtp: Option<Smtp>,
    /// What notifications say.
    pub notify: Notify,
    /// How much of a mail is read.
    pub limits: Limits,
    /// After so long reading a mail counts as failed.
    pub time_per_mail: Duration,
    /// The virus scanner that files are shown; without it none is.
    pub virus_scan: Option<VirusScan>,
    /// How many connections and rounds there are at a time.
    pub connections: Connections,
    /// The object store for contents of files; without it they are in the database.
    pub files: Option<Files>,
    /// So long a worker that falls silent keeps its mailboxes; PostgreSQL only.
    pub lease: Duration,
    /// The pages; without it none are served.
    pub web: Option<Web>,
    /// Where people's browsers find the candidate's profile, without a slash at the end.
    pub public_url: Option<String>,
    /// Where metrics and health are served; without it nowhere.
    pub metrics: Option<Metrics>,
    /// How a line of the log is written, from the start of a process to its end.
    pub log_format: LogFormat,
    /// What is set and has no effect beside the other settings, as sentences for a warning.
    pub without_effect: Vec<String>,
    /// Secret files that this process cannot read, if there are any: nothing can be logged in to with these settings, and all
    /// else can be done.
    pub unreadable_secrets: Option<SettingsError>,
}

impl Settings {
    /// The tenant of a mailbox. Checked when the settings were read.
    ///
    /// # Errors
    ///
    /// [`SettingsError`] for a name that no tenant has.
    pub fn tenant(&self, name: &str) -> Result<&Tenant, SettingsError> {
        self.tenants.iter().find(|tenant| tenant.name == name).ok_or_else(|| {
            let known = self.tenants.iter().map(|tenant| tenant.name.as_str());
            SettingsError::unknown_value(&self.file, "tenant", name, known)
        })
    }

    /// The mailbox with this import address.
    ///
    /// # Errors
    ///
    /// [`SettingsError`] if there is none.
    pub fn mailbox(&self, address: &EmailAddress) -> Result<&Mailbox, SettingsError> {
        self.mailboxes.iter().find(|mailbox| mailbox.address == *address).map(Arc::as_ref).ok_or_else(|| {
            let known = self.mailboxes.iter().map(|mailbox| mailbox.address.as_str());
            SettingsError::unknown_value(&self.file, "mailbox", address.as_str(), known)
        })
    }

    /// What is needed to read mail of a tenant; `staff` are the addresses of its users.
    pub fn reading_rules(&self, tenant: &Tenant, staff: HashSet<EmailAddress>) -> ReadingRules {
        let imports =
            self.mailboxes.iter().filter(|mailbox| mailbox.tenant == tenant.name).map(|mailbox| &mailbox.address);
        ReadingRules {
            shapes: tenant.shapes.clone(),
            staff_domains: tenant.staff_domains.clone(),
            staff_addresses: staff,
            own_addresses: imports.chain(self.smtp.iter().map(|smtp| &smtp.from)).cloned().collect(),
            sender_proof: tenant.sender_proof.clone(),
            timezone: tenant.timezone,
            limits: self.limits,
        }
    }

    /// Whether a proxy must stand before the pages that is not named: then all people seem to come from one place.
    pub fn has_unnamed_proxy(&self) -> bool {
        let comes_by_tls = self.public_url.as_ref().is_some_and(|url| url.starts_with("https://"));
        let is_behind = |web: &Web| web.listen.ip().is_loopback() && web.trusted_proxies.is_empty();
        comes_by_tls && self.web.as_ref().is_some_and(is_behind)
    }

    /// What stands before the path in links to the pages: as people reach them, or where they are served.
    pub fn pages_url(&self) -> Option<String> {
        let served = || self.web.as_ref().map(|web| format!("http://{}", web.listen));
        self.public_url.clone().or_else(served)
    }
}

#[cfg(test)]
mod tests;
