//! When the forwarders of mails were last asked, and by whom: that stands in the audit.

use super::WhatWasDone;
use crate::application::id::TenantId;
use crate::store::connection::AnyConnection;
use crate::store::error::Work;
use crate::store::schema::{audit, users};
use crate::store::time::read;
use chrono::NaiveDateTime;
use diesel::prelude::*;
use std::collections::HashMap;

/// The deed.
pub(super) const ASKED: &str = "forwarder_asked";

/// The last time for each of these mails.
pub(super) fn last_asked(
    connection: &mut AnyConnection,
    tenant: TenantId,
    mails: &[i64],
) -> Work<HashMap<i64, WhatWasDone>> {
    let rows: Vec<(Option<i64>, NaiveDateTime, Option<String>)> = audit::table
        .left_join(users::table.on(users::id.nullable().eq(audit::user_id).and(users::tenant_id.eq(tenant.0))))
        .filter(audit::mail_id.eq_any(mails))
        .filter(audit::tenant_id.eq(tenant.0))
        .filter(audit::what.eq(ASKED))
        .order(audit::id)
        .select((audit::mail_id, audit::at, users::name.nullable()))
        .load(connection)?;
    let done = |(mail, at, by): (Option<i64>, _, _)| Some((mail?, WhatWasDone { at: read(at), by }));
    Ok(rows.into_iter().filter_map(done).collect())
}
