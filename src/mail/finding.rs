//! What happened while a mail was read, for whoever asks why it was understood so.

use serde::Serialize;

/// One thing that was found or done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What it is about.
    pub about: Topic,
    /// What was found, as an English sentence. It may quote the mail.
    pub says: String,
}

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// How the number was found, or why there is none.
    Number,
    /// What made the candidate's mail.
    Original,
    /// Why a part became a file, or what else it became.
    Part,
    /// Something was broken and is read all the same.
    Repaired,
    /// Something is longer than is read or kept. These quote nothing of the mail: they stand in the decision record.
    Cut,
}

impl Finding {
    pub(crate) fn new(about: Topic, says: impl Into<String>) -> Self {
        Self { about, says: says.into() }
    }
}
