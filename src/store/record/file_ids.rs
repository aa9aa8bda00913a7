//! A file that a mail still brings when it is processed again stays the same file: links to it, and what the audit says of
//! it, mean it as before.

use crate::application::id::MailId;
use crate::store::connection::{AnyConnection, on};
use crate::store::error::Work;
use crate::store::schema::files;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;

/// A file of a mail.
#[derive(Queryable, Selectable)]
#[diesel(table_name = files)]
pub(super) struct Numbered {
    id: i64,
    name: String,
    sha256: Option<String>,
    withheld_sha256: Option<String>,
}

impl Numbered {
    /// A virus scanner may say otherwise of the same content now.
    fn is_same_as(&self, other: &Self) -> bool {
        let content = |file: &Self| file.sha256.clone().or_else(|| file.withheld_sha256.clone());
        self.name == other.name && content(self) == content(other)
    }
}

/// The files of this mail, in its order.
pub(super) fn of(connection: &mut AnyConnection, mail: MailId) -> Work<Vec<Numbered>> {
    Ok(files::table
        .filter(files::mail_id.eq(mail.0))
        .order(files::position)
        .select(Numbered::as_select())
        .load(connection)?)
}

/// Gives the files that were made anew the numbers that the same ones had before.
pub(super) fn keep(connection: &mut AnyConnection, mail: MailId, mut before: Vec<Numbered>) -> Work<()> {
    if before.is_empty() {
        return Ok(());
    }
    for file in of(connection, mail)? {
        if let Some(at) = before.iter().position(|known| known.is_same_as(&file)) {
            renumber(connection, file.id, before.remove(at).id)?;
        }
    }
    Ok(())
}

/// Everything of a file but its number and its place.
const COLUMNS: &str = "mail_id, name, kind, kind_rule, mime, sha256, danger, damaged, withheld, virus, withheld_sha256, \
                       withheld_size, corrected_at, corrected_by";

/// A number cannot be changed where the database gives it: a copy with the other number takes the row's place.
fn renumber(connection: &mut AnyConnection, from: i64, to: i64) -> Work<()> {
    let overriding = match connection {
        AnyConnection::Postgres(_) => "overriding system value",
        AnyConnection::Sqlite(_) => "",
    };
    let sql = format!(
        "update files set position = -1 - position where id = {from}; \
         insert into files (id, position, {COLUMNS}) {overriding} \
         select {to}, -1 - position, {COLUMNS} from files where id = {from}; \
         delete from files where id = {from}"
    );
    on!(connection, inner => inner.batch_execute(&sql))?;
    Ok(())
}
