//! When the forwarders of mails were last asked: that stands in the outbox, where a question that was withdrawn is no more,
//! and by whom, in the audit.

use super::WhatWasDone;
use crate::application::id::TenantId;
use crate::notification::Occasion;
use crate::store::connection::AnyConnection;
use crate::store::error::Work;
use crate::store::schema::{audit, outbox, users};
use crate::store::time::read;
use chrono::NaiveDateTime;
use diesel::prelude::*;
use std::collections::HashMap;

/// The deed.
pub(super) const ASKED: &str = "forwarder_asked";

/// A question that was not withdrawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Question {
    pub(super) done: WhatWasDone,
    /// It never reached the forwarder.
    pub(super) has_failed: bool,
}

/// The last time for each of these mails.
pub(super) fn last_asked(
    connection: &mut AnyConnection,
    tenant: TenantId,
    mails: &[i64],
) -> Work<HashMap<i64, Question>> {
    let questions: Vec<(Option<i64>, NaiveDateTime, String)> = outbox::table
        .filter(outbox::tenant_id.eq(tenant.0))
        .filter(outbox::mail_id.eq_any(mails))
        .filter(outbox::occasion.eq(Occasion::Asked.as_str()))
        .order(outbox::id)
        .select((outbox::mail_id, outbox::created_at, outbox::state))
        .load(connection)?;
    let deeds: Vec<(Option<i64>, NaiveDateTime, Option<String>)> = audit::table
        .left_join(users::table.on(users::id.nullable().eq(audit::user_id).and(users::tenant_id.eq(tenant.0))))
        .filter(audit::mail_id.eq_any(mails))
        .filter(audit::tenant_id.eq(tenant.0))
        .filter(audit::what.eq(ASKED))
        .select((audit::mail_id, audit::at, users::name.nullable()))
        .load(connection)?;
    // Question and deed were written at the same time.
    let by: HashMap<(Option<i64>, NaiveDateTime), Option<String>> =
        deeds.into_iter().map(|(mail, at, by)| ((mail, at), by)).collect();
    let question = |(mail, at, state): (Option<i64>, NaiveDateTime, String)| {
        let done = WhatWasDone { at: read(at), by: by.get(&(mail, at)).cloned().flatten() };
        Some((mail?, Question { done, has_failed: state == "failed" }))
    };
    Ok(questions.into_iter().filter_map(question).collect())
}
