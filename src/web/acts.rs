//! What a page can set going that reaches beyond the record: the service does it.

use crate::application::{EmailAddress, Language};
use anyhow::Result;
use futures::future::BoxFuture;

/// What the service does at a page's word.
pub trait Acts: Send + Sync + 'static {
    /// Sends the mail by which a person signs in. The link is in it and nowhere else.
    fn send_sign_in_link(&self, to: SignInMail) -> BoxFuture<'_, Result<()>>;
}

/// To whom a link to sign in goes.
#[derive(Clone, PartialEq, Eq)]
pub struct SignInMail {
    /// The user's first address.
    pub to: EmailAddress,
    /// The user's name.
    pub name: String,
    /// The user's language.
    pub language: Language,
    /// The tenant's name.
    pub tenant: String,
    /// The whole link, a secret.
    pub link: String,
}
