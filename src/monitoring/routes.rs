//! What may be asked for: `/metrics`, `/healthz`, `/readyz`.

use super::gauges::Stands;
use super::numbers::Numbers;
use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures::future::BoxFuture;
use serde::Serialize;
use std::sync::Arc;

/// The text format, by the version that Prometheus asks for.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Who knows how things stand. Each answer is there within a few seconds, whatever hangs.
pub(crate) trait Observed: Send + Sync {
    /// How everything stands.
    fn stands(&self) -> BoxFuture<'_, Stands>;
    /// Whether the process works: what it is at comes to an end.
    fn works(&self) -> BoxFuture<'_, Health>;
    /// Whether it can do its work.
    fn is_ready(&self) -> BoxFuture<'_, Health>;
}

/// Whether all is well, and what is not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Health {
    /// What is wrong; empty if all is well.
    pub faults: Vec<Fault>,
}

/// Something wrong, in words for operations and without personal data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Fault {
    /// Where: `database`, `thread`, `task`, or `mailbox` with its label.
    pub of: String,
    /// What.
    pub what: String,
}

impl Health {
    /// All is well but for these.
    pub(crate) fn of(faults: impl IntoIterator<Item = Fault>) -> Self {
        Self { faults: faults.into_iter().collect() }
    }
}

/// What answers.
pub(crate) fn router(numbers: Numbers, observed: Arc<dyn Observed>) -> Router {
    Router::new()
        .route("/metrics", get(metrics))
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .with_state(Watching { numbers, observed })
}

#[derive(Clone)]
struct Watching {
    numbers: Numbers,
    observed: Arc<dyn Observed>,
}

async fn metrics(State(watching): State<Watching>) -> Response {
    match watching.numbers.render(&watching.observed.stands().await) {
        Ok(text) => ([(CONTENT_TYPE, TEXT), (CACHE_CONTROL, "no-store")], text).into_response(),
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "The metrics cannot be shown");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

async fn healthz(State(watching): State<Watching>) -> Response {
    answer(watching.observed.works().await)
}

async fn readyz(State(watching): State<Watching>) -> Response {
    answer(watching.observed.is_ready().await)
}

#[derive(Serialize)]
struct Answer {
    status: &'static str,
    #[serde(flatten)]
    health: Health,
}

fn answer(health: Health) -> Response {
    let is_well = health.faults.is_empty();
    let code = if is_well { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let status = if is_well { "ok" } else { "failing" };
    (code, [(CACHE_CONTROL, "no-store")], Json(Answer { status, health })).into_response()
}
