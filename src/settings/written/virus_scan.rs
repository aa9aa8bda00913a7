//! The keys of `[virus_scan]`.

use crate::settings::units::{duration, size};
use serde::Deserialize;
use std::time::Duration;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::settings) struct VirusScan {
    pub(in crate::settings) clamd: String,
    #[serde(default = "a_minute", deserialize_with = "duration")]
    pub(in crate::settings) timeout: Duration,
    #[serde(default = "as_debian_sets_clamd", deserialize_with = "size")]
    pub(in crate::settings) max_stream: u64,
}

fn a_minute() -> Duration {
    Duration::from_mins(1)
}

fn as_debian_sets_clamd() -> u64 {
    25 << 20
}
