//! The keys of a [[tenant.webhook]].

use crate::decision::WebhookEvent;
use serde::Deserialize;
use std::path::PathBuf;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::settings) struct Webhook {
    pub(in crate::settings) url: String,
    pub(in crate::settings) secret_file: PathBuf,
    pub(in crate::settings) ca_file: Option<PathBuf>,
    #[serde(default = "all_events")]
    pub(in crate::settings) events: Vec<WebhookEvent>,
}

fn all_events() -> Vec<WebhookEvent> {
    WebhookEvent::ALL.to_vec()
}
