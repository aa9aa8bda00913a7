//! What the profile in the browser shows, to whom: the list of applications, an application's history and files, and the
//! originals.
//!
//! Every query here takes the [`Viewer`] and shows nothing beyond what they may see. What is unknown, another tenant's,
//! blocked, or not the viewer's to see reads the same: `None`. A page takes as many statements for one entry as for a
//! thousand. Who opens an original or a file is written down in the same transaction that reads it.

mod correction;
mod files;
mod head;
mod history;
mod list;
mod marks;
mod order;
mod original;
mod sought;
mod walk;

pub use files::{FileContent, ListedFile};
pub use head::Profile;
pub use history::{ForwardedAgain, HistoryLine};
pub use list::{ApplicationLine, ApplicationList, ApplicationSearch};
pub use original::{OriginalView, ShownPicture};
pub(super) use sought::fill as fill_sought;
pub use walk::WalkedApplications;

use super::audit::{Actor, Deed};
use super::blocked_claims::BlockedClaims;
use super::connection::AnyConnection;
use super::error::Work;
use super::schema::{applications, history_entries, mails, users};
use super::time::stored;
use super::viewer::{Viewer, seen_by};
use super::words::value;
use crate::application::id::{ApplicationId, HistoryEntryId, MailId};
use crate::decision::ImportOutcome;
use chrono::{DateTime, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::Bool;

/// The applications that are shown to this user, who must still be active.
#[diesel::dsl::auto_type]
fn shown_to(viewer: Viewer) -> _ {
    let seen: seen_by = seen_by(viewer);
    let active: is_active = is_active(viewer);
    seen.and(active)
}

#[diesel::dsl::auto_type]
fn is_active(viewer: Viewer) -> _ {
    let (user, tenant): (i64, i64) = (viewer.user.0, viewer.tenant.0);
    let program: bool = viewer.is_program();
    program.into_sql::<Bool>().or(exists(
        users::table.filter(users::id.eq(user)).filter(users::tenant_id.eq(tenant)).filter(users::active.eq(true)),
    ))
}

/// A mail that is shown to somebody, and the entry and the application that it belongs to; none of a mail that waits.
#[derive(Clone, Copy)]
struct Shown {
    mail: MailId,
    belongs_to: Option<(HistoryEntryId, ApplicationId)>,
}

/// Outcome, claimed number, own entry, and the entry that it adds to.
type ShownRow = (String, Option<String>, Option<i64>, Option<i64>);

impl Shown {
    /// The mail, if it stands in a history that the viewer sees, or waits for somebody like them.
    fn to(connection: &mut AnyConnection, viewer: Viewer, mail: MailId) -> Work<Option<Self>> {
        let row: Option<ShownRow> = mails::table
            .left_join(history_entries::table.on(history_entries::mail_id.eq(mails::id)))
            .filter(mails::id.eq(mail.0))
            .filter(mails::tenant_id.eq(viewer.tenant.0))
            .filter(is_active(viewer))
            .select((mails::outcome, mails::claimed_number, history_entries::id.nullable(), mails::adds_to))
            .get_result(connection)
            .optional()?;
        let Some((outcome, claimed, own, adds_to)) = row else { return Ok(None) };
        let Some(entry) = own.or(adds_to) else {
            let waits = matches!(value(&outcome, "an outcome")?, ImportOutcome::Unassigned | ImportOutcome::SetAside);
            let is_blocked = BlockedClaims::of(connection, viewer.tenant)?.has(claimed.as_deref());
            return Ok((waits && viewer.may_decide() && !is_blocked).then_some(Self { mail, belongs_to: None }));
        };
        let application: Option<i64> = history_entries::table
            .inner_join(applications::table)
            .filter(history_entries::id.eq(entry))
            .filter(shown_to(viewer))
            .select(applications::id)
            .get_result(connection)
            .optional()?;
        let belongs_to = |application| Some((HistoryEntryId(entry), ApplicationId(application)));
        Ok(application.map(|application| Self { mail, belongs_to: belongs_to(application) }))
    }

    /// That the viewer did this to the mail. Of a program its token is named.
    fn deed(self, what: &'static str, detail: Option<String>, viewer: Viewer, now: DateTime<Utc>) -> Deed {
        let token = viewer.token().map(|token| format!("token {token}"));
        let details: Vec<String> = detail.into_iter().chain(token).collect();
        Deed {
            at: stored(now),
            what,
            tenant_id: Some(viewer.tenant.0),
            user_id: (!viewer.is_program()).then_some(viewer.user.0),
            mail_id: Some(self.mail.0),
            entry_id: self.belongs_to.map(|(entry, _)| entry.0),
            application_id: self.belongs_to.map(|(_, application)| application.0),
            detail: (!details.is_empty()).then(|| details.join(", ")),
            actor: Actor::Web.as_str(),
            ..Deed::default()
        }
    }
}
