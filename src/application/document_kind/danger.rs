//! What speaks against opening a file, with its words.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// Why a file must be handled with care: marked, and never opened in the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(IntoStaticStr, EnumString, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Danger {
    /// A program or script.
    Program,
    /// An archive, whose content nobody has looked at.
    Archive,
    /// The name hides what the file is (double ending, direction marks).
    MisleadingName,
    /// The content is of another type than name and declaration say.
    MisleadingType,
    /// An office document with macros.
    Macros,
}

impl Danger {
    /// All dangers, in the order in which help texts list them.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// The word for this danger in the database and in what programs read.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
