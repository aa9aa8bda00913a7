//! Sessions: who is signed in, in which browser, until when. What a user may see is never kept here but looked up.

use super::audit::{Actor, Deed, append};
use super::connection::{AnyConnection, on};
use super::error::Work;
use super::schema::{sessions, sign_in_links, tenants, user_addresses, users};
use super::secret_token::SecretToken;
use super::time::stored;
use super::words::{count, value};
use super::{Store, StoreError, Viewer};
use crate::application::id::{TenantId, UserId};
use crate::application::{EmailAddress, Language};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use diesel::prelude::*;

/// A session that is not used ends after this time.
const UNUSED: TimeDelta = TimeDelta::hours(12);

/// A session ends after this time, however much it is used.
pub const SESSION_LASTS: TimeDelta = TimeDelta::days(7);

/// A use is written down when the last one that was is older: reading pages must not write each time.
const SEEN: TimeDelta = TimeDelta::minutes(5);

/// A user who is signed in, as the directory has them now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Who it is, and with which role.
    pub viewer: Viewer,
    /// The user's name.
    pub name: String,
    /// The user's language.
    pub language: Language,
    /// The tenant's name.
    pub tenant: String,
    /// Whether [`Store::renew_session`] should be called, so that the session does not end while it is used.
    pub is_to_be_renewed: bool,
}

type Row = (i64, i64, String, String, String, String);

impl Store {
    /// The session of this secret; `None` if there is none, it has ended, or its user is no longer active.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn session(&self, token: &SecretToken, now: DateTime<Utc>) -> Result<Option<Session>, StoreError> {
        self.read("Cannot look up a session", |connection| {
            let found: Option<(Row, NaiveDateTime)> = sessions::table
                .inner_join(users::table)
                .inner_join(tenants::table.on(tenants::id.eq(users::tenant_id)))
                .filter(sessions::token_hash.eq(token.hash()))
                .filter(sessions::expires_at.gt(stored(now)))
                .filter(users::active)
                .select((
                    (users::id, users::tenant_id, users::role, users::name, users::language, tenants::name),
                    sessions::last_seen_at,
                ))
                .first(connection)
                .optional()?;
            let session = |(row, seen): (Row, NaiveDateTime)| session(row, seen <= stored(now - SEEN));
            found.map(session).transpose()
        })
    }

    /// The active users who have this address, at most one of each tenant, as if they were signed in: for where somebody
    /// else vouches for who it is.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn vouched_for(&self, address: &EmailAddress) -> Result<Vec<Session>, StoreError> {
        self.read("Cannot look up who signs in", |connection| {
            let rows: Vec<Row> = user_addresses::table
                .inner_join(users::table)
                .inner_join(tenants::table.on(tenants::id.eq(users::tenant_id)))
                .filter(user_addresses::address.eq(address.as_str()))
                .filter(users::active)
                .order(users::id)
                .select((users::id, users::tenant_id, users::role, users::name, users::language, tenants::name))
                .load(connection)?;
            rows.into_iter().map(|row| session(row, false)).collect()
        })
    }

    /// Writes down that a session is used: it ends later, but not later than some days after it began.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn renew_session(&self, token: &SecretToken, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.write("Cannot renew a session", |connection| {
            let open = sessions::table
                .filter(sessions::token_hash.eq(token.hash()))
                .filter(sessions::expires_at.gt(stored(now)))
                .filter(sessions::last_seen_at.lt(stored(now)));
            let found: Option<(i64, NaiveDateTime)> =
                open.select((sessions::id, sessions::created_at)).first(connection).optional()?;
            let Some((id, created)) = found else { return Ok(()) };
            let expires = (created + SESSION_LASTS).min(stored(now + UNUSED));
            diesel::update(sessions::table.find(id))
                .set((sessions::last_seen_at.eq(stored(now)), sessions::expires_at.eq(expires)))
                .execute(connection)?;
            Ok(())
        })
    }

    /// Ends a session. Says whether there was one.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn end_session(&self, token: &SecretToken) -> Result<bool, StoreError> {
        self.write("Cannot sign out", |connection| {
            let ended = diesel::delete(sessions::table.filter(sessions::token_hash.eq(token.hash())));
            Ok(ended.execute(connection)? > 0)
        })
    }

    /// Ends all sessions of a user, and the links by which they could sign in. Says how many sessions there were.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn end_sessions_of(&self, user: Viewer, now: DateTime<Utc>) -> Result<u64, StoreError> {
        self.write("Cannot sign out everywhere", |connection| {
            let (tenant, id) = (user.tenant.0, user.user.0);
            let links = sign_in_links::tenant_id.eq(tenant).and(sign_in_links::user_id.eq(id));
            // The rows stay: they count how many were sent.
            diesel::update(sign_in_links::table.filter(links).filter(sign_in_links::created_at.lt(stored(now))))
                .filter(sign_in_links::expires_at.gt(stored(now)))
                .set(sign_in_links::expires_at.eq(stored(now)))
                .execute(connection)?;
            let of_user = sessions::tenant_id.eq(tenant).and(sessions::user_id.eq(id));
            let ended = diesel::delete(sessions::table.filter(of_user)).execute(connection)?;
            let deed = Deed {
                at: stored(now),
                what: "signed_out_everywhere",
                tenant_id: Some(tenant),
                user_id: Some(id),
                detail: Some(format!("{ended} sessions")),
                actor: Actor::Web.as_str(),
                ..Deed::default()
            };
            append(connection, &[deed])?;
            Ok(count(ended.try_into().unwrap_or(i64::MAX)))
        })
    }
}

/// Begins a session.
pub(super) fn insert_session(
    connection: &mut AnyConnection,
    tenant: TenantId,
    user: UserId,
    token: &SecretToken,
    now: DateTime<Utc>,
) -> Work<()> {
    on!(connection, inner => diesel::insert_into(sessions::table)
        .values((
            sessions::tenant_id.eq(tenant.0),
            sessions::user_id.eq(user.0),
            sessions::token_hash.eq(token.hash()),
            sessions::created_at.eq(stored(now)),
            sessions::last_seen_at.eq(stored(now)),
            sessions::expires_at.eq(stored(now + UNUSED)),
        ))
        .execute(inner))?;
    Ok(())
}

/// Removes sessions that have ended.
pub(super) fn sweep_sessions(connection: &mut AnyConnection, now: DateTime<Utc>) -> Work<()> {
    diesel::delete(sessions::table.filter(sessions::expires_at.le(stored(now)))).execute(connection)?;
    Ok(())
}

fn session((user, tenant, role, name, language, tenant_name): Row, is_to_be_renewed: bool) -> Work<Session> {
    let role = value(role, "a role")?;
    Ok(Session {
        viewer: Viewer { user: UserId(user), tenant: TenantId(tenant), role },
        name,
        language: value(language, "a language")?,
        tenant: tenant_name,
        is_to_be_renewed,
    })
}
