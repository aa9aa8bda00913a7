//! How the service stands for a tenant, for its administrators: no content of any mail.

use super::fault::Fault;
use super::routes::Routes;
use super::signed_in::SignedIn;
use super::state::Web;
use crate::settings::Settings;
use crate::store::{CountedSince, TenantStates};
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Days, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use minijinja::value::Serde;
use minijinja::{Value, context};

/// The routes of this part.
pub(super) fn routes() -> Routes {
    Routes::default().get("/states", states)
}

async fn states(State(web): State<Web>, signed_in: SignedIn) -> Result<Response, Fault> {
    let viewer = signed_in.viewer;
    if !viewer.sees_states() {
        return Err(Fault::Forbidden);
    }
    let now = Utc::now();
    let since = counted_since(signed_in.clock, now);
    let found = web.ask(move |store| store.tenant_states(viewer, since, now)).await?;
    let states = found.ok_or(Fault::Forbidden)?;
    Ok(web.page(&signed_in.reader(), "states/states.html", values(&states, &signed_in.tenant, &web.settings, now))?)
}

/// What the template shows.
fn values(states: &TenantStates, tenant: &str, settings: &Settings, now: DateTime<Utc>) -> Value {
    let in_use = settings.mailboxes.iter().filter(|mailbox| mailbox.tenant == tenant);
    let in_use: Vec<String> = in_use.map(|mailbox| mailbox.address.as_str().to_owned()).collect();
    context! { states => Serde(states), in_use, now => now.to_rfc3339() }
}

/// The beginning of today, and of the day six days before.
fn counted_since(clock: Tz, now: DateTime<Utc>) -> CountedSince {
    let today = now.with_timezone(&clock).date_naive();
    let begin = |days| {
        let day = today.checked_sub_days(Days::new(days)).unwrap_or(today).and_time(NaiveTime::MIN);
        // Where the clock leaps over midnight, the day begins within the next hours.
        let leaps = (0..12).map(|n| clock.from_local_datetime(&(day + TimeDelta::minutes(15) * n)).earliest());
        leaps.flatten().next().map_or(now, |time| time.to_utc())
    };
    CountedSince { today: begin(0), week: begin(6) }
}

#[cfg(test)]
mod tests {
    use super::counted_since;
    use chrono::{DateTime, Utc};

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn days_begin_by_the_tenants_clock() {
        let since = counted_since(chrono_tz::Europe::Berlin, at("2026-10-26T22:30:00Z"));
        assert_eq!((since.today, since.week), (at("2026-10-25T23:00:00Z"), at("2026-10-19T22:00:00Z")));
        let since = counted_since(chrono_tz::Europe::Berlin, at("2026-10-26T23:30:00Z"));
        assert_eq!(since.today, at("2026-10-26T23:00:00Z"));
    }

    #[test]
    fn a_day_without_a_midnight_begins_later() {
        let since = counted_since(chrono_tz::America::Santiago, at("2024-09-08T15:00:00Z"));
        assert_eq!(since.today, at("2024-09-08T04:00:00Z"));
    }
}
