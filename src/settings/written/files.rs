//! The keys of `[files]`.

use crate::settings::units::duration;
use serde::Deserialize;
use std::path::PathBuf;
use std::time::Duration;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::settings) struct Files {
    pub(in crate::settings) store: String,
    #[serde(default)]
    pub(in crate::settings) place: Place,
    pub(in crate::settings) endpoint: Option<String>,
    pub(in crate::settings) region: Option<String>,
    pub(in crate::settings) access_key_id: Option<String>,
    pub(in crate::settings) secret_access_key_file: Option<PathBuf>,
    pub(in crate::settings) secret_access_key_command: Option<Vec<String>>,
    pub(in crate::settings) service_account_file: Option<PathBuf>,
    pub(in crate::settings) ca_file: Option<PathBuf>,
    #[serde(default = "a_minute", deserialize_with = "duration")]
    pub(in crate::settings) timeout: Duration,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::settings) enum Place {
    #[default]
    Store,
    Database,
}

fn a_minute() -> Duration {
    Duration::from_mins(1)
}
