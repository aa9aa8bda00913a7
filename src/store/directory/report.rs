//! What a feed changed.

use serde::Serialize;

/// What a feed changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DirectoryReport {
    /// Users.
    pub users: Changes,
    /// Candidates.
    pub candidates: Changes,
    /// Applications.
    pub applications: Changes,
}

/// What became of one kind of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// Named for the first time.
    pub inserted: u64,
    /// Known, and now different.
    pub updated: u64,
    /// Known, and the same.
    pub unchanged: u64,
}

impl Changes {
    pub(super) fn add(&mut self, other: Self) {
        self.inserted += other.inserted;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
    }

    pub(super) fn any(&self) -> bool {
        self.inserted + self.updated > 0
    }
}
