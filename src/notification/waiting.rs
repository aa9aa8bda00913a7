//! The office's digest of what waits for a person: when it is due, and what stands in it.

use super::words;
use crate::application::Language;
use crate::application::id::MailId;
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::Tz;

/// What waits, as it stands when the digest is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WaitingList {
    /// How many for which reason (its stored word): all of them.
    pub counts: Vec<(String, u64)>,
    /// When the oldest came in.
    pub oldest: Option<DateTime<Utc>>,
    /// The oldest, at most [`super::MOST_LINES`].
    pub lines: Vec<WaitingLine>,
    /// What was done with mail that nobody was told of singly, where the digest is about that.
    pub quiet: Option<QuietCounts>,
}

/// One mail that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingLine {
    /// The mail.
    pub mail: MailId,
    /// When it came in.
    pub received_at: DateTime<Utc>,
    /// The stored word of the reason.
    pub why: String,
    /// The one reference number that it claims.
    pub reference: Option<String>,
}

/// Mail that nobody was told of singly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QuietCounts {
    /// Stands in a history.
    pub imported: u64,
    /// Waits for a person.
    pub waiting: u64,
    /// Repeats and automatic mail.
    pub others: u64,
}

impl WaitingList {
    /// How many mails wait.
    pub fn total(&self) -> u64 {
        self.counts.iter().map(|(_, number)| number).sum()
    }
}

impl WaitingLine {
    /// The mail as one line; dates by this clock.
    pub(super) fn text(&self, language: Language, clock: Tz) -> String {
        let day = words::day(self.received_at.with_timezone(&clock).date_naive(), language);
        let reason = words::headline(&self.why, language);
        let (mail, number) = words::in_language(language, ("E-Mail", "Referenznummer"), ("E-mail", "reference number"));
        let reference =
            self.reference.as_deref().map(|reference| format!(" ({number} {reference})")).unwrap_or_default();
        format!("{mail} {} – {day} – {reason}{reference}", self.mail)
    }
}

/// Why a mail waits, as a sentence, from the stored word of the reason.
pub fn why_it_waits(why: &str, language: Language) -> String {
    words::reason(why, language)
}

/// The working day whose digest is due now, if it comes at this time of day by this clock, and since when.
pub fn due_digest(now: DateTime<Utc>, at: NaiveTime, clock: Tz) -> Option<(NaiveDate, DateTime<Utc>)> {
    let day = now.with_timezone(&clock).date_naive();
    if matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
        return None;
    }
    // In spring a time of day may be skipped: then the hour behind it.
    let local = |time| clock.from_local_datetime(&time).earliest();
    let since = local(day.and_time(at)).or_else(|| local(day.and_time(at) + TimeDelta::hours(1)))?.with_timezone(&Utc);
    (since <= now).then_some((day, since))
}

#[cfg(test)]
mod tests {
    use super::due_digest;
    use chrono::{DateTime, NaiveTime, Utc};
    use chrono_tz::Europe::Berlin;

    fn due(now: &str, at: &str) -> Option<(String, String)> {
        let now: DateTime<Utc> = now.parse().unwrap();
        let at = NaiveTime::parse_from_str(at, "%H:%M").unwrap();
        due_digest(now, at, Berlin).map(|(day, since)| (day.to_string(), since.format("%H:%M").to_string()))
    }

    #[test]
    fn the_digest_comes_on_working_days_at_its_time_by_the_tenants_clock() {
        let at = |day: &str, since: &str| Some((day.to_owned(), since.to_owned()));
        assert_eq!(due("2024-05-02T05:29:59Z", "07:30"), None, "Thursday, 07:29:59");
        assert_eq!(due("2024-05-02T05:30:00Z", "07:30"), at("2024-05-02", "05:30"));
        assert_eq!(due("2024-05-02T21:59:00Z", "07:30"), at("2024-05-02", "05:30"), "late is better than never");
        assert_eq!(due("2024-05-02T22:01:00Z", "07:30"), None, "Friday has begun in Berlin");
        assert_eq!(due("2024-05-03T22:30:00Z", "00:00"), None, "Saturday has begun in Berlin");
        assert_eq!(due("2024-05-05T21:30:00Z", "00:00"), None, "Sunday has not ended in Berlin");
        assert_eq!(due("2024-05-05T22:30:00Z", "00:00"), at("2024-05-06", "22:00"), "Monday");
        assert_eq!(due("2024-01-10T06:30:00Z", "07:30"), at("2024-01-10", "06:30"), "in winter");
    }
}
