//! Who sends a request: by the session that the browser keeps, or by what a trusted reverse proxy says.

use super::cookie::{self, BROWSER, SESSION};
use crate::application::EmailAddress;
use crate::settings::SignIn;
use crate::store::{SecretToken, Session};
use crate::web::fault::Fault;
use crate::web::form::mark;
use crate::web::peer::connected_from;
use crate::web::signed_in::{MOST_COUNTED, SignedIn};
use crate::web::state::Web;
use anyhow::Context;
use axum::http::HeaderValue;
use axum::http::request::Parts;
use chrono::Utc;

/// Who somebody is.
#[derive(Debug, Default)]
pub(in crate::web) struct Recognised {
    /// The user, if there is one.
    pub(in crate::web) person: Option<SignedIn>,
    /// What the browser is to keep from now on.
    pub(in crate::web) cookie: Option<HeaderValue>,
}

/// Whom a reverse proxy vouches for.
#[derive(Debug)]
pub(super) enum Vouched {
    /// One user.
    For(Box<Session>),
    /// No trusted proxy sent the request, or it does not say who it is.
    Nobody,
    /// No active user has the address.
    Unknown,
    /// Users of several tenants have it.
    Several,
}

/// Who sends this request.
///
/// # Errors
///
/// [`Fault::Unavailable`] if the database is away.
pub(in crate::web) async fn recognise(web: &Web, parts: &Parts) -> Result<Recognised, Fault> {
    match web.sign_in() {
        SignIn::Mail => {
            let Some(token) = cookie::kept(&parts.headers, SESSION) else { return Ok(Recognised::default()) };
            by_session(web, token).await.map(|person| Recognised { person, cookie: None })
        }
        SignIn::ProxyHeader(header) => by_proxy(web, &header, parts).await,
    }
}

async fn by_session(web: &Web, token: SecretToken) -> Result<Option<SignedIn>, Fault> {
    let asked = token.clone();
    let Some(session) = web.ask(move |store| store.session(&asked, Utc::now())).await? else { return Ok(None) };
    if session.is_to_be_renewed {
        // Whoever looks at a page does not wait for whoever writes just now.
        let (store, token) = (web.store.clone(), token.clone());
        tokio::spawn(async move {
            if let Err(error) = store.off_thread(move |store| store.renew_session(&token, Utc::now())).await {
                tracing::warn!(%error, "A session was not renewed");
            }
        });
    }
    person(web, session, &token).await
}

async fn by_proxy(web: &Web, header: &str, parts: &Parts) -> Result<Recognised, Fault> {
    let Vouched::For(session) = vouched(web, header, parts).await? else { return Ok(Recognised::default()) };
    let (secret, cookie) = if let Some(secret) = cookie::kept(&parts.headers, BROWSER) {
        (secret, None)
    } else {
        let secret = SecretToken::new().context("Cannot tell browsers apart")?;
        let cookie = cookie::keep(BROWSER, &secret);
        (secret, cookie)
    };
    Ok(Recognised { person: person(web, *session, &secret).await?, cookie })
}

/// Whom the proxy that sent this request vouches for.
pub(super) async fn vouched(web: &Web, header: &str, parts: &Parts) -> Result<Vouched, Fault> {
    let is_trusted = connected_from(parts)
        .is_some_and(|peer| web.settings.web.as_ref().is_some_and(|web| web.trusted_proxies.contains(&peer)));
    let mut named = parts.headers.get_all(header).into_iter();
    // A proxy that adds its header to one of the browser's own says nothing.
    let (Some(value), None, true) = (named.next(), named.next(), is_trusted) else { return Ok(Vouched::Nobody) };
    let Some(address) = value.to_str().ok().and_then(|text| EmailAddress::parse(text).ok()) else {
        return Ok(Vouched::Nobody);
    };
    let users = web.ask(move |store| store.vouched_for(&address)).await?;
    let mut served = users.into_iter().filter(|user| web.settings.tenant(&user.tenant).is_ok());
    Ok(match (served.next(), served.next()) {
        (None, _) => Vouched::Unknown,
        (Some(user), None) => Vouched::For(Box::new(user)),
        (Some(_), Some(_)) => Vouched::Several,
    })
}

/// The user of a session; nobody if the tenant no longer stands in the settings.
async fn person(web: &Web, session: Session, secret: &SecretToken) -> Result<Option<SignedIn>, Fault> {
    let Ok(tenant) = web.settings.tenant(&session.tenant) else { return Ok(None) };
    let viewer = session.viewer;
    let waiting =
        if viewer.may_decide() { web.ask(move |store| store.number_waiting(viewer, MOST_COUNTED)).await? } else { 0 };
    Ok(Some(SignedIn {
        viewer,
        name: session.name,
        language: session.language,
        clock: tenant.timezone,
        tenant: session.tenant,
        waiting,
        csrf: mark(secret, &viewer.user.to_string())?,
    }))
}
