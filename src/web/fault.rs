//! What goes wrong with a request, and the page that says so.

use super::page::Pages;
use super::reader::Reader;
use crate::store::StoreError;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::context;
use std::sync::Arc;

/// Why a request is not answered as it was meant.
#[derive(Debug)]
pub(super) enum Fault {
    /// There is no such thing, or not for this person: the answer is the same.
    NotFound,
    /// This place is not for this person's role, or the form is not one of ours.
    Forbidden,
    /// The form holds what cannot be used.
    Malformed,
    /// Too many requests of this kind.
    TooMany,
    /// Somebody must sign in first; then they are led to this place of ours.
    SignInFirst {
        /// Path and query.
        next: String,
    },
    /// The database is away, or the object store with the files.
    Unavailable(StoreError),
    /// A fault of the program.
    Broken(anyhow::Error),
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error)
    }
}

impl From<anyhow::Error> for Fault {
    fn from(error: anyhow::Error) -> Self {
        Self::Broken(error)
    }
}

/// What is still to be made a page of, once the reader is known.
#[derive(Clone)]
struct ToBeShown(Arc<Fault>);

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(ToBeShown(Arc::new(self)));
        response
    }
}

impl Fault {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::SignInFirst { .. } => StatusCode::SEE_OTHER,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Forbidden | Self::SignInFirst { .. } => "forbidden",
            Self::Malformed => "malformed",
            Self::TooMany => "too_many",
            Self::Unavailable(StoreError::FilesAway { .. }) => "files_away",
            Self::Unavailable(_) => "unavailable",
            Self::Broken(_) => "broken",
        }
    }
}

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
