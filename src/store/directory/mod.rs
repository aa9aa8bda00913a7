//! The recruiting system's feed: who works with it, who applies, for what, and who is responsible.
//!
//! A feed is read as a whole ([`read_json_lines`], [`read_csv`]) and applied as a whole ([`Store::import_directory`]): what
//! it names is added or brought up to date, what it does not name stays. A line at fault is named by its number, and then
//! nothing of the file is applied.

mod applications;
mod candidates;
mod feed;
mod fields;
mod line;
mod report;
mod users;

pub use crate::application::ApplicationState;
pub use feed::{read_csv, read_json_lines};
pub use line::{ApplicationEntry, CandidateEntry, DirectoryEntry, DirectoryLine, UserEntry};
pub use report::{Changes, DirectoryReport};

use super::audit::{Actor, Deed, append};
use super::connection::AnyConnection;
use super::error::Work;
use super::profile::fill_sought;
use super::schema::tenants;
use super::tenancy::ensure_tenant;
use super::time::stored;
use super::words::json;
use super::{Store, StoreError};
use crate::application::ReferenceShape;
use crate::application::id::TenantId;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use line::bad_line;
use std::collections::{BTreeMap, HashMap};

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

/// Two feeds of one tenant wait for each other: what the one read to compare with must not be changed by the other.
fn only_one_at_once(connection: &mut AnyConnection, tenant: TenantId) -> Work<()> {
    // On SQLite the whole file is locked already. Mail that is recorded meanwhile is not held up.
    let AnyConnection::Postgres(inner) = connection else { return Ok(()) };
    tenants::table.find(tenant.0).select(tenants::id).for_no_key_update().get_result::<i64>(inner)?;
    Ok(())
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
    only_one_at_once(connection, tenant)?;
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
