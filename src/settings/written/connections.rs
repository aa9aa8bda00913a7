//! The keys of [connections].

use crate::settings;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::settings) struct Connections {
    pub(in crate::settings) per_host: usize,
    pub(in crate::settings) kept_open: usize,
    pub(in crate::settings) log_ins_at_once: usize,
    pub(in crate::settings) rounds_at_once: usize,
}

impl Default for Connections {
    fn default() -> Self {
        let settings::Connections { per_host, kept_open, log_ins_at_once, rounds_at_once } =
            settings::Connections::default();
        Self { per_host, kept_open, log_ins_at_once, rounds_at_once }
    }
}
