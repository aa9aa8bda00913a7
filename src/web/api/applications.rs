//! Applications, and what stands in their history.

use super::bearer::Bearer;
use super::description::Usual;
use super::problem::Problem;
use super::shapes::{Application, Applications, Entry, History, ListedApplication};
use crate::application::id::ApplicationId;
use crate::store::ApplicationSearch;
use crate::web::state::Web;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Search {
    /// Words that must all be found: at the beginning of the number, or anywhere in the candidate's name or the post
    #[serde(default)]
    #[param(required = false)]
    text: String,
    /// Which page, from 1
    #[serde(default)]
    #[param(required = false)]
    page: u32,
}

/// List applications
///
/// 50 a page, that with the newest mail first.
#[utoipa::path(get, path = "/applications", params(Search), responses((status = 200, body = Applications), Usual))]
pub(super) async fn list(
    State(web): State<Web>,
    bearer: Bearer,
    search: Result<Query<Search>, QueryRejection>,
) -> Result<Json<Applications>, Problem> {
    let Query(Search { text, page }) = search.map_err(|_| Problem::malformed("`page`: a number was wanted"))?;
    let viewer = bearer.viewer;
    let search = ApplicationSearch { text, page };
    let found = web.ask(move |store| store.applications_for(viewer, &search)).await?;
    let applications = found.lines.into_iter().map(ListedApplication::from).collect();
    Ok(Json(Applications { applications, page: found.page, has_more: found.has_more }))
}

/// Show an application
#[utoipa::path(
    get,
    path = "/applications/{number}",
    params(("number" = String, Path, description = "Its reference number")),
    responses((status = 200, body = Application), Usual)
)]
pub(super) async fn one(
    State(web): State<Web>,
    bearer: Bearer,
    Path(number): Path<String>,
) -> Result<Json<Application>, Problem> {
    let (viewer, id) = (bearer.viewer, find(&web, &bearer, &number).await?);
    let profile = web.ask(move |store| store.profile(viewer, id)).await?;
    Ok(Json(profile.ok_or_else(Problem::not_found)?.into()))
}

/// Show an application's history
#[utoipa::path(
    get,
    path = "/applications/{number}/history",
    params(("number" = String, Path, description = "Its reference number")),
    responses((status = 200, body = History), Usual)
)]
pub(super) async fn history(
    State(web): State<Web>,
    bearer: Bearer,
    Path(number): Path<String>,
) -> Result<Json<History>, Problem> {
    let (viewer, id) = (bearer.viewer, find(&web, &bearer, &number).await?);
    let lines = web.ask(move |store| store.history(viewer, id)).await?;
    let entries = lines.ok_or_else(Problem::not_found)?.into_iter().map(Entry::from).collect();
    Ok(Json(History { entries }))
}

/// The application with this number; whether it is shown is for the query that shows it.
pub(super) async fn find(web: &Web, bearer: &Bearer, number: &str) -> Result<ApplicationId, Problem> {
    let read = bearer.tenant.shapes.iter().find_map(|shape| shape.read_whole(number));
    let number = read.ok_or_else(Problem::not_found)?;
    let tenant = bearer.viewer.tenant;
    let found = web.ask(move |store| store.application_of(tenant, &number)).await?;
    found.ok_or_else(Problem::not_found)
}
