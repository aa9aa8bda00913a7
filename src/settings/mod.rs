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
mod metrics;
mod read;
mod secret;
mod sending;
mod units;
mod virus_scan;
mod web;
mod webhook;
mod written;

pub use connections::Connections;
pub use error::SettingsError;
pub use files::{AccessKey, FileStore, Files};
pub use login::{Grant, Login, LoginBy, OAuth2, TokenEndpoint, TokenSource};
pub use metrics::Metrics;
pub use read::{ENVIRONMENT_PREFIX, read};
pub use secret::Secret;
pub use sending::Smtp;
pub use virus_scan::{ClamdAddress, VirusScan};
pub use web::{SignIn, UNNAMED_PROXY, Web};
pub use webhook::Webhook;
pub use written::{AssertionAlgorithm, DocumentsTab, FachbereichPlusScope, LogFormat, Mechanism, NotifyContent, Tls};

use crate::application::{DocumentKind, EmailAddress, Language, ReferenceShape, Role};
use crate::decision::{DecisionRules, ImportOutcome};
use crate::mail::{Limits, ReadingRules, TrustedReceiver};
use crate::retention::RetentionRules;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
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
    /// Keys that are set and have no effect in this version, for a warning.
    pub without_effect: Vec<&'static str>,
    /// Secret files that this process cannot read, if there are any: nothing can be logged in to with these settings, and all
    /// else can be done.
    pub unreadable_secrets: Option<SettingsError>,
}

/// One customer with its own import addresses; every look-up stays inside one.
#[derive(Clone, Debug)]
pub struct Tenant {
    /// The name that mailboxes and the directory feed use.
    pub name: String,
    /// Language of texts to the office.
    pub language: Language,
    /// Clock for printed dates without a zone.
    pub timezone: chrono_tz::Tz,
    /// How reference numbers look.
    pub shapes: Vec<ReferenceShape>,
    /// Domains of the tenant's own people, in small letters.
    pub staff_domains: Vec<String>,
    /// Which files stand under Dokumente too.
    pub documents_tab: DocumentsTab,
    /// Roles whose mail is imported.
    pub import_roles: Vec<Role>,
    /// For which applications a Fachbereich Plus may import.
    pub fachbereich_plus: FachbereichPlusScope,
    /// Who is told of mail that waits for a person.
    pub office: Vec<EmailAddress>,
    /// Who must have proven the From of a mail; `None` where no proof is asked for.
    pub sender_proof: Option<TrustedReceiver>,
    /// How long its data are kept.
    pub retention: RetentionRules,
    /// Programs that are told what comes of its mail.
    pub webhooks: Vec<Webhook>,
}

/// One import address and the mailbox behind it.
#[derive(Clone, Debug)]
pub struct Mailbox {
    /// The tenant's name.
    pub tenant: String,
    /// The import address.
    pub address: EmailAddress,
    /// What metrics call it, which must show no address; without it its row's number.
    pub name: Option<String>,
    /// The IMAP server and the log-in.
    pub server: Server,
    /// The inbox, in plain Unicode with `/`.
    pub folder: String,
    /// How often the inbox is looked at, whatever IDLE says.
    pub poll_interval: Duration,
    /// Whether to wait by IDLE between two looks.
    pub idle: bool,
    /// Larger mails are set aside, in octets.
    pub max_size: u64,
    /// Whether seen mail without a record is imported too.
    pub adopt_seen: bool,
    /// After so many failures for its own reasons a mail is set aside.
    pub max_attempts: u32,
    /// Where mail goes.
    pub archive: Archive,
}

/// A server and how to log in to it.
#[derive(Clone, Debug)]
pub struct Server {
    /// Name or address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: Tls,
    /// Certificates to trust instead of the system's, as PEM.
    pub ca_file: Option<PathBuf>,
    /// Who logs in; `None` where the server wants no log-in (SMTP only).
    pub login: Option<Login>,
}

/// The archive folders of one mailbox.
#[derive(Clone, Debug)]
pub struct Archive {
    root: String,
    names: [String; 5],
    by_month: bool,
}

/// What notifications say, and when they come.
#[derive(Clone, Debug)]
pub struct Notify {
    /// Whether names and subjects may stand in mail.
    pub content: NotifyContent,
    /// So many go to one person singly within an hour, the others in one mail when it is over; 0: all go singly.
    pub digest_after: u32,
    /// Mail from before is imported without telling anybody singly.
    pub quiet_before: Option<QuietBefore>,
    /// When on a working day the office is told what waits, by the tenant's clock; `None`: never.
    pub office_digest: Option<NaiveTime>,
}

/// Up to when mail is imported without telling anybody singly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuietBefore {
    /// What came in before the service first connected to the mailbox.
    FirstConnection,
    /// What came in before this time.
    Time(DateTime<Utc>),
    /// What came in before this day by the tenant's clock.
    Day(NaiveDate),
}

impl QuietBefore {
    /// The time, by this clock; `None` where it is each mailbox's own.
    pub fn time(self, clock: chrono_tz::Tz) -> Option<DateTime<Utc>> {
        match self {
            Self::FirstConnection => None,
            Self::Time(time) => Some(time),
            Self::Day(day) => {
                let begins = day.and_time(NaiveTime::MIN);
                let local = |time| clock.from_local_datetime(&time).earliest();
                // Where clocks are changed at midnight, the day begins an hour later.
                let begins = local(begins).or_else(|| local(begins + TimeDelta::hours(1)))?;
                Some(begins.with_timezone(&Utc))
            }
        }
    }
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
}

impl Mailbox {
    /// Whether this address is the import address, with or without something behind a `+`.
    pub fn is_reached_by(&self, address: &EmailAddress) -> bool {
        self.address.is_mailbox_of(address)
    }

    /// Whether the name that logs in is this address: then it is the same mailbox, whatever its import address is.
    pub fn is_logged_in_as(&self, address: &EmailAddress) -> bool {
        let login = self.server.login.as_ref().and_then(|login| EmailAddress::parse(&login.username).ok());
        login.is_some_and(|login| login.is_mailbox_of(address))
    }
}

impl Tenant {
    /// What the rule that decides needs to know of this tenant.
    pub fn decision_rules(&self) -> DecisionRules {
        DecisionRules {
            import_roles: self.import_roles.clone(),
            fachbereich_plus_everywhere: self.fachbereich_plus == FachbereichPlusScope::All,
        }
    }

    /// A number of the tenant's first shape, to show people how one is written.
    pub fn example_number(&self) -> Option<String> {
        self.shapes.first().map(ReferenceShape::example)
    }
}

impl DocumentsTab {
    /// Whether a file of this kind stands under Dokumente too.
    pub fn shows(self, kind: DocumentKind) -> bool {
        match self {
            Self::None => false,
            Self::Unrecognised => kind == DocumentKind::Other,
            Self::All => true,
        }
    }
}

impl Archive {
    /// The folder for mail with this outcome, in plain Unicode with `/`; `now` tells the month.
    pub fn folder(&self, outcome: ImportOutcome, now: chrono::DateTime<chrono::Utc>) -> String {
        let name = self.names.get(outcome as usize).map_or("", String::as_str);
        let mut folder = if self.root.is_empty() { name.to_owned() } else { format!("{}/{name}", self.root) };
        if self.by_month {
            folder.push_str(&now.format("/%Y-%m").to_string());
        }
        folder
    }

    /// All folders that mail may go to at this time.
    pub fn folders(&self, now: chrono::DateTime<chrono::Utc>) -> Vec<String> {
        ImportOutcome::ALL.into_iter().map(|outcome| self.folder(outcome, now)).collect()
    }
}

#[cfg(test)]
mod tests;
