//! The list of applications and the candidate's profile: Historie with the magnifier, Dateien, Dokumente.

mod documents;
mod head;
mod history;
mod list;

use super::state::Web;
use axum::Router;
use axum::routing::get;

/// The routes of this part.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/applications", get(list::list))
        .route("/applications/{id}", get(history::history))
        .route("/applications/{id}/files", get(documents::files))
        .route("/applications/{id}/documents", get(documents::documents))
        .route("/entries/{id}", get(history::entry))
}

#[cfg(test)]
mod tests;
