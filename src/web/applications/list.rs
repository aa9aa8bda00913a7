//! The list of applications.

use crate::store::{ApplicationList, ApplicationSearch};
use crate::web::fault::Fault;
use crate::web::signed_in::SignedIn;
use crate::web::state::Web;
use axum::extract::{Query, State};
use axum::response::Response;
use minijinja::value::Serde;
use minijinja::{Value, context};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

/// Nobody searches for more letters.
const LONGEST_SEARCH: usize = 200;

/// What the address asks for.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    page: u32,
}

pub(super) async fn list(
    State(web): State<Web>,
    signed_in: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let viewer = signed_in.viewer;
    if !viewer.sees_content() {
        return Err(Fault::Forbidden);
    }
    let text: String = asked.q.trim().chars().take(LONGEST_SEARCH).collect();
    let search = ApplicationSearch { text: text.clone(), page: asked.page };
    let found = web.ask(move |store| store.applications_for(viewer, &search)).await?;
    Ok(web.page(&signed_in.reader(), "applications/list.html", values(&text, &found))?)
}

/// What the template shows.
pub(super) fn values(text: &str, found: &ApplicationList) -> Value {
    let previous = (found.page > 1).then(|| address(text, found.page - 1));
    let next = found.has_more.then(|| address(text, found.page + 1));
    let first = address(text, 1);
    context! { q => text, lines => Serde(&found.lines), page => found.page, first, previous, next }
}

fn address(text: &str, page: u32) -> String {
    let page = if page > 1 { format!("page={page}") } else { String::new() };
    let text = utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    match (text.is_empty(), page.is_empty()) {
        (true, true) => "/applications".to_owned(),
        (true, false) => format!("/applications?{page}"),
        (false, true) => format!("/applications?q={text}"),
        (false, false) => format!("/applications?q={text}&{page}"),
    }
}
