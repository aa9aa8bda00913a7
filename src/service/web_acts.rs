//! What the pages set going: a person's decision about a mail that waits.

use super::sign_in_mail;
use crate::application::id::MailId;
use crate::import::{Assigned, assign, refile_now};
use crate::settings::Settings;
use crate::store::{Store, Viewer};
use crate::web::{Acts, Done, Refused, SignInMail};
use anyhow::Result;
use futures::FutureExt;
use futures::future::BoxFuture;
use std::sync::Arc;
use tokio::sync::Notify;

/// Carries out what a page asks for.
pub(super) struct ServiceActs {
    settings: Arc<Settings>,
    store: Store,
    /// Wakes those that send notifications.
    recorded: Arc<Notify>,
}

impl ServiceActs {
    pub(super) fn new(settings: Arc<Settings>, store: Store, recorded: Arc<Notify>) -> Self {
        Self { settings, store, recorded }
    }

    async fn assign(&self, viewer: Viewer, mail: MailId, number: String) -> Result<Done, Refused> {
        if !viewer.may_decide() {
            return Err(Refused::NotThere);
        }
        let (settings, store) = (self.settings.clone(), self.store.clone());
        let assigned = tokio::task::spawn_blocking(move || {
            let tenant = store.kept_mail(mail)?.map(|kept| kept.tenant);
            if tenant != Some(viewer.tenant) {
                return Ok(None);
            }
            assign(&settings, &store, mail, &number).map(Some)
        });
        let assigned = assigned.await.map_err(|panic| Refused::Trouble(panic.into()))?.map_err(Refused::Trouble)?;
        let (Assigned::Done { number, .. } | Assigned::Added { number, .. } | Assigned::Already { number }) =
            assigned.ok_or(Refused::NotThere)?;
        self.recorded.notify_one();
        if let Err(error) = refile_now(&self.settings, &self.store, mail).await {
            tracing::info!(%mail, error = format!("{error:#}"), "Not moved to its folder yet, the next round does it");
        }
        Ok(Done::Assigned { number })
    }
}

impl Acts for ServiceActs {
    fn assign(&self, viewer: Viewer, mail: MailId, number: String) -> BoxFuture<'_, Result<Done, Refused>> {
        self.assign(viewer, mail, number).boxed()
    }

    fn send_sign_in_link(&self, to: SignInMail) -> BoxFuture<'_, Result<()>> {
        async move { sign_in_mail::send(&self.settings, &to).await }.boxed()
    }
}
