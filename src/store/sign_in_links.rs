//! Links by which people sign in: made for an address, good once and for a short time.

use super::audit::{Actor, Deed, append};
use super::connection::{AnyConnection, on};
use super::error::Work;
use super::schema::{sign_in_links, tenants, user_addresses, users};
use super::secret_token::SecretToken;
use super::sessions::{insert_session, sweep_sessions};
use super::tenancy::address;
use super::time::stored;
use super::words::value;
use super::{Store, StoreError};
use crate::application::id::{TenantId, UserId};
use crate::application::{EmailAddress, Language};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use diesel::prelude::*;

/// A link is good for so long.
pub const SIGN_IN_LINK_LASTS: TimeDelta = TimeDelta::minutes(15);

/// So many links are sent to one user within [`COUNTED`]: whoever asks in somebody's name fills no mailbox.
const PER_USER: i64 = 5;
const COUNTED: TimeDelta = TimeDelta::hours(1);

/// So many links are sent to all users together within [`COUNTED_OF_ALL`].
const OF_ALL: i64 = 60;
const COUNTED_OF_ALL: TimeDelta = TimeDelta::minutes(1);

/// An active user who has this address, in one tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserOfAddress {
    /// The user.
    pub user: UserId,
    /// The user's tenant.
    pub tenant: TenantId,
    /// The tenant's name.
    pub tenant_name: String,
    /// The user's name.
    pub name: String,
    /// The user's first address, where mail to them goes.
    pub address: EmailAddress,
    /// The user's language.
    pub language: Language,
}

/// A new link, for the mail in which it goes.
#[derive(Clone, Debug)]
pub struct SignInLink {
    /// Who signs in by it.
    pub user: UserOfAddress,
    /// What makes the link one: a secret.
    pub token: SecretToken,
}

/// What a link did.
#[derive(Clone, Debug)]
pub struct SignedInByLink {
    /// The secret of the new session, for the browser.
    pub session: SecretToken,
    /// Where the person wanted to go: a path of ours.
    pub next_path: String,
}

type UserRow = (i64, i64, String, String, String, String);

impl Store {
    /// Makes a link for each active user who has this address, as far as the bounds on what is sent allow. `next_path` is
    /// where the person wants to go: a path of ours with its query. A search names people: it goes with the link, or when
    /// somebody is erased.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away, or the system gives no chance.
    pub fn make_sign_in_links(
        &self,
        whose: &EmailAddress,
        next_path: &str,
        now: DateTime<Utc>,
    ) -> Result<Vec<SignInLink>, StoreError> {
        const WANTED: &str = "Cannot make a link to sign in";
        // Nobody's address must not make the database write.
        if self.read(WANTED, |connection| of_address(connection, whose))?.is_empty() {
            return Ok(Vec::new());
        }
        self.write(WANTED, |connection| {
            sweep(connection, now)?;
            let mut links = Vec::new();
            for user in of_address(connection, whose)? {
                if !may_have_another(connection, &user, now)? {
                    continue;
                }
                let token = SecretToken::new()
                    .map_err(|error| StoreError::Unavailable { wanted: WANTED, cause: error.to_string() })?;
                on!(connection, inner => diesel::insert_into(sign_in_links::table)
                    .values((
                        sign_in_links::tenant_id.eq(user.tenant.0),
                        sign_in_links::user_id.eq(user.user.0),
                        sign_in_links::token_hash.eq(token.hash()),
                        sign_in_links::next_path.eq(next_path),
                        sign_in_links::created_at.eq(stored(now)),
                        sign_in_links::expires_at.eq(stored(now + SIGN_IN_LINK_LASTS)),
                    ))
                    .execute(inner))?;
                links.push(SignInLink { user, token });
            }
            Ok(links)
        })
    }

    /// Whether a link is good for signing in. Uses nothing up.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn sign_in_link_is_good(&self, token: &SecretToken, now: DateTime<Utc>) -> Result<bool, StoreError> {
        self.read("Cannot look up a link to sign in", |connection| {
            let found: Option<i64> = sign_in_links::table
                .inner_join(users::table)
                .filter(sign_in_links::token_hash.eq(token.hash()))
                .filter(sign_in_links::expires_at.gt(stored(now)))
                .filter(users::active)
                .select(sign_in_links::id)
                .first(connection)
                .optional()?;
            Ok(found.is_some())
        })
    }

    /// Uses a link up and begins a session; `None` if it was used before, is too old, or there is no such link.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away, or the system gives no chance: the link is still good then.
    pub fn use_sign_in_link(
        &self,
        token: &SecretToken,
        now: DateTime<Utc>,
    ) -> Result<Option<SignedInByLink>, StoreError> {
        const WANTED: &str = "Cannot sign in";
        self.write(WANTED, |connection| {
            let of_token = sign_in_links::table.filter(sign_in_links::token_hash.eq(token.hash()));
            // Of two that come at once one deletes the row, and the other finds none.
            let used: Option<(i64, i64, String, NaiveDateTime)> = on!(connection, inner => diesel::delete(of_token)
                .returning((
                    sign_in_links::tenant_id,
                    sign_in_links::user_id,
                    sign_in_links::next_path,
                    sign_in_links::expires_at,
                ))
                .get_result(inner)
                .optional())?;
            let Some((tenant, user, next_path, _)) = used.filter(|(.., expires)| *expires > stored(now)) else {
                return Ok(None);
            };
            if !users::table.find(user).select(users::active).first::<bool>(connection)? {
                return Ok(None);
            }
            let session = SecretToken::new()
                .map_err(|error| StoreError::Unavailable { wanted: WANTED, cause: error.to_string() })?;
            insert_session(connection, TenantId(tenant), UserId(user), &session, now)?;
            let deed = Deed {
                at: stored(now),
                what: "signed_in",
                tenant_id: Some(tenant),
                user_id: Some(user),
                actor: Actor::Web.as_str(),
                ..Deed::default()
            };
            append(connection, &[deed])?;
            sweep(connection, now)?;
            Ok(Some(SignedInByLink { session, next_path }))
        })
    }
}

impl Store {
    /// Removes links and sessions that are good for nothing any more.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn sweep_sign_ins(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.write("Cannot remove sessions that ended", |connection| sweep(connection, now))
    }
}

fn of_address(connection: &mut AnyConnection, whose: &EmailAddress) -> Work<Vec<UserOfAddress>> {
    let rows: Vec<UserRow> = user_addresses::table
        .inner_join(users::table)
        .inner_join(tenants::table.on(tenants::id.eq(users::tenant_id)))
        .filter(user_addresses::address.eq(whose.as_str()))
        .filter(users::active)
        .order(users::id)
        .select((users::id, users::tenant_id, tenants::name, users::name, users::address, users::language))
        .load(connection)?;
    rows.into_iter().map(user).collect()
}

fn user((user, tenant, tenant_name, name, first, language): UserRow) -> Work<UserOfAddress> {
    Ok(UserOfAddress {
        user: UserId(user),
        tenant: TenantId(tenant),
        tenant_name,
        name,
        address: address(first)?,
        language: value(language, "a language")?,
    })
}

/// Whether another link may be made for the user now.
fn may_have_another(connection: &mut AnyConnection, user: &UserOfAddress, now: DateTime<Utc>) -> Work<bool> {
    // Two that count at once would both make the last one.
    if let AnyConnection::Postgres(inner) = connection {
        users::table.find(user.user.0).select(users::id).for_no_key_update().get_result::<i64>(inner)?;
    }
    let of_user: i64 = sign_in_links::table
        .filter(sign_in_links::tenant_id.eq(user.tenant.0))
        .filter(sign_in_links::user_id.eq(user.user.0))
        .filter(sign_in_links::created_at.gt(stored(now - COUNTED)))
        .count()
        .get_result(connection)?;
    let of_all: i64 = sign_in_links::table
        .filter(sign_in_links::created_at.gt(stored(now - COUNTED_OF_ALL)))
        .count()
        .get_result(connection)?;
    Ok(of_user < PER_USER && of_all < OF_ALL)
}

/// Removes what is good for nothing any more. A link stays as long as it counts.
fn sweep(connection: &mut AnyConnection, now: DateTime<Utc>) -> Work<()> {
    let counts_no_more = sign_in_links::created_at.le(stored(now - COUNTED));
    diesel::delete(sign_in_links::table.filter(counts_no_more)).execute(connection)?;
    sweep_sessions(connection, now)
}
