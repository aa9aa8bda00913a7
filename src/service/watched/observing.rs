//! How the service stands, looked up when somebody asks.

use super::lately::Lately;
use crate::monitoring::{Fault, Health, LoginStands, MailboxStands, Observed, OutboxStands, Stands};
use crate::oauth2::prospects;
use crate::service::reach::label;
use crate::service::steps;
use crate::service::worker::Worker;
use crate::settings::{Login, Settings};
use crate::store::{self, Store};
use chrono::{DateTime, Utc};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

/// The database is asked at most this often.
const ASKED: Duration = Duration::from_secs(3);

/// And the files that tell when something ends.
const FILES_READ: Duration = Duration::from_mins(1);

/// What does not answer within this time does not answer: Prometheus waits 10 s unless told otherwise.
const DEADLINE: Duration = Duration::from_secs(4);

/// When the process began, and not when it last read its settings.
static STARTED: LazyLock<DateTime<Utc>> = LazyLock::new(Utc::now);

/// Asks and remembers for a moment.
pub(super) struct Observing {
    worker: Arc<Worker>,
    store: Store,
    recorded: Lately<Result<store::Observed, String>>,
    logins: Lately<Vec<(usize, LoginStands)>>,
}

impl Observing {
    pub(super) fn new(worker: Arc<Worker>, store: Store) -> Self {
        let recorded = Lately::new(ASKED, DEADLINE);
        let logins = Lately::new(FILES_READ, DEADLINE);
        LazyLock::force(&STARTED);
        Self { worker, store, recorded, logins }
    }

    async fn recorded(&self) -> Result<store::Observed, String> {
        let store = self.store.clone();
        let answer = self.recorded.get(|| async move {
            store.off_thread(Store::observed).await.map_err(|error| format!("{:#}", anyhow::Error::new(error)))
        });
        answer.await.unwrap_or_else(|| Err(format!("It does not answer within {} s", DEADLINE.as_secs())))
    }

    /// Each with the number of its mailbox in the settings; the one for sending comes behind all of them.
    async fn logins(&self) -> Vec<(usize, LoginStands)> {
        let settings = self.worker.settings.clone();
        let asked = || async move { tokio::task::spawn_blocking(move || logins(&settings)).await.unwrap_or_default() };
        self.logins.get(asked).await.unwrap_or_default()
    }
}

fn logins(settings: &Settings) -> Vec<(usize, LoginStands)> {
    let now = Utc::now();
    let servers = settings.mailboxes.iter().map(|mailbox| &mailbox.server);
    let servers = servers.chain(settings.smtp.iter().map(|smtp| &smtp.server)).enumerate();
    let ends = servers.filter_map(|(n, server)| {
        let renewal = prospects(server.login.as_ref().and_then(Login::oauth2)?, now).renew?;
        Some((n, LoginStands { login: "smtp".to_owned(), what: renewal.what, days_left: renewal.days_left }))
    });
    ends.collect()
}

impl Observed for Observing {
    fn stands(&self) -> BoxFuture<'_, Stands> {
        async {
            let (recorded, mut logins) = (self.recorded().await.ok(), self.logins().await);
            let rows = recorded.iter().flat_map(|observed| &observed.mailboxes);
            let rows: HashMap<&str, &store::ObservedMailbox> =
                rows.map(|mailbox| (mailbox.address.as_str(), mailbox)).collect();
            let row = |address: &str| rows.get(address).copied();
            for (n, login) in &mut logins {
                if let Some(mailbox) = self.worker.settings.mailboxes.get(*n) {
                    login.login = label(mailbox, row(mailbox.address.as_str()).map(|mailbox| mailbox.id));
                }
            }
            let logins = logins.into_iter().map(|(_, login)| login).collect();
            // Of those that the settings no longer name nothing is expected.
            let mailboxes = self.worker.settings.mailboxes.iter();
            let mailboxes = mailboxes.filter_map(|mailbox| {
                let stands = row(mailbox.address.as_str())?;
                Some(MailboxStands {
                    mailbox: label(mailbox, Some(stands.id)),
                    last_good_round: stands.last_good_round,
                    ok: stands.ok,
                    waiting: stands.waiting,
                    stranded: stands.stranded,
                })
            });
            let mailboxes = mailboxes.collect();
            let recorded = recorded.as_ref().map(|observed| {
                let (pending, failed) = (observed.pending, observed.failed);
                (mailboxes, OutboxStands { pending, failed, oldest: observed.oldest_pending })
            });
            Stands { started: *STARTED, logins, certificates: self.worker.certificates.stand(), recorded }
        }
        .boxed()
    }

    fn works(&self) -> BoxFuture<'_, Health> {
        async {
            // All that blocks is done on these threads. That this is answered at all shows that the others are not stuck.
            let thread = tokio::time::timeout(DEADLINE, tokio::task::spawn_blocking(|| ())).await;
            let threads = thread.is_err().then(|| Fault {
                of: "threads".to_owned(),
                what: "None is free: what works on mail or waits for the database does not end".to_owned(),
            });
            let steps = steps::hanging().into_iter().map(|(step, at_most)| Fault {
                of: format!("step {step}"),
                what: format!("It has got nowhere for {at_most:?}"),
            });
            Health::of(steps.chain(threads))
        }
        .boxed()
    }

    fn is_ready(&self) -> BoxFuture<'_, Health> {
        async {
            let database = self.recorded().await.err().map(|what| Fault { of: "database".to_owned(), what });
            Health::of(database.into_iter().chain(self.worker.reach.faults_of_all()))
        }
        .boxed()
    }
}
