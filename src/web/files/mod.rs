//! Files: handing them out, showing what a browser may show, and correcting their kind.

mod disposition;
mod hand_out;
mod kind;

use super::fault::Fault;
use super::routes::Routes;
use crate::application::id::FileId;
use crate::application::{Danger, DocumentKind, may_be_shown_inline};
use crate::store::{FileContent, ListedFile};
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde::Serialize;

/// The routes of this part.
pub(super) fn routes() -> Routes {
    Routes::default()
        .get("/files/{id}", hand_out::download)
        .get("/files/{id}/preview", hand_out::preview)
        .post("/files/{id}/kind", kind::correct)
}

/// A file as a download, for people and for programs. What is not kept is not found.
pub(super) fn download(file: FileContent) -> Result<Response, Fault> {
    hand_out::answer(file, disposition::Disposition::Attachment)
}

/// A file as the templates list it.
#[derive(Debug, Serialize)]
pub(super) struct FileLine {
    id: FileId,
    name: String,
    kind: DocumentKind,
    corrected: bool,
    size: u64,
    at: DateTime<Utc>,
    danger: Option<Danger>,
    damaged: bool,
    /// Why its content is not kept.
    withheld: Option<&'static str>,
    /// What the virus scanner found in it.
    virus: Option<String>,
    has_preview: bool,
}

impl FileLine {
    pub(super) fn new(file: ListedFile) -> Self {
        Self {
            id: file.id,
            has_preview: may_be_shown_inline(&file.mime, file.danger, file.withheld.as_ref()),
            name: file.name,
            kind: file.kind,
            corrected: file.corrected,
            size: file.size,
            at: file.at,
            danger: file.danger,
            damaged: file.damaged,
            withheld: file.withheld.as_ref().map(crate::application::Withheld::as_str),
            virus: file.withheld.as_ref().and_then(|why| why.signature().map(str::to_owned)),
        }
    }
}

#[cfg(test)]
mod tests;
