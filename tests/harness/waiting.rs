//! The only place where tests wait: for something to become true, with a deadline.

use std::thread::sleep;
use std::time::{Duration, Instant};

/// How often is looked.
const PAUSE: Duration = Duration::from_millis(10);

/// Looks every 10 ms until `look` finds something; fails the test after `deadline`, naming what was waited for.
pub fn wait_for<T>(what: &str, deadline: Duration, look: impl FnMut() -> Option<T>) -> T {
    poll(deadline, look).unwrap_or_else(|| panic!("waited {deadline:?} in vain for {what}"))
}

/// As [`wait_for`], for callers who can say more about the failure.
pub fn poll<T>(deadline: Duration, mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let started = Instant::now();
    loop {
        if let Some(found) = look() {
            return Some(found);
        }
        if started.elapsed() >= deadline {
            return None;
        }
        sleep(PAUSE);
    }
}
