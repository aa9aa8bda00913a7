//! The files of an application or a mail, and what is in them.

use super::{Shown, shown_to};
use crate::application::id::{ApplicationId, FileId, HistoryEntryId, MailId};
use crate::application::{Danger, DocumentKind, Withheld};
use crate::store::audit::append;
use crate::store::connection::AnyConnection;
use crate::store::error::Work;
use crate::store::outside::Lying;
use crate::store::schema::{applications, blobs, files, history_entries, mails};
use crate::store::time::read;
use crate::store::viewer::Viewer;
use crate::store::words::{count, read_withheld, value};
use crate::store::{Store, StoreError};
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use serde::Serialize;

/// A file as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedFile {
    /// The file.
    pub id: FileId,
    /// The mail that brought it.
    pub mail: MailId,
    /// The entry that it belongs to; none while the mail waits.
    pub entry: Option<HistoryEntryId>,
    /// Its name.
    pub name: String,
    /// The kind it is listed under.
    pub kind: DocumentKind,
    /// The rule that gave the kind, before anybody corrected it.
    pub kind_rule: String,
    /// A person gave it its kind.
    pub corrected: bool,
    /// Its real type.
    pub mime: String,
    /// Its size in octets.
    pub size: u64,
    /// Why it must be handled with care, if so.
    pub danger: Option<Danger>,
    /// The mail brought it broken or cut short.
    pub damaged: bool,
    /// Why its content is not kept; `None` if it is.
    pub withheld: Option<Withheld>,
    /// When the mail arrived, by the server's clock.
    pub at: DateTime<Utc>,
}

/// What is in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileContent {
    /// Its name.
    pub name: String,
    /// Its real type.
    pub mime: String,
    /// Why it must be handled with care, if so.
    pub danger: Option<Danger>,
    /// Why its content is not kept; `None` if it is.
    #[serde(skip)]
    pub withheld: Option<Withheld>,
    /// The content, if it is kept.
    #[serde(skip)]
    pub content: Option<Vec<u8>>,
}

impl Store {
    /// All files of an application, those of the latest mail first; `None` if the viewer sees no such application.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn application_files(
        &self,
        viewer: Viewer,
        application: ApplicationId,
    ) -> Result<Option<Vec<ListedFile>>, StoreError> {
        self.read("Cannot list the files of an application", |connection| {
            let seen: Option<i64> = applications::table
                .filter(applications::id.eq(application.0))
                .filter(shown_to(viewer))
                .select(applications::id)
                .get_result(connection)
                .optional()?;
            let Some(application) = seen else { return Ok(None) };
            let mut files = files_of_application(connection, application)?;
            // Within one mail they stay in its order.
            files.sort_by_key(|file| std::cmp::Reverse((file.at, file.mail)));
            Ok(Some(files))
        })
    }

    /// What is in a file, or `None` if the viewer sees no such file. That it was opened stands in the audit before it is
    /// handed out.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away or cannot be written, [`StoreError::FilesAway`] if the content
    /// lies in an object store that is away; nothing is handed out then.
    pub fn file_content(
        &self,
        viewer: Viewer,
        file: FileId,
        now: DateTime<Utc>,
    ) -> Result<Option<FileContent>, StoreError> {
        let wanted = "Cannot open a file";
        let found = self.write(wanted, |connection| {
            let Some(shown) = mail_of_file(connection, viewer, file)? else { return Ok(None) };
            let (of_file, of_content): (FileRow, ContentRow) = files::table
                .left_join(blobs::table)
                .filter(files::id.eq(file.0))
                .select((
                    (files::name, files::mime, files::danger, files::withheld, files::virus),
                    (files::sha256, blobs::content.nullable(), blobs::object_id.nullable()),
                ))
                .get_result(connection)?;
            let (name, mime, danger, withheld, virus) = of_file;
            let (sha256, content, object) = of_content;
            append(connection, &[shown.deed("file_viewed", Some(format!("file {file}")), viewer, now)])?;
            let danger = danger.map(|danger| value(danger, "a danger")).transpose()?;
            let withheld = read_withheld(withheld, virus)?;
            let file = FileContent { name, mime, danger, withheld, content: None };
            Ok(Some((file, Lying::of(sha256, content, object))))
        })?;
        let Some((file, lying)) = found else { return Ok(None) };
        let content = self.fetch(wanted, lying.into_iter().collect())?.pop().flatten();
        Ok(Some(FileContent { content, ..file }))
    }
}

type FileRow = (String, String, Option<String>, Option<String>, Option<String>);
type ContentRow = (Option<String>, Option<Vec<u8>>, Option<i64>);

/// The mail that brought a file, if it is shown to the viewer.
pub(super) fn mail_of_file(connection: &mut AnyConnection, viewer: Viewer, file: FileId) -> Work<Option<Shown>> {
    let mail: Option<i64> = files::table.find(file.0).select(files::mail_id).get_result(connection).optional()?;
    match mail {
        Some(mail) => Shown::to(connection, viewer, MailId(mail)),
        None => Ok(None),
    }
}

#[derive(Queryable)]
struct Row {
    id: i64,
    mail: i64,
    name: String,
    kind: String,
    kind_rule: String,
    corrected_at: Option<NaiveDateTime>,
    mime: String,
    danger: Option<String>,
    damaged: bool,
    withheld: Option<String>,
    virus: Option<String>,
    size: Option<i64>,
    withheld_size: Option<i64>,
    received_at: NaiveDateTime,
}

impl Row {
    fn listed(self, entry: Option<i64>) -> Work<ListedFile> {
        Ok(ListedFile {
            id: FileId(self.id),
            mail: MailId(self.mail),
            entry: entry.map(HistoryEntryId),
            name: self.name,
            kind: value(self.kind, "a document kind")?,
            kind_rule: self.kind_rule,
            corrected: self.corrected_at.is_some(),
            mime: self.mime,
            size: count(self.size.or(self.withheld_size).unwrap_or_default()),
            danger: self.danger.map(|danger| value(danger, "a danger")).transpose()?,
            damaged: self.damaged,
            withheld: read_withheld(self.withheld, self.virus)?,
            at: read(self.received_at),
        })
    }
}

/// What [`Row`] needs.
#[diesel::dsl::auto_type]
fn columns() -> _ {
    (
        files::id,
        files::mail_id,
        files::name,
        files::kind,
        files::kind_rule,
        files::corrected_at,
        files::mime,
        files::danger,
        files::damaged,
        files::withheld,
        files::virus,
        blobs::size.nullable(),
        files::withheld_size,
        mails::received_at,
    )
}

/// The files of the mails that made the application's entries, and of those that added to them.
pub(super) fn files_of_application(connection: &mut AnyConnection, application: i64) -> Work<Vec<ListedFile>> {
    let own: Vec<(i64, Row)> = files::table
        .inner_join(mails::table.on(mails::id.eq(files::mail_id)))
        .inner_join(history_entries::table.on(history_entries::mail_id.eq(files::mail_id)))
        .left_join(blobs::table)
        .filter(history_entries::application_id.eq(application))
        .order((files::mail_id, files::position))
        .select((history_entries::id, columns()))
        .load(connection)?;
    let added: Vec<(i64, Row)> = files::table
        .inner_join(mails::table.on(mails::id.eq(files::mail_id)))
        .inner_join(history_entries::table.on(mails::adds_to.eq(history_entries::id.nullable())))
        .left_join(blobs::table)
        .filter(history_entries::application_id.eq(application))
        .order((files::mail_id, files::position))
        .select((history_entries::id, columns()))
        .load(connection)?;
    own.into_iter().chain(added).map(|(entry, row)| row.listed(Some(entry))).collect()
}

/// The files that a mail brought, in its order.
pub(super) fn files_of_mail(connection: &mut AnyConnection, shown: Shown) -> Work<Vec<ListedFile>> {
    let rows: Vec<Row> = files::table
        .inner_join(mails::table.on(mails::id.eq(files::mail_id)))
        .left_join(blobs::table)
        .filter(files::mail_id.eq(shown.mail.0))
        .order(files::position)
        .select(columns())
        .load(connection)?;
    rows.into_iter().map(|row| row.listed(shown.belongs_to.map(|(entry, _)| entry.0))).collect()
}
