//! The files of an application, and what is in them.

use super::applications::find;
use super::bearer::Bearer;
use super::problem::Problem;
use super::shapes::{File, Files};
use super::usual::Usual;
use crate::application::id::FileId;
use crate::web::files::download;
use crate::web::id::Id;
use crate::web::state::Web;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::Utc;

/// List an application's files
#[utoipa::path(
    get,
    path = "/applications/{number}/files",
    params(("number" = String, Path, description = "Its reference number")),
    responses((status = 200, body = Files), Usual)
)]
pub(super) async fn of_application(
    State(web): State<Web>,
    bearer: Bearer,
    Path(number): Path<String>,
) -> Result<Json<Files>, Problem> {
    let (viewer, id) = (bearer.viewer, find(&web, &bearer, &number).await?);
    let files = web.ask(move |store| store.application_files(viewer, id)).await?;
    Ok(Json(Files { files: files.ok_or_else(Problem::not_found)?.into_iter().map(File::from).collect() }))
}

/// What is in a file
///
/// With the type that its content has, whatever the mail says. That it was opened is audited. A file whose content is not
/// kept (`withheld`) is answered as an unknown one.
#[utoipa::path(
    get,
    path = "/files/{id}/content",
    params(("id" = i64, Path, description = "Its number")),
    responses((status = 200, description = "The file", content_type = "*/*", body = String), Usual)
)]
pub(super) async fn content(State(web): State<Web>, bearer: Bearer, Id(id): Id) -> Result<Response, Problem> {
    let (viewer, id) = (bearer.viewer, FileId(id));
    let room = web.room.for_one().await.map_err(|_| Problem::no_room())?;
    let file = web.ask(move |store| store.file_content(viewer, id, Utc::now())).await?;
    let file = file.ok_or_else(Problem::not_found)?;
    download(file).map(|answer| room.until_sent(answer)).map_err(|_| Problem::not_found())
}
