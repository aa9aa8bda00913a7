//! Who could work on which mailbox: from it follows each worker's fair share.

use super::Leases;
use super::held::NOW;
use super::many::ids;
use crate::application::id::MailboxId;
use crate::store::StoreError;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Bool, Double, Nullable, Text};

/// What was renewed is not renewed again before this part of its time is over: thousands of rows are not written at each look.
const RENEWED_AFTER: f64 = 0.25;

/// What a worker must know of one mailbox to take its share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat {
    /// The mailbox.
    pub mailbox: MailboxId,
    /// How many living workers could work on it, the asking one included.
    pub workers: u32,
    /// The token of the asking worker's lease, if it has one.
    pub ours: Option<i64>,
    /// Whether anybody may take it.
    pub free: bool,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    mailbox_id: i64,
    #[diesel(sql_type = BigInt)]
    workers: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    ours: Option<i64>,
    #[diesel(sql_type = Bool)]
    free: bool,
}

impl Leases {
    /// Says that this worker lives and could work on these mailboxes, renews its leases, and tells how the mailboxes
    /// stand. To be called three times in the time that a lease lasts.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn renew_all(&self, mailboxes: &[MailboxId]) -> Result<Vec<Seat>, StoreError> {
        let ids = ids(mailboxes);
        let lasts = self.lasts.as_secs_f64();
        self.write("Cannot renew leases", |connection| {
            let living = format!(
                "insert into mailbox_workers (mailbox_id, worker, expires_at) \
                 select unnest($1), $2, {NOW} + make_interval(secs => $3) \
                 on conflict (mailbox_id, worker) do update set expires_at = excluded.expires_at \
                 where mailbox_workers.expires_at < excluded.expires_at - make_interval(secs => $4)"
            );
            sql_query(living)
                .bind::<Array<BigInt>, _>(&ids)
                .bind::<Text, _>(&self.worker)
                .bind::<Double, _>(lasts)
                .bind::<Double, _>(lasts * RENEWED_AFTER)
                .execute(connection)?;
            let ours = format!(
                "with due as (select mailbox_id from mailbox_leases where worker = $1 \
                 and expires_at < {NOW} + make_interval(secs => $2 - $3) order by mailbox_id for no key update) \
                 update mailbox_leases lease set renewed_at = {NOW}, expires_at = {NOW} + make_interval(secs => $2) \
                 from due where lease.mailbox_id = due.mailbox_id and lease.worker = $1"
            );
            sql_query(ours)
                .bind::<Text, _>(&self.worker)
                .bind::<Double, _>(lasts)
                .bind::<Double, _>(lasts * RENEWED_AFTER)
                .execute(connection)?;
            let seats = format!(
                "select m.id as mailbox_id, \
                 (select count(*) from mailbox_workers w where w.mailbox_id = m.id and w.expires_at > {NOW}) as workers, \
                 case when l.worker = $2 then l.token end as ours, \
                 (l.worker is null or l.expires_at <= {NOW}) as free \
                 from mailboxes m left join mailbox_leases l on l.mailbox_id = m.id where m.id = any($1) order by m.id"
            );
            let rows: Vec<Row> =
                sql_query(seats).bind::<Array<BigInt>, _>(&ids).bind::<Text, _>(&self.worker).load(connection)?;
            Ok(rows.iter().map(seat).collect())
        })
    }

    /// This worker stops: it counts no longer, and those that died long ago are forgotten.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away; the worker then counts until it is taken for dead.
    pub fn leave(&self) -> Result<(), StoreError> {
        self.write("Cannot leave the workers", |connection| {
            let sql = format!(
                "delete from mailbox_workers w using (select mailbox_id, worker from mailbox_workers \
                 where worker = $1 or expires_at < {NOW} - interval '1 hour' for update skip locked) gone \
                 where w.mailbox_id = gone.mailbox_id and w.worker = gone.worker"
            );
            sql_query(sql).bind::<Text, _>(&self.worker).execute(connection)?;
            Ok(())
        })
    }
}

fn seat(row: &Row) -> Seat {
    Seat {
        mailbox: MailboxId(row.mailbox_id),
        workers: row.workers.try_into().unwrap_or(u32::MAX),
        ours: row.ours,
        free: row.free,
    }
}
