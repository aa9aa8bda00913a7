//! What keeps going wrong is said when it begins, then once an hour, and once more when it is over: a log that says the same
//! each minute hides what else it says.

use chrono::{DateTime, SubsecRound, Utc};
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// The same is said again after this time.
const AGAIN: Duration = Duration::from_hours(1);

/// So many different words for one fault are said within that time: some have a number in them that is always another.
const MOST_WORDS: usize = 3;

/// Something that may go wrong, again and again, and what was said of it.
#[derive(Debug, Default)]
pub(super) struct Complaint(Option<Ongoing>);

#[derive(Debug)]
struct Ongoing {
    since: DateTime<Utc>,
    times: u32,
    /// When it was said in which words.
    said: HashMap<String, Instant>,
}

/// A fault that is to be said, or that it is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Said {
    /// When it began, to the second.
    pub(super) since: DateTime<Utc>,
    /// So often it went wrong since.
    pub(super) times: u32,
}

impl Complaint {
    /// It went wrong once more, and this is why; says whether that is to be said now.
    pub(super) fn again(&mut self, why: &str) -> Option<Said> {
        self.again_at(why, Utc::now(), Instant::now())
    }

    /// It went well; says whether that it is over is to be said: only what was wrong can be.
    pub(super) fn over(&mut self) -> Option<Said> {
        self.0.take().map(|ongoing| Said { since: ongoing.since, times: ongoing.times })
    }

    fn again_at(&mut self, why: &str, time: DateTime<Utc>, now: Instant) -> Option<Said> {
        let begins = || Ongoing { since: time.trunc_subsecs(0), times: 0, said: HashMap::new() };
        let ongoing = self.0.get_or_insert_with(begins);
        ongoing.times = ongoing.times.saturating_add(1);
        ongoing.said.retain(|_, said| now.saturating_duration_since(*said) < AGAIN);
        if ongoing.said.contains_key(why) || ongoing.said.len() >= MOST_WORDS {
            return None;
        }
        ongoing.said.insert(why.to_owned(), now);
        Some(Said { since: ongoing.since, times: ongoing.times })
    }
}

#[cfg(test)]
mod tests {
    use super::{AGAIN, Complaint};
    use chrono::{DateTime, TimeDelta};
    use std::time::{Duration, Instant};

    #[test]
    fn a_fault_is_said_when_it_begins_then_once_an_hour_and_once_when_it_is_over() {
        let (mut fault, start, begun) = (Complaint::default(), DateTime::UNIX_EPOCH, Instant::now());
        let mut lines = Vec::new();
        for minute in 0..=130_u32 {
            let time = start + TimeDelta::minutes(minute.into());
            if let Some(said) = fault.again_at("no route", time, begun + Duration::from_mins(minute.into())) {
                assert_eq!((said.since, said.times), (start, minute + 1));
                lines.push(minute);
            }
        }
        assert_eq!(lines, [0, 60, 120]);
        let over = fault.over().unwrap();
        assert_eq!((over.since, over.times), (start, 131));
        assert_eq!(fault.over(), None, "said once");
    }

    #[test]
    fn other_words_are_said_too_but_not_ever_new_ones() {
        let (mut fault, start, now) = (Complaint::default(), DateTime::UNIX_EPOCH, Instant::now());
        let mut said = |why: &str, later| fault.again_at(why, start, now + later).is_some();
        assert!(said("no route", Duration::ZERO));
        assert!(said("refused", Duration::ZERO));
        assert!(!said("no route", Duration::ZERO) && !said("refused", Duration::ZERO));
        assert!(said("port 1", Duration::ZERO));
        assert!((2..100).all(|port| !said(&format!("port {port}"), Duration::ZERO)));
        assert!(said("port 100", AGAIN));
    }
}
