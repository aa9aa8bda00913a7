//! What tests count by days must not be cut in two by midnight.

use chrono::{DateTime, Timelike as _, Utc};
use chrono_tz::{America::Chicago, Europe::Berlin, Tz};

/// A time zone in which the day goes on for three hours at least: Berlin, in the evening one seven hours behind.
pub fn calm_zone() -> Tz {
    calm_zone_at(Utc::now())
}

/// The one at this moment.
pub fn calm_zone_at(now: DateTime<Utc>) -> Tz {
    if now.with_timezone(&Berlin).hour() < 21 { Berlin } else { Chicago }
}
