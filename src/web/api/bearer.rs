//! The token that a request bears.

use super::pace::Pace;
use super::problem::Problem;
use crate::settings::Tenant;
use crate::store::Viewer;
use crate::web::state::Web;
use axum::Extension;
use axum::RequestPartsExt;
use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use chrono::Utc;
use secrecy::SecretString;
use std::sync::Arc;
use std::time::Instant;

/// A program that may see and change a tenant's data. As an argument of a handler it asks for a token.
#[derive(Clone, Debug)]
pub(super) struct Bearer {
    /// Who looks, for the store's queries.
    pub(super) viewer: Viewer,
    /// The tenant's settings.
    pub(super) tenant: Tenant,
}

impl FromRequestParts<Web> for Bearer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Problem> {
        let token = token(parts).ok_or_else(Problem::no_token)?;
        let found = web.ask(move |store| store.use_api_token(&token, Utc::now())).await?;
        let found = found.ok_or_else(Problem::no_token)?;
        let tenant = web.settings.tenants.iter().find(|tenant| tenant.name == found.tenant_name);
        let tenant = tenant.cloned().ok_or_else(Problem::no_token)?;
        let pace = parts.extract::<Extension<Arc<Pace>>>().await;
        if pace.is_ok_and(|Extension(pace)| !pace.may(found.id, Instant::now())) {
            return Err(Problem::too_many());
        }
        Ok(Self { viewer: Viewer::of_program(found.tenant, found.id), tenant })
    }
}

/// What stands behind `Bearer`.
fn token(parts: &Parts) -> Option<SecretString> {
    let (scheme, token) = parts.headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().into())
}
