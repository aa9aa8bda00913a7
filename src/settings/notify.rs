//! What people are told, and when.

use super::NotifyContent;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};

/// What notifications say, and when they come.
#[derive(Clone, Debug)]
pub struct Notify {
    /// Whether names and subjects may stand in mail.
    pub content: NotifyContent,
    /// So many go to one person singly within an hour, the others in one mail when it is over; 0: all go singly.
    pub digest_after: u32,
    /// Mail from before is imported without telling anybody singly.
    pub quiet_before: Option<QuietBefore>,
    /// When on a working day the office is told what waits, by the tenant's clock; `None`: never.
    pub office_digest: Option<NaiveTime>,
}

/// Up to when mail is imported without telling anybody singly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuietBefore {
    /// What came in before the service first connected to the mailbox.
    FirstConnection,
    /// What came in before this time.
    Time(DateTime<Utc>),
    /// What came in before this day by the tenant's clock.
    Day(NaiveDate),
}

impl QuietBefore {
    /// The time, by this clock; `None` where it is each mailbox's own.
    pub fn time(self, clock: chrono_tz::Tz) -> Option<DateTime<Utc>> {
        match self {
            Self::FirstConnection => None,
            Self::Time(time) => Some(time),
            Self::Day(day) => {
                let begins = day.and_time(NaiveTime::MIN);
                let local = |time| clock.from_local_datetime(&time).earliest();
                // Where clocks are changed at midnight, the day begins an hour later.
                let begins = local(begins).or_else(|| local(begins + TimeDelta::hours(1)))?;
                Some(begins.with_timezone(&Utc))
            }
        }
    }
}
