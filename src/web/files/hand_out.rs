//! Handing out a file: as a download, or shown by the browser where that runs nothing.

use super::disposition::Disposition;
use crate::application::id::FileId;
use crate::application::may_be_shown_inline;
use crate::store::FileContent;
use crate::web::fault::Fault;
use crate::web::id::Id;
use crate::web::signed_in::SignedIn;
use crate::web::state::Web;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName};
use axum::response::{IntoResponse, Response};
use chrono::Utc;

/// Nothing may be loaded or run. The browser's own page around a picture or text has a style.
const SANDBOX: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; media-src 'none'; sandbox; \
                       base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/// As [`SANDBOX`], for what Chromium shows with a part of its own that does not work in a sandbox.
const PDF: &str = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

pub(super) async fn download(State(web): State<Web>, signed_in: SignedIn, Id(file): Id) -> Result<Response, Fault> {
    handed_out(&web, &signed_in, FileId(file), Disposition::Attachment).await
}

pub(super) async fn preview(State(web): State<Web>, signed_in: SignedIn, Id(file): Id) -> Result<Response, Fault> {
    handed_out(&web, &signed_in, FileId(file), Disposition::Inline).await
}

async fn handed_out(
    web: &Web,
    signed_in: &SignedIn,
    file: FileId,
    disposition: Disposition,
) -> Result<Response, Fault> {
    let viewer = signed_in.viewer;
    let room = web.room.for_one().await?;
    let content = web.ask(move |store| store.file_content(viewer, file, Utc::now())).await?;
    Ok(room.until_sent(answer(content.ok_or(Fault::NotFound)?, disposition)?))
}

/// The answer with the file; what is not kept, or must not be shown, is not found.
pub(super) fn answer(file: FileContent, disposition: Disposition) -> Result<Response, Fault> {
    let may_be_shown = may_be_shown_inline(&file.mime, file.danger, file.withheld.as_ref());
    if disposition == Disposition::Inline && !may_be_shown {
        return Err(Fault::NotFound);
    }
    let content = file.content.ok_or(Fault::NotFound)?;
    let policy = if is(&file.mime, "application/pdf") { PDF } else { SANDBOX };
    let headers = [
        (CONTENT_TYPE, content_type(&file.mime, &content)),
        (CONTENT_DISPOSITION, disposition.header(&file.name)),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy)),
        // A page in a sandbox is not shown at all where it wants to be alone with its own kind.
        (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("unsafe-none")),
    ];
    Ok((headers, content).into_response())
}

fn is(mime: &str, wanted: &str) -> bool {
    mime.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(wanted)
}

/// The type that was sniffed. Text says how it is written: no browser is to guess.
fn content_type(mime: &str, content: &[u8]) -> HeaderValue {
    if is(mime, "text/plain") {
        let is_utf8 = std::str::from_utf8(content).is_ok();
        return HeaderValue::from_static(if is_utf8 {
            "text/plain; charset=utf-8"
        } else {
            "text/plain; charset=windows-1252"
        });
    }
    HeaderValue::try_from(mime).unwrap_or(HeaderValue::from_static("application/octet-stream"))
}
