//! The person who is signed in.

use super::fault::Fault;
use super::reader::Reader;
use super::state::Web;
use crate::application::Language;
use crate::store::{StoreError, Viewer};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;

/// A user who is signed in. As an argument of a handler it asks for that.
#[derive(Clone, Debug)]
pub(super) struct SignedIn {
    /// Who looks.
    pub(super) viewer: Viewer,
    /// The user's name.
    pub(super) name: String,
    /// The user's language.
    pub(super) language: Language,
    /// The tenant's name.
    pub(super) tenant: String,
    /// The tenant's clock.
    pub(super) clock: chrono_tz::Tz,
    /// What forms of this person's pages bear, and those of other sites cannot.
    pub(super) csrf: String,
}

impl SignedIn {
    /// The person as a reader of pages.
    pub(super) fn reader(&self) -> Reader {
        Reader { language: self.language, clock: self.clock, signed_in: Some(self.clone()) }
    }
}

/// Who sends this request.
pub(super) async fn signed_in(_web: &Web, _parts: &Parts) -> Result<Option<SignedIn>, StoreError> {
    Ok(None)
}

impl FromRequestParts<Web> for SignedIn {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _web: &Web) -> Result<Self, Fault> {
        let person = parts.extensions.get::<Reader>().and_then(|reader| reader.signed_in.clone());
        person.ok_or_else(|| {
            let asked = parts.uri.path_and_query().map_or("/", axum::http::uri::PathAndQuery::as_str);
            let next = if parts.method == axum::http::Method::GET { asked } else { "/" };
            Fault::SignInFirst { next: next.to_owned() }
        })
    }
}
