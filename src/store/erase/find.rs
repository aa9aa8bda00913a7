//! Who and what is meant by what a person types.

use super::WANTED;
use crate::application::id::{ApplicationId, CandidateId, TenantId};
use crate::application::{EmailAddress, ReferenceNumber};
use crate::store::connection::AnyConnection;
use crate::store::error::Work;
use crate::store::schema::{applications, candidate_addresses, candidates, tenants};
use crate::store::{Store, StoreError};
use diesel::prelude::*;
use serde::Serialize;

/// A candidate who may be meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CandidateFound {
    /// Their row.
    pub id: CandidateId,
    /// The recruiting system's id.
    pub external_id: String,
    /// The numbers of their applications.
    pub applications: Vec<String>,
}

impl Store {
    /// All tenants that the database knows, by name.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn tenants(&self) -> Result<Vec<(String, TenantId)>, StoreError> {
        self.read(WANTED, |connection| {
            let rows: Vec<(String, i64)> =
                tenants::table.order(tenants::name).select((tenants::name, tenants::id)).load(connection)?;
            Ok(rows.into_iter().map(|(name, id)| (name, TenantId(id))).collect())
        })
    }

    /// The tenant's application with this number: exactly, or, if that is a single one, zeros at the start aside.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn application_of_number(
        &self,
        tenant: TenantId,
        number: &ReferenceNumber,
    ) -> Result<Option<ApplicationId>, StoreError> {
        self.read(WANTED, |connection| {
            let of_tenant = || applications::table.filter(applications::tenant_id.eq(tenant.0));
            let exact: Option<i64> = of_tenant()
                .filter(applications::number.eq(number.as_str()))
                .select(applications::id)
                .get_result(connection)
                .optional()?;
            let alike: Vec<i64> = of_tenant()
                .filter(applications::number_folded.eq(number.without_leading_zeros()))
                .select(applications::id)
                .limit(2)
                .load(connection)?;
            let only = alike.first().copied().filter(|_| alike.len() == 1);
            Ok(exact.or(only).map(ApplicationId))
        })
    }

    /// The tenant's candidates with this address.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn candidates_of_address(
        &self,
        tenant: TenantId,
        address: &EmailAddress,
    ) -> Result<Vec<CandidateFound>, StoreError> {
        self.read(WANTED, |connection| {
            let rows: Vec<(i64, String)> = candidates::table
                .inner_join(candidate_addresses::table.on(candidate_addresses::candidate_id.eq(candidates::id)))
                .filter(candidates::tenant_id.eq(tenant.0))
                .filter(candidate_addresses::address.eq(address.as_str()))
                .order(candidates::id)
                .select((candidates::id, candidates::external_id))
                .load(connection)?;
            rows.into_iter().map(|row| found(connection, row)).collect()
        })
    }

    /// The tenant's candidate with this id of the recruiting system.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn candidate_of_external_id(
        &self,
        tenant: TenantId,
        external_id: &str,
    ) -> Result<Option<CandidateFound>, StoreError> {
        self.read(WANTED, |connection| {
            let row: Option<(i64, String)> = candidates::table
                .filter(candidates::tenant_id.eq(tenant.0))
                .filter(candidates::external_id.eq(external_id))
                .select((candidates::id, candidates::external_id))
                .get_result(connection)
                .optional()?;
            row.map(|row| found(connection, row)).transpose()
        })
    }
}

fn found(connection: &mut AnyConnection, (id, external_id): (i64, String)) -> Work<CandidateFound> {
    let applications = applications::table
        .filter(applications::candidate_id.eq(id))
        .order(applications::number)
        .select(applications::number)
        .load(connection)?;
    Ok(CandidateFound { id: CandidateId(id), external_id, applications })
}
