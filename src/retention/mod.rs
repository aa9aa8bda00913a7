//! How long personal data are kept: what is due to be blocked or erased, from the facts and the clock that are given.
//!
//! Nothing is erased here, and nothing is erased by time where no period is set.

mod application;
mod period;

pub use application::{ApplicationFacts, Duty, Reply};
pub use period::Period;

use crate::application::ApplicationState;
use crate::decision::ImportOutcome;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Deserialize;

/// How long a tenant's data are kept; what is `None` is not erased by time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RetentionRules {
    /// Mail that waits for a person.
    pub unassigned: Option<Period>,
    /// Mail that could not be processed.
    pub set_aside: Option<Period>,
    /// What robots wrote.
    pub automatic: Option<Period>,
    /// Repeats of mail that stands in no history; a repeat of other mail goes with its application.
    pub repeated: Option<Period>,
    /// Applications that were turned down.
    pub after_rejection: Option<Period>,
    /// Applications that were taken back by the candidate.
    pub after_withdrawal: Option<Period>,
    /// Applications of people who were taken on.
    pub after_hiring: Option<Period>,
    /// From when the periods of applications are counted.
    pub counted_from: CountedFrom,
    /// So long after it was decided an application is blocked, until it is erased.
    pub block_after: Option<Period>,
}

/// From when the period of a decided application is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountedFrom {
    /// From the decision on.
    #[default]
    State,
    /// From the decision, or the candidate's last reply if that is later.
    LastContact,
}

impl RetentionRules {
    /// How long mail with this outcome is kept that belongs to no application.
    #[must_use]
    pub fn of_mail(&self, outcome: ImportOutcome) -> Option<Period> {
        match outcome {
            ImportOutcome::Imported => None,
            ImportOutcome::Unassigned => self.unassigned,
            ImportOutcome::Repeated => self.repeated,
            ImportOutcome::Automatic => self.automatic,
            ImportOutcome::SetAside => self.set_aside,
        }
    }

    /// When a mail with this outcome, which has waited since `since` and belongs to no application, is to be erased, by
    /// the tenant's clock; `None` if time does not erase it.
    #[must_use]
    pub fn mail_erased_at(&self, outcome: ImportOutcome, since: DateTime<Utc>, clock: Tz) -> Option<DateTime<Utc>> {
        self.of_mail(outcome).map(|period| period.over_at(since, clock))
    }

    /// How long an application in this state is kept.
    #[must_use]
    pub fn of_application(&self, state: ApplicationState) -> Option<Period> {
        match state {
            ApplicationState::Open => None,
            ApplicationState::Rejected => self.after_rejection,
            ApplicationState::Withdrawn => self.after_withdrawal,
            ApplicationState::Hired => self.after_hiring,
        }
    }

    /// Whether time erases or blocks nothing at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self { counted_from: _, block_after, .. } = self;
        let mails = ImportOutcome::ALL.iter().any(|&outcome| self.of_mail(outcome).is_some());
        let applications = [self.after_rejection, self.after_withdrawal, self.after_hiring].iter().any(Option::is_some);
        !mails && !applications && block_after.is_none()
    }
}

#[cfg(test)]
mod tests;
