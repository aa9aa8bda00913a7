//! Leases: on PostgreSQL any number of workers share the mailboxes, one worker to a mailbox at a time.
//!
//! A worker that has a lease renews it; one that falls silent loses it to another. Each taking makes the token grow, and
//! what a worker writes under its lease ([`Store::under`]) is written only while the token is still its own: one that was
//! paused and wakes up writes nothing. All times are the database's clock, so that those of the hosts do not matter.

mod held;
mod many;
mod shares;
mod worker;

pub use held::Lease;
pub use shares::Seat;
pub(super) use worker::session_name;
pub use worker::worker_name;

use super::connection::AnyConnection;
use super::error::{Trouble, Work};
use super::schema::mailbox_leases;
use super::time::read;
use super::{Store, StoreError};
use crate::application::id::MailboxId;
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use std::time::Duration;

/// Who has a mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The worker's name.
    pub worker: String,
    /// When it last renewed its lease, by the database's clock.
    pub renewed_at: DateTime<Utc>,
    /// Until when it has the mailbox, unless it renews, by the database's clock.
    pub until: DateTime<Utc>,
}

/// One worker's way to its leases. Its methods block.
#[derive(Clone, Debug)]
pub struct Leases {
    store: Store,
    worker: String,
    lasts: Duration,
}

impl Store {
    /// The leases for a worker of this name, which no other worker may have; `None` on SQLite, where one works alone
    /// (see [`Store::work_alone`]).
    pub fn leases(&self, worker: &str, lasts: Duration) -> Option<Leases> {
        self.file.is_none().then(|| Leases { store: self.clone(), worker: worker.to_owned(), lasts })
    }

    /// The same database, on which every unit of work that writes does so only while the lease is still held, and else
    /// ends in [`StoreError::LeaseLost`] with nothing changed.
    #[must_use]
    pub fn under(&self, lease: Lease) -> Self {
        Self { lease: Some(lease), ..self.clone() }
    }

    /// Makes sure that the lease this store is under is still held, and that it lasts its full time from now on: to be
    /// called before a deed outside of the database that no transaction can take back. Does nothing without a lease.
    ///
    /// # Errors
    ///
    /// [`StoreError::LeaseLost`] if another worker has taken over, [`StoreError::Unavailable`] if the database is away.
    pub fn confirm_lease(&self) -> Result<(), StoreError> {
        let Some(lease) = self.lease else { return Ok(()) };
        self.write("Cannot go on with the mailbox", |connection| lease.renew(connection))
    }
}

impl Leases {
    /// How long a lease lasts without being renewed.
    pub fn lasts(&self) -> Duration {
        self.lasts
    }

    /// The database.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Takes the mailbox if nobody has it, or whoever had it fell silent. A mailbox on which somebody is writing this very
    /// moment is not waited for; what a silent worker left open there is ended, so that the mailbox can be taken soon.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn take(&self, mailbox: MailboxId) -> Result<Option<Lease>, StoreError> {
        Ok(self.take_all(&[mailbox])?.pop())
    }

    /// Renews one lease; to be called three times in the time that it lasts.
    ///
    /// # Errors
    ///
    /// [`StoreError::LeaseLost`] if another worker has taken over, [`StoreError::Unavailable`] if the database is away.
    pub fn renew(&self, lease: Lease) -> Result<(), StoreError> {
        self.store.under(lease).confirm_lease()
    }

    /// Who has the mailbox, as far as the database knows: a worker that died has it until its lease ends.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn holder(&self, mailbox: MailboxId) -> Result<Option<Holder>, StoreError> {
        self.store.read("Cannot look who has a mailbox", |connection| {
            let row: Option<(String, NaiveDateTime, NaiveDateTime)> = mailbox_leases::table
                .filter(mailbox_leases::mailbox_id.eq(mailbox.0))
                .select((
                    mailbox_leases::worker.assume_not_null(),
                    mailbox_leases::renewed_at.assume_not_null(),
                    mailbox_leases::expires_at.assume_not_null(),
                ))
                .filter(mailbox_leases::worker.is_not_null())
                .get_result(connection)
                .optional()?;
            Ok(row.map(|(worker, renewed_at, until)| Holder {
                worker,
                renewed_at: read(renewed_at),
                until: read(until),
            }))
        })
    }

    /// As [`Store::write`], on PostgreSQL.
    fn write<T>(&self, wanted: &'static str, work: impl FnOnce(&mut PgConnection) -> Work<T>) -> Result<T, StoreError> {
        self.store.write(wanted, |connection| match connection {
            AnyConnection::Postgres(inner) => work(inner),
            AnyConnection::Sqlite(_) => Err(Trouble::Unreadable("no leases: it is SQLite, something")),
        })
    }
}
