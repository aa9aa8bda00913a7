//! How many requests a token may send.

use crate::application::id::ApiTokenId;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Requests of one token within [`SPAN`].
const MOST: u32 = 1200;

/// The time in which they are counted.
const SPAN: Duration = Duration::from_mins(1);

/// Counts the requests of each token in the present minute.
#[derive(Debug, Default)]
pub(super) struct Pace(Mutex<HashMap<ApiTokenId, (Instant, u32)>>);

impl Pace {
    /// Counts a request, and says whether it may be answered.
    pub(super) fn may(&self, token: ApiTokenId, now: Instant) -> bool {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, requests) = counts.entry(token).or_insert((now, 0));
        if now.duration_since(*since) >= SPAN {
            (*since, *requests) = (now, 0);
        }
        *requests = requests.saturating_add(1);
        *requests <= MOST
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, Pace, SPAN};
    use crate::application::id::ApiTokenId;
    use std::time::Instant;

    #[test]
    fn a_token_that_asks_too_often_waits_for_the_next_minute_and_no_other_does() {
        let (pace, start) = (Pace::default(), Instant::now());
        assert!((0..MOST).all(|_| pace.may(ApiTokenId(1), start)));
        assert!(!pace.may(ApiTokenId(1), start));
        assert!(pace.may(ApiTokenId(2), start));
        assert!(pace.may(ApiTokenId(1), start + SPAN));
    }
}
