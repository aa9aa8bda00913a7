//! What a database leaves of erased rows in its files.
//!
//! SQLite overwrites what is erased (`secure_delete`), but a page that was divided may keep an old copy between its rows,
//! and the write-ahead log keeps whole old pages: the file is made anew, and the log emptied. PostgreSQL keeps erased rows
//! until VACUUM; octets of them may stay in the free space of its files, and in its log, until they are overwritten.

use crate::store::clock::for_a_statement;
use crate::store::connection::AnyConnection;
use crate::store::error::Trouble;
use crate::store::schema::sign_in_links;
use crate::store::{Store, StoreError};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Integer;

const WANTED: &str = "Cannot remove the traces of what was erased";

/// The tables that hold personal data.
const TABLES: &str = "mails, mail_contents, files, pictures, blobs, objects, history_entries, reply_keys, outbox, applications, \
                      responsibilities, candidates, candidate_addresses, removals, application_news, seen_entries, sign_in_links";

#[derive(QueryableByName)]
struct Checkpoint {
    /// 1: somebody reads an old state, so that the log could not be emptied.
    #[diesel(sql_type = Integer)]
    busy: i32,
}

impl Store {
    /// Removes what is left of erased rows in the files of the database, as far as it lets that be done. On SQLite nobody
    /// writes meanwhile; the service waits or tries again. `false` if somebody read an old state just now, so that
    /// SQLite's log is not emptied yet.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away or busy: what is erased stays so, and the same may be called
    /// again.
    pub fn leave_no_traces(&self) -> Result<bool, StoreError> {
        self.write(WANTED, |connection| {
            // Somebody who is to sign in may have searched for who was erased.
            diesel::update(sign_in_links::table.filter(sign_in_links::next_path.like("%?%")))
                .set(sign_in_links::next_path.eq("/"))
                .execute(connection)?;
            Ok(())
        })?;
        self.outside_of_transactions(WANTED, |connection| match connection {
            AnyConnection::Postgres(inner) => {
                inner.batch_execute("SET statement_timeout = 0")?;
                let done = inner.batch_execute(&format!("VACUUM {TABLES}"));
                let usual = for_a_statement(self.connections.deadline()).as_millis();
                inner.batch_execute(&format!("SET statement_timeout = {usual}"))?;
                Ok(done.map(|()| true)?)
            }
            AnyConnection::Sqlite(inner) => {
                inner.batch_execute("VACUUM")?;
                let done: Checkpoint = sql_query("PRAGMA wal_checkpoint(TRUNCATE)").get_result(inner)?;
                Ok::<_, Trouble>(done.busy == 0)
            }
        })
    }
}
