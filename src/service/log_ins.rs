//! Log-ins that end: says in time what a person must renew, and uses refresh tokens that nobody used for a day.

use super::steps;
use crate::oauth2::{self, TokenError, Urgency};
use crate::settings::{Login, OAuth2, Settings};
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often is looked.
const LOOK: Duration = Duration::from_hours(1);

/// What a person must renew is said this often.
const SAY: TimeDelta = TimeDelta::hours(24);

/// Looks until asked to stop.
pub(super) async fn run(settings: Arc<Settings>, stop: CancellationToken) {
    let mut said_at: Option<DateTime<Utc>> = None;
    while !stop.is_cancelled() {
        let now = Utc::now();
        if said_at.is_none_or(|said_at| now - said_at >= SAY) {
            said_at = Some(now);
            let named = settings.clone();
            let saying = tokio::task::spawn_blocking(move || say(&named, now));
            if let Err(error) = saying.await {
                tracing::warn!(%error, "What ends soon could not be looked at");
            }
        }
        tokio::select! {
            () = renew_unused(&settings, now) => {}
            () = stop.cancelled() => break,
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = stop.cancelled() => break,
        }
    }
}

/// Whose log-in is by a token, and how it is had.
fn by_token(settings: &Settings) -> Vec<(&str, &OAuth2)> {
    let mailboxes = settings.mailboxes.iter().map(|mailbox| (mailbox.address.as_str(), mailbox.server.login.as_ref()));
    let smtp = settings.smtp.iter().map(|smtp| ("[smtp]", smtp.server.login.as_ref()));
    mailboxes.chain(smtp).filter_map(|(whose, login)| Some((whose, login.and_then(Login::oauth2)?))).collect()
}

fn say(settings: &Settings, now: DateTime<Utc>) {
    for (login, oauth2) in by_token(settings) {
        let prospects = oauth2::prospects(oauth2, now);
        if let Some(fault) = prospects.fault {
            tracing::error!(login, fault, "It cannot be told what must be renewed");
        }
        let Some(renewal) = prospects.renew else { continue };
        let (what, days_left) = (renewal.what, renewal.days_left);
        match renewal.urgency {
            Urgency::Ok => {}
            Urgency::Soon => tracing::warn!(login, what, days_left, "This ends soon; renew it"),
            Urgency::Now => tracing::error!(login, what, days_left, "This ends within days; renew it now"),
        }
    }
}

async fn renew_unused(settings: &Settings, now: DateTime<Utc>) {
    for (login, oauth2) in by_token(settings) {
        let _step = steps::begin("renewing a log-in");
        match oauth2::renew_unused(oauth2, now).await {
            Ok(true) => tracing::info!(login, "The refresh token was used, so that it does not end"),
            Ok(false) => {}
            Err(error @ TokenError::Refused { .. }) => {
                tracing::error!(login, %error, "The refresh token cannot be used until a person puts this right");
            }
            Err(error @ TokenError::Away { .. }) => {
                tracing::warn!(login, %error, "The refresh token cannot be used now");
            }
        }
    }
}
