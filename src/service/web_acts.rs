//! What the pages set going: a person's decision about a mail that waits.

use super::sign_in_mail;
use crate::application::id::MailId;
use crate::import::{Asked, AssignRefusal, Assigned, ask, assign, take_back};
use crate::settings::Settings;
use crate::store::{Deciding, Store, StoreError, Viewer};
use crate::web::{Acts, Done, Refused, SignInMail};
use anyhow::Result;
use chrono::Utc;
use futures::FutureExt;
use futures::future::BoxFuture;
use std::sync::Arc;
use tokio::sync::Notify;

/// Carries out what a page asks for.
pub(super) struct ServiceActs {
    settings: Arc<Settings>,
    store: Store,
    /// Wakes those that send notifications.
    outbox_written: Arc<Notify>,
}

impl ServiceActs {
    pub(super) fn new(settings: Arc<Settings>, store: Store, outbox_written: Arc<Notify>) -> Self {
        Self { settings, store, outbox_written }
    }

    /// Where the mail lies on the server is left to the next round: whoever else moved it at the same time could make it two.
    async fn assign(&self, viewer: Viewer, mail: MailId, number: String) -> Result<Done, Refused> {
        let assigned =
            self.off_thread(move |settings, store| assign_seen(settings, store, viewer, mail, &number)).await?;
        self.outbox_written.notify_one();
        Ok(Done::Assigned { number: assigned })
    }

    async fn ask(&self, viewer: Viewer, asked_by: String, mail: MailId) -> Result<Done, Refused> {
        let asked = self.off_thread(move |settings, store| {
            ask(settings, store, (viewer, &asked_by), mail, Utc::now()).map_err(refused)
        });
        match asked.await? {
            Asked::Done => {}
            Asked::NotThere => return Err(Refused::NotThere),
            Asked::Meanwhile => return Err(Refused::Decided),
            Asked::Already => return Err(Refused::AskedAlready),
            Asked::NobodyToAsk => return Err(Refused::NobodyToAsk),
        }
        self.outbox_written.notify_one();
        Ok(Done::Asked)
    }

    async fn discard(&self, viewer: Viewer, mail: MailId) -> Result<Done, Refused> {
        let discarded = self.off_thread(move |_, store| decided(store.discard(viewer, mail, Utc::now())));
        discarded.await.map(|()| Done::Discarded)
    }

    async fn take_back(&self, viewer: Viewer, mail: MailId) -> Result<Done, Refused> {
        let taken_back = self.off_thread(move |settings, store| {
            decided(Ok(take_back(settings, store, viewer, mail, Utc::now()).map_err(refused)?))
        });
        taken_back.await?;
        self.outbox_written.notify_one();
        Ok(Done::TakenBack)
    }

    /// Does blocking work on a thread of its own; a database that does not answer is not waited for for ever.
    async fn off_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Arc<Settings>, &Store) -> Result<T, Refused> + Send + 'static,
    ) -> Result<T, Refused> {
        let (settings, store) = (self.settings.clone(), self.store.clone());
        let done = self.store.watched(move || work(&settings, &store)).await;
        let done = done.map_err(|error| Refused::Trouble(error.into()))?;
        done.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

/// Assigns a mail that this person sees, and gives the application's number.
fn assign_seen(
    settings: &Arc<Settings>,
    store: &Store,
    viewer: Viewer,
    mail: MailId,
    number: &str,
) -> Result<String, Refused> {
    decided(store.may_be_decided(viewer, mail))?;
    match assign(settings, store, mail, number, Some(viewer)).map_err(refused)? {
        Assigned::Done { number, .. } | Assigned::Added { number, .. } => Ok(number),
        Assigned::Already { .. } => Err(Refused::Decided),
    }
}

/// A mail that is gone was erased meanwhile.
fn refused(error: anyhow::Error) -> Refused {
    if matches!(error.downcast_ref(), Some(StoreError::Missing { .. })) {
        return Refused::NotThere;
    }
    match error.downcast_ref() {
        Some(AssignRefusal::NoSuchNumber(_)) => Refused::NoSuchNumber,
        Some(AssignRefusal::Decided(_)) => Refused::Decided,
        Some(AssignRefusal::NotWhole(_)) => Refused::NotWhole,
        Some(AssignRefusal::NotThere(_)) => Refused::NotThere,
        None => Refused::Trouble(error),
    }
}

fn decided(deciding: Result<Deciding, StoreError>) -> Result<(), Refused> {
    match deciding.map_err(|error| refused(error.into()))? {
        Deciding::Done => Ok(()),
        Deciding::NotThere => Err(Refused::NotThere),
        Deciding::Meanwhile | Deciding::Already => Err(Refused::Decided),
    }
}

impl Acts for ServiceActs {
    fn assign(&self, viewer: Viewer, mail: MailId, number: String) -> BoxFuture<'_, Result<Done, Refused>> {
        self.assign(viewer, mail, number).boxed()
    }

    fn ask(&self, viewer: Viewer, asked_by: String, mail: MailId) -> BoxFuture<'_, Result<Done, Refused>> {
        self.ask(viewer, asked_by, mail).boxed()
    }

    fn discard(&self, viewer: Viewer, mail: MailId) -> BoxFuture<'_, Result<Done, Refused>> {
        self.discard(viewer, mail).boxed()
    }

    fn take_back(&self, viewer: Viewer, mail: MailId) -> BoxFuture<'_, Result<Done, Refused>> {
        self.take_back(viewer, mail).boxed()
    }

    fn send_sign_in_link(&self, to: SignInMail) -> BoxFuture<'_, Result<()>> {
        async move { sign_in_mail::send(&self.settings, &to).await }.boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::{AssignRefusal, Deciding, Refused, StoreError, decided, refused};

    #[test]
    fn a_mail_that_was_erased_meanwhile_is_not_there() {
        let missing = || StoreError::Missing { wanted: "Cannot assign a mail" };
        assert!(matches!(refused(missing().into()), Refused::NotThere));
        assert!(matches!(refused(AssignRefusal::NotThere("gone".to_owned()).into()), Refused::NotThere));
        assert!(matches!(decided(Err(missing())), Err(Refused::NotThere)));
        assert!(matches!(decided(Ok(Deciding::NotThere)), Err(Refused::NotThere)));
        let away = StoreError::Unavailable { wanted: "Cannot assign a mail", cause: "away".to_owned() };
        assert!(matches!(refused(away.into()), Refused::Trouble(_)));
    }
}
