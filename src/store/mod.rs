//! The record: what the service knows and what came of every mail, in PostgreSQL or SQLite.
//!
//! Everything that touches the database is here, behind [`Store`]; every method is one unit of work, that is one
//! transaction, and blocks its thread. From async code it is called through [`Store::off_thread`]. What a mail means is
//! decided elsewhere, and no network is waited for but the database's and, where contents of files lie in an object store
//! (`outside`), that one's; never while a transaction is open.

mod access;
mod api_tokens;
mod attempts;
mod audit;
mod backup;
mod blocked_claims;
mod clock;
mod connection;
mod content_schema;
mod database_url;
pub mod directory;
mod directory_schema;
mod erase;
mod errands;
mod error;
mod error_words;
mod facts;
mod hold;
mod inbox;
mod kept;
mod keys;
mod known;
mod lease;
mod listed_files;
mod mail;
mod mail_place;
mod mailbox_schema;
mod mails;
mod many_rows;
mod migration;
mod near_misses;
mod observed;
mod open;
mod opener;
mod outbox;
mod outcomes;
mod outside;
mod place;
mod profile;
mod program_schema;
mod record;
mod removals;
mod replies;
mod retention;
mod rounds;
mod schema;
mod secret_token;
mod sessions;
mod sign_in_links;
mod sign_in_schema;
mod sole_worker;
mod states;
mod status;
mod tenancy;
mod time;
mod transaction;
mod unfiled;
mod view;
mod viewer;
mod waiting_mails;
mod webhooks;
mod words;

pub use api_tokens::{ApiToken, NewApiToken, UsedApiToken};
pub use attempts::AttemptsMade;
pub use audit::{Actor, AuditEntry, AuditFilter, By};
pub use erase::{CandidateFound, Erased, Erasure, ErasurePlan, Held, Mention};
pub use error::StoreError;
pub use facts::DatabaseFacts;
pub use hold::Hold;
pub use inbox::KnownInbox;
pub use kept::KeptMail;
pub use known::Question;
pub use lease::{Holder, Lease, Leases, Seat, worker_name};
pub use listed_files::FileDetail;
pub use mail::{MailDetail, NotificationDetail};
pub use mail_place::MailPlace;
pub use mails::{MailFilter, MailSummary};
pub use observed::{Observed, ObservedMailbox};
pub use outbox::{About, OfficeDigest, OutboxCounts, SendingClaim, SendingEnd, SendingPlaces};
pub use outcomes::{MailOutcome, OutcomeFilter, Outcomes};
pub use outside::{ContentPlaces, Contents, Moved, ObjectsWaiting, Swept};
pub use place::{FiledMail, RecordedPlace};
pub use profile::{
    ApplicationLine, ApplicationList, ApplicationSearch, FileContent, ForwardedAgain, HistoryLine, ListedFile,
    OriginalView, Profile, ShownPicture, WalkedApplications,
};
pub use record::{Again, AsSeen, MailRecord, Place, Recorded, TakenBack};
pub use removals::{Removal, RemovalsWaiting};
pub use replies::FurtherForward;
pub use retention::{AgeingMails, DecidedApplication, DecidedBefore, Standing};
pub use rounds::{LeftInInbox, RoundNote};
pub use secret_token::{NoChance, SecretToken};
pub use sessions::{SESSION_LASTS, Session};
pub use sign_in_links::{SIGN_IN_LINK_LASTS, SignInLink, SignedInByLink, UserOfAddress};
pub use sole_worker::SoleWorker;
pub use states::{
    CountedSince, MailsWaiting, NotificationStates, NotificationTrouble, OutcomeCounts, SendingTrouble, TenantMailbox,
    TenantStates, TenantWebhook, TroubleKind,
};
pub use status::{MailboxStatus, Status};
pub use unfiled::UnfiledMail;
pub use view::Looking;
pub use viewer::Viewer;
pub use waiting_mails::{
    Asking, Deciding, ForwarderToAsk, Meant, WaitingList as WaitingMails, WaitingMail, WaitingState, WaitingSummary,
    WhatWasDone,
};
pub use webhooks::{Delivery, Subscription, Told, WebhookStatus};

use clock::Clock;
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// The database, ready for use. Cloning is cheap: clones share the connections.
#[derive(Clone)]
pub struct Store {
    /// The connections, and how they are made.
    connections: Arc<access::Access>,
    /// The file, if it is SQLite.
    file: Option<Arc<Path>>,
    /// The lease that every unit of work that writes depends on; see [`Store::under`].
    lease: Option<Lease>,
    /// Who is told by webhook of what is recorded; see [`Store::with_webhooks`].
    webhooks: webhooks::Subscriptions,
    /// Told when notifications are recorded; see [`Store::outbox_written`].
    outbox_written: Arc<Notify>,
    /// Where contents of files lie, if not in the database; see [`Store::with_objects`].
    outside: Option<outside::Outside>,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store")
    }
}

impl Store {
    /// Runs blocking work on a thread of its own, so that the async threads go on meanwhile.
    ///
    /// # Errors
    ///
    /// What the work itself gives, or [`StoreError::Unavailable`] as from [`Store::watched`].
    ///
    /// # Panics
    ///
    /// If the work does.
    pub async fn off_thread<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&Self) -> Result<T, E> + Send + 'static,
    {
        let store = self.clone();
        self.watched(move || work(&store)).await?.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }

    /// Runs blocking work that uses this database on a thread of its own, and gives its panic if it does. On PostgreSQL a
    /// unit of work that gets no answer in time is given up: its thread is left behind, and all connections, which go the
    /// same way, are thrown away. What was committed before stands.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if there was no answer in time, or the program is shutting down.
    pub async fn watched<T, F>(&self, work: F) -> Result<std::thread::Result<T>, StoreError>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        const WANTED: &str = "Cannot use the database";
        let clock = Clock::new(self.connections.deadline());
        let under = clock.clone();
        let task = tokio::task::spawn_blocking(move || under.watch(work));
        tokio::select! {
            done = task => done.map(Ok).or_else(|error| match error.try_into_panic() {
                Ok(panic) => Ok(Err(panic)),
                Err(_) => Err(StoreError::Unavailable { wanted: WANTED, cause: "the program is shutting down".to_owned() }),
            }),
            () = clock.overdue(), if self.file.is_none() => {
                self.connections.throw_away();
                Err(clock::too_late(WANTED))
            }
        }
    }

    /// Told whenever mails are recorded here of which somebody is to be notified: after each batch, not after a round. All
    /// clones of a store share it; who else writes into the outbox may tell it too.
    pub fn outbox_written(&self) -> Arc<Notify> {
        self.outbox_written.clone()
    }

    /// The same database, where a unit of work that is not done after this time is given up; 150 s if nothing else is said.
    #[must_use]
    pub fn with_deadline(self, deadline: Duration) -> Self {
        Self { connections: Arc::new(self.connections.with_deadline(deadline)), ..self }
    }
}
