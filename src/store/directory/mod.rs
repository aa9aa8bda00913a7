//! The recruiting system's feed: who works with it, who applies, for what, and who is responsible.
//!
//! A feed is read as a whole ([`read_json_lines`], [`read_csv`]) and applied as a whole ([`Store::import_directory`]): what
//! it names is added or brought up to date, what it does not name stays. A line at fault is named by its number, and then
//! nothing of the file is applied.

mod applications;
mod candidates;
mod feed;
mod fields;
mod users;

pub use crate::application::ApplicationState;
pub use feed::{read_csv, read_json_lines};

use super::audit::{Actor, Deed, append};
use super::connection::AnyConnection;
use super::error::{Trouble, Work};
use super::profile::fill_sought;
use super::tenancy::ensure_tenant;
use super::time::stored;
use super::words::json;
use super::{Store, StoreError};
use crate::application::{EmailAddress, Language, ReferenceShape, Role};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// Rows that one look-up or insert names.
const ROWS: usize = 1000;

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
    fn add(&mut self, other: Self) {
        self.inserted += other.inserted;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
    }

    fn any(&self) -> bool {
        self.inserted + self.updated > 0
    }
}

impl Store {
    /// Applies a feed, all of it or nothing. Kinds may stand in any order; of two lines with one key the later counts.
    ///
    /// `shapes` holds the tenants' shapes of reference numbers by the tenants' names.
    ///
    /// # Errors
    ///
    /// [`StoreError::BadLine`] if a line names an unknown tenant, a number of no shape of the tenant, a candidate or user
    /// that is neither in the file nor known, or an address of another user; [`StoreError::Unavailable`] if the database
    /// is away.
    pub fn import_directory(
        &self,
        lines: &[DirectoryLine],
        shapes: &HashMap<String, Vec<ReferenceShape>>,
        now: DateTime<Utc>,
    ) -> Result<DirectoryReport, StoreError> {
        self.take_over(lines, shapes, Actor::Cli, now)
    }

    /// The same, by this hand.
    ///
    /// # Errors
    ///
    /// As for [`Store::import_directory`].
    pub fn take_over(
        &self,
        lines: &[DirectoryLine],
        shapes: &HashMap<String, Vec<ReferenceShape>>,
        actor: Actor,
        now: DateTime<Utc>,
    ) -> Result<DirectoryReport, StoreError> {
        let mut tenants: BTreeMap<&str, (&[ReferenceShape], Vec<&DirectoryLine>)> = BTreeMap::new();
        for line in lines {
            let Some(shapes) = shapes.get(&line.tenant) else {
                return Err(bad_line(line.number, "`tenant`: the name of a tenant of the settings was wanted"));
            };
            tenants.entry(&line.tenant).or_insert_with(|| (shapes, Vec::new())).1.push(line);
        }
        self.write("Cannot apply the directory", |connection| {
            let mut report = DirectoryReport::default();
            for (name, (shapes, lines)) in &tenants {
                let changes = apply(connection, name, (shapes, lines), actor, now)?;
                report.users.add(changes.users);
                report.candidates.add(changes.candidates);
                report.applications.add(changes.applications);
            }
            fill_sought(connection)?;
            Ok(report)
        })
    }
}

/// Users and candidates first, because applications name them.
fn apply(
    connection: &mut AnyConnection,
    name: &str,
    (shapes, lines): (&[ReferenceShape], &[&DirectoryLine]),
    actor: Actor,
    now: DateTime<Utc>,
) -> Work<DirectoryReport> {
    let tenant = ensure_tenant(connection, name, now)?;
    let report = DirectoryReport {
        users: users::apply(connection, tenant, lines, now)?,
        candidates: candidates::apply(connection, tenant, lines, now)?,
        applications: applications::apply(connection, tenant, shapes, lines, now)?,
    };
    if report.users.any() || report.candidates.any() || report.applications.any() {
        let deed = Deed {
            at: stored(now),
            what: "directory_imported",
            actor: actor.as_str(),
            tenant_id: Some(tenant.0),
            detail: Some(json(&report)?),
            ..Deed::default()
        };
        append(connection, &[deed])?;
    }
    Ok(report)
}

fn bad_line(line: usize, fault: impl Into<String>) -> StoreError {
    StoreError::BadLine { line, fault: fault.into() }
}

fn at_line(line: usize, fault: impl Into<String>) -> Trouble {
    Trouble::Told(bad_line(line, fault))
}
