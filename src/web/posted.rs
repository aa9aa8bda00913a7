//! What a handler asks for: that somebody is signed in, and what they send by a form of ours.

use super::fault::Fault;
use super::form::{bears, comes_from_our_page};
use super::reader::Reader;
use super::signed_in::SignedIn;
use super::state::Web;
use axum::body::{Body, Bytes};
use axum::extract::{Form, FromRequest, FromRequestParts, Request};
use axum::http::Method;
use axum::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;

impl FromRequestParts<Web> for SignedIn {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _web: &Web) -> Result<Self, Fault> {
        let person = parts.extensions.get::<Reader>().and_then(|reader| reader.signed_in.clone());
        person.ok_or_else(|| {
            let asked = parts.uri.path_and_query().map_or("/", axum::http::uri::PathAndQuery::as_str);
            let next = if [Method::GET, Method::HEAD].contains(&parts.method) { asked } else { "/" };
            Fault::SignInFirst { next: next.to_owned() }
        })
    }
}

/// What a signed-in person sends by a form of ours: who it is, and the form's fields beside `csrf`. As the last argument
/// of a handler it lets no other form through.
pub(super) struct Posted<T>(pub(super) SignedIn, pub(super) T);

/// A form with a button only.
#[derive(Debug, Deserialize)]
pub(super) struct Button {}

#[derive(Deserialize)]
struct Mark {
    csrf: String,
}

impl<T: DeserializeOwned> FromRequest<Web> for Posted<T> {
    type Rejection = Fault;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Fault> {
        let (mut parts, body) = request.into_parts();
        // Read whatever comes of it: an answer before the end of the form would end the connection under who sends it.
        let whole = Bytes::from_request(Request::from_parts(parts.clone(), body), web).await;
        let signed_in = SignedIn::from_request_parts(&mut parts, web).await?;
        if !comes_from_our_page(&web.settings, &parts.headers) {
            return Err(Fault::Forbidden);
        }
        let whole = whole.map_err(|_| Fault::Malformed)?;
        let again = || Request::from_parts(parts.clone(), Body::from(whole.clone()));
        let Form(Mark { csrf }) = Form::from_request(again(), web).await.map_err(|_| Fault::Forbidden)?;
        if !bears(&csrf, &signed_in.csrf) {
            return Err(Fault::Forbidden);
        }
        let Form(fields) = Form::from_request(again(), web).await.map_err(|_| Fault::Malformed)?;
        Ok(Self(signed_in, fields))
    }
}
