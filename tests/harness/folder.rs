//! A temporary folder that servers running as other users can pass through, and that is gone afterwards.

use std::env;
use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::statvfs;
use tempfile::TempDir;

use super::account::Account;

/// The variable that names another place than `/tmp`, which must be as short and as open to all.
pub const PLACE: &str = "TEST_FOLDERS";

/// Where Linux keeps files in memory.
const MEMORY: &str = "/dev/shm";

/// How much must be free there, in bytes: the databases of some ten tests at once are a fifth of it.
const MEMORY_NEEDED: u64 = 2 << 30;

/// One test's or one server's own folder. Its path is short, since Unix sockets lie in it (at most 108 bytes).
pub struct Folder {
    // Removed when dropped.
    folder: TempDir,
}

impl Folder {
    /// A fresh, empty folder.
    pub fn create() -> Self {
        Self::create_in(&env::var_os(PLACE).unwrap_or("/tmp".into()))
    }

    /// A fresh, empty folder for many files that nobody keeps: in memory, where there is enough of it and nobody named
    /// another place. On ext4 each file that is made costs more the more were removed in the last minutes (measured: a
    /// thousand files 0.05 s of a processor at first, 0.5 s in the course of all tests).
    pub fn create_in_memory() -> Self {
        let is_enough = statvfs(MEMORY).is_ok_and(|memory| memory.f_bavail * memory.f_frsize >= MEMORY_NEEDED);
        if is_enough && env::var_os(PLACE).is_none() { Self::create_in(MEMORY.as_ref()) } else { Self::create() }
    }

    fn create_in(place: &OsStr) -> Self {
        let folder = tempfile::Builder::new().prefix("ri-").tempdir_in(place).unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        Self { folder }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Its own name, unlike that of any other folder there is now.
    pub fn name(&self) -> &str {
        self.path().file_name().unwrap().to_str().unwrap()
    }

    /// The path of something in it.
    pub fn join(&self, name: impl AsRef<Path>) -> PathBuf {
        self.path().join(name)
    }

    /// Writes a file into it and says where.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.join(name);
        fs::write(&path, content).unwrap();
        path
    }

    /// Makes a folder in it, for `owner`, and says where.
    pub fn make(&self, name: &str, owner: &Account) -> PathBuf {
        let path = self.join(name);
        make_folder(&path, owner);
        path
    }
}

/// Makes one folder for `owner`, if it is not there.
pub fn make_folder(path: &Path, owner: &Account) {
    if !path.is_dir() {
        match fs::create_dir(path) {
            Ok(()) => owner.own(path),
            // A server that makes its folders itself was quicker, as its owner.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => panic!("cannot make {}: {error}", path.display()),
        }
    }
}
