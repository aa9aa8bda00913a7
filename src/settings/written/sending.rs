//! The keys of [smtp] and [notify].

use super::{NotifyContent, OAuth2, Tls};
use crate::application::EmailAddress;
use serde::Deserialize;
use std::path::PathBuf;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::settings) struct Smtp {
    pub(in crate::settings) host: String,
    pub(in crate::settings) port: Option<u16>,
    #[serde(default)]
    pub(in crate::settings) tls: Tls,
    pub(in crate::settings) ca_file: Option<PathBuf>,
    pub(in crate::settings) username: Option<String>,
    pub(in crate::settings) password_file: Option<PathBuf>,
    pub(in crate::settings) password_command: Option<Vec<String>>,
    pub(in crate::settings) oauth2: Option<OAuth2>,
    pub(in crate::settings) from: EmailAddress,
    #[serde(default = "connections")]
    pub(in crate::settings) connections: u16,
}

/// As many as Exchange Online takes from one mailbox.
fn connections() -> u16 {
    3
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::settings) struct Notify {
    pub(in crate::settings) content: NotifyContent,
    pub(in crate::settings) digest_after: u32,
    pub(in crate::settings) quiet_before: Option<String>,
    pub(in crate::settings) office_digest: String,
}

impl Default for Notify {
    fn default() -> Self {
        Self {
            content: NotifyContent::default(),
            digest_after: 5,
            quiet_before: None,
            office_digest: "07:30".to_owned(),
        }
    }
}
