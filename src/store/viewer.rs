//! Who looks, and what they may see: every query that shows something to a person asks this.

use super::schema::{applications, responsibilities};
use crate::application::Role;
use crate::application::id::{ApiTokenId, TenantId, UserId};
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::Bool;

/// A user of a tenant who looks at what is recorded. Made by signing in, never from what a request says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// The user.
    pub user: UserId,
    /// The user's tenant: nothing of another one is ever shown.
    pub tenant: TenantId,
    /// What the user is in the recruiting system.
    pub role: Role,
}

impl Viewer {
    /// A program with a token: it sees the whole tenant, and is no user. Its number is the token's with a minus, which no
    /// user has.
    #[must_use]
    pub fn of_program(tenant: TenantId, token: ApiTokenId) -> Self {
        Self { user: UserId(token.0.saturating_neg()), tenant, role: Role::Personalmanager }
    }

    /// The token of a program; `None` for a user.
    #[must_use]
    pub fn token(self) -> Option<ApiTokenId> {
        (self.user.0 < 0).then_some(ApiTokenId(self.user.0.saturating_neg()))
    }

    /// Whether it is a program.
    #[must_use]
    pub fn is_program(self) -> bool {
        self.token().is_some()
    }

    /// Whether all applications of the tenant are shown, and not only those the user is responsible for.
    #[must_use]
    pub fn sees_whole_tenant(self) -> bool {
        matches!(self.role, Role::Personalmanager | Role::Recruiter)
    }

    /// Whether anything of what a mail says is shown: administrators see states only.
    #[must_use]
    pub fn sees_content(self) -> bool {
        self.role != Role::Administrator
    }

    /// Whether the user sees how the service stands for the tenant: administrators do.
    #[must_use]
    pub fn sees_states(self) -> bool {
        self.role == Role::Administrator
    }

    /// Whether the user sees mail that waits, and decides about it.
    #[must_use]
    pub fn may_decide(self) -> bool {
        self.sees_whole_tenant()
    }

    /// Whether the user sees the tab Dokumente, which the reference system has for these roles only.
    #[must_use]
    pub fn sees_documents_tab(self) -> bool {
        self.sees_whole_tenant()
    }

    /// Whether the user may correct a file's document kind.
    #[must_use]
    pub fn may_correct_kinds(self) -> bool {
        self.sees_whole_tenant() || self.role == Role::FachbereichPlus
    }
}

/// The applications that are shown to this user: of their tenant and not blocked; all of them, or those the user is
/// responsible for.
#[diesel::dsl::auto_type]
pub(super) fn seen_by(viewer: Viewer) -> _ {
    let (tenant, user): (i64, i64) = (viewer.tenant.0, viewer.user.0);
    let (content, all): (bool, bool) = (viewer.sees_content(), viewer.sees_whole_tenant());
    applications::tenant_id.eq(tenant).and(applications::blocked_since.is_null()).and(content.into_sql::<Bool>()).and(
        all.into_sql::<Bool>().or(exists(
            responsibilities::table
                .filter(responsibilities::application_id.eq(applications::id))
                .filter(responsibilities::user_id.eq(user)),
        )),
    )
}
