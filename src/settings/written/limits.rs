//! The keys of [limits].

use crate::mail;
use crate::settings::units::{duration, size};
use serde::Deserialize;
use std::time::Duration;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::settings) struct Limits {
    pub(in crate::settings) depth: usize,
    pub(in crate::settings) attached_depth: usize,
    pub(in crate::settings) parts: usize,
    #[serde(deserialize_with = "size")]
    pub(in crate::settings) header_size: u64,
    pub(in crate::settings) parameter_pieces: usize,
    #[serde(deserialize_with = "size")]
    pub(in crate::settings) decoded_size: u64,
    #[serde(deserialize_with = "duration")]
    pub(in crate::settings) time_per_mail: Duration,
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
