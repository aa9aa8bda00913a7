//! A mail's contents as a page of its own, for the frame: a policy that lets it load and run nothing.

use super::showable::showable;
use crate::application::id::MailId;
use crate::web::fault::Fault;
use crate::web::id::Id;
use crate::web::signed_in::SignedIn;
use crate::web::state::Web;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_SECURITY_POLICY, HeaderName};
use axum::response::Response;
use chrono::Utc;
use minijinja::context;

/// Pictures only where they stand in the page itself; links open beside it, outside of the sandbox.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; \
                      sandbox allow-popups allow-popups-to-escape-sandbox; frame-ancestors 'self'";

pub(super) async fn content(State(web): State<Web>, signed_in: SignedIn, Id(mail): Id) -> Result<Response, Fault> {
    let viewer = signed_in.viewer;
    let original = web.ask(move |store| store.original_in_frame(viewer, MailId(mail), Utc::now())).await?;
    let original = original.ok_or(Fault::NotFound)?;
    let html = original.html.as_deref().map(|html| showable(html, &original.pictures).html);
    let values = context! { html, text => original.text, subject => original.subject };
    let mut page = web.page(&signed_in.reader(), "originals/content.html", values)?;
    page.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    // A page in a sandbox is not shown at all where it wants to be alone with its own kind.
    let opener = HeaderName::from_static("cross-origin-opener-policy");
    page.headers_mut().insert(opener, HeaderValue::from_static("unsafe-none"));
    Ok(page)
}
