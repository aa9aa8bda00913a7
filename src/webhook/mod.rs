//! Tells a webhook one thing, signed. EDGE: waits on a network and reads a file.
//!
//! Headers and signature are those of the Standard Webhooks specification 1.0
//! (<https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>), so that the receiver can
//! check them with a library that is there already.

mod signature;

use crate::fail_point::{FailPoint, reach};
use crate::https::{self, Reaching};
use crate::settings::{Webhook, leads_to_this_machine};
use crate::why_unsent::{webhook_answered, webhook_silent};
use anyhow::Result;
use chrono::{DateTime, Utc};
use signature::Key;
use std::fmt;
use std::time::Duration;
use ureq::Agent;
use ureq::http::StatusCode;

/// The whole request takes no longer, from the name's look-up to the answer's head.
pub(crate) const DEADLINE: Duration = Duration::from_secs(15);

/// What a webhook is told.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    /// The webhook-id: the same however often it is sent.
    pub id: String,
    /// When it is sent this time.
    pub at: DateTime<Utc>,
    /// The text, JSON.
    pub body: String,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The receiver took it.
    Taken,
    /// It did not, for this reason; it may later.
    NotTaken(String),
    /// It says that it wants no more of this (410), in these words.
    Unwanted(String),
}

/// The way to one webhook.
pub(crate) struct Sender {
    agent: Agent,
    url: String,
    key: Key,
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sender")
    }
}

impl Sender {
    /// The way to a webhook, with its secret as it stands in the file now. Blocks.
    ///
    /// # Errors
    ///
    /// The secret or the certificates cannot be read, or are none.
    pub(crate) fn open(webhook: &Webhook) -> Result<Self> {
        let key = Key::read(&webhook.secret.read_as("webhook secret")?)?;
        let (ca_file, by_proxy) = (webhook.ca_file.as_deref(), !leads_to_this_machine(&webhook.url));
        let agent = https::agent(Reaching { ca_file, by_proxy, deadline: DEADLINE })?;
        Ok(Self { agent, url: webhook.url.clone(), key })
    }

    /// Tells one thing. Blocks, at most [`DEADLINE`].
    pub(crate) fn send(&self, message: &Message) -> Answer {
        let at = message.at.timestamp().to_string();
        let signature = match self.key.sign(&message.id, &at, &message.body) {
            Ok(signature) => signature,
            Err(error) => return Answer::NotTaken(format!("{error:#}")),
        };
        let request = self
            .agent
            .post(&self.url)
            .content_type("application/json")
            .header("webhook-id", &message.id)
            .header("webhook-timestamp", &at)
            .header("webhook-signature", signature);
        let answer = match request.send(&message.body) {
            Ok(answer) => answer.status(),
            Err(ureq::Error::Timeout(_)) => {
                return Answer::NotTaken(webhook_silent(DEADLINE));
            }
            Err(error) => return Answer::NotTaken(error.to_string()),
        };
        match answer {
            status if status.is_success() => {
                reach(FailPoint::WebhookTaken);
                Answer::Taken
            }
            StatusCode::GONE => Answer::Unwanted(format!("{}: it wants no more of this", webhook_answered(answer))),
            status if status.is_redirection() => {
                let said = webhook_answered(status);
                Answer::NotTaken(format!("{said}, and no other address is told; correct `url`"))
            }
            status => Answer::NotTaken(webhook_answered(status)),
        }
    }
}
