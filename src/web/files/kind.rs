//! Correcting a file's kind by hand.

use crate::application::DocumentKind;
use crate::application::id::FileId;
use crate::web::fault::Fault;
use crate::web::id::Id;
use crate::web::posted::Posted;
use crate::web::state::Web;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::Utc;
use serde::Deserialize;

/// What the form holds.
#[derive(Debug, Deserialize)]
pub(super) struct Correction {
    kind: DocumentKind,
    /// The profile to go back to.
    application: i64,
    /// The tab to go back to.
    #[serde(default)]
    tab: BackTo,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum BackTo {
    #[default]
    Files,
    Documents,
}

pub(super) async fn correct(
    State(web): State<Web>,
    Id(file): Id,
    Posted(signed_in, correction): Posted<Correction>,
) -> Result<Response, Fault> {
    let (viewer, kind) = (signed_in.viewer, correction.kind);
    let corrected = web.ask(move |store| store.correct_kind(viewer, FileId(file), kind, Utc::now())).await?;
    corrected.ok_or(Fault::NotFound)?;
    let tab = match correction.tab {
        BackTo::Files => "files",
        BackTo::Documents => "documents",
    };
    Ok(Redirect::to(&format!("/applications/{}/{tab}#file-{file}", correction.application)).into_response())
}
