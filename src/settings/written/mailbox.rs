//! The keys of a [[mailbox]].

use super::{OAuth2, Tls};
use crate::application::EmailAddress;
use crate::settings::units::{duration, size};
use serde::Deserialize;
use std::path::PathBuf;
use std::time::Duration;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::settings) struct Mailbox {
    pub(in crate::settings) tenant: String,
    pub(in crate::settings) address: EmailAddress,
    pub(in crate::settings) name: Option<String>,
    pub(in crate::settings) host: String,
    pub(in crate::settings) port: Option<u16>,
    #[serde(default)]
    pub(in crate::settings) tls: Tls,
    pub(in crate::settings) ca_file: Option<PathBuf>,
    pub(in crate::settings) username: Option<String>,
    pub(in crate::settings) password_file: Option<PathBuf>,
    pub(in crate::settings) password_command: Option<Vec<String>>,
    pub(in crate::settings) oauth2: Option<OAuth2>,
    #[serde(default = "inbox")]
    pub(in crate::settings) folder: String,
    #[serde(default = "two_minutes", deserialize_with = "duration")]
    pub(in crate::settings) poll_interval: Duration,
    #[serde(default = "yes")]
    pub(in crate::settings) idle: bool,
    #[serde(default = "twenty_five_mib", deserialize_with = "size")]
    pub(in crate::settings) max_size: u64,
    #[serde(default)]
    pub(in crate::settings) adopt_seen: bool,
    #[serde(default = "five")]
    pub(in crate::settings) max_attempts: u32,
    #[serde(default)]
    pub(in crate::settings) archive: Archive,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::settings) struct Archive {
    pub(in crate::settings) root: String,
    pub(in crate::settings) imported: String,
    pub(in crate::settings) unassigned: String,
    pub(in crate::settings) repeated: String,
    pub(in crate::settings) automatic: String,
    pub(in crate::settings) set_aside: String,
    pub(in crate::settings) by_month: bool,
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
