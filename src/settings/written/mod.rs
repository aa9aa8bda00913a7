//! The settings as they are typed: names, types and defaults, nothing checked beyond that.

mod connections;
mod files;
mod limits;
mod log;
mod mailbox;
mod metrics;
mod oauth2;
mod retention;
mod sending;
mod virus_scan;
mod web;
mod webhook;
mod words;

pub(super) use connections::Connections;
pub(super) use files::{Files, Place};
pub(super) use limits::Limits;
pub(super) use log::Log;
pub use log::LogFormat;
pub(super) use mailbox::{Archive, Mailbox};
pub(super) use metrics::Metrics;
pub(super) use oauth2::OAuth2;
pub use oauth2::{AssertionAlgorithm, Mechanism};
pub(super) use retention::Retention;
pub(super) use sending::{Notify, Smtp};
pub(super) use virus_scan::VirusScan;
pub(super) use web::{SignInBy, Web};
pub(super) use webhook::Webhook;
pub(super) use words::SenderProof;
pub use words::{DocumentsTab, FachbereichPlusScope, NotifyContent, Tls};

use crate::application::{EmailAddress, Language, Role};
use crate::settings::units::duration;
use serde::Deserialize;
use std::time::Duration;

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
    pub(super) metrics: Metrics,
    #[serde(default)]
    pub(super) log: Log,
    #[serde(default)]
    pub(super) limits: Limits,
    pub(super) virus_scan: Option<VirusScan>,
    pub(super) files: Option<Files>,
    #[serde(default)]
    pub(super) connections: Connections,
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
    pub(super) inner_hops: u8,
    #[serde(default)]
    pub(super) host_strips_forged_results: bool,
    #[serde(default)]
    pub(super) exchange_online: bool,
    #[serde(default)]
    pub(super) retention: Retention,
    #[serde(default)]
    pub(super) webhook: Vec<Webhook>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Workers {
    #[serde(deserialize_with = "duration")]
    pub(super) lease: Duration,
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
