//! The time that this thread has spent on a processor: what else the machine does is left out, as far as it can be.

use std::time::{Duration, Instant};

/// The processor time, and what the work gave.
pub fn time<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let (start, started) = (on_processor(), Instant::now());
    let result = work();
    let spent = start.zip(on_processor()).map(|(start, end)| end.saturating_sub(start));
    (spent.unwrap_or_else(|| started.elapsed()), result)
}

/// Time on a processor (proc(5), `schedstat`); none where the system does not count it.
fn on_processor() -> Option<Duration> {
    let counted = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    counted.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}
