//! A fresh token, by whichever way the settings name. Blocks.

use super::access_token::{AccessToken, end_told_by, is_fit};
use super::endpoint::{ask, server_of};
use super::error::{TokenError, Why};
use super::newest::{Kept, Newest};
use super::reply::token_in;
use crate::fail_point::{FailPoint, reach};
use crate::settings::{Grant, Secret, TokenEndpoint, TokenSource};
use ::oauth2::TokenResponse as _;
use chrono::{TimeDelta, Utc};
use secrecy::SecretString;
use std::time::Duration;

/// Gets a token. `unsaved` holds a refresh token that could not be written down, from one request to the next.
pub(super) fn request(source: &TokenSource, unsaved: &mut Option<Kept>) -> Result<AccessToken, TokenError> {
    let (wanted, got) = match source {
        TokenSource::Endpoint(endpoint) => {
            (format!("Cannot get a token from {}", server_of(endpoint)), from_endpoint(endpoint, unsaved))
        }
        TokenSource::Command { command, lifetime } => {
            ("Cannot get a token by `token_command`".to_owned(), from_command(command, *lifetime))
        }
    };
    got.map_err(|why| why.when(&wanted))
}

fn from_endpoint(endpoint: &TokenEndpoint, unsaved: &mut Option<Kept>) -> Result<AccessToken, Why> {
    let now = Utc::now();
    let Grant::RefreshToken { seed, state, .. } = &endpoint.grant else {
        return token_in(&ask(endpoint, None)?, &endpoint.scopes, now);
    };
    let newest = Newest::take(seed, state, unsaved.as_ref())?;
    let given = ask(endpoint, Some(newest.token()))?;
    reach(FailPoint::TokenGiven);
    // Before anything else, also if the reply lacks something: the server may take no earlier one again.
    let newer = given.refresh_token().map(|token| SecretString::from(token.secret().as_str()));
    if let Err((kept, error)) = newest.keep(newer.as_ref(), now) {
        *unsaved = Some(kept);
        return Err(Why::Away(format!("{error:#}; it is kept in memory and tried again")));
    }
    *unsaved = None;
    reach(FailPoint::TokenKept);
    if newer.is_none() && endpoint.scopes.iter().any(|scope| scope == "offline_access") {
        tracing::warn!(
            server = server_of(endpoint),
            "The reply holds no refresh token although `offline_access` was asked for: it was not granted"
        );
    }
    token_in(&given, &endpoint.scopes, now)
}

fn from_command(command: &Secret, lifetime: Duration) -> Result<AccessToken, Why> {
    let now = Utc::now();
    let token = command.read_as("token")?;
    if !is_fit(&token) {
        return Err(Why::Refused("its first line is no token".to_owned()));
    }
    let lifetime = TimeDelta::from_std(lifetime).unwrap_or(TimeDelta::MAX);
    let ends_at = end_told_by(&token).or_else(|| now.checked_add_signed(lifetime)).unwrap_or(now);
    if ends_at <= now {
        return Err(Why::Refused("the token it prints has ended already".to_owned()));
    }
    Ok(AccessToken::new(token, now, ends_at))
}
