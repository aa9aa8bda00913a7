//! What a person must renew, and until when.

use super::assertion::certificate_ends;
use super::newest;
use crate::settings::{Grant, OAuth2, TokenSource};
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use serde::Serialize;

/// From so many days before the end on it is said.
const SOON: i64 = 30;

/// From so many days before the end on it is an alarm.
const NOW: i64 = 7;

/// How a log-in stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Prospects {
    /// How tokens are had, in words.
    pub by: &'static str,
    /// What a person must renew; `None` if nothing is known to end.
    pub renew: Option<Renewal>,
    /// Why it cannot be told what ends when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
}

/// What ends, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Renewal {
    /// `client certificate`, `client secret` or `refresh token`.
    pub what: &'static str,
    /// When it ends if nobody does anything; a refresh token, if it is not used.
    pub ends_at: DateTime<Utc>,
    /// Whole days until then; negative afterwards.
    pub days_left: i64,
    /// How urgent that is.
    pub urgency: Urgency,
}

/// How urgent it is to renew something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// It lasts for more than 30 days.
    Ok,
    /// It ends within 30 days.
    Soon,
    /// It ends within 7 days, or has ended.
    Now,
}

/// How a log-in stands at `now`. Reads files, asks nobody.
pub fn prospects(oauth2: &OAuth2, now: DateTime<Utc>) -> Prospects {
    let TokenSource::Endpoint(endpoint) = &oauth2.source else {
        return Prospects { by: "token command", renew: None, fault: None };
    };
    let secret_ends = endpoint.client_secret_expires.map(|day| {
        // The whole day still counts.
        day.and_time(NaiveTime::MIN).and_utc() + TimeDelta::days(1)
    });
    let secret = secret_ends.map(|ends| Renewal::at("client secret", ends, now));
    match &endpoint.grant {
        Grant::ClientSecret(_) => Prospects { by: "client secret", renew: secret, fault: None },
        Grant::ClientCertificate { certificate, .. } => {
            let ends = certificate_ends(certificate).map_err(|error| format!("{error:#}"));
            Prospects::of("client certificate", "client certificate", ends, None, now)
        }
        Grant::RefreshToken { seed, state, lifetime, .. } => {
            let lifetime = TimeDelta::from_std(*lifetime).unwrap_or(TimeDelta::MAX);
            let ends = newest::renewed_at(seed, state)
                .map(|renewed_at| renewed_at.checked_add_signed(lifetime).unwrap_or(DateTime::<Utc>::MAX_UTC))
                .map_err(|why| why.when("Cannot read the refresh token").to_string());
            Prospects::of("refresh token", "refresh token", ends, secret, now)
        }
    }
}

impl Prospects {
    fn of(
        by: &'static str,
        what: &'static str,
        ends: Result<DateTime<Utc>, String>,
        other: Option<Renewal>,
        now: DateTime<Utc>,
    ) -> Self {
        match ends {
            Ok(ends) => {
                let first = std::iter::once(Renewal::at(what, ends, now)).chain(other).min_by_key(|end| end.ends_at);
                Self { by, renew: first, fault: None }
            }
            Err(fault) => Self { by, renew: other, fault: Some(fault) },
        }
    }
}

impl Renewal {
    fn at(what: &'static str, ends_at: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        let days_left = (ends_at - now).num_milliseconds().div_euclid(86_400_000);
        let urgency = match days_left {
            ..NOW => Urgency::Now,
            NOW..SOON => Urgency::Soon,
            _ => Urgency::Ok,
        };
        Self { what, ends_at, days_left, urgency }
    }
}

impl std::fmt::Display for Renewal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.days_left < 0 {
            return write!(f, "{} ended {}", self.what, self.ends_at.format("%Y-%m-%d"));
        }
        let days = if self.days_left == 1 { "day" } else { "days" };
        write!(f, "{} ends in {} {days}", self.what, self.days_left)
    }
}

#[cfg(test)]
mod tests {
    use super::{Renewal, Urgency};
    use chrono::{DateTime, TimeDelta};

    #[test]
    fn what_ends_is_said_a_month_before_and_an_alarm_a_week_before() {
        let now = DateTime::UNIX_EPOCH;
        let in_hours = |hours| Renewal::at("client secret", now + TimeDelta::hours(hours), now);
        let urgencies = [31 * 24, 30 * 24, 30 * 24 - 1, 7 * 24, 7 * 24 - 1, -1].map(|hours| in_hours(hours).urgency);
        let [ok, soon, alarm] = [Urgency::Ok, Urgency::Soon, Urgency::Now];
        assert_eq!(urgencies, [ok, ok, soon, soon, alarm, alarm]);
        assert_eq!((in_hours(23).days_left, in_hours(-1).days_left), (0, -1));
        assert_eq!(Renewal::at("client secret", now, now + TimeDelta::milliseconds(1)).days_left, -1);
        assert_eq!(in_hours(-1).to_string(), "client secret ended 1969-12-31");
    }
}
