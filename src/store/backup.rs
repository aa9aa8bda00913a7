//! A copy of an SQLite database while it is used.

use super::error::Trouble;
use super::{Store, StoreError};
use diesel::connection::Connection;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use diesel::sqlite::SqliteConnection;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

const WANTED: &str = "Cannot copy the database";

#[derive(QueryableByName)]
struct Checked {
    #[diesel(sql_type = Text)]
    quick_check: String,
}

impl Store {
    /// Copies an SQLite database into a new file, readable by its owner only: as it stands at this moment, whole, checked,
    /// and on the disk when this ends. Others may read and write meanwhile. Gives the size of the copy in octets.
    ///
    /// # Errors
    ///
    /// [`StoreError::WrongSettings`] if it is no SQLite database, or the file cannot be made or is there already;
    /// [`StoreError::Unavailable`] if there is no room or the database is at fault. Then there is no file.
    pub fn copy_to(&self, copy: &Path) -> Result<u64, StoreError> {
        if self.file.is_none() {
            let cause =
                "it is PostgreSQL, which has tools of its own: `pg_dump --format=custom --file=FILE`".to_owned();
            return Err(StoreError::WrongSettings { wanted: WANTED, cause });
        }
        if copy.exists() {
            return Err(not_made(copy, &io::ErrorKind::AlreadyExists.into()));
        }
        let mut part = copy.as_os_str().to_owned();
        part.push(".part");
        let part = Path::new(&part);
        // SQLite fills an empty file, which nobody else can read from the beginning. One that is there is somebody's.
        let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(part);
        opened.map_err(|error| not_made(part, &error))?;
        let made = self.copy_whole(part).and_then(|size| {
            // Unlike a renaming, this does not replace a file that has come there meanwhile.
            let linked = fs::hard_link(part, copy).and_then(|()| synced(folder_of(copy)));
            linked.map(|()| size).map_err(|error| not_made(copy, &error))
        });
        let _gone = fs::remove_file(part);
        made
    }

    fn copy_whole(&self, part: &Path) -> Result<u64, StoreError> {
        let name = part.to_str().ok_or_else(|| StoreError::WrongSettings {
            wanted: WANTED,
            cause: format!("the name {} is no UTF-8", part.display()),
        })?;
        self.outside_of_transactions(WANTED, |connection| {
            sql_query("VACUUM INTO ?").bind::<Text, _>(name).execute(connection)?;
            Ok::<_, Trouble>(())
        })?;
        let mut copied = SqliteConnection::establish(name)
            .map_err(|error| StoreError::Unavailable { wanted: WANTED, cause: error.to_string() })?;
        let checked: QueryResult<Checked> = sql_query("PRAGMA quick_check(1)").get_result(&mut copied);
        let checked = checked.map_err(|error| Trouble::from(error).while_wanting(WANTED))?;
        if checked.quick_check != "ok" {
            let cause = format!("the copy is at fault: {}", checked.quick_check);
            return Err(StoreError::Unavailable { wanted: WANTED, cause });
        }
        drop(copied);
        let size = synced(part).and_then(|()| fs::metadata(part));
        size.map(|about| about.len()).map_err(|error| not_made(part, &error))
    }
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn synced(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

fn not_made(file: &Path, error: &io::Error) -> StoreError {
    let cause = match error.kind() {
        io::ErrorKind::AlreadyExists => format!("there is a file already: {}", file.display()),
        _ => format!("cannot make {}: {error}", file.display()),
    };
    StoreError::WrongSettings { wanted: WANTED, cause }
}
