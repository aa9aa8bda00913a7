//! The description of the interface, made of what is written at the handlers.

use super::problem::Problem;
use super::{applications, directory, files, mails};
use crate::web::state::Web;
use anyhow::{Context, Result};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi as _};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Where it begins.
pub(super) const BELOW: &str = "/api/v1";

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "reply-import",
        version = "1",
        description = "Applications and users in, history, files and outcomes out. A token sees its own tenant only; what is \
                       unknown, another tenant's or blocked is answered alike, with 404.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    components(schemas(Problem)),
    modifiers(&ByToken),
    security(("token" = [])),
)]
struct Frame;

/// How a request says whose it is.
struct ByToken;

impl Modify for ByToken {
    fn modify(&self, openapi: &mut OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer);
        let scheme = scheme.description(Some("Made by `reply-import token add`")).build();
        openapi.components.get_or_insert_default().add_security_scheme("token", SecurityScheme::Http(scheme));
    }
}

/// All operations, with what describes them.
pub(super) fn described() -> OpenApiRouter<Web> {
    let below = OpenApiRouter::new()
        .routes(routes!(applications::list))
        .routes(routes!(applications::one, directory::put_application))
        .routes(routes!(applications::history))
        .routes(routes!(files::of_application))
        .routes(routes!(files::content))
        .routes(routes!(mails::list))
        .routes(routes!(mails::one))
        .routes(routes!(directory::put_user))
        .routes(routes!(directory::put_candidate))
        .routes(routes!(directory::post_lines))
        .route("/openapi.json", get(document));
    OpenApiRouter::with_openapi(Frame::openapi()).nest(BELOW, below)
}

/// The description of `/api/v1`, as `OpenAPI` 3.1 in JSON.
///
/// # Errors
///
/// It cannot be written as JSON: a fault of the program.
pub fn description() -> Result<String> {
    described().into_openapi().to_pretty_json().context("The description of the interface cannot be written")
}

/// The description itself is nobody's secret.
async fn document() -> Response {
    match description() {
        Ok(text) => ([(CONTENT_TYPE, "application/json")], text).into_response(),
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "The description cannot be shown");
            Problem::of(axum::http::StatusCode::INTERNAL_SERVER_ERROR, None).into_response()
        }
    }
}
