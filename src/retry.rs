//! When to try again: a pause from the number of failures so far.
//!
//! Pure: chance is an argument.

use std::time::Duration;

/// Growing pauses between a shortest and a longest one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pauses {
    /// The pause after the first failure.
    pub first: Duration,
    /// No pause is longer.
    pub longest: Duration,
}

/// Between two attempts to deliver one notification.
pub(crate) const NOTIFICATION: Pauses = Pauses { first: Duration::from_secs(10), longest: Duration::from_hours(4) };

/// Between two attempts to tell a webhook one thing.
pub(crate) const WEBHOOK: Pauses = Pauses { first: Duration::from_secs(2), longest: Duration::from_hours(4) };

/// Between two attempts to reach a webhook at all.
pub(crate) const RECEIVER: Pauses = Pauses { first: Duration::from_secs(1), longest: Duration::from_mins(5) };

/// Between two attempts to reach a mailbox.
pub(crate) const MAILBOX: Pauses = Pauses { first: Duration::from_secs(2), longest: Duration::from_mins(5) };

/// Between two attempts to remove erased mail from a server.
pub(crate) const REMOVAL: Pauses = Pauses { first: Duration::from_secs(10), longest: Duration::from_hours(4) };

/// Between two attempts to open the database at the start.
pub(crate) const DATABASE: Pauses = Pauses { first: Duration::from_secs(1), longest: Duration::from_mins(1) };

/// So long what cannot be sent is kept for sending, as mail servers do it among themselves.
pub(crate) const GIVEN_UP_AFTER: Duration = Duration::from_hours(5 * 24);

/// Whether a notification that the mail server refused "for now" at each of so many attempts is given up: after
/// [`GIVEN_UP_AFTER`], and not if nobody tried meanwhile.
pub(crate) fn is_hopeless(attempts: u32, tried_for: Duration) -> bool {
    attempts >= 10 && tried_for >= GIVEN_UP_AFTER
}

impl Pauses {
    /// The pause after so many failures in a row (at least one): twice as long after each, and spread by up to a
    /// quarter, so that many workers that failed at once do not come back at once.
    ///
    /// `chance` is a number from 0 to 1.
    pub(crate) fn after(self, failures: u32, chance: f64) -> Duration {
        let doubled = self.first.saturating_mul(2_u32.saturating_pow(failures.saturating_sub(1).min(31)));
        let pause = doubled.min(self.longest);
        pause.mul_f64(1.0 - 0.25 * chance.clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::{NOTIFICATION, Pauses, is_hopeless};
    use std::time::Duration;

    #[test]
    fn pauses_double_up_to_the_longest() {
        let pauses = Pauses { first: Duration::from_secs(1), longest: Duration::from_secs(5) };
        let seconds: Vec<u64> = (1..=5).map(|failures| pauses.after(failures, 0.0).as_secs()).collect();
        assert_eq!(seconds, [1, 2, 4, 5, 5]);
    }

    #[test]
    fn a_pause_is_spread_by_a_quarter_at_most() {
        assert_eq!(NOTIFICATION.after(1, 1.0), Duration::from_millis(7_500));
        assert_eq!(NOTIFICATION.after(1, 7.0), Duration::from_millis(7_500));
    }

    #[test]
    fn what_was_refused_for_days_and_often_is_hopeless() {
        let days = |days: u64| Duration::from_hours(24 * days);
        assert!(is_hopeless(10, days(5)));
        assert!(!is_hopeless(10, days(4)));
        assert!(!is_hopeless(2, days(30)), "the service was off");
    }

    #[test]
    fn very_many_failures_do_not_overflow() {
        assert_eq!(NOTIFICATION.after(u32::MAX, 0.0), NOTIFICATION.longest);
    }
}
