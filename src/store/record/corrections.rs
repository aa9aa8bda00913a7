//! What a person corrected of a mail's files stays when the mail is processed again.

use crate::application::id::MailId;
use crate::store::connection::AnyConnection;
use crate::store::error::Work;
use crate::store::schema::files;
use chrono::NaiveDateTime;
use diesel::prelude::*;

/// A file whose kind a person corrected.
#[derive(Queryable, Selectable)]
#[diesel(table_name = files)]
pub(super) struct Correction {
    name: String,
    sha256: Option<String>,
    withheld_sha256: Option<String>,
    kind: String,
    corrected_at: Option<NaiveDateTime>,
    corrected_by: Option<i64>,
}

/// What was corrected of this mail's files.
pub(super) fn of(connection: &mut AnyConnection, mail: MailId) -> Work<Vec<Correction>> {
    Ok(files::table
        .filter(files::mail_id.eq(mail.0))
        .filter(files::corrected_at.is_not_null())
        .select(Correction::as_select())
        .load(connection)?)
}

/// Corrects the files that were made anew: those that have the same name and content.
pub(super) fn keep(connection: &mut AnyConnection, mail: MailId, corrections: &[Correction]) -> Work<()> {
    for correction in corrections {
        let content = correction.sha256.as_ref().or(correction.withheld_sha256.as_ref());
        let same = files::sha256.eq(content).or(files::withheld_sha256.eq(content));
        diesel::update(files::table)
            .filter(files::mail_id.eq(mail.0))
            .filter(files::name.eq(&correction.name))
            .filter(same)
            .set((
                files::kind.eq(&correction.kind),
                files::corrected_at.eq(correction.corrected_at),
                files::corrected_by.eq(correction.corrected_by),
            ))
            .execute(connection)?;
    }
    Ok(())
}
