//! What came of a time of sending.

use std::fmt;

/// What came of the due notifications.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryReport {
    /// Taken by the server.
    pub sent: u32,
    /// Put off to a later time.
    pub put_off: u32,
    /// Given up: the server refuses them for good.
    pub given_up: u32,
    /// Why the server takes none at all, if it does not: in words that may be logged.
    pub away: Option<String>,
}

impl fmt::Display for DeliveryReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} sent, {} put off, {} given up", self.sent, self.put_off, self.given_up)
    }
}
