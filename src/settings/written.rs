//! The settings as they are typed: names, types and defaults, nothing checked beyond that.

use crate::application::{EmailAddress, Language, Role};
use serde::Deserialize;
use std::path::PathBuf;
use std::time::Duration;

use super::units::{duration, size};
use crate::mail;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    pub(super) database: Database,
    pub(super) tenant: Vec<Tenant>,
    pub(super) mailbox: Vec<Mailbox>,
    pub(super) smtp: Option<Smtp>,
    #[serde(default)]
    pub(super) notify: Notify,
    #[serde(default)]
    pub(super) web: Web,
    #[serde(default)]
    pub(super) limits: Limits,
    #[serde(default)]
    pub(super) workers: Workers,
    #[serde(default)]
    pub(super) retention: Retention,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Database {
    pub(super) url: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tenant {
    pub(super) name: String,
    #[serde(default)]
    pub(super) language: Language,
    #[serde(default = "berlin")]
    pub(super) timezone: String,
    pub(super) reference_shapes: Vec<String>,
    #[serde(default)]
    pub(super) staff_domains: Vec<String>,
    #[serde(default)]
    pub(super) documents_tab: DocumentsTab,
    #[serde(default = "default_import_roles")]
    pub(super) import_roles: Vec<Role>,
    #[serde(default)]
    pub(super) fachbereich_plus: FachbereichPlusScope,
    #[serde(default)]
    pub(super) office: Vec<EmailAddress>,
    #[serde(default)]
    pub(super) sender_proof: SenderProof,
    #[serde(default)]
    pub(super) trusted_authserv: Vec<String>,
    #[serde(default)]
    pub(super) receiving_hosts: Vec<String>,
    #[serde(default)]
    pub(super) host_strips_forged_results: bool,
    #[serde(default)]
    pub(super) exchange_online: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Mailbox {
    pub(super) tenant: String,
    pub(super) address: EmailAddress,
    pub(super) host: String,
    pub(super) port: Option<u16>,
    #[serde(default)]
    pub(super) tls: Tls,
    pub(super) ca_file: Option<PathBuf>,
    pub(super) username: Option<String>,
    pub(super) password_file: Option<PathBuf>,
    pub(super) password_command: Option<Vec<String>>,
    #[serde(default = "inbox")]
    pub(super) folder: String,
    #[serde(default = "two_minutes", deserialize_with = "duration")]
    pub(super) poll_interval: Duration,
    #[serde(default = "yes")]
    pub(super) idle: bool,
    #[serde(default = "twenty_five_mib", deserialize_with = "size")]
    pub(super) max_size: u64,
    #[serde(default)]
    pub(super) adopt_seen: bool,
    #[serde(default = "five")]
    pub(super) max_attempts: u32,
    #[serde(default)]
    pub(super) archive: Archive,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Archive {
    pub(super) root: String,
    pub(super) imported: String,
    pub(super) unassigned: String,
    pub(super) repeated: String,
    pub(super) automatic: String,
    pub(super) set_aside: String,
    pub(super) by_month: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Smtp {
    pub(super) host: String,
    pub(super) port: Option<u16>,
    #[serde(default)]
    pub(super) tls: Tls,
    pub(super) ca_file: Option<PathBuf>,
    pub(super) username: Option<String>,
    pub(super) password_file: Option<PathBuf>,
    pub(super) password_command: Option<Vec<String>>,
    pub(super) from: EmailAddress,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Notify {
    pub(super) content: NotifyContent,
    pub(super) digest_after: Option<u32>,
    pub(super) quiet_before: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Web {
    pub(super) listen: Option<String>,
    pub(super) public_url: Option<String>,
    pub(super) sign_in: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Limits {
    pub(super) depth: usize,
    pub(super) attached_depth: usize,
    pub(super) parts: usize,
    #[serde(deserialize_with = "size")]
    pub(super) header_size: u64,
    pub(super) parameter_pieces: usize,
    #[serde(deserialize_with = "size")]
    pub(super) decoded_size: u64,
    #[serde(deserialize_with = "duration")]
    pub(super) time_per_mail: Duration,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Workers {
    #[serde(deserialize_with = "duration")]
    pub(super) lease: Duration,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Retention {
    pub(super) unassigned: Option<String>,
    pub(super) after_rejection: Option<String>,
}

/// How a connection is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    /// TLS from the first byte.
    #[default]
    Implicit,
    /// Plain at first, TLS before anything private is said.
    StartTls,
    /// No protection; only to a server on this machine.
    None,
}

/// Which files stand under Dokumente besides Dateien.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentsTab {
    /// None.
    #[default]
    None,
    /// Those whose name told no kind.
    Unrecognised,
    /// All.
    All,
}

/// For which applications a Fachbereich Plus may import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FachbereichPlusScope {
    /// Those they are responsible for.
    #[default]
    Responsible,
    /// All of the tenant.
    All,
}

/// What a notification may say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotifyContent {
    /// Reference number and link only.
    #[default]
    Link,
    /// Candidate's name, post and subject too.
    Names,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SenderProof {
    #[default]
    None,
    AuthenticationResults,
}

impl Default for Archive {
    fn default() -> Self {
        Self {
            root: "Archive".to_owned(),
            imported: "Imported".to_owned(),
            unassigned: "Unassigned".to_owned(),
            repeated: "Repeated".to_owned(),
            automatic: "Automatic".to_owned(),
            set_aside: "SetAside".to_owned(),
            by_month: false,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        let limits = mail::Limits::default();
        Self {
            depth: limits.depth,
            attached_depth: limits.attached_depth,
            parts: limits.parts,
            header_size: limits.header_size as u64,
            parameter_pieces: limits.parameter_pieces,
            decoded_size: limits.decoded_size as u64,
            time_per_mail: Duration::from_secs(30),
        }
    }
}

impl Default for Workers {
    fn default() -> Self {
        Self { lease: Duration::from_secs(30) }
    }
}

fn berlin() -> String {
    "Europe/Berlin".to_owned()
}

fn default_import_roles() -> Vec<Role> {
    vec![Role::Personalmanager, Role::FachbereichPlus]
}

fn inbox() -> String {
    "INBOX".to_owned()
}

/// The pace that users of the reference system know.
fn two_minutes() -> Duration {
    Duration::from_mins(2)
}

fn twenty_five_mib() -> u64 {
    25 << 20
}

fn five() -> u32 {
    5
}

fn yes() -> bool {
    true
}
