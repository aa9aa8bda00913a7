//! The list of applications and the candidate's profile: Historie with the magnifier, Dateien, Dokumente.

mod documents;
mod head;
mod history;
mod list;

use super::routes::Routes;

/// The routes of this part.
pub(super) fn routes() -> Routes {
    Routes::default()
        .get("/applications", list::list)
        .get("/applications/{id}", history::history)
        .get("/applications/{id}/files", documents::files)
        .get("/applications/{id}/documents", documents::documents)
        .get("/entries/{id}", history::entry)
}

#[cfg(test)]
mod tests;
