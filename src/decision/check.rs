//! What the rule looked at.

use serde::{Deserialize, Serialize};

/// One check of the decision record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// What was asked, such as `forwarder`.
    pub check: String,
    /// What the check saw, in plain words.
    pub saw: String,
    /// Whether the mail may go on.
    pub passed: bool,
}
