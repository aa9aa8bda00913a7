//! What an erasure would erase.

use super::mentions::{Mention, mentions};
use super::roots::{in_history, waiting, with_repeats};
use super::scope::Scope;
use super::tally::{Erased, held, tally};
use super::{Erasure, WANTED};
use crate::application::id::MailId;
use crate::store::connection::AnyConnection;
use crate::store::error::Work;
use crate::store::schema::{blobs, files, pictures};
use crate::store::words::count;
use crate::store::{Store, StoreError};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::Serialize;
use std::collections::BTreeSet;

/// Ids that one statement names.
const NAMED: usize = 500;

/// What an erasure would erase, and what it would leave.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ErasurePlan {
    /// What would go. `contents` and `octets` are those of all its files, though another mail may have some of them too.
    pub erased: Erased,
    /// Mails that mention an address of the person and are not erased.
    pub mentions: Vec<Mention>,
    /// Of the mails that were named those that are not erased: there are none of these numbers, or they stand in a
    /// history and go with their application only.
    pub left: Vec<MailId>,
}

impl ErasurePlan {
    /// Whether there is nothing to erase.
    pub fn is_empty(&self) -> bool {
        self.erased.applications + self.erased.candidates + self.erased.mails == 0
    }
}

impl Store {
    /// What [`Store::erase`] would erase; changes nothing.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn erasure_plan(&self, what: &Erasure, now: DateTime<Utc>) -> Result<ErasurePlan, StoreError> {
        self.read(WANTED, |connection| {
            let Some(scope) = Scope::of(connection, what)? else { return Ok(ErasurePlan::default()) };
            let going = all_mails(connection, &scope)?;
            let ids: Vec<i64> = going.iter().copied().collect();
            let mut erased = Erased {
                applications: scope.applications.len() as u64,
                candidates: u64::from(scope.candidate.is_some()),
                held: held(connection, &scope)?,
                ..Erased::default()
            };
            let mut contents: BTreeSet<String> = BTreeSet::new();
            for part in ids.chunks(NAMED) {
                erased.add(tally(connection, part, now)?);
                contents.extend(of_files(connection, part)?);
            }
            erased.contents = contents.len() as u64;
            let contents: Vec<String> = contents.into_iter().collect();
            for part in contents.chunks(NAMED) {
                let sizes: Vec<i64> =
                    blobs::table.filter(blobs::sha256.eq_any(part)).select(blobs::size).load(connection)?;
                erased.octets += sizes.into_iter().map(count).sum::<u64>();
            }
            let mentions = mentions(connection, &scope, &going)?;
            let left = scope.mails.iter().filter(|mail| !going.contains(mail)).copied().map(MailId).collect();
            Ok(ErasurePlan { erased, mentions, left })
        })
    }
}

/// The mails that go: ids only, for there may be many.
fn all_mails(connection: &mut AnyConnection, scope: &Scope) -> Work<BTreeSet<i64>> {
    let mut first = waiting(connection, scope)?;
    first.extend(in_history(connection, scope, i64::MAX)?);
    with_repeats(connection, first)
}

fn of_files(connection: &mut AnyConnection, ids: &[i64]) -> Work<Vec<String>> {
    let of_files: Vec<Option<String>> =
        files::table.filter(files::mail_id.eq_any(ids)).select(files::sha256).load(connection)?;
    let mut found: Vec<String> = of_files.into_iter().flatten().collect();
    found.extend(
        pictures::table.filter(pictures::mail_id.eq_any(ids)).select(pictures::sha256).load::<String>(connection)?,
    );
    Ok(found)
}
