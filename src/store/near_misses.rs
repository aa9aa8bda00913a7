//! Applications that somebody may have meant who mistyped a number: one look-up by the index of the numbers, however many
//! applications the tenant has.

use super::schema::{applications, candidate_addresses, responsibilities};
use super::{Store, StoreError};
use crate::application::id::{TenantId, UserId};
use crate::application::{EmailAddress, ReferenceNumber};
use crate::decision::NearMiss;
use diesel::dsl::exists;
use diesel::prelude::*;

impl Store {
    /// Those of the tenant's applications that have one of these numbers and are not blocked, in no certain order; only those that `responsible`
    /// is responsible for, if such a user is given. `sender` is whoever wrote the forwarded mail.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn near_misses(
        &self,
        tenant: TenantId,
        numbers: &[ReferenceNumber],
        responsible: Option<UserId>,
        sender: Option<&EmailAddress>,
    ) -> Result<Vec<NearMiss>, StoreError> {
        self.read("Cannot look up numbers like one", |connection| {
            let is_of_sender = exists(
                candidate_addresses::table
                    .filter(candidate_addresses::candidate_id.eq(applications::candidate_id))
                    .filter(candidate_addresses::address.eq(sender.map_or("", EmailAddress::as_str))),
            );
            let mut near = applications::table
                .filter(applications::tenant_id.eq(tenant.0))
                .filter(applications::blocked_since.is_null())
                .filter(applications::number.eq_any(numbers.iter().map(ReferenceNumber::as_str)))
                .select((applications::number, applications::post, is_of_sender))
                .into_boxed();
            if let Some(user) = responsible {
                near = near.filter(exists(
                    responsibilities::table
                        .filter(responsibilities::application_id.eq(applications::id))
                        .filter(responsibilities::user_id.eq(user.0)),
                ));
            }
            let rows: Vec<(String, String, bool)> = near.load(connection)?;
            let near_miss =
                |(number, post, of_sender)| NearMiss { number: ReferenceNumber::from_store(number), post, of_sender };
            Ok(rows.into_iter().map(near_miss).collect())
        })
    }
}
