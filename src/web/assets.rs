//! Style sheet and script, part of the program.

use super::fault::Fault;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

/// Name, type and content of each.
const ASSETS: [(&str, &str, &str); 2] = [
    ("style.css", "text/css; charset=utf-8", include_str!("assets/style.css")),
    ("page.js", "text/javascript; charset=utf-8", include_str!("assets/page.js")),
];

/// The address of an asset; another one as soon as its content is another, so that browsers may keep it for long.
pub(super) fn address(name: &str) -> Option<String> {
    let (_, _, content) = ASSETS.iter().find(|(known, ..)| *known == name)?;
    let digest = hex::encode(Sha256::digest(content.as_bytes()));
    Some(format!("/assets/{name}?v={}", digest.get(..12).unwrap_or_default()))
}

pub(super) async fn asset(Path(name): Path<String>) -> Result<Response, Fault> {
    let (_, mime, content) = ASSETS.iter().find(|(known, ..)| *known == name).ok_or(Fault::NotFound)?;
    let headers = [(CONTENT_TYPE, *mime), (CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((headers, *content).into_response())
}
