//! How long something is kept: days or months of the calendar, as § 187 and § 188 BGB count them.

use chrono::{DateTime, Days, Months, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use std::fmt;

/// A period of whole days or months.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// So many days.
    Days(u32),
    /// So many months of the calendar.
    Months(u32),
}

/// Ten years: nothing here is kept longer by a setting.
const MOST_MONTHS: u32 = 120;
const MOST_DAYS: u32 = 3653;

/// The shortest month.
const SHORTEST_MONTH: u32 = 28;

impl Period {
    /// Reads `30d`, `6 weeks`, `6 months` or `2 years`; at most ten years.
    ///
    /// # Errors
    ///
    /// What is wrong, and what to write instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at_checked(digits).unwrap_or((text, ""));
        let wrong =
            || format!("`{text}` is no period; write for example \"30d\", \"6 weeks\", \"6 months\", or \"never\"");
        let number: u32 = number.parse().map_err(|_| wrong())?;
        let period = match unit.trim() {
            "d" | "day" | "days" => Self::Days(number),
            "w" | "week" | "weeks" => Self::Days(number.saturating_mul(7)),
            "month" | "months" => Self::Months(number),
            "y" | "year" | "years" => Self::Months(number.saturating_mul(12)),
            _ => return Err(wrong()),
        };
        let is_too_long = match period {
            Self::Days(days) => days > MOST_DAYS,
            Self::Months(months) => months > MOST_MONTHS,
        };
        if is_too_long { Err(format!("`{text}` is longer than ten years")) } else { Ok(period) }
    }

    /// The fewest days that it may be.
    #[must_use]
    pub fn fewest_days(self) -> u32 {
        match self {
            Self::Days(days) => days,
            Self::Months(months) => months.saturating_mul(SHORTEST_MONTH),
        }
    }

    /// When a period that begins with an event at `from` is over, by the clock on a wall: the day of the event does not
    /// count, and the last day belongs to the period as a whole. An empty period is over at once.
    #[must_use]
    pub fn over_at(self, from: DateTime<Utc>, clock: Tz) -> DateTime<Utc> {
        if self.fewest_days() == 0 {
            return from;
        }
        let day = from.with_timezone(&clock).date_naive();
        let last = match self {
            Self::Days(days) => day.checked_add_days(Days::new(days.into())),
            // A month that lacks the day ends with its last one.
            Self::Months(months) => day.checked_add_months(Months::new(months)),
        };
        last.and_then(|last| last.checked_add_days(Days::new(1)))
            .and_then(|next| beginning(next, clock))
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// No period of this length that began later is over at `now`: to look for what may be.
    #[must_use]
    pub fn began_by(self, now: DateTime<Utc>) -> DateTime<Utc> {
        now.checked_sub_days(Days::new(self.fewest_days().into())).unwrap_or(DateTime::<Utc>::MIN_UTC)
    }
}

/// When a day begins by a clock on a wall. Where clocks are put forward at midnight it begins later.
fn beginning(day: NaiveDate, clock: Tz) -> Option<DateTime<Utc>> {
    let midnight = day.and_time(NaiveTime::MIN);
    let quarter = TimeDelta::minutes(15);
    (0..24 * 4).find_map(|n| clock.from_local_datetime(&(midnight + quarter * n)).earliest()).map(|time| time.to_utc())
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Days(days) => write!(f, "{days} days"),
            Self::Months(months) => write!(f, "{months} months"),
        }
    }
}
