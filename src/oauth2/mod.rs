//! Access tokens for mail servers: asked for, checked, kept until shortly before they end. EDGE: waits on a network, on
//! programs and on files.
//!
//! A token is had by one of the ways of [`TokenSource`](crate::settings::TokenSource). In one process each way is asked by one
//! at a time, whoever wants the token, and an answer serves all until it is about to end. What a person must renew, and until
//! when, is told by [`prospects`].
//!
//! Reading order: `cache` (who asks gets a token), `request` (one way each), `endpoint` with `http`, `assertion` and `reply`
//! (one request to an authorization server), `newest` (refresh tokens that change with each use), `refusal` (what a refusal
//! means for a person).

mod access_token;
mod assertion;
mod cache;
mod endpoint;
mod error;
mod http;
mod newest;
mod prospects;
mod refusal;
mod reply;
mod request;

pub use access_token::AccessToken;
pub use cache::{renew_unused, token, token_instead_of};
pub use error::TokenError;
pub use prospects::{Prospects, Renewal, Urgency, prospects};
