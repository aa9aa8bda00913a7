//! Signing in and out: by a link in a mail, or by the word of a trusted reverse proxy.
//!
//! A link is used up by a button and not by looking at it, since mail scanners look at every link. What is answered to
//! whoever asks for a link does not depend on whether the address is known.

mod cookie;
mod next;
mod recognise;
mod sending;

pub(super) use recognise::recognise;

use super::fault::Fault;
use super::form::comes_from_our_page;
use super::peer;
use super::posted::{Button, Posted};
use super::reader::Reader;
use super::routes::Routes;
use super::signed_in::SignedIn;
use super::state::Web;
use crate::application::EmailAddress;
use crate::settings::SignIn;
use crate::store::{SIGN_IN_LINK_LASTS, SecretToken};
use axum::extract::{Extension, Form, FromRequestParts, Path, Query, State};
use axum::http::header::{HeaderValue, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::Utc;
use cookie::SESSION;
use minijinja::context;
use next::place_of_ours;
use recognise::{Vouched, vouched};
use serde::Deserialize;
use std::net::IpAddr;
use std::time::Instant;

/// Where people sign in and out.
pub(super) fn routes() -> Routes {
    Routes::default()
        .get("/sign-in", ask)
        .post("/sign-in", send)
        .get("/sign-in/{token}", offer)
        .post("/sign-in/{token}", enter)
        .post("/sign-out", leave)
        .post("/sign-out-everywhere", leave_everywhere)
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
struct Wanted {
    address: String,
    #[serde(default)]
    next: String,
}

/// From where a request comes that nobody is signed in for.
struct Stranger(IpAddr);

impl FromRequestParts<Web> for Stranger {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Fault> {
        Ok(Self(peer::comes_from(web.settings.web.as_ref(), parts)))
    }
}

impl Stranger {
    /// Counts a try to sign in.
    fn tries(&self, web: &Web) -> Result<(), Fault> {
        if web.tries.count(self.0, Instant::now()) { Ok(()) } else { Err(Fault::TooMany) }
    }
}

async fn ask(
    State(web): State<Web>,
    Extension(reader): Extension<Reader>,
    Query(Asked { next }): Query<Asked>,
    head: Parts,
) -> Result<Response, Fault> {
    let next = place_of_ours(&next);
    if reader.signed_in.is_some() {
        return Ok(Redirect::to(next).into_response());
    }
    let SignIn::ProxyHeader(header) = web.sign_in() else {
        return Ok(web.page(&reader, "sign_in/ask.html", context! { next, malformed => false })?);
    };
    let why = match vouched(&web, &header, &head).await? {
        Vouched::For(_) | Vouched::Nobody => "nobody",
        Vouched::Unknown => "unknown",
        Vouched::Several => "several",
    };
    Ok((StatusCode::FORBIDDEN, web.page(&reader, "sign_in/elsewhere.html", context! { why })?).into_response())
}

async fn send(
    State(web): State<Web>,
    Extension(reader): Extension<Reader>,
    stranger: Stranger,
    headers: HeaderMap,
    Form(Wanted { address, next }): Form<Wanted>,
) -> Result<Response, Fault> {
    by_mail(&web, &headers)?;
    stranger.tries(&web)?;
    let Ok(address) = EmailAddress::parse(&address) else {
        let values = context! { next => place_of_ours(&next), malformed => true };
        return Ok((StatusCode::BAD_REQUEST, web.page(&reader, "sign_in/ask.html", values)?).into_response());
    };
    sending::send_links(web.clone(), address, next);
    Ok(web.page(&reader, "sign_in/sent.html", context! { minutes => SIGN_IN_LINK_LASTS.num_minutes() })?)
}

async fn offer(
    State(web): State<Web>,
    Extension(reader): Extension<Reader>,
    stranger: Stranger,
    Path(token): Path<String>,
) -> Result<Response, Fault> {
    let is_good = match (web.sign_in(), SecretToken::parse(&token)) {
        (SignIn::Mail, Some(token)) => web.ask(move |store| store.sign_in_link_is_good(&token, Utc::now())).await?,
        _ => false,
    };
    if is_good {
        return Ok(web.page(&reader, "sign_in/enter.html", context! { token })?);
    }
    stranger.tries(&web)?;
    stale(&web, &reader)
}

async fn enter(
    State(web): State<Web>,
    Extension(reader): Extension<Reader>,
    stranger: Stranger,
    headers: HeaderMap,
    Path(token): Path<String>,
) -> Result<Response, Fault> {
    by_mail(&web, &headers)?;
    stranger.tries(&web)?;
    let Some(token) = SecretToken::parse(&token) else { return stale(&web, &reader) };
    let before = cookie::kept(&headers, SESSION);
    let used = web.ask(move |store| {
        let used = store.use_sign_in_link(&token, Utc::now())?;
        if let (Some(_), Some(before)) = (&used, before) {
            store.end_session(&before)?;
        }
        Ok(used)
    });
    let Some(used) = used.await? else { return stale(&web, &reader) };
    let there = Redirect::to(place_of_ours(&used.next_path)).into_response();
    Ok(with_cookie(there, cookie::keep(SESSION, &used.session)))
}

async fn leave(
    State(web): State<Web>,
    headers: HeaderMap,
    Posted(signed_in, Button {}): Posted<Button>,
) -> Result<Response, Fault> {
    if let Some(session) = cookie::kept(&headers, SESSION) {
        web.ask(move |store| store.end_session(&session)).await?;
    }
    left(&web, &signed_in)
}

async fn leave_everywhere(
    State(web): State<Web>,
    Posted(signed_in, Button {}): Posted<Button>,
) -> Result<Response, Fault> {
    let viewer = signed_in.viewer;
    web.ask(move |store| store.end_sessions_of(viewer, Utc::now())).await?;
    left(&web, &signed_in)
}

fn left(web: &Web, signed_in: &SignedIn) -> Result<Response, Fault> {
    match web.sign_in() {
        SignIn::Mail => Ok(with_cookie(Redirect::to("/sign-in").into_response(), cookie::forget(SESSION))),
        SignIn::ProxyHeader(_) => {
            Ok(web.page(&signed_in.reader(), "sign_in/elsewhere.html", context! { why => "signed_in" })?)
        }
    }
}

/// A form by which somebody signs in: ours, and only where links are what people sign in by.
fn by_mail(web: &Web, headers: &HeaderMap) -> Result<(), Fault> {
    if web.sign_in() != SignIn::Mail {
        return Err(Fault::NotFound);
    }
    if comes_from_our_page(&web.settings, headers) { Ok(()) } else { Err(Fault::Forbidden) }
}

fn stale(web: &Web, reader: &Reader) -> Result<Response, Fault> {
    let values = context! { minutes => SIGN_IN_LINK_LASTS.num_minutes() };
    Ok((StatusCode::GONE, web.page(reader, "sign_in/stale.html", values)?).into_response())
}

fn with_cookie(mut response: Response, cookie: Option<HeaderValue>) -> Response {
    if let Some(cookie) = cookie {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}
