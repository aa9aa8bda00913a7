//! What is due of an application.

use super::{CountedFrom, RetentionRules};
use crate::application::ApplicationState;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

/// What the rule must know of an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationFacts {
    /// Where it stands.
    pub state: ApplicationState,
    /// Since when.
    pub state_since: DateTime<Utc>,
    /// The candidate's replies in its history; only the newest one matters.
    pub replies: Vec<Reply>,
    /// Whether it is under a legal hold.
    pub is_held: bool,
}

/// When a candidate replied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reply {
    /// When the candidate wrote it, if the forward shows it.
    pub written: Option<DateTime<Utc>>,
    /// When it came in.
    pub received: DateTime<Utc>,
}

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duty {
    /// Nothing.
    Keep,
    /// It is to be shown to nobody any more.
    Block,
    /// It is to be erased.
    Erase,
}

impl RetentionRules {
    /// What is due of an application at `now`, by the tenant's clock. Under a hold nothing is erased; what would be is
    /// blocked.
    #[must_use]
    pub fn duty(&self, application: &ApplicationFacts, clock: Tz, now: DateTime<Utc>) -> Duty {
        let is_over = |time: Option<DateTime<Utc>>| time.is_some_and(|time| time <= now);
        if is_over(self.application_erased_at(application, clock)) {
            if application.is_held { Duty::Block } else { Duty::Erase }
        } else if is_over(self.application_blocked_at(application, clock)) {
            Duty::Block
        } else {
            Duty::Keep
        }
    }

    /// When an application is to be erased, a hold aside; `None` if time does not erase it.
    #[must_use]
    pub fn application_erased_at(&self, application: &ApplicationFacts, clock: Tz) -> Option<DateTime<Utc>> {
        let from = match self.counted_from {
            CountedFrom::State => application.state_since,
            CountedFrom::LastContact => application.last_contact(),
        };
        self.of_application(application.state).map(|period| period.over_at(from, clock))
    }

    /// When an application is to be blocked: counted from its state whatever the candidate writes afterwards, so that it
    /// is not opened again by a reply. Only what will be erased is blocked.
    #[must_use]
    pub fn application_blocked_at(&self, application: &ApplicationFacts, clock: Tz) -> Option<DateTime<Utc>> {
        self.of_application(application.state)?;
        self.block_after.map(|period| period.over_at(application.state_since, clock))
    }
}

impl ApplicationFacts {
    /// The decision, or the newest reply if that is later.
    #[must_use]
    pub fn last_contact(&self) -> DateTime<Utc> {
        self.replies.iter().map(Reply::at).fold(self.state_since, Ord::max)
    }
}

impl Reply {
    /// When the candidate wrote it. Nothing is written after it came in: a date that says so is wrong.
    #[must_use]
    pub fn at(&self) -> DateTime<Utc> {
        self.written.map_or(self.received, |written| written.min(self.received))
    }
}
