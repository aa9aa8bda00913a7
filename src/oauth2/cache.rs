//! Who asks gets a token: one that is there and lasts, else a fresh one, for which one at a time asks.

use super::access_token::AccessToken;
use super::error::TokenError;
use super::newest::{self, Kept};
use super::request::request;
use crate::settings::{Grant, OAuth2, TokenEndpoint, TokenSource};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// A refresh token is used at least this often, mail or not: unused it ends.
const UNUSED: TimeDelta = TimeDelta::hours(24);

/// One for each way to a token in this process: log-ins that are written alike share their tokens.
static SOURCES: LazyLock<Mutex<HashMap<TokenSource, Arc<Source>>>> = LazyLock::new(Mutex::default);

struct Source {
    way: TokenSource,
    held: tokio::sync::Mutex<Option<AccessToken>>,
    /// A refresh token that could not be written down.
    unsaved: Mutex<Option<Kept>>,
}

/// A token that lasts for a while yet.
///
/// # Errors
///
/// What [`TokenError`] tells apart.
pub async fn token(oauth2: &OAuth2) -> Result<AccessToken, TokenError> {
    source(oauth2).get(None).await
}

/// A token other than this one, which a mail server did not take.
///
/// # Errors
///
/// What [`TokenError`] tells apart.
pub async fn token_instead_of(oauth2: &OAuth2, refused: &AccessToken) -> Result<AccessToken, TokenError> {
    source(oauth2).get(Some(refused)).await
}

/// Uses a refresh token that nobody has used for a day, so that it does not end; says whether it did. Other ways to a token
/// need no use.
///
/// # Errors
///
/// What [`TokenError`] tells apart.
pub async fn renew_unused(oauth2: &OAuth2, now: DateTime<Utc>) -> Result<bool, TokenError> {
    let TokenSource::Endpoint(TokenEndpoint { grant: Grant::RefreshToken { seed, state, .. }, .. }) = &oauth2.source
    else {
        return Ok(false);
    };
    let source = source(oauth2);
    // Behind whoever is asking just now.
    let held = source.held.lock().await.clone();
    if newest::used_at(seed, state).is_ok_and(|used_at| used_at.is_some_and(|used_at| now - used_at < UNUSED)) {
        return Ok(false);
    }
    source.get(held.as_ref()).await.map(|_| true)
}

fn source(oauth2: &OAuth2) -> Arc<Source> {
    let mut sources = SOURCES.lock().unwrap_or_else(PoisonError::into_inner);
    let way = || Source { way: oauth2.source.clone(), held: tokio::sync::Mutex::default(), unsaved: Mutex::default() };
    sources.entry(oauth2.source.clone()).or_insert_with(|| Arc::new(way())).clone()
}

impl Source {
    async fn get(self: Arc<Self>, refused: Option<&AccessToken>) -> Result<AccessToken, TokenError> {
        let mut held = self.held.lock().await;
        let is_good =
            |token: &&AccessToken| Utc::now() < token.renew_at() && refused.is_none_or(|refused| !refused.is(token));
        if let Some(token) = held.as_ref().filter(is_good) {
            return Ok(token.clone());
        }
        let asking = self.clone();
        let asked = tokio::task::spawn_blocking(move || {
            let mut unsaved = asking.unsaved.lock().unwrap_or_else(PoisonError::into_inner);
            request(&asking.way, &mut unsaved)
        });
        let fresh = asked.await.unwrap_or_else(|_panic| {
            Err(TokenError::Away {
                wanted: "Cannot get a token".to_owned(),
                why: "a fault of the program ended the request".to_owned(),
            })
        });
        *held = fresh.as_ref().ok().cloned();
        fresh
    }
}
