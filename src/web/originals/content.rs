//! A mail's contents as a page of its own, for the frame: a policy that lets it load and run nothing.

use super::showable::showable;
use crate::application::id::MailId;
use crate::web::fault::Fault;
use crate::web::id::Id;
use crate::web::signed_in::SignedIn;
use crate::web::state::Web;
use axum::extract::State;
use axum::http::header::{CONTENT_SECURITY_POLICY, HeaderName};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use chrono::Utc;
use minijinja::context;

/// Pictures only where they stand in the page itself; links open beside it, outside of the sandbox.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; \
                      sandbox allow-popups allow-popups-to-escape-sandbox; frame-ancestors 'self'";

pub(super) async fn content(
    State(web): State<Web>,
    signed_in: SignedIn,
    Id(mail): Id,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let (viewer, mail) = (signed_in.viewer, MailId(mail));
    // Browsers say so of themselves; one that does not has opened the page.
    let is_in_frame = headers.get("sec-fetch-dest").is_some_and(|destination| destination == "iframe");
    let original = web.ask(move |store| {
        let now = Utc::now();
        if is_in_frame { store.original_in_frame(viewer, mail, now) } else { store.original(viewer, mail, now) }
    });
    let original = original.await?;
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
