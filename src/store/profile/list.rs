//! The list of applications, and the marks of what is new in them.

use super::order::{Part, ordered};
use super::shown_to;
use crate::application::ApplicationState;
use crate::application::id::ApplicationId;
use crate::store::connection::AnyConnection;
use crate::store::error::Work;
use crate::store::schema::{applications, candidates, history_entries, seen_entries, users};
use crate::store::time::read;
use crate::store::viewer::Viewer;
use crate::store::words::{count, value};
use crate::store::{Store, StoreError};
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::{count_star, max};
use diesel::prelude::*;
use serde::Serialize;
use std::collections::HashMap;

/// Lines of a page.
pub(super) const LINES: usize = 50;

/// Which applications are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApplicationSearch {
    /// Words that must all be found: at the beginning of the number, or anywhere in the candidate's name or the post, in
    /// capital or small letters, with or without marks on them. Empty: all.
    pub text: String,
    /// Which page; the first is 1, and 0 is the same.
    pub page: u32,
}

/// A page of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ApplicationList {
    /// At most 50 applications, that with the newest mail first; those without mail come last, the youngest first.
    pub lines: Vec<ApplicationLine>,
    /// Which page it is, from 1.
    pub page: u32,
    /// There is a page behind it.
    pub has_more: bool,
}

/// An application in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ApplicationLine {
    /// The application.
    pub id: ApplicationId,
    /// Its reference number.
    pub number: String,
    /// The post applied for.
    pub post: String,
    /// The candidate's name.
    pub candidate: String,
    /// Where it stands.
    pub state: ApplicationState,
    /// When its newest entry came into the history.
    pub last_entry_at: Option<DateTime<Utc>>,
    /// Entries of its history.
    pub entries: u64,
    /// Those of them that came in after the viewer last looked.
    pub new_entries: u64,
}

pub(super) type Row = (i64, String, String, String, String);

/// How many entries, and when the newest came.
type Entries = (i64, Option<NaiveDateTime>);

impl Store {
    /// A page of the applications that the viewer sees.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn applications_for(&self, viewer: Viewer, search: &ApplicationSearch) -> Result<ApplicationList, StoreError> {
        self.read("Cannot list applications", |connection| {
            let page = search.page.max(1);
            let as_wanted = |lines: usize| i64::try_from(lines).unwrap_or(i64::MAX);
            let offset = i64::from(page - 1).saturating_mul(as_wanted(LINES));
            let part = Part { limit: as_wanted(LINES + 1), offset };
            let mut ids = ordered(connection, viewer, &search.text, part)?;
            let has_more = ids.len() > LINES;
            ids.truncate(LINES);
            let rows = rows(connection, viewer, &ids)?;
            Ok(ApplicationList { lines: lines(connection, viewer, rows)?, page, has_more })
        })
    }
}

/// The lines of these applications.
pub(super) fn lines(connection: &mut AnyConnection, viewer: Viewer, rows: Vec<Row>) -> Work<Vec<ApplicationLine>> {
    let ids: Vec<i64> = rows.iter().map(|row| row.0).collect();
    let entries = entries(connection, &ids)?;
    let new = new_entries(connection, viewer, &ids)?;
    let line = |(id, number, post, state, candidate): Row| {
        let (entries, last) = entries.get(&id).copied().unwrap_or_default();
        Ok(ApplicationLine {
            id: ApplicationId(id),
            number,
            post,
            candidate,
            state: value(state, "an application's state")?,
            last_entry_at: last.map(read),
            entries: count(entries),
            new_entries: count(new.get(&id).copied().unwrap_or_default()),
        })
    };
    rows.into_iter().map(line).collect()
}

/// These applications, in this order.
fn rows(connection: &mut AnyConnection, viewer: Viewer, ids: &[i64]) -> Work<Vec<Row>> {
    let rows: Vec<Row> = applications::table
        .inner_join(candidates::table)
        .filter(applications::id.eq_any(ids))
        .filter(shown_to(viewer))
        .select((applications::id, applications::number, applications::post, applications::state, candidates::name))
        .load(connection)?;
    let mut rows: HashMap<i64, Row> = rows.into_iter().map(|row| (row.0, row)).collect();
    Ok(ids.iter().filter_map(|id| rows.remove(id)).collect())
}

fn entries(connection: &mut AnyConnection, applications: &[i64]) -> Work<HashMap<i64, Entries>> {
    let rows: Vec<(i64, i64, Option<NaiveDateTime>)> = history_entries::table
        .filter(history_entries::application_id.eq_any(applications))
        .group_by(history_entries::application_id)
        .select((history_entries::application_id, count_star(), max(history_entries::created_at)))
        .load(connection)?;
    Ok(rows.into_iter().map(|(id, entries, last)| (id, (entries, last))).collect())
}

fn new_entries(connection: &mut AnyConnection, viewer: Viewer, applications: &[i64]) -> Work<HashMap<i64, i64>> {
    let seen = seen_entries::application_id
        .eq(history_entries::application_id)
        .and(seen_entries::user_id.eq(viewer.user.0))
        .and(seen_entries::entry_id.ge(history_entries::id));
    let rows: Vec<(i64, i64)> = history_entries::table
        .inner_join(users::table.on(users::id.eq(viewer.user.0)))
        .left_join(seen_entries::table.on(seen))
        .filter(history_entries::application_id.eq_any(applications))
        .filter(history_entries::id.gt(users::began_after))
        .filter(seen_entries::entry_id.nullable().is_null())
        .group_by(history_entries::application_id)
        .select((history_entries::application_id, count_star()))
        .load(connection)?;
    Ok(rows.into_iter().collect())
}
