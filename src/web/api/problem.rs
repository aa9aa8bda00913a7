//! What goes wrong, as RFC 9457 has it.

use crate::store::StoreError;
use axum::Json;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::{ALLOW, CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// The type of an answer that tells a problem.
const PROBLEM: HeaderValue = HeaderValue::from_static("application/problem+json");

/// What went wrong (RFC 9457)
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Problem {
    /// What kind it is: the status says enough
    #[schema(example = "about:blank")]
    r#type: &'static str,
    /// The status in words
    title: &'static str,
    /// The status
    status: u16,
    /// What to do about it
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// The line at fault, the first being 1, where lines were sent
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
}

impl Problem {
    pub(super) fn of(status: StatusCode, detail: Option<String>) -> Self {
        let title = status.canonical_reason().unwrap_or("Error");
        Self { r#type: "about:blank", title, status: status.as_u16(), detail, line: None }
    }

    /// Unknown, another tenant's, or blocked: the same.
    pub(super) fn not_found() -> Self {
        Self::of(StatusCode::NOT_FOUND, None)
    }

    /// What was sent has the right form and cannot be used.
    pub(super) fn unusable(detail: impl Into<String>) -> Self {
        Self::of(StatusCode::UNPROCESSABLE_ENTITY, Some(detail.into()))
    }

    pub(super) fn malformed(detail: impl Into<String>) -> Self {
        Self::of(StatusCode::BAD_REQUEST, Some(detail.into()))
    }

    pub(super) fn no_token() -> Self {
        let detail = "A token is needed: `Authorization: Bearer ...`; `reply-import token add` makes one";
        Self::of(StatusCode::UNAUTHORIZED, Some(detail.to_owned()))
    }

    pub(super) fn too_many() -> Self {
        Self::of(StatusCode::TOO_MANY_REQUESTS, Some("Too many requests by this token; wait a minute".to_owned()))
    }

    pub(super) fn no_room() -> Self {
        let detail = "Too many files are loaded at once; wait a minute";
        Self::of(StatusCode::TOO_MANY_REQUESTS, Some(detail.to_owned()))
    }

    /// The same of a line.
    pub(super) fn at_line(self, line: usize) -> Self {
        Self { line: Some(line as u64), ..self }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::BadLine { fault, .. } => Self::unusable(fault),
            StoreError::Refused { .. } => {
                tracing::warn!(%error, "A request's data were refused");
                Self::unusable("The database refused the data")
            }
            error => {
                tracing::warn!(%error, "A request cannot be answered");
                Self::of(StatusCode::SERVICE_UNAVAILABLE, Some("Try again later".to_owned()))
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, PROBLEM);
        match status {
            StatusCode::UNAUTHORIZED => {
                headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            StatusCode::TOO_MANY_REQUESTS => {
                headers.insert(RETRY_AFTER, HeaderValue::from_static("60"));
            }
            _ => {}
        }
        response
    }
}

pub(super) async fn nowhere() -> Problem {
    Problem::not_found()
}

/// What the framework refuses by itself, such as a text that is too long, comes without a problem: it gets one.
pub(super) async fn in_json(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    let is_told = response.headers().get(CONTENT_TYPE) == Some(&PROBLEM);
    if is_told || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let detail = match status {
        StatusCode::BAD_REQUEST => Some("The address is no text in UTF-8"),
        StatusCode::PAYLOAD_TOO_LARGE => Some("The text is too long"),
        _ => None,
    };
    let mut told = Problem::of(status, detail.map(str::to_owned)).into_response();
    if let Some(allow) = response.headers().get(ALLOW) {
        told.headers_mut().insert(ALLOW, allow.clone());
    }
    told
}
