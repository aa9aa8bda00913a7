//! What the pages set going.

use super::sign_in_mail;
use crate::settings::Settings;
use crate::web::{Acts, SignInMail};
use anyhow::Result;
use futures::FutureExt;
use futures::future::BoxFuture;
use std::sync::Arc;

/// Carries out what a page asks for.
pub(super) struct ServiceActs {
    settings: Arc<Settings>,
}

impl ServiceActs {
    pub(super) fn new(settings: Arc<Settings>) -> Self {
        Self { settings }
    }
}

impl Acts for ServiceActs {
    fn send_sign_in_link(&self, to: SignInMail) -> BoxFuture<'_, Result<()>> {
        async move { sign_in_mail::send(&self.settings, &to).await }.boxed()
    }
}
