//! Times as both databases keep them: UTC without a zone, to the microsecond, in the years 1 to 9999.

use chrono::{DateTime, Datelike, DurationRound, NaiveDateTime, TimeDelta, TimeZone, Utc};

/// A time of the service's or the server's clock.
pub(super) fn stored(time: DateTime<Utc>) -> NaiveDateTime {
    plausible(&time).unwrap_or_default()
}

/// A time that somebody wrote into a mail: a year that no database can hold is no date.
pub(super) fn plausible<Z: TimeZone>(time: &DateTime<Z>) -> Option<NaiveDateTime> {
    let time = time.naive_utc();
    (1..=9999).contains(&time.year()).then(|| time.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(time))
}

/// A stored time as the program uses it.
pub(super) fn read(time: NaiveDateTime) -> DateTime<Utc> {
    time.and_utc()
}
