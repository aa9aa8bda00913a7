//! Who is told.

use crate::decision::WebhookEvent;
use std::sync::Arc;

/// A webhook, as far as the record must know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// The tenant's name.
    pub tenant: String,
    /// Where it is.
    pub url: String,
    /// What it is told of.
    pub events: Vec<WebhookEvent>,
}

/// The webhooks that are told what is recorded.
pub(in crate::store) type Subscriptions = Arc<[Subscription]>;
