//! Which rows an erasure is about, looked up anew in each of its transactions.

use super::erasure::Erasure;
use crate::application::ReferenceNumber;
use crate::store::connection::AnyConnection;
use crate::store::error::Work;
use crate::store::retention::Standing;
use crate::store::schema::{applications, candidate_addresses, candidates};
use diesel::prelude::*;
use std::collections::BTreeSet;

/// What an erasure is about.
#[derive(Debug, Default)]
pub(super) struct Scope {
    /// The tenant; only single mails are erased without naming one.
    pub(super) tenant: i64,
    /// Applications that go, lowest id first.
    pub(super) applications: Vec<i64>,
    /// Numbers that a mail which waits may claim to belong here.
    pub(super) claims: Vec<Claim>,
    /// The candidate who goes.
    pub(super) candidate: Option<i64>,
    /// Addresses that are this person's alone: mail that waits and comes from them belongs here.
    pub(super) addresses: Vec<String>,
    /// All addresses of the person: mail of others that mentions one is named.
    pub(super) mentioned: Vec<String>,
    /// Single mails.
    pub(super) mails: Vec<i64>,
    /// How its only application must stand.
    pub(super) standing: Option<Standing>,
}

/// A number that belongs to the erasure.
#[derive(Debug)]
pub(super) struct Claim {
    pub(super) number: String,
    pub(super) folded: String,
    /// No other application has the number in its folded form: a claim may leave zeros out or add some.
    pub(super) also_folded: bool,
}

type ApplicationRow = (i64, i64, i64, String, String);

impl Scope {
    /// What there is to be erased; `None` if there is no such row (any more).
    pub(super) fn of(connection: &mut AnyConnection, what: &Erasure) -> Work<Option<Self>> {
        match what {
            Erasure::Application(id) => Self::of_application(connection, id.0),
            Erasure::Candidate(id) => Self::of_candidate(connection, id.0),
            Erasure::Number(tenant, number) => {
                let claims = vec![claim(connection, tenant.0, number.as_str(), &number.without_leading_zeros(), 0)?];
                Ok(Some(Self { tenant: tenant.0, claims, ..Self::default() }))
            }
            Erasure::Address(tenant, address) => {
                let addresses = vec![address.as_str().to_owned()];
                let mentioned = addresses.clone();
                Ok(Some(Self { tenant: tenant.0, addresses, mentioned, ..Self::default() }))
            }
            Erasure::Due(id, standing) => {
                let standing = Some(standing.clone());
                let scope = Self::of_application(connection, id.0)?;
                Ok(scope.map(|scope| Self { standing, claims: Vec::new(), addresses: Vec::new(), ..scope }))
            }
            Erasure::Mails(ids) => Ok(Some(Self { mails: ids.iter().map(|mail| mail.0).collect(), ..Self::default() })),
        }
    }

    fn of_application(connection: &mut AnyConnection, id: i64) -> Work<Option<Self>> {
        let row: Option<ApplicationRow> = rows().filter(applications::id.eq(id)).get_result(connection).optional()?;
        let Some((id, tenant, candidate, number, folded)) = row else { return Ok(None) };
        let others: i64 = applications::table
            .filter(applications::tenant_id.eq(tenant))
            .filter(applications::candidate_id.eq(candidate))
            .filter(applications::id.ne(id))
            .count()
            .get_result(connection)?;
        let claims = vec![claim(connection, tenant, &number, &folded, 1)?];
        let mut scope = Self { tenant, applications: vec![id], claims, ..Self::default() };
        if others == 0 {
            scope.take_candidate(connection, candidate)?;
        } else {
            scope.mentioned = addresses_of(connection, candidate)?;
        }
        Ok(Some(scope))
    }

    fn of_candidate(connection: &mut AnyConnection, id: i64) -> Work<Option<Self>> {
        let tenant: Option<i64> =
            candidates::table.find(id).select(candidates::tenant_id).get_result(connection).optional()?;
        let Some(tenant) = tenant else { return Ok(None) };
        let rows: Vec<ApplicationRow> = rows()
            .filter(applications::tenant_id.eq(tenant))
            .filter(applications::candidate_id.eq(id))
            .order(applications::id)
            .load(connection)?;
        let mut scope = Self { tenant, ..Self::default() };
        for (application, _, _, number, folded) in rows {
            scope.applications.push(application);
            scope.claims.push(claim(connection, tenant, &number, &folded, 1)?);
        }
        scope.take_candidate(connection, id)?;
        Ok(Some(scope))
    }

    /// The candidate goes too. An address that another candidate of the tenant has as well tells nothing about whose a
    /// mail is.
    fn take_candidate(&mut self, connection: &mut AnyConnection, candidate: i64) -> Work<()> {
        self.mentioned = addresses_of(connection, candidate)?;
        let of_others: Vec<String> = candidate_addresses::table
            .inner_join(candidates::table.on(candidates::id.eq(candidate_addresses::candidate_id)))
            .filter(candidates::tenant_id.eq(self.tenant))
            .filter(candidates::id.ne(candidate))
            .filter(candidate_addresses::address.eq_any(&self.mentioned))
            .select(candidate_addresses::address)
            .load(connection)?;
        let of_others: BTreeSet<String> = of_others.into_iter().collect();
        self.addresses = self.mentioned.iter().filter(|address| !of_others.contains(*address)).cloned().collect();
        self.candidate = Some(candidate);
        Ok(())
    }
}

impl Scope {
    /// Whether nothing has changed that it was found to be due by; its application is locked.
    pub(super) fn stands(&self, connection: &mut AnyConnection) -> Work<bool> {
        match (&self.standing, self.applications.first()) {
            (Some(standing), Some(application)) => standing.is_still_so(connection, *application),
            _ => Ok(true),
        }
    }
}

impl Claim {
    /// Whether a mail that claims this number means ours.
    pub(super) fn is_meant_by(&self, claimed: &str) -> bool {
        let folded = || ReferenceNumber::from_store(claimed.to_owned()).without_leading_zeros();
        claimed == self.number || (self.also_folded && folded() == self.folded)
    }
}

/// `ours`: so many applications have the number themselves.
fn claim(connection: &mut AnyConnection, tenant: i64, number: &str, folded: &str, ours: i64) -> Work<Claim> {
    let alike: i64 = applications::table
        .filter(applications::tenant_id.eq(tenant))
        .filter(applications::number_folded.eq(folded))
        .count()
        .get_result(connection)?;
    Ok(Claim { number: number.to_owned(), folded: folded.to_owned(), also_folded: alike == ours })
}

#[diesel::dsl::auto_type]
fn rows() -> _ {
    applications::table.select((
        applications::id,
        applications::tenant_id,
        applications::candidate_id,
        applications::number,
        applications::number_folded,
    ))
}

fn addresses_of(connection: &mut AnyConnection, candidate: i64) -> Work<Vec<String>> {
    Ok(candidate_addresses::table
        .filter(candidate_addresses::candidate_id.eq(candidate))
        .order(candidate_addresses::position)
        .select(candidate_addresses::address)
        .load(connection)?)
}
