//! On SQLite one process works on the mailboxes, kept alone by a lock on a file beside the database.

use super::{Store, StoreError};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

const WANTED: &str = "Cannot work on this database";

/// The lock of the one process that works on the mailboxes of an SQLite database. It ends with the process, however that
/// ends; the file stays.
#[derive(Debug)]
pub struct SoleWorker {
    _locked: File,
}

impl Store {
    /// Keeps other processes from working on the mailboxes of this database as long as the answer lives; `None` on
    /// PostgreSQL, where workers share them by leases (see [`Store::leases`]). Looking and recording by hand stay
    /// possible.
    ///
    /// # Errors
    ///
    /// [`StoreError::InUse`] if another process has the lock, [`StoreError::WrongSettings`] if there can be no such file.
    pub fn work_alone(&self) -> Result<Option<SoleWorker>, StoreError> {
        self.file.as_deref().map(lock).transpose()
    }
}

fn lock(database: &Path) -> Result<SoleWorker, StoreError> {
    let path = beside(database);
    let wrong = |error: &std::io::Error| StoreError::WrongSettings {
        wanted: WANTED,
        cause: format!("`{}`: {error}", path.display()),
    };
    let mut options = OpenOptions::new();
    let opened = options.read(true).write(true).create(true).truncate(false).mode(0o600).open(&path);
    let mut file = opened.map_err(|error| wrong(&error))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(StoreError::InUse { wanted: WANTED, cause: who(&mut file, database) });
        }
        Err(TryLockError::Error(error)) => return Err(wrong(&error)),
    }
    // The number is for people; the lock is what counts.
    file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id())).map_err(|error| wrong(&error))?;
    Ok(SoleWorker { _locked: file })
}

fn who(file: &mut File, database: &Path) -> String {
    let mut number = String::new();
    // Without it the text is shorter.
    let _ = file.take(20).read_to_string(&mut number);
    let process = match number.trim() {
        "" => String::new(),
        number => format!(" (process {number})"),
    };
    format!(
        "another `reply-import`{process} works on `{}` already. SQLite is for one worker; several share the mailboxes on \
         PostgreSQL",
        database.display()
    )
}

/// `reply-import.db.lock` beside `reply-import.db`.
fn beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}
