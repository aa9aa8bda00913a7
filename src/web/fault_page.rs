//! The page that says what went wrong with a request.

use super::fault::{Fault, ToBeShown};
use super::page::Pages;
use super::reader::Reader;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::context;

/// Makes a page of the fault that an answer bears, in the reader's language; other answers stay as they are.
pub(super) fn shown(mut response: Response, pages: &Pages, reader: &Reader) -> Response {
    let Some(ToBeShown(fault)) = response.extensions_mut().remove::<ToBeShown>() else {
        return plain(response, pages, reader);
    };
    match &*fault {
        Fault::SignInFirst { next } => {
            let next = percent_encoding::utf8_percent_encode(next, percent_encoding::NON_ALPHANUMERIC);
            return Redirect::to(&format!("/sign-in?next={next}")).into_response();
        }
        Fault::Unavailable(error) => tracing::warn!(%error, "A page cannot be shown"),
        Fault::Broken(error) => tracing::error!(error = format!("{error:#}"), "A page cannot be shown"),
        _ => {}
    }
    page(fault.status(), fault.word(), pages, reader)
}

/// What the framework refuses by itself comes without a page: a path that is no number, a form that is none.
fn plain(response: Response, pages: &Pages, reader: &Reader) -> Response {
    match response.status() {
        status @ (StatusCode::BAD_REQUEST
        | StatusCode::UNPROCESSABLE_ENTITY
        | StatusCode::UNSUPPORTED_MEDIA_TYPE
        | StatusCode::METHOD_NOT_ALLOWED
        | StatusCode::PAYLOAD_TOO_LARGE)
            if response.headers().get("content-type").is_none_or(|mime| !mime.as_bytes().starts_with(b"text/html")) =>
        {
            let mut shown = page(status, "malformed", pages, reader);
            if let Some(allow) = response.headers().get("allow") {
                shown.headers_mut().insert("allow", allow.clone());
            }
            shown
        }
        _ => response,
    }
}

fn page(status: StatusCode, word: &str, pages: &Pages, reader: &Reader) -> Response {
    let values = context! { title => format!("fault.{word}"), text => format!("fault.{word}.text") };
    match pages.render(reader, "fault.html", values) {
        Ok(page) => (status, page).into_response(),
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "The page of a fault cannot be shown");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
