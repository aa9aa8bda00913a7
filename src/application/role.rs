//! The roles that users of the recruiting system have.

use serde::{Deserialize, Serialize};
use std::fmt;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// What a user is in the recruiting system. Written in settings, feeds and the database as in [`Role::as_str`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(IntoStaticStr, EnumString, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Role {
    /// Handles applications of the whole tenant.
    Personalmanager,
    /// Looks after applications as a Personalmanager does; whether they may import is a setting.
    Recruiter,
    /// A department's user who may import for the applications they are responsible for.
    FachbereichPlus,
    /// A department's user who reads what was forwarded to them.
    Fachbereich,
    /// Manages users; need not read applications.
    Administrator,
}

impl Role {
    /// All roles, in the order in which help texts list them.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// The word for this role in settings, feeds and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
