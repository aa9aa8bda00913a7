//! The interface for programs: `/api/v1`, JSON, a token for each tenant.
//!
//! A token sees and changes its own tenant, all of it, as somebody does who sees the whole tenant in the pages; the store's
//! queries are the same. The description (`OpenAPI` 3.1) is made of what is written at the handlers.

mod applications;
mod bearer;
mod description;
mod directory;
mod files;
mod mails;
mod pace;
mod problem;
mod shapes;
mod usual;

pub use description::description;

use super::state::Web;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use axum::{Extension, Router};
use description::BELOW;
use std::sync::Arc;

/// A feed is not longer, in octets.
const LONGEST_FEED: usize = 16 << 20;

/// All routes below [`BELOW`].
pub(super) fn routes() -> Router<Web> {
    let (routes, _) = description::described().split_for_parts();
    Router::new()
        .route(BELOW, axum::routing::any(problem::nowhere))
        .route("/api/v1/{*path}", axum::routing::any(problem::nowhere))
        .merge(routes)
        .layer(Extension(Arc::<pace::Pace>::default()))
        .layer(DefaultBodyLimit::max(LONGEST_FEED))
        .layer(from_fn(problem::in_json))
}
