//! The candidate's profile in the browser: what was imported, and what waits for a person.
//!
//! Pages come from templates and work without JavaScript. Who looks is known before anything is asked of the store, and
//! every query of the store filters by it: nothing here decides what somebody may see.

mod acts;
mod api;
mod applications;
mod assets;
mod fault;
mod fault_page;
mod files;
mod form;
mod headers;
mod id;
mod inbox;
mod introduction;
mod originals;
mod page;
mod peer;
mod posted;
mod reader;
mod room;
mod routes;
mod serving;
mod sign_in;
mod signed_in;
mod state;
mod states;
mod words;

pub use acts::{Acts, Done, Refused, SignInMail};
pub use api::description as api_description;
pub use routes::Route;
pub use state::Web;

use anyhow::{Context, Result};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Redirect;
use fault::Fault;
use routes::Routes;
use signed_in::SignedIn;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Forms are small.
const LARGEST_FORM: usize = 64 * 1024;

/// So long requests in hand may take when the service stops.
const LAST_REQUESTS: Duration = Duration::from_secs(10);

/// Takes the address that people's browsers, or a reverse proxy, connect to.
///
/// # Errors
///
/// Another program has it, or it is not this machine's.
pub async fn listen(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!("Cannot listen on {address}; write another address or port into `[web] listen`, or end what uses it")
    })
}

/// Answers requests until asked to stop.
pub async fn serve(web: Web, listener: TcpListener, stop: CancellationToken) {
    let trusted_proxies = web.settings.web.as_ref().map(|web| web.trusted_proxies.clone()).unwrap_or_default();
    serve_behind(router(web), listener, trusted_proxies, stop).await;
}

/// The same for what is not for people, within the same bounds.
pub async fn serve_router(router: Router, listener: TcpListener, stop: CancellationToken) {
    serve_behind(router, listener, Vec::new(), stop).await;
}

async fn serve_behind(router: Router, listener: TcpListener, trusted: Vec<IpAddr>, stop: CancellationToken) {
    let serving = serving::serve(router, listener, serving::BOUNDS, trusted, stop.clone());
    tokio::select! {
        () = serving => {}
        () = async { stop.cancelled().await; tokio::time::sleep(LAST_REQUESTS).await } => {}
    }
}

/// All routes of the pages. What they answer to whom stands in one table in the tests; those of the interface for programs
/// stand in its description.
pub fn routes() -> Vec<Route> {
    assets().and(pages()).list()
}

fn assets() -> Routes {
    Routes::default().get("/assets/{name}", assets::asset)
}

fn pages() -> Routes {
    Routes::default()
        .get("/", start)
        .and(sign_in::routes())
        .and(applications::routes())
        .and(originals::routes())
        .and(files::routes())
        .and(inbox::routes())
        .and(states::routes())
}

fn router(web: Web) -> Router {
    let pages = pages()
        .router()
        .fallback(nowhere)
        .layer(from_fn_with_state(web.clone(), introduction::know))
        .layer(DefaultBodyLimit::max(LARGEST_FORM));
    Router::new()
        .merge(assets().router())
        .merge(pages)
        .merge(api::routes())
        .layer(from_fn(headers::protect))
        .with_state(web)
}

/// Where a signed-in person begins.
async fn start(signed_in: SignedIn) -> Redirect {
    Redirect::to(if signed_in.viewer.sees_states() { "/states" } else { "/applications" })
}

async fn nowhere() -> Fault {
    Fault::NotFound
}

#[cfg(test)]
mod tests;
