//! What the recruiting system says: users, candidates, applications. The same fields and the same checks as those of
//! `directory import`.

use super::bearer::Bearer;
use super::problem::Problem;
use super::usual::Usual;
use crate::application::{ApplicationState, Language, Role};
use crate::store::directory::{Changes, DirectoryEntry, DirectoryLine, DirectoryReport, read_json_lines};
use crate::store::{Actor, StoreError};
use crate::web::state::Web;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::HashMap;
use utoipa::ToSchema;

/// A user, without the address that stands in the path
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what is read field by field")]
pub(super) struct User {
    /// The name
    name: String,
    role: Role,
    /// More addresses that the user writes from
    #[schema(required = false)]
    addresses: Vec<String>,
    /// Language of notices; `de` if it is left out
    #[schema(required = false)]
    language: Language,
    /// Whether the user may still work with the system; true if it is left out
    #[schema(required = false)]
    active: bool,
}

/// A candidate, without the id that stands in the path
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what is read field by field")]
pub(super) struct Candidate {
    /// The name
    name: String,
    /// All known addresses
    #[schema(required = false)]
    addresses: Vec<String>,
}

/// An application, without the number that stands in the path
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what is read field by field")]
pub(super) struct SentApplication {
    /// The candidate's id in the recruiting system
    candidate: String,
    /// The post applied for
    #[schema(required = false)]
    post: String,
    /// Addresses of the users responsible
    #[schema(required = false)]
    responsible: Vec<String>,
    /// `open` if it is left out
    #[schema(required = false)]
    state: ApplicationState,
    /// Since when; if it is left out, since it was first said
    #[schema(required = false)]
    state_since: DateTime<Utc>,
}

/// What became of it
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Changed {
    change: Change,
}

/// What became of a row
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Change {
    /// Named for the first time
    Inserted,
    /// Known, and now different
    Updated,
    /// Known, and the same
    Unchanged,
}

/// What a feed changed
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FeedReport {
    users: Counts,
    candidates: Counts,
    applications: Counts,
}

/// Rows of one kind
#[derive(Debug, Serialize, ToSchema)]
struct Counts {
    inserted: u64,
    updated: u64,
    unchanged: u64,
}

impl From<Changes> for Counts {
    fn from(changes: Changes) -> Self {
        Self { inserted: changes.inserted, updated: changes.updated, unchanged: changes.unchanged }
    }
}

/// Add a user, or bring them up to date
#[utoipa::path(
    put,
    path = "/users/{address}",
    params(("address" = String, Path, description = "The user's first address")),
    request_body = User,
    responses((status = 200, body = Changed), Usual)
)]
pub(super) async fn put_user(
    State(web): State<Web>,
    bearer: Bearer,
    Path(address): Path<String>,
    body: Bytes,
) -> Result<Json<Changed>, Problem> {
    one(&web, &bearer, ("user", "address", address), &body).await
}

/// Add a candidate, or bring them up to date
#[utoipa::path(
    put,
    path = "/candidates/{id}",
    params(("id" = String, Path, description = "The candidate's id in the recruiting system")),
    request_body = Candidate,
    responses((status = 200, body = Changed), Usual)
)]
pub(super) async fn put_candidate(
    State(web): State<Web>,
    bearer: Bearer,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<Changed>, Problem> {
    one(&web, &bearer, ("candidate", "id", id), &body).await
}

/// Add an application, or bring it up to date
#[utoipa::path(
    put,
    path = "/applications/{number}",
    params(("number" = String, Path, description = "Its reference number")),
    request_body = SentApplication,
    responses((status = 200, body = Changed), Usual)
)]
pub(super) async fn put_application(
    State(web): State<Web>,
    bearer: Bearer,
    Path(number): Path<String>,
    body: Bytes,
) -> Result<Json<Changed>, Problem> {
    one(&web, &bearer, ("application", "number", number), &body).await
}

/// Take over a feed
///
/// JSON Lines as `directory import` reads them, all of the token's tenant. A faulty line is named by its number, and then
/// nothing of the feed is applied.
#[utoipa::path(
    post,
    path = "/directory",
    request_body(content = String, content_type = "application/jsonl"),
    responses((status = 200, body = FeedReport), Usual)
)]
pub(super) async fn post_lines(
    State(web): State<Web>,
    bearer: Bearer,
    body: Bytes,
) -> Result<Json<FeedReport>, Problem> {
    let at_line = |error: StoreError| match error {
        StoreError::BadLine { line, .. } => Problem::from(error).at_line(line),
        error => error.into(),
    };
    let lines = read_json_lines(body.as_ref()).map_err(at_line)?;
    refuse_import_addresses(&web, &lines)?;
    let report = apply(&web, &bearer, lines).await.map_err(at_line)?;
    let DirectoryReport { users, candidates, applications } = report;
    Ok(Json(FeedReport { users: users.into(), candidates: candidates.into(), applications: applications.into() }))
}

/// One row: what stands in the path is laid over what was sent.
async fn one(
    web: &Web,
    bearer: &Bearer,
    (kind, key, value): (&str, &str, String),
    body: &Bytes,
) -> Result<Json<Changed>, Problem> {
    let sent: Result<Map<String, Value>, _> = serde_json::from_slice(body);
    let mut row = sent.map_err(|_| Problem::malformed("One JSON object was wanted"))?;
    let own = [("kind", kind), ("tenant", bearer.tenant.name.as_str()), (key, value.as_str())];
    for (name, value) in own {
        if row.insert(name.to_owned(), value.into()).is_some() {
            return Err(Problem::unusable(format!("`{name}` is told by the path and the token; leave it out")));
        }
    }
    let line = serde_json::to_vec(&row).map_err(|_| Problem::malformed("One JSON object was wanted"))?;
    let lines = read_json_lines(line.as_slice())?;
    refuse_import_addresses(web, &lines)?;
    let DirectoryReport { users, candidates, applications } = apply(web, bearer, lines).await?;
    let has = |of: fn(&Changes) -> u64| [users, candidates, applications].iter().any(|changes| of(changes) > 0);
    let change = match () {
        () if has(|changes| changes.inserted) => Change::Inserted,
        () if has(|changes| changes.updated) => Change::Updated,
        () => Change::Unchanged,
    };
    Ok(Json(Changed { change }))
}

/// Another tenant's name is as unknown as any.
async fn apply(web: &Web, bearer: &Bearer, lines: Vec<DirectoryLine>) -> Result<DirectoryReport, StoreError> {
    let shapes = HashMap::from([(bearer.tenant.name.clone(), bearer.tenant.shapes.clone())]);
    web.ask(move |store| store.take_over(&lines, &shapes, Actor::Web, Utc::now())).await
}

/// A user whose address is an import address would be sent notices that come back as mail.
fn refuse_import_addresses(web: &Web, lines: &[DirectoryLine]) -> Result<(), Problem> {
    for line in lines {
        let DirectoryEntry::User(user) = &line.entry else { continue };
        let mailboxes = &web.settings.mailboxes;
        if user.addresses.iter().any(|address| mailboxes.iter().any(|mailbox| mailbox.is_reached_by(address))) {
            return Err(Problem::unusable("An import address cannot be a user's").at_line(line.number));
        }
    }
    Ok(())
}
