//! Mail of others that mentions an address of the person who is erased.

use super::roots::escaped;
use super::scope::Scope;
use crate::application::id::{ApplicationId, MailId};
use crate::store::connection::AnyConnection;
use crate::store::error::Work;
use crate::store::schema::{history_entries, mail_contents, mails};
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// So many are named.
const NAMED: i64 = 1_000;

diesel::define_sql_function! {
    /// In small letters.
    fn lower(text: Nullable<Text>) -> Nullable<Text>;
}

/// A mail that is not erased, though it mentions the person's address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mention {
    /// The mail.
    pub mail: MailId,
    /// The application in whose history it stands; `None` if it waits.
    pub application: Option<ApplicationId>,
}

/// The mails, besides these that go, that mention one of the addresses. Where the person has other applications that stay,
/// only mails that wait are looked through.
pub(super) fn mentions(connection: &mut AnyConnection, scope: &Scope, going: &BTreeSet<i64>) -> Work<Vec<Mention>> {
    let person_stays = scope.candidate.is_none() && !scope.applications.is_empty();
    let mut found: BTreeMap<i64, Option<i64>> = BTreeMap::new();
    for address in &scope.mentioned {
        let pattern = format!("%{}%", escaped(address));
        let rows: Vec<(i64, Option<i64>)> = mails::table
            .inner_join(mail_contents::table)
            .left_join(history_entries::table.on(history_entries::mail_id.eq(mails::id)))
            .filter(mails::tenant_id.eq(scope.tenant))
            .filter(
                lower(mail_contents::original_from_address.nullable())
                    .like(pattern.clone())
                    .escape('\\')
                    .or(lower(mail_contents::text.nullable()).like(pattern.clone()).escape('\\'))
                    .or(lower(mail_contents::note.nullable()).like(pattern.clone()).escape('\\'))
                    .or(lower(mail_contents::subject.nullable()).like(pattern.clone()).escape('\\'))
                    .or(lower(mail_contents::html).like(pattern.clone()).escape('\\'))
                    .or(mail_contents::forwarder_address.eq(address).and(mails::forwarder_id.is_null())),
            )
            .order(mails::id.desc())
            .limit(NAMED)
            .select((mails::id, history_entries::application_id.nullable()))
            .load(connection)?;
        found.extend(rows);
    }
    let others = found
        .into_iter()
        .filter(|(mail, application)| !(going.contains(mail) || person_stays && application.is_some()));
    let mention = |(mail, application): (i64, Option<i64>)| Mention {
        mail: MailId(mail),
        application: application.map(ApplicationId),
    };
    Ok(others.map(mention).collect())
}
