//! Which applications stand on a page of the list, in its order.
//!
//! The list is walked in its order where that soon fills a page: all applications, or a search that many have. What few
//! have would mean a walk to the end: these are looked for first, and put in order then.

use super::sought::{Pattern, patterns};
use super::{is_active, shown_to};
use crate::store::connection::AnyConnection;
use crate::store::error::Work;
use crate::store::schema::{application_news, applications, responsibilities};
use crate::store::viewer::Viewer;
use diesel::dsl::{And, AssumeNotNull, Escape, Or};
use diesel::prelude::*;
use diesel::sql_types::Bool;

/// Fewer are put in order, more are walked through.
const FEW: usize = 1000;

/// Which part of the list is wanted.
#[derive(Clone, Copy)]
pub(super) struct Part {
    pub(super) limit: i64,
    pub(super) offset: i64,
}

/// The applications of this part that the viewer sees, in order.
pub(super) fn ordered(connection: &mut AnyConnection, viewer: Viewer, text: &str, part: Part) -> Work<Vec<i64>> {
    let patterns = patterns(text);
    if patterns.is_empty() && viewer.sees_whole_tenant() {
        return of_tenant(connection, viewer, part);
    }
    let found = found(connection, viewer, &patterns)?;
    if found.len() > FEW {
        return walked(connection, viewer, &patterns, part);
    }
    Ok(application_news::table
        .filter(application_news::application_id.eq_any(found))
        .order((application_news::last_entry_id.desc(), application_news::application_id.desc()))
        .select(application_news::application_id)
        .limit(part.limit)
        .offset(part.offset)
        .load(connection)?)
}

/// From all of the tenant. The applications themselves are not read to skip those of the pages before: the few blocked
/// ones are known apart.
fn of_tenant(connection: &mut AnyConnection, viewer: Viewer, part: Part) -> Work<Vec<i64>> {
    let blocked = applications::table
        .filter(applications::tenant_id.eq(viewer.tenant.0))
        .filter(applications::blocked_since.is_not_null())
        .select(applications::id);
    let may_see = viewer.sees_content() && viewer.sees_whole_tenant();
    Ok(application_news::table
        .filter(application_news::tenant_id.eq(viewer.tenant.0))
        .filter(may_see.into_sql::<Bool>())
        .filter(is_active(viewer))
        .filter(application_news::application_id.ne_all(blocked))
        .order((application_news::last_entry_id.desc(), application_news::application_id.desc()))
        .select(application_news::application_id)
        .limit(part.limit)
        .offset(part.offset)
        .load(connection)?)
}

/// Those that a search finds, in any order, and no more than tell whether they are few.
fn found(connection: &mut AnyConnection, viewer: Viewer, patterns: &[Pattern]) -> Work<Vec<i64>> {
    let mut query = applications::table
        .filter(shown_to(viewer))
        .select(applications::id)
        .limit(i64::try_from(FEW + 1).unwrap_or(i64::MAX))
        .into_boxed();
    if !viewer.sees_whole_tenant() {
        query = query.filter(applications::id.eq_any(own(viewer)));
    }
    for pattern in patterns {
        query = query.filter(matches(pattern));
    }
    Ok(query.load(connection)?)
}

/// From those that a search finds, by walking through the list.
fn walked(connection: &mut AnyConnection, viewer: Viewer, patterns: &[Pattern], part: Part) -> Work<Vec<i64>> {
    let mut query = application_news::table
        .inner_join(applications::table)
        .filter(application_news::tenant_id.eq(viewer.tenant.0))
        .filter(shown_to(viewer))
        .order((application_news::last_entry_id.desc(), application_news::application_id.desc()))
        .select(application_news::application_id)
        .limit(part.limit)
        .offset(part.offset)
        .into_boxed();
    if !viewer.sees_whole_tenant() {
        query = query.filter(application_news::application_id.eq_any(own(viewer)));
    }
    for pattern in patterns {
        query = query.filter(matches(pattern));
    }
    Ok(query.load(connection)?)
}

/// The applications that the user is responsible for: few, so a query begins with them.
#[diesel::dsl::auto_type]
fn own(viewer: Viewer) -> _ {
    let (tenant, user): (i64, i64) = (viewer.tenant.0, viewer.user.0);
    responsibilities::table
        .filter(responsibilities::tenant_id.eq(tenant))
        .filter(responsibilities::user_id.eq(user))
        .select(responsibilities::application_id)
}

/// One word of a search is at the beginning of the number, or in the rest.
pub(super) fn matches(pattern: &Pattern) -> And<Like<'_>, Or<Like<'_>, Like<'_>>> {
    let like = |wanted| applications::sought.assume_not_null().like(wanted).escape('\\');
    like(pattern.anywhere.as_str()).and(like(pattern.number.as_str()).or(like(pattern.rest.as_str())))
}

pub(super) type Like<'a> = Escape<diesel::dsl::Like<AssumeNotNull<applications::sought>, &'a str>>;
