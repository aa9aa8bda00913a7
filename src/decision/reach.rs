//! For which applications somebody may import.

use super::{KnownApplication, KnownUser};
use crate::application::Role;

/// What the tenant's settings say about deciding.
#[derive(Clone, Debug)]
pub struct DecisionRules {
    /// Roles whose mail is imported.
    pub import_roles: Vec<Role>,
    /// Whether a Fachbereich Plus may import for every application of the tenant, or only for those they are
    /// responsible for.
    pub fachbereich_plus_everywhere: bool,
}

/// For which applications of the tenant a user may import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// For none.
    None,
    /// For those they are responsible for.
    TheirOwn,
    /// For all.
    All,
}

impl DecisionRules {
    /// How far a role reaches. A Fachbereich that a tenant lets import reaches no further than a Fachbereich Plus.
    pub fn reach(&self, role: Role) -> Reach {
        match role {
            _ if !self.import_roles.contains(&role) => Reach::None,
            Role::FachbereichPlus | Role::Fachbereich if !self.fachbereich_plus_everywhere => Reach::TheirOwn,
            _ => Reach::All,
        }
    }

    /// Whether a user may import for an application.
    pub fn may_import_for(&self, user: &KnownUser, application: &KnownApplication) -> bool {
        match self.reach(user.role) {
            Reach::None => false,
            Reach::TheirOwn => application.is_responsible(user.id),
            Reach::All => true,
        }
    }
}
