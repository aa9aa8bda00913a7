//! Tenants, their import addresses and their people's addresses.

use super::connection::{AnyConnection, on};
use super::error::Work;
use super::schema::{mailboxes, tenants, user_addresses};
use super::time::{read, stored};
use super::{Store, StoreError};
use crate::application::EmailAddress;
use crate::application::id::{MailboxId, TenantId};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use std::collections::{HashMap, HashSet};

/// So many mailboxes are looked up or made by one statement.
const AT_ONCE: usize = 1_000;

impl Store {
    /// The tenant of this name, if it is known.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn tenant(&self, name: &str) -> Result<Option<TenantId>, StoreError> {
        self.read("Cannot look up a tenant", |connection| {
            let id: Option<i64> =
                tenants::table.filter(tenants::name.eq(name)).select(tenants::id).get_result(connection).optional()?;
            Ok(id.map(TenantId))
        })
    }

    /// The tenant's mailbox of this import address, if it is known.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn mailbox(&self, tenant: TenantId, address: &EmailAddress) -> Result<Option<MailboxId>, StoreError> {
        self.read("Cannot look up a mailbox", |connection| {
            let id: Option<i64> = mailboxes::table
                .filter(mailboxes::tenant_id.eq(tenant.0))
                .filter(mailboxes::address.eq(address.as_str()))
                .select(mailboxes::id)
                .get_result(connection)
                .optional()?;
            Ok(id.map(MailboxId))
        })
    }

    /// The mailbox of this import address, whosever it is, and the name of its tenant; `None` if it is not known yet.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn mailbox_and_tenant(&self, address: &EmailAddress) -> Result<Option<(MailboxId, String)>, StoreError> {
        self.read("Cannot look up a mailbox", |connection| {
            let found: Option<(i64, String)> = mailboxes::table
                .inner_join(tenants::table)
                .filter(mailboxes::address.eq(address.as_str()))
                .select((mailboxes::id, tenants::name))
                .get_result(connection)
                .optional()?;
            Ok(found.map(|(id, tenant)| (MailboxId(id), tenant)))
        })
    }

    /// When the service first came to know this mailbox, that is before it was first connected; `None` if it does not yet.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn mailbox_since(&self, mailbox: MailboxId) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.read("Cannot look up a mailbox", |connection| {
            let since: Option<chrono::NaiveDateTime> =
                mailboxes::table.find(mailbox.0).select(mailboxes::created_at).get_result(connection).optional()?;
            Ok(since.map(read))
        })
    }

    /// The tenant of this name, made if it is new.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn ensure_tenant(&self, name: &str, now: DateTime<Utc>) -> Result<TenantId, StoreError> {
        match self.tenant(name)? {
            Some(tenant) => Ok(tenant),
            None => self.write("Cannot record a tenant", |connection| ensure_tenant(connection, name, now)),
        }
    }

    /// The mailbox of this import address, made if it is new.
    ///
    /// # Errors
    ///
    /// [`StoreError::WrongSettings`] if the address belongs to another tenant already.
    pub fn ensure_mailbox(
        &self,
        tenant: TenantId,
        address: &EmailAddress,
        now: DateTime<Utc>,
    ) -> Result<MailboxId, StoreError> {
        if let Some(mailbox) = self.mailbox(tenant, address)? {
            return Ok(mailbox);
        }
        let wanted = "Cannot record a mailbox";
        self.write(wanted, |connection| {
            on!(connection, inner => diesel::insert_into(mailboxes::table)
                .values((
                    mailboxes::tenant_id.eq(tenant.0),
                    mailboxes::address.eq(address.as_str()),
                    mailboxes::created_at.eq(stored(now)),
                ))
                .on_conflict_do_nothing()
                .execute(inner))?;
            let (id, owner): (i64, i64) = mailboxes::table
                .filter(mailboxes::address.eq(address.as_str()))
                .select((mailboxes::id, mailboxes::tenant_id))
                .get_result(connection)?;
            if owner != tenant.0 {
                let cause = format!("the import address {} belongs to another tenant already", address.as_str());
                return Err(StoreError::WrongSettings { wanted, cause }.into());
            }
            Ok(MailboxId(id))
        })
    }

    /// The mailboxes of these import addresses, each with its tenant's name, made if they are new; in few statements,
    /// whatever their number. One whose address belongs to another tenant already gets none and keeps no other.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn ensure_mailboxes(
        &self,
        mailboxes: &[(&str, &EmailAddress)],
        now: DateTime<Utc>,
    ) -> Result<Vec<Option<MailboxId>>, StoreError> {
        self.write("Cannot record mailboxes", |connection| {
            let mut tenants: HashMap<&str, TenantId> = HashMap::new();
            for (tenant, _) in mailboxes {
                if !tenants.contains_key(tenant) {
                    tenants.insert(tenant, ensure_tenant(connection, tenant, now)?);
                }
            }
            let wanted: Vec<(TenantId, &str)> = mailboxes
                .iter()
                .filter_map(|(tenant, address)| Some((*tenants.get(tenant)?, address.as_str())))
                .collect();
            let mut known = of_addresses(connection, &wanted)?;
            let new: Vec<_> = wanted
                .iter()
                .filter(|(_, address)| !known.contains_key(*address))
                .map(|(tenant, address)| {
                    (
                        mailboxes::tenant_id.eq(tenant.0),
                        mailboxes::address.eq(*address),
                        mailboxes::created_at.eq(stored(now)),
                    )
                })
                .collect();
            if !new.is_empty() {
                for rows in new.chunks(AT_ONCE) {
                    on!(connection, inner => diesel::insert_into(mailboxes::table)
                        .values(rows.to_vec())
                        .on_conflict_do_nothing()
                        .execute(inner))?;
                }
                known = of_addresses(connection, &wanted)?;
            }
            let ours = |(tenant, address): &(TenantId, &str)| {
                known.get(*address).filter(|(_, owner)| owner == tenant).map(|(id, _)| *id)
            };
            Ok(wanted.iter().map(ours).collect())
        })
    }

    /// All addresses of the tenant's users, former ones included: a forward may have passed through their hands.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn staff_addresses(&self, tenant: TenantId) -> Result<HashSet<EmailAddress>, StoreError> {
        self.read("Cannot read the users' addresses", |connection| {
            let addresses: Vec<String> = user_addresses::table
                .filter(user_addresses::tenant_id.eq(tenant.0))
                .select(user_addresses::address)
                .load(connection)?;
            addresses.into_iter().map(address).collect()
        })
    }
}

/// The mailboxes that there are of these addresses, with their tenants.
fn of_addresses(
    connection: &mut AnyConnection,
    wanted: &[(TenantId, &str)],
) -> Work<HashMap<String, (MailboxId, TenantId)>> {
    let mut found = HashMap::with_capacity(wanted.len());
    for part in wanted.chunks(AT_ONCE) {
        let rows: Vec<(String, i64, i64)> = mailboxes::table
            .filter(mailboxes::address.eq_any(part.iter().map(|(_, address)| *address)))
            .select((mailboxes::address, mailboxes::id, mailboxes::tenant_id))
            .load(connection)?;
        found.extend(rows.into_iter().map(|(address, id, owner)| (address, (MailboxId(id), TenantId(owner)))));
    }
    Ok(found)
}

/// The tenant of this name, made if it is new.
pub(super) fn ensure_tenant(connection: &mut AnyConnection, name: &str, now: DateTime<Utc>) -> Work<TenantId> {
    on!(connection, inner => diesel::insert_into(tenants::table)
        .values((tenants::name.eq(name), tenants::created_at.eq(stored(now))))
        .on_conflict_do_nothing()
        .execute(inner))?;
    Ok(TenantId(tenants::table.filter(tenants::name.eq(name)).select(tenants::id).get_result(connection)?))
}

/// An address as the database holds it.
pub(super) fn address(text: String) -> Work<EmailAddress> {
    EmailAddress::try_from(text).map_err(|_| super::error::Trouble::Unreadable("an address"))
}
