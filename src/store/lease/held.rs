//! A lease that is held.

use crate::application::id::MailboxId;
use crate::store::StoreError;
use crate::store::connection::AnyConnection;
use crate::store::error::{Trouble, Work};
use crate::store::schema::mailbox_leases;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Double};
use std::time::Duration;

/// The database's clock as the tables hold times. It goes on inside a transaction that waited for a lock.
pub(super) const NOW: &str = "(clock_timestamp() at time zone 'UTC')";

/// The right to work on a mailbox, as long as nobody else has taken it over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Which mailbox.
    pub mailbox: MailboxId,
    /// Which taking of the mailbox this is; the next one has a greater one.
    pub token: i64,
    /// How long it lasts from each renewal on.
    pub lasts: Duration,
}

impl Lease {
    /// Looks at the lease inside a transaction, and keeps others from taking the mailbox until that ends. Renewing is not
    /// kept back: it locks less than taking does.
    pub(in crate::store) fn hold(self, connection: &mut AnyConnection, wanted: &'static str) -> Work<()> {
        let ours = mailbox_leases::table
            .filter(mailbox_leases::mailbox_id.eq(self.mailbox.0))
            .filter(mailbox_leases::token.eq(self.token))
            .filter(mailbox_leases::worker.is_not_null())
            .select(mailbox_leases::token);
        let held: Option<i64> = match connection {
            AnyConnection::Postgres(inner) => ours.for_key_share().get_result(inner).optional()?,
            AnyConnection::Sqlite(inner) => ours.get_result(inner).optional()?,
        };
        held.map(drop).ok_or(Trouble::Told(StoreError::LeaseLost { wanted }))
    }

    pub(super) fn renew(self, connection: &mut AnyConnection) -> Work<()> {
        let AnyConnection::Postgres(inner) = connection else { return Ok(()) };
        let sql = format!(
            "update mailbox_leases set renewed_at = {NOW}, expires_at = {NOW} + make_interval(secs => $3) \
             where mailbox_id = $1 and token = $2 and worker is not null"
        );
        sql_query(sql)
            .bind::<BigInt, _>(self.mailbox.0)
            .bind::<BigInt, _>(self.token)
            .bind::<Double, _>(self.lasts.as_secs_f64())
            .execute(inner)?;
        Ok(())
    }
}
