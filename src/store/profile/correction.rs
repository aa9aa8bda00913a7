//! Kinds of files that a person corrects.

use super::files::mail_of_file;
use crate::application::DocumentKind;
use crate::application::id::FileId;
use crate::store::audit::append;
use crate::store::connection::AnyConnection;
use crate::store::error::Work;
use crate::store::schema::{files, mails};
use crate::store::time::stored;
use crate::store::viewer::Viewer;
use crate::store::words::value;
use crate::store::{Store, StoreError};
use chrono::{DateTime, Utc};
use diesel::prelude::*;

impl Store {
    /// Lists a file under another kind, because a person says so: it keeps that kind also when its mail is processed
    /// again. The old kind and the new one stand in the audit; `kind_rule` goes on saying what gave the first. A file that
    /// has the kind already stays as it is.
    ///
    /// `None`, and nothing is changed, if the viewer sees no such file or may not correct kinds.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn correct_kind(
        &self,
        viewer: Viewer,
        file: FileId,
        kind: DocumentKind,
        now: DateTime<Utc>,
    ) -> Result<Option<()>, StoreError> {
        if !viewer.may_correct_kinds() {
            return Ok(None);
        }
        self.write("Cannot correct the kind of a file", |connection| {
            let Some(shown) = mail_of_file(connection, viewer, file)? else { return Ok(None) };
            hold_mail(connection, shown.mail.0)?;
            let row: Option<String> =
                files::table.find(file.0).select(files::kind).get_result(connection).optional()?;
            let Some(word) = row else { return Ok(None) };
            let before: DocumentKind = value(word, "a document kind")?;
            if before == kind {
                return Ok(Some(()));
            }
            diesel::update(files::table.find(file.0))
                .set((
                    files::kind.eq(kind.as_str()),
                    files::corrected_at.eq(stored(now)),
                    files::corrected_by.eq(viewer.user.0),
                ))
                .execute(connection)?;
            let detail = format!("file {file}: {before} -> {kind}");
            append(connection, &[shown.deed("kind_corrected", Some(detail), viewer, now)])?;
            Ok(Some(()))
        })
    }
}

/// The mail is not processed again meanwhile: that makes its files anew.
fn hold_mail(connection: &mut AnyConnection, mail: i64) -> Work<()> {
    // On SQLite the whole file is locked already.
    let AnyConnection::Postgres(inner) = connection else { return Ok(()) };
    mails::table.find(mail).select(mails::id).for_no_key_update().load::<i64>(inner)?;
    Ok(())
}
