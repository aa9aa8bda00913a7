//! Whoever asks is made known before anything else is done.

use super::fault_page::shown;
use super::reader::Reader;
use super::sign_in::recognise;
use super::state::Web;
use axum::extract::{Request, State};
use axum::http::header::SET_COOKIE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Finds out who asks, answers, and shows what went wrong in their language.
pub(super) async fn know(State(web): State<Web>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let unknown = Reader::unknown(&parts.headers);
    let recognised = match recognise(&web, &parts).await {
        Ok(recognised) => recognised,
        Err(fault) => return shown(fault.into_response(), &web.pages, &unknown),
    };
    let reader = recognised.person.map_or(unknown, |person| person.reader());
    parts.extensions.insert(reader.clone());
    let response = next.run(Request::from_parts(parts, body)).await;
    let mut response = shown(response, &web.pages, &reader);
    if let Some(cookie) = recognised.cookie {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}
