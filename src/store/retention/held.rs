//! Mail that stands in no history and may belong to an application under legal hold: it may be evidence too.

use crate::application::ReferenceNumber;
use crate::application::id::{ApplicationId, MailId};
use crate::store::connection::AnyConnection;
use crate::store::error::Work;
use crate::store::schema::{applications, candidate_addresses, history_entries, holds, mail_contents, mails};
use crate::store::time::read;
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap};

/// An application under hold, and since when.
type Hold = (ApplicationId, DateTime<Utc>);

/// What a mail says of whose it may be: the number it claims, the original's sender, its own sender.
pub(in crate::store) type Signs = (Option<String>, Option<String>, Option<String>);

/// By what mail of the held applications is known.
pub(in crate::store) struct HeldSigns {
    numbers: HashMap<String, Hold>,
    addresses: HashMap<String, Hold>,
}

/// The columns of [`Signs`], of mails with their contents if they have any.
#[diesel::dsl::auto_type]
pub(in crate::store) fn signs() -> _ {
    (
        mails::claimed_number,
        mail_contents::original_from_address.nullable(),
        mail_contents::forwarder_address.nullable(),
    )
}

impl HeldSigns {
    /// Of a tenant's applications.
    pub(in crate::store) fn of(connection: &mut AnyConnection, tenant: i64) -> Work<Self> {
        let rows: Vec<(i64, NaiveDateTime, String, i64)> = holds::table
            .inner_join(applications::table)
            .filter(holds::tenant_id.eq(tenant))
            .order((holds::since.desc(), holds::id.desc()))
            .select((applications::id, holds::since, applications::number_folded, applications::candidate_id))
            .load(connection)?;
        let mut numbers = HashMap::new();
        let mut candidates = HashMap::new();
        for (application, since, number, candidate) in rows {
            let hold = (ApplicationId(application), read(since));
            numbers.insert(number, hold);
            candidates.insert(candidate, hold);
        }
        let addresses: Vec<(i64, String)> = candidate_addresses::table
            .filter(candidate_addresses::candidate_id.eq_any(candidates.keys().copied().collect::<Vec<_>>()))
            .select((candidate_addresses::candidate_id, candidate_addresses::address))
            .load(connection)?;
        let addresses = addresses.into_iter().filter_map(|(candidate, it)| Some((it, *candidates.get(&candidate)?)));
        Ok(Self { numbers, addresses: addresses.collect() })
    }

    /// No application of the tenant is held.
    pub(in crate::store) fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// The held application to which such a mail may belong.
    pub(in crate::store) fn of_mail(&self, (claimed, original_from, sender): &Signs) -> Option<Hold> {
        let claims =
            |number: &String| self.numbers.get(&ReferenceNumber::from_store(number.clone()).without_leading_zeros());
        let is_from = |address: &Option<String>| address.as_ref().and_then(|it| self.addresses.get(it));
        claimed.as_ref().and_then(claims).or_else(|| is_from(original_from)).or_else(|| is_from(sender)).copied()
    }
}

/// One of these mails that may belong to a held application, of those that stand in no history, and the application.
pub(in crate::store) fn held_mail(connection: &mut AnyConnection, ids: &[i64]) -> Work<Option<(MailId, Hold)>> {
    let rows: Vec<(i64, i64, Signs)> = mails::table
        .left_join(mail_contents::table)
        .left_join(history_entries::table.on(history_entries::mail_id.eq(mails::id)))
        .filter(mails::id.eq_any(ids))
        .filter(history_entries::id.is_null())
        .order(mails::id)
        .select((mails::id, mails::tenant_id, signs()))
        .load(connection)?;
    let tenants: BTreeSet<i64> = rows.iter().map(|(_, tenant, _)| *tenant).collect();
    for tenant in tenants {
        let held = HeldSigns::of(connection, tenant)?;
        let mut of_tenant = rows.iter().filter(|(_, of, _)| *of == tenant);
        let held = of_tenant.find_map(|(mail, _, signs)| Some((MailId(*mail), held.of_mail(signs)?)));
        if held.is_some() {
            return Ok(held);
        }
    }
    Ok(None)
}
