//! What goes wrong with a request.

use crate::store::StoreError;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
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
pub(super) struct ToBeShown(pub(super) Arc<Fault>);

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(ToBeShown(Arc::new(self)));
        response
    }
}

impl Fault {
    pub(super) fn status(&self) -> StatusCode {
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

    pub(super) fn word(&self) -> &'static str {
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
