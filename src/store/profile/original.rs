//! What a mail says: what the magnifier opens.

use super::Shown;
use super::files::{ListedFile, files_of_mail};
use crate::application::id::{ApplicationId, HistoryEntryId, MailId};
use crate::mail::IgnoredPart;
use crate::store::audit::{Actor, append};
use crate::store::connection::AnyConnection;
use crate::store::error::Work;
use crate::store::outside::Lying;
use crate::store::schema::{audit, blobs, mail_contents, mails, pictures, tenants};
use crate::store::time::{read, stored};
use crate::store::viewer::Viewer;
use crate::store::words::from_json;
use crate::store::{Store, StoreError};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use diesel::dsl::{exists, select};
use diesel::prelude::*;

/// The page in a magnifier's frame comes within this time; until then it is the same opening.
const ONE_OPENING: TimeDelta = TimeDelta::minutes(5);

/// A mail with everything that is kept of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginalView {
    /// The mail.
    pub mail: MailId,
    /// The tenant's name.
    pub tenant: String,
    /// The entry that it made or adds to; none while it waits.
    pub entry: Option<HistoryEntryId>,
    /// The application that it belongs to; none while it waits.
    pub application: Option<ApplicationId>,
    /// Its whole subject.
    pub subject: String,
    /// Who passed it on, as the mail says.
    pub forwarder_name: Option<String>,
    /// The address of whoever passed it on.
    pub forwarder_address: Option<String>,
    /// When it was passed on, as the mail says.
    pub sent_at: Option<DateTime<Utc>>,
    /// When it arrived, by the server's clock.
    pub received_at: DateTime<Utc>,
    /// Who wrote the original, as the forward shows it.
    pub from_name: Option<String>,
    /// The address of whoever wrote the original.
    pub from_address: Option<String>,
    /// When the original was sent, if that can be read.
    pub original_date: Option<DateTime<Utc>>,
    /// The original's subject.
    pub original_subject: Option<String>,
    /// The original's Message-ID, where it was attached whole.
    pub original_message_id: Option<String>,
    /// The forwarder's own words above the original; empty if there are none.
    pub note: String,
    /// The original's text.
    pub text: String,
    /// The same as cleaned HTML.
    pub html: Option<String>,
    /// The pictures that the HTML shows.
    pub pictures: Vec<ShownPicture>,
    /// The parts that stay in the archived mail only, each with its reason.
    pub ignored_parts: Vec<IgnoredPart>,
    /// The files it brought, in its order.
    pub files: Vec<ListedFile>,
}

/// A picture that the HTML of a mail shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownPicture {
    /// How the HTML names it.
    pub content_id: String,
    /// Its type.
    pub mime: String,
    /// Its bytes.
    pub content: Vec<u8>,
}

#[derive(Queryable)]
struct Row {
    tenant: String,
    received_at: NaiveDateTime,
    subject: String,
    forwarder_name: Option<String>,
    forwarder_address: Option<String>,
    sent_at: Option<NaiveDateTime>,
    from_name: Option<String>,
    from_address: Option<String>,
    original_date: Option<NaiveDateTime>,
    original_subject: Option<String>,
    original_message_id: Option<String>,
    note: String,
    text: String,
    html: Option<String>,
    ignored_parts: String,
}

/// A part as it is stored.
#[derive(serde::Deserialize)]
struct StoredPart {
    name: String,
    why: String,
}

impl Store {
    /// A mail with everything that is kept of it, or `None` if the viewer sees no such mail: one of a history, or, for who
    /// may decide about it, one that waits. That it was looked at stands in the audit before anything is shown.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away or cannot be written; nothing is shown then.
    pub fn original(
        &self,
        viewer: Viewer,
        mail: MailId,
        now: DateTime<Utc>,
    ) -> Result<Option<OriginalView>, StoreError> {
        self.open_original(viewer, mail, now, false)
    }

    /// As [`Store::original`], for what belongs to an opened mail: the page in the magnifier's frame, and the page to which
    /// a decision about the mail leads back. Where the same user opened the same mail within the last minutes, it is a part
    /// of that, and it is not written down once more.
    ///
    /// # Errors
    ///
    /// As [`Store::original`].
    pub fn original_in_frame(
        &self,
        viewer: Viewer,
        mail: MailId,
        now: DateTime<Utc>,
    ) -> Result<Option<OriginalView>, StoreError> {
        self.open_original(viewer, mail, now, true)
    }

    fn open_original(
        &self,
        viewer: Viewer,
        mail: MailId,
        now: DateTime<Utc>,
        in_frame: bool,
    ) -> Result<Option<OriginalView>, StoreError> {
        let wanted = "Cannot show a mail";
        let found = self.write(wanted, |connection| {
            let Some(shown) = Shown::to(connection, viewer, mail)? else { return Ok(None) };
            let Some(row) = contents(connection, mail)? else { return Ok(None) };
            if !(in_frame && was_opened(connection, viewer, mail, now - ONE_OPENING)?) {
                append(connection, &[shown.deed("mail_viewed", Some("contents".to_owned()), viewer, now)])?;
            }
            let files = files_of_mail(connection, shown)?;
            let pictures = pictures_of(connection, mail)?;
            row.view(shown, Vec::new(), files).map(|view| Some((view, pictures)))
        })?;
        let Some((view, pictures)) = found else { return Ok(None) };
        Ok(Some(OriginalView { pictures: self.shown_pictures(wanted, pictures)?, ..view }))
    }

    /// A mail is shown without the pictures whose contents cannot be had now.
    fn shown_pictures(
        &self,
        wanted: &'static str,
        pictures: Vec<(PictureName, Lying)>,
    ) -> Result<Vec<ShownPicture>, StoreError> {
        let (names, lying): (Vec<PictureName>, Vec<Lying>) = pictures.into_iter().unzip();
        let contents = match self.fetch(wanted, lying) {
            Err(error @ StoreError::FilesAway { .. }) => {
                tracing::warn!(%error, "A mail is shown without its pictures");
                return Ok(Vec::new());
            }
            contents => contents?,
        };
        let shown = names.into_iter().zip(contents);
        Ok(shown
            .filter_map(|((content_id, mime), content)| Some(ShownPicture { content_id, mime, content: content? }))
            .collect())
    }
}

/// A picture's content id and type.
type PictureName = (String, String);

/// A content's digest, and where it lies.
type ContentRow = (String, Option<Vec<u8>>, Option<i64>);

/// Whether the audit says that the viewer opened the mail since then.
fn was_opened(connection: &mut AnyConnection, viewer: Viewer, mail: MailId, since: DateTime<Utc>) -> Work<bool> {
    let opened = audit::table
        .filter(audit::mail_id.eq(mail.0))
        .filter(audit::what.eq("mail_viewed"))
        .filter(audit::actor.eq(Actor::Web.as_str()))
        .filter(audit::tenant_id.eq(viewer.tenant.0))
        .filter(audit::user_id.eq(viewer.user.0))
        .filter(audit::at.gt(stored(since)));
    Ok(select(exists(opened)).get_result(connection)?)
}

fn contents(connection: &mut AnyConnection, mail: MailId) -> Work<Option<Row>> {
    Ok(mails::table
        .inner_join(mail_contents::table)
        .inner_join(tenants::table.on(tenants::id.eq(mails::tenant_id)))
        .filter(mails::id.eq(mail.0))
        .select((
            tenants::name,
            mails::received_at,
            mail_contents::subject,
            mail_contents::forwarder_name,
            mail_contents::forwarder_address,
            mail_contents::sent_at,
            mail_contents::original_from_name,
            mail_contents::original_from_address,
            mail_contents::original_date,
            mail_contents::original_subject,
            mail_contents::original_message_id,
            mail_contents::note,
            mail_contents::text,
            mail_contents::html,
            mail_contents::ignored_parts,
        ))
        .get_result(connection)
        .optional()?)
}

fn pictures_of(connection: &mut AnyConnection, mail: MailId) -> Work<Vec<(PictureName, Lying)>> {
    let rows: Vec<(PictureName, ContentRow)> = pictures::table
        .inner_join(blobs::table.on(blobs::sha256.eq(pictures::sha256)))
        .filter(pictures::mail_id.eq(mail.0))
        .order(pictures::position)
        .select(((pictures::content_id, pictures::mime), (blobs::sha256, blobs::content, blobs::object_id)))
        .load(connection)?;
    let lying = |(name, (sha256, content, object))| Some((name, Lying::of(Some(sha256), content, object)?));
    Ok(rows.into_iter().filter_map(lying).collect())
}

impl Row {
    fn view(self, shown: Shown, pictures: Vec<ShownPicture>, files: Vec<ListedFile>) -> Work<OriginalView> {
        let ignored: Vec<StoredPart> = from_json(&self.ignored_parts, "the parts that were left out")?;
        Ok(OriginalView {
            mail: shown.mail,
            tenant: self.tenant,
            entry: shown.belongs_to.map(|(entry, _)| entry),
            application: shown.belongs_to.map(|(_, application)| application),
            subject: self.subject,
            forwarder_name: self.forwarder_name,
            forwarder_address: self.forwarder_address,
            sent_at: self.sent_at.map(read),
            received_at: read(self.received_at),
            from_name: self.from_name,
            from_address: self.from_address,
            original_date: self.original_date.map(read),
            original_subject: self.original_subject,
            original_message_id: self.original_message_id,
            note: self.note,
            text: self.text,
            html: self.html,
            pictures,
            ignored_parts: ignored.into_iter().map(|StoredPart { name, why }| IgnoredPart { name, why }).collect(),
            files,
        })
    }
}
