//! Tokens by which programs see and change a tenant's data. Of a token only its digest is kept.

use super::audit::{Actor, Deed, append};
use super::connection::on;
use super::schema::{api_tokens, tenants};
use super::time::{read, stored};
use super::words::storable;
use super::{Store, StoreError};
use crate::application::id::{ApiTokenId, TenantId};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use diesel::prelude::*;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// What every token begins with, so that one that is found where it should not be is known for what it is.
const BEGINNING: &str = "reply_import_";

/// Octets of chance in a token.
const CHANCE: usize = 32;

/// When a token was last used is noted so exactly; a request that only reads does not write each time.
const EXACTNESS: TimeDelta = TimeDelta::minutes(1);

/// A token that was just made; it cannot be shown again.
#[derive(Debug)]
pub struct NewApiToken {
    /// Its number.
    pub id: ApiTokenId,
    /// The token itself.
    pub token: SecretString,
}

/// What is known of a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ApiToken {
    /// Its number.
    pub id: ApiTokenId,
    /// The tenant's name.
    pub tenant: String,
    /// What it is for.
    pub name: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// Since when it is of no use any more.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// A token that a request bears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsedApiToken {
    /// Its number.
    pub id: ApiTokenId,
    /// Its tenant.
    pub tenant: TenantId,
    /// The tenant's name.
    pub tenant_name: String,
}

type Row = (i64, String, String, NaiveDateTime, Option<NaiveDateTime>, Option<NaiveDateTime>);

impl Store {
    /// Makes a token for a tenant. `None` if one of this name is in use already.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away, or the system gives no chance.
    pub fn add_api_token(
        &self,
        tenant: TenantId,
        name: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<NewApiToken>, StoreError> {
        const WANTED: &str = "Cannot make a token";
        let mut chance = [0; CHANCE];
        openssl::rand::rand_bytes(&mut chance)
            .map_err(|error| StoreError::Unavailable { wanted: WANTED, cause: error.to_string() })?;
        let token = format!("{BEGINNING}{}", URL_SAFE_NO_PAD.encode(chance));
        let id: Option<i64> = self.write(WANTED, |connection| {
            let id: Option<i64> = on!(connection, inner => diesel::insert_into(api_tokens::table)
                .values((
                    api_tokens::tenant_id.eq(tenant.0),
                    api_tokens::name.eq(storable(name)),
                    api_tokens::sha256.eq(digest(&token)),
                    api_tokens::created_at.eq(stored(now)),
                ))
                .on_conflict_do_nothing()
                .returning(api_tokens::id)
                .get_result(inner)
                .optional())?;
            if let Some(id) = id {
                append(connection, &[deed("api_token_added", tenant.0, id, now)])?;
            }
            Ok(id)
        })?;
        Ok(id.map(|id| NewApiToken { id: ApiTokenId(id), token: token.into() }))
    }

    /// All tokens, revoked ones too, oldest first.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn api_tokens(&self) -> Result<Vec<ApiToken>, StoreError> {
        self.read("Cannot list the tokens", |connection| {
            let rows: Vec<Row> = api_tokens::table
                .inner_join(tenants::table)
                .order(api_tokens::id)
                .select((
                    api_tokens::id,
                    tenants::name,
                    api_tokens::name,
                    api_tokens::created_at,
                    api_tokens::last_used_at,
                    api_tokens::revoked_at,
                ))
                .load(connection)?;
            Ok(rows
                .into_iter()
                .map(|(id, tenant, name, created_at, last_used_at, revoked_at)| ApiToken {
                    id: ApiTokenId(id),
                    tenant,
                    name,
                    created_at: read(created_at),
                    last_used_at: last_used_at.map(read),
                    revoked_at: revoked_at.map(read),
                })
                .collect())
        })
    }

    /// Makes a token useless, from the next request on, and says since when it is: one that was revoked before stays so.
    ///
    /// # Errors
    ///
    /// [`StoreError::Missing`] if there is no such token; [`StoreError::Unavailable`] if the database is away.
    pub fn revoke_api_token(&self, id: ApiTokenId, now: DateTime<Utc>) -> Result<DateTime<Utc>, StoreError> {
        self.write("Cannot revoke a token", |connection| {
            let (tenant, before): (i64, Option<NaiveDateTime>) = api_tokens::table
                .find(id.0)
                .select((api_tokens::tenant_id, api_tokens::revoked_at))
                .get_result(connection)?;
            if let Some(before) = before {
                return Ok(read(before));
            }
            diesel::update(api_tokens::table.find(id.0))
                .set(api_tokens::revoked_at.eq(stored(now)))
                .execute(connection)?;
            append(connection, &[deed("api_token_revoked", tenant, id.0, now)])?;
            Ok(read(stored(now)))
        })
    }

    /// The token that this is, with its tenant, if it is one in use; notes that it was used.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn use_api_token(&self, token: &SecretString, now: DateTime<Utc>) -> Result<Option<UsedApiToken>, StoreError> {
        let wanted = "Cannot look up a token";
        let found: Option<(i64, i64, String, Option<NaiveDateTime>)> = self.read(wanted, |connection| {
            Ok(api_tokens::table
                .inner_join(tenants::table)
                .filter(api_tokens::sha256.eq(digest(token.expose_secret())))
                .filter(api_tokens::revoked_at.is_null())
                .select((api_tokens::id, api_tokens::tenant_id, tenants::name, api_tokens::last_used_at))
                .get_result(connection)
                .optional()?)
        })?;
        let Some((id, tenant, tenant_name, last_used_at)) = found else { return Ok(None) };
        if last_used_at.is_none_or(|last| read(last) + EXACTNESS <= now) {
            self.write(wanted, |connection| {
                diesel::update(api_tokens::table.find(id))
                    .set(api_tokens::last_used_at.eq(stored(now)))
                    .execute(connection)?;
                Ok(())
            })?;
        }
        Ok(Some(UsedApiToken { id: ApiTokenId(id), tenant: TenantId(tenant), tenant_name }))
    }
}

/// A token is long and made by chance: a plain digest tells nothing about it.
fn digest(token: &str) -> String {
    hex::encode(Sha256::digest(token))
}

fn deed(what: &'static str, tenant: i64, token: i64, now: DateTime<Utc>) -> Deed {
    Deed {
        at: stored(now),
        what,
        tenant_id: Some(tenant),
        detail: Some(format!("token {token}")),
        actor: Actor::Cli.as_str(),
        ..Deed::default()
    }
}
