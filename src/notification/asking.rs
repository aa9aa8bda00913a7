//! A question to the forwarder of a mail that waits.

use super::{Facts, Notification, Occasion, Recipient, TellingRules};
use crate::decision::{Check, KnownUser, answer_to};
use chrono::{DateTime, Utc};

/// The question to which application a mail belongs that came in at this time and waits for this reason (its stored word)
/// after these checks; `asked_by` is the name of who asks. Nothing of the candidate is in it, and no more of why it waits than the forwarder
/// is told in an answer. `None` where there is nobody to ask: the user is no longer active, or what is sent there comes
/// back to us.
pub fn question(
    forwarder: &KnownUser,
    (why, checks): (&str, &[Check]),
    received_at: DateTime<Utc>,
    asked_by: &str,
    rules: &TellingRules,
) -> Option<Notification> {
    if !forwarder.active || rules.is_own(&forwarder.address) {
        return None;
    }
    let why = answer_to(why, checks).unwrap_or(why);
    let facts = Facts {
        tenant: rules.tenant.clone(),
        why: Some(why.to_owned()),
        example: rules.example.clone(),
        import_address: rules.import_address.as_str().to_owned(),
        received_at: Some(rules.local(received_at)),
        asked_by: Some(asked_by.to_owned()).filter(|name| rules.names && !name.is_empty()),
        public_url: rules.public_url.clone(),
        ..Facts::default()
    };
    Some(Notification { occasion: Occasion::Asked, recipient: Recipient::from(forwarder), facts })
}
