//! A program that is told what comes of mail.

use super::Secret;
use crate::decision::WebhookEvent;
use std::path::PathBuf;

/// A webhook of a tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Where it is: `https`, or `http` to this machine. It is also its name in the record.
    pub url: String,
    /// What its messages are signed with: `whsec_` and 24 to 64 octets in Base64.
    pub secret: Secret,
    /// Certificates to trust instead of the system's, as PEM.
    pub ca_file: Option<PathBuf>,
    /// What it is told of, at least one.
    pub events: Vec<WebhookEvent>,
}
