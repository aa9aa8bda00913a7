//! A line of the feed.

use super::ApplicationState;
use crate::application::{EmailAddress, Language, Role};
use crate::store::StoreError;
use crate::store::error::Trouble;
use chrono::{DateTime, Utc};

/// One line of the feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryLine {
    /// Its number in the file, the first being 1.
    pub number: usize,
    /// The tenant it belongs to, by the name in the settings.
    pub tenant: String,
    /// What it says.
    pub entry: DirectoryEntry,
}

/// What a line of the feed says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DirectoryEntry {
    /// Somebody works with the recruiting system.
    User(UserEntry),
    /// Somebody applies.
    Candidate(CandidateEntry),
    /// They apply for a post.
    Application(ApplicationEntry),
}

/// A user, as the feed names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserEntry {
    /// All addresses, each once; the first is the feed's key and where notices go.
    pub addresses: Vec<EmailAddress>,
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// Language of notices.
    pub language: Language,
    /// Whether the user may still work with the system.
    pub active: bool,
}

/// A candidate, as the feed names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CandidateEntry {
    /// The recruiting system's own id.
    pub id: String,
    /// The name.
    pub name: String,
    /// All known addresses, each once.
    pub addresses: Vec<EmailAddress>,
}

/// An application, as the feed names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationEntry {
    /// The reference number as written; it is read against the tenant's shapes when it is applied.
    pub number: String,
    /// The candidate's id in the recruiting system.
    pub candidate: String,
    /// The post applied for.
    pub post: String,
    /// Addresses of the users responsible.
    pub responsible: Vec<EmailAddress>,
    /// Where the application stands.
    pub state: ApplicationState,
    /// Since when, if the feed says so.
    pub state_since: Option<DateTime<Utc>>,
}

pub(super) fn bad_line(line: usize, fault: impl Into<String>) -> StoreError {
    StoreError::BadLine { line, fault: fault.into() }
}

pub(super) fn at_line(line: usize, fault: impl Into<String>) -> Trouble {
    Trouble::Told(bad_line(line, fault))
}
