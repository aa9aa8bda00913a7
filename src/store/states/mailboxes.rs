//! The mailboxes of a tenant.

use crate::application::masked;
use crate::store::connection::AnyConnection;
use crate::store::error::Work;
use crate::store::schema::{mailbox_rounds, mailboxes, removals};
use crate::store::time::read;
use crate::store::words::count;
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::{count_star, min};
use diesel::prelude::*;
use serde::Serialize;
use std::collections::HashMap;

/// More of an error nobody reads.
const LONGEST_ERROR: usize = 400;

/// How a mailbox stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TenantMailbox {
    /// The import address.
    pub address: String,
    /// When the last round ended; `None` before the first.
    pub last_round: Option<DateTime<Utc>>,
    /// When a round last ended well.
    pub last_good_round: Option<DateTime<Utc>>,
    /// Why the last one did not, in the words of the program and the mail server, without addresses and quotations.
    pub error: Option<String>,
    /// Unseen mails in the inbox after the last round.
    pub waiting: u64,
    /// Mails in the inbox that are seen and have no record.
    pub stranded: u64,
    /// Erased mails that still lie on the server.
    pub removals: u64,
    /// Since when the oldest of them is to be removed.
    pub removals_since: Option<DateTime<Utc>>,
}

type RoundRow = (NaiveDateTime, Option<NaiveDateTime>, Option<String>, i64, i64);

pub(super) fn of_tenant(connection: &mut AnyConnection, tenant: i64) -> Work<Vec<TenantMailbox>> {
    let rows: Vec<(i64, String, Option<RoundRow>)> = mailboxes::table
        .left_join(mailbox_rounds::table)
        .filter(mailboxes::tenant_id.eq(tenant))
        .order(mailboxes::address)
        .select((
            mailboxes::id,
            mailboxes::address,
            (
                mailbox_rounds::finished_at,
                mailbox_rounds::last_good_at,
                mailbox_rounds::error,
                mailbox_rounds::waiting,
                mailbox_rounds::stranded,
            )
                .nullable(),
        ))
        .load(connection)?;
    let removals: Vec<(i64, i64, Option<NaiveDateTime>)> = removals::table
        .inner_join(mailboxes::table)
        .filter(mailboxes::tenant_id.eq(tenant))
        .group_by(removals::mailbox_id)
        .select((removals::mailbox_id, count_star(), min(removals::since)))
        .load(connection)?;
    let removals: HashMap<i64, (i64, Option<NaiveDateTime>)> =
        removals.into_iter().map(|(mailbox, mails, since)| (mailbox, (mails, since))).collect();
    let line = |(id, address, round): (i64, String, Option<RoundRow>)| {
        let (mails, since) = removals.get(&id).copied().unwrap_or_default();
        let round = round.map(|(at, good, error, waiting, stranded)| (Some(at), good, error, waiting, stranded));
        let (last_round, last_good, error, waiting, stranded) = round.unwrap_or_default();
        TenantMailbox {
            address,
            last_round: last_round.map(read),
            last_good_round: last_good.map(read),
            error: error.map(|text| shown(&text)),
            waiting: count(waiting),
            stranded: count(stranded),
            removals: count(mails),
            removals_since: since.map(read),
        }
    };
    Ok(rows.into_iter().map(line).collect())
}

/// The words of servers were masked when they were noted; whoever reads this page need not trust that.
fn shown(error: &str) -> String {
    masked(error, |_, _| false).chars().take(LONGEST_ERROR).collect()
}
