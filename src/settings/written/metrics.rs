//! The keys of [metrics].

use serde::Deserialize;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::settings) struct Metrics {
    pub(in crate::settings) listen: Option<String>,
}
