//! Leases of thousands of mailboxes: taken, renewed and given back in a few statements, whatever their number.
//!
//! Rows of several mailboxes are locked in the order of their ids, so that two that work on the same ones wait for each
//! other and do not block each other.

use super::held::NOW;
use super::{Lease, Leases, worker};
use crate::application::id::MailboxId;
use crate::store::StoreError;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Double, Text};

/// A lease as the database has it.
#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    mailbox_id: i64,
    #[diesel(sql_type = BigInt)]
    token: i64,
}

impl Leases {
    /// Takes those of the mailboxes that nobody has, or whose worker fell silent. A mailbox on which somebody is writing
    /// this very moment is not waited for; what a silent worker left open there is ended, so that it can be taken soon.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn take_all(&self, mailboxes: &[MailboxId]) -> Result<Vec<Lease>, StoreError> {
        let ids = ids(mailboxes);
        self.write("Cannot take mailboxes", |connection| {
            sql_query("insert into mailbox_leases (mailbox_id, token) select unnest($1), 0 on conflict do nothing")
                .bind::<Array<BigInt>, _>(&ids)
                .execute(connection)?;
            worker::end_what_is_left_open(connection, &ids, self.lasts)?;
            let sql = format!(
                "update mailbox_leases set token = token + 1, worker = $2, taken_at = {NOW}, renewed_at = {NOW}, \
                 expires_at = {NOW} + make_interval(secs => $3) \
                 where mailbox_id in (select mailbox_id from mailbox_leases \
                 where mailbox_id = any($1) and (worker is null or expires_at <= {NOW}) \
                 order by mailbox_id for update skip locked) \
                 returning mailbox_id, token"
            );
            let taken: Vec<Row> = sql_query(sql)
                .bind::<Array<BigInt>, _>(&ids)
                .bind::<Text, _>(&self.worker)
                .bind::<Double, _>(self.lasts.as_secs_f64())
                .load(connection)?;
            Ok(taken.iter().map(|row| self.lease(row)).collect())
        })
    }

    /// Renews all leases of this worker, and says which they are: one that is not among them is lost.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn renew_held(&self) -> Result<Vec<Lease>, StoreError> {
        self.write("Cannot renew leases", |connection| {
            let sql = format!(
                "with mine as (select mailbox_id from mailbox_leases where worker = $1 \
                 order by mailbox_id for no key update) \
                 update mailbox_leases lease set renewed_at = {NOW}, expires_at = {NOW} + make_interval(secs => $2) \
                 from mine where lease.mailbox_id = mine.mailbox_id and lease.worker = $1 \
                 returning lease.mailbox_id, lease.token"
            );
            let held: Vec<Row> = sql_query(sql)
                .bind::<Text, _>(&self.worker)
                .bind::<Double, _>(self.lasts.as_secs_f64())
                .load(connection)?;
            Ok(held.iter().map(|row| self.lease(row)).collect())
        })
    }

    /// Gives leases back, so that other workers need not wait for their end. Those that were lost are left alone.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away; the leases then end by themselves.
    pub fn give_back_all(&self, leases: &[Lease]) -> Result<(), StoreError> {
        let (mailboxes, tokens): (Vec<i64>, Vec<i64>) =
            leases.iter().map(|lease| (lease.mailbox.0, lease.token)).unzip();
        self.write("Cannot give mailboxes back", |connection| {
            sql_query(
                "with given as (select lease.mailbox_id from mailbox_leases lease \
                 join unnest($1, $2) as given (mailbox_id, token) \
                 on lease.mailbox_id = given.mailbox_id and lease.token = given.token \
                 where lease.worker = $3 order by lease.mailbox_id for no key update of lease) \
                 update mailbox_leases lease \
                 set worker = null, taken_at = null, renewed_at = null, expires_at = null \
                 from given where lease.mailbox_id = given.mailbox_id and lease.worker = $3",
            )
            .bind::<Array<BigInt>, _>(mailboxes)
            .bind::<Array<BigInt>, _>(tokens)
            .bind::<Text, _>(&self.worker)
            .execute(connection)?;
            Ok(())
        })
    }

    fn lease(&self, row: &Row) -> Lease {
        Lease { mailbox: MailboxId(row.mailbox_id), token: row.token, lasts: self.lasts }
    }
}

/// In order, each once.
pub(super) fn ids(mailboxes: &[MailboxId]) -> Vec<i64> {
    let mut ids: Vec<i64> = mailboxes.iter().map(|mailbox| mailbox.0).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
