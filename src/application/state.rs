//! Where an application stands.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// Where an application stands, as feeds and the database write it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(IntoStaticStr, EnumString, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum ApplicationState {
    /// It is being handled.
    #[default]
    Open,
    /// The candidate was turned down.
    Rejected,
    /// The candidate was taken on.
    Hired,
    /// The candidate took it back.
    Withdrawn,
}

impl ApplicationState {
    /// The word for this state in feeds and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
