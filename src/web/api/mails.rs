//! What came of mails.

use super::bearer::Bearer;
use super::problem::Problem;
use super::shapes::{Mail, Mails};
use super::usual::Usual;
use crate::application::id::MailId;
use crate::decision::ImportOutcome;
use crate::store::OutcomeFilter;
use crate::web::id::Id;
use crate::web::state::Web;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use chrono::{DateTime, Datelike, Utc};
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Only those with this outcome
    #[param(required = false)]
    outcome: Option<ImportOutcome>,
    /// Only those whose outcome was decided at this time or later, or that were discarded or taken back then. A mail can
    /// be listed up to five minutes after this time: who asks again begins ten minutes before the newest they had
    #[serde(default, deserialize_with = "instant")]
    #[param(required = false)]
    since: Option<DateTime<Utc>>,
    /// Only those with a higher number: the last of the answer before, for the pages of one answer. Numbers that were given
    /// at the same time are listed in any order, so this does not tell what is new
    #[param(required = false)]
    after: Option<i64>,
}

/// A time as the description writes it, in a year that has four digits.
fn instant<'de, D: Deserializer<'de>>(text: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    let text = String::deserialize(text)?;
    let instant = DateTime::parse_from_rfc3339(&text).map_err(D::Error::custom)?.to_utc();
    if (1..=9999).contains(&instant.year()) { Ok(Some(instant)) } else { Err(D::Error::custom("no such year")) }
}

/// List what came of mails
///
/// At most 100, lowest number first.
#[utoipa::path(get, path = "/mails", params(Wanted), responses((status = 200, body = Mails), Usual))]
pub(super) async fn list(
    State(web): State<Web>,
    bearer: Bearer,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Mails>, Problem> {
    let fault = "`outcome`: one of the outcomes, `since`: a time such as 2026-11-29T08:00:00Z, `after`: a number";
    let Query(Wanted { outcome, since, after }) = wanted.map_err(|_| Problem::malformed(fault))?;
    let (viewer, filter) = (bearer.viewer, OutcomeFilter { outcome, since, after: after.map(MailId) });
    let found = web.ask(move |store| store.outcomes(viewer, &filter)).await?;
    Ok(Json(Mails { mails: found.mails.into_iter().map(Mail::from).collect(), has_more: found.has_more }))
}

/// Show what came of a mail
#[utoipa::path(
    get,
    path = "/mails/{id}",
    params(("id" = i64, Path, description = "Its number")),
    responses((status = 200, body = Mail), Usual)
)]
pub(super) async fn one(State(web): State<Web>, bearer: Bearer, Id(id): Id) -> Result<Json<Mail>, Problem> {
    let (viewer, id) = (bearer.viewer, MailId(id));
    let found = web.ask(move |store| store.outcome_of(viewer, id)).await?;
    Ok(Json(found.ok_or_else(Problem::not_found)?.into()))
}
