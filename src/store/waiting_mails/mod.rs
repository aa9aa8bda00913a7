//! The Eingang: a tenant's mails that wait for a person, what was done about them, and what a person decides there.

mod ask;
mod asked;
mod discard;
mod list;
mod meant;
mod one;

pub use ask::Asking;
pub use discard::Deciding;
pub(super) use discard::TAKEN_BACK;
pub use list::{WaitingList, WaitingState, WaitingSummary};
pub use meant::Meant;
pub use one::{ForwarderToAsk, WaitingMail};

use chrono::{DateTime, Utc};

/// What a person did about a mail that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhatWasDone {
    /// When.
    pub at: DateTime<Utc>,
    /// The person's name, while they are a user.
    pub by: Option<String>,
}
