//! A notification in the outbox, and what goes out with it.

use super::{Bundle, BundleLine, Notification, WaitingList};
use crate::application::id::{ApplicationId, HistoryEntryId, MailId, NotificationId};
use chrono::{DateTime, Utc};

/// A notification as the outbox gives it back for sending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueuedNotification {
    /// The outbox row.
    pub id: NotificationId,
    /// What to send and to whom.
    pub notification: Notification,
    /// What its mail tells of, if of more than this one.
    pub bundle: Option<Bundle>,
    /// What waits, where it tells the office that.
    pub waiting: Option<WaitingList>,
    /// The mail it tells of; `None` where it tells of many.
    pub mail: Option<MailId>,
    /// The history entry it tells of, if the mail made one.
    pub entry: Option<HistoryEntryId>,
    /// The application, if the mail was assigned.
    pub application: Option<ApplicationId>,
    /// Left side of the Message-ID: the same however often the row is sent, and no other row's.
    pub message_key: String,
    /// How often sending was tried and put off.
    pub attempts: u32,
    /// When the row was written.
    pub created_at: DateTime<Utc>,
    /// Until when whoever has it now has it in hand.
    pub claimed_until: DateTime<Utc>,
}

impl QueuedNotification {
    /// One of those that its mail tells of, as it would go out singly to the same person.
    pub(super) fn alone(&self, line: &BundleLine) -> Self {
        Self {
            notification: Notification {
                occasion: line.occasion,
                recipient: self.notification.recipient.clone(),
                facts: line.facts.clone(),
            },
            bundle: None,
            waiting: None,
            mail: line.mail,
            entry: line.entry,
            message_key: self.message_key.clone(),
            ..*self
        }
    }
}
