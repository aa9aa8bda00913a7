//! The name of this process among those at work on the database, and how another one ends what it left open there.

use super::held::NOW;
use crate::store::error::Work;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Double, Text};
use std::sync::LazyLock;
use std::time::Duration;

/// In front of the worker's name in the name of its database sessions, for who looks at those.
const PROGRAM: &str = "reply-import ";

/// Characters of the host's name that are kept: PostgreSQL cuts the name of a session at 63.
const HOST: usize = 30;

/// A name that no other process has: the host's name, the process and chance.
pub fn worker_name() -> &'static str {
    static NAME: LazyLock<String> = LazyLock::new(|| {
        let host = hostname::get().ok().and_then(|name| name.into_string().ok()).unwrap_or_default();
        // Nothing that must be quoted, or that PostgreSQL would change.
        let host: String =
            host.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.')).take(HOST).collect();
        let host = if host.is_empty() { "worker" } else { &host };
        format!("{host}-{}-{:04x}", std::process::id(), fastrand::u16(..))
    });
    &NAME
}

/// The name of this process's database sessions.
pub(in crate::store) fn session_name() -> String {
    format!("{PROGRAM}{}", worker_name())
}

/// Ends the transactions that workers left open when they fell silent, if their leases of these mailboxes are over.
///
/// The server ends by itself a transaction in which nothing comes, but not one in the middle of whose statement the worker
/// was paused, with a part of it sent: that one would keep its locks as long as the worker sleeps. Only what was begun long
/// before the lease ended is ended, and what belongs to the same database user. It takes a moment.
pub(super) fn end_what_is_left_open(connection: &mut PgConnection, mailboxes: &[i64], lasts: Duration) -> Work<()> {
    let sql = format!(
        "select pg_terminate_backend(session.pid) from mailbox_leases lease \
         join pg_stat_activity session on session.application_name = $2 || lease.worker \
         where lease.mailbox_id = any($1) and lease.expires_at <= {NOW} \
         and session.datname = current_database() and session.usename = current_user \
         and session.pid <> pg_backend_pid() \
         and session.xact_start at time zone 'UTC' < lease.expires_at - make_interval(secs => $3)"
    );
    sql_query(sql)
        .bind::<Array<BigInt>, _>(mailboxes)
        .bind::<Text, _>(PROGRAM)
        .bind::<Double, _>(lasts.as_secs_f64() / 2.0)
        .execute(connection)?;
    Ok(())
}
