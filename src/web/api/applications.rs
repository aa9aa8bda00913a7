//! Applications, and what stands in their history.

use super::bearer::Bearer;
use super::problem::Problem;
use super::shapes::{Application, Applications, Entry, History, ListedApplication};
use super::usual::Usual;
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
    #[param(required = false)]
    page: Option<u32>,
    /// The reference number of the last application of the answer before; empty: from the first one
    #[param(required = false)]
    after: Option<String>,
}

/// List applications
///
/// 50 a page, that with the newest mail first. New mail moves an application to the front: whoever wants all of them asks with
/// `after`. Then they come in the order in which they were first named, each once, whatever comes in meanwhile.
#[utoipa::path(get, path = "/applications", params(Search), responses((status = 200, body = Applications), Usual))]
pub(super) async fn list(
    State(web): State<Web>,
    bearer: Bearer,
    search: Result<Query<Search>, QueryRejection>,
) -> Result<Json<Applications>, Problem> {
    let fault = "`text`: words, `page`: a number, `after`: a reference number";
    let Query(Search { text, page, after }) = search.map_err(|_| Problem::malformed(fault))?;
    let viewer = bearer.viewer;
    if let Some(after) = after {
        if page.is_some() {
            return Err(Problem::malformed("`page` and `after`: one of them"));
        }
        let after = if after.is_empty() { None } else { Some(behind(&web, &bearer, &after).await?) };
        let found = web.ask(move |store| store.applications_after(viewer, &text, after)).await?;
        let applications = found.lines.into_iter().map(ListedApplication::from).collect();
        return Ok(Json(Applications { applications, page: None, has_more: found.has_more }));
    }
    let search = ApplicationSearch { text, page: page.unwrap_or_default() };
    let found = web.ask(move |store| store.applications_for(viewer, &search)).await?;
    let applications = found.lines.into_iter().map(ListedApplication::from).collect();
    Ok(Json(Applications { applications, page: Some(found.page), has_more: found.has_more }))
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

/// Where a walk goes on.
async fn behind(web: &Web, bearer: &Bearer, number: &str) -> Result<ApplicationId, Problem> {
    let known = find_any(web, bearer, number).await?;
    known.ok_or_else(|| Problem::unusable("`after`: there is no such application; begin anew with an empty one"))
}

/// The application with this number; whether it is shown is for the query that shows it.
pub(super) async fn find(web: &Web, bearer: &Bearer, number: &str) -> Result<ApplicationId, Problem> {
    find_any(web, bearer, number).await?.ok_or_else(Problem::not_found)
}

async fn find_any(web: &Web, bearer: &Bearer, number: &str) -> Result<Option<ApplicationId>, Problem> {
    let read = bearer.tenant.shapes.iter().find_map(|shape| shape.read_whole(number));
    let Some(number) = read else { return Ok(None) };
    let tenant = bearer.viewer.tenant;
    Ok(web.ask(move |store| store.application_of_number(tenant, &number)).await?)
}
