//! What ended and could not be noted is tried again, at growing intervals, as long as that helps: a server that was
//! restarted, two transactions that stood in each other's way.

use crate::retry::Pauses;
use crate::store::{SendingClaim, StoreError};
use chrono::Utc;
use std::time::{Duration, Instant};

/// Between two tries.
const PAUSES: Pauses = Pauses { first: Duration::from_secs(1), longest: Duration::from_secs(8) };

/// When the process is to end, it is tried again for so long.
const IN_A_HURRY: Duration = Duration::from_secs(20);

/// Whether there is trouble, and when the next try is due.
#[derive(Debug, Default)]
pub(super) struct Unsettled {
    /// The next try, and how many failed before it.
    next: Option<(Instant, u32)>,
    /// No further try after this.
    until: Option<Instant>,
}

impl Unsettled {
    /// The last try failed, and none has succeeded since.
    pub(super) fn is_there(&self) -> bool {
        self.next.is_some()
    }

    /// A try failed.
    pub(super) fn begins(&mut self, now: Instant) {
        let failures = self.next.map_or(1, |(_, failures)| failures + 1);
        self.next = Some((now + PAUSES.after(failures, 0.0), failures));
    }

    /// A try succeeded.
    pub(super) fn is_over(&mut self) {
        self.next = None;
    }

    /// Whether the next try is due.
    pub(super) fn may_try(&self, now: Instant) -> bool {
        self.next.is_none_or(|(at, _)| now >= at)
    }

    /// Until the next try is due.
    pub(super) async fn pause(&self) {
        if let Some((at, _)) = self.next {
            tokio::time::sleep_until(at.into()).await;
        }
    }

    /// From the first call on there is not much time.
    pub(super) fn hurry(&mut self, now: Instant) {
        self.until.get_or_insert(now + IN_A_HURRY);
    }

    /// Whether to try again: until the claim has run out, when another sender may have it; and as long as the database is
    /// away, when nobody can claim it either.
    pub(super) fn is_worth_another_try(&self, claim: &SendingClaim, error: &StoreError) -> bool {
        let is_away = matches!(error, StoreError::Unavailable { .. });
        self.until.is_none_or(|until| Instant::now() < until) && (is_away || Utc::now() < claim.until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::application::id::NotificationId;

    fn claim(seconds: i64) -> SendingClaim {
        SendingClaim { id: NotificationId(1), until: Utc::now() + chrono::TimeDelta::seconds(seconds) }
    }

    #[test]
    fn the_pauses_grow_and_begin_anew_after_a_success() {
        let now = Instant::now();
        let mut unsettled = Unsettled::default();
        assert!(unsettled.may_try(now) && !unsettled.is_there());
        for seconds in [1, 2, 4, 8, 8] {
            unsettled.begins(now);
            assert_eq!(unsettled.next.unwrap().0 - now, Duration::from_secs(seconds));
            assert!(!unsettled.may_try(now) && unsettled.may_try(now + Duration::from_secs(seconds)));
        }
        unsettled.is_over();
        unsettled.begins(now);
        assert!(unsettled.may_try(now + PAUSES.first));
    }

    #[test]
    fn it_is_tried_again_until_another_sender_may_have_it_or_there_is_no_time() {
        let refused = StoreError::Refused { wanted: "test", cause: String::new() };
        let away = StoreError::Unavailable { wanted: "test", cause: String::new() };
        let mut unsettled = Unsettled::default();
        assert!(unsettled.is_worth_another_try(&claim(60), &refused));
        assert!(!unsettled.is_worth_another_try(&claim(-1), &refused));
        assert!(unsettled.is_worth_another_try(&claim(-1), &away));
        unsettled.hurry(Instant::now());
        assert!(unsettled.is_worth_another_try(&claim(60), &refused));
        unsettled.until = Some(Instant::now());
        assert!(!unsettled.is_worth_another_try(&claim(60), &away));
        let first = unsettled.until;
        unsettled.hurry(Instant::now() + IN_A_HURRY);
        assert_eq!(unsettled.until, first);
    }
}
