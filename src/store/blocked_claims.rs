//! Mail that stands in no history and claims the number of a blocked application: while that is blocked, the mail is shown
//! to nobody, in no number of what waits and in no digest. Every query about such mail asks this.

use super::connection::AnyConnection;
use super::error::Work;
use super::schema::{applications, mails};
use crate::application::ReferenceNumber;
use crate::application::id::TenantId;
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use std::collections::{BTreeMap, BTreeSet};

/// Outcomes of mail that waits for a person.
pub(super) const WAITING: [&str; 2] = ["unassigned", "set_aside"];

/// The claims of a tenant's waiting mails that mean a blocked application.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct BlockedClaims(Vec<String>);

/// Number, the same without leading zeros, and whether it is blocked.
type Row = (String, String, bool);

impl BlockedClaims {
    /// As they stand now.
    pub(super) fn of(connection: &mut AnyConnection, tenant: TenantId) -> Work<Self> {
        let is_blocked = || applications::tenant_id.eq(tenant.0).and(applications::blocked_since.is_not_null());
        let blocked = exists(applications::table.filter(is_blocked()));
        let claims: BTreeSet<String> = mails::table
            .filter(blocked)
            .filter(mails::tenant_id.eq(tenant.0))
            .filter(mails::outcome.eq_any(WAITING))
            .filter(mails::claimed_number.is_not_null())
            .select(mails::claimed_number.assume_not_null())
            .distinct()
            .load(connection)?
            .into_iter()
            .collect();
        if claims.is_empty() {
            return Ok(Self::default());
        }
        let short: BTreeSet<String> = claims.iter().map(|claim| folded(claim)).collect();
        let mut alike: BTreeMap<String, Vec<Row>> = BTreeMap::new();
        for part in short.into_iter().collect::<Vec<_>>().chunks(1000) {
            let rows: Vec<Row> = applications::table
                .filter(applications::tenant_id.eq(tenant.0))
                .filter(applications::number_folded.eq_any(part))
                .select((applications::number, applications::number_folded, applications::blocked_since.is_not_null()))
                .load(connection)?;
            for row in rows {
                alike.entry(row.1.clone()).or_default().push(row);
            }
        }
        let means_blocked = |claim: &String| {
            let alike = alike.get(&folded(claim)).map(Vec::as_slice).unwrap_or_default();
            let exact = alike.iter().find(|(number, ..)| number == claim);
            // Zeros at the start aside it means an application only if that is a single one.
            let meant = exact.or(if let [only] = alike { Some(only) } else { None });
            meant.is_some_and(|(.., is_blocked)| *is_blocked)
        };
        Ok(Self(claims.into_iter().filter(means_blocked).collect()))
    }

    /// Whether a mail claims one of them.
    pub(super) fn has(&self, claimed: Option<&str>) -> bool {
        claimed.is_some_and(|claimed| self.0.iter().any(|blocked| blocked == claimed))
    }
}

fn folded(number: &str) -> String {
    ReferenceNumber::from_store(number.to_owned()).without_leading_zeros()
}

/// Mails that claim none of these.
#[diesel::dsl::auto_type]
pub(super) fn claims_none_of(blocked: &BlockedClaims) -> _ {
    let numbers: Vec<String> = blocked.0.clone();
    let nothing: bool = blocked.0.is_empty();
    nothing
        .into_sql::<Bool>()
        .or(mails::claimed_number.is_null())
        .or(mails::claimed_number.assume_not_null().ne_all(numbers))
}
