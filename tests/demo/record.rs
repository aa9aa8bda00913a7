//! What is known of a demonstration that runs, and the program that stops it: in a folder of this user's, which nobody else
//! may write to or read.

use std::fs::{self, DirBuilder};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

/// Where the folders of all users lie. The Makefile looks there, too.
const PLACE: &str = "/tmp";

/// The record of one demonstration of one working copy.
pub struct Record {
    /// For all of this user's.
    all: PathBuf,
    /// For this one.
    own: PathBuf,
}

impl Record {
    /// The one of this name, of this working copy.
    pub fn named(name: &str) -> Self {
        let all = Path::new(PLACE).join(format!("ri-demo.{}", own_user()));
        let own = all.join(env!("CARGO_MANIFEST_DIR").replace('/', "%")).join(name);
        Self { all, own }
    }

    /// A copy of the program that made it.
    pub fn program(&self) -> PathBuf {
        self.own.join("program")
    }

    /// The keeper's process and the folder of the demonstration.
    pub fn read(&self) -> Option<(u32, PathBuf)> {
        if !self.is_ours() {
            return None;
        }
        let record = fs::read_to_string(self.text()).ok()?;
        let (process, folder) = record.trim().split_once(' ')?;
        Some((process.parse().ok()?, PathBuf::from(folder)))
    }

    /// Makes the folder, and puts the program into it.
    pub fn prepare(&self) {
        match DirBuilder::new().mode(0o700).create(&self.all) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            made => made.unwrap(),
        }
        assert!(self.is_ours(), "{} is somebody else's, or others may write to it", self.all.display());
        // Another one that is just being removed may take the outer folder away with it.
        DirBuilder::new().mode(0o700).recursive(true).create(&self.own).unwrap();
        fs::copy(std::env::current_exe().unwrap(), self.program()).unwrap();
    }

    /// Notes the keeper's process and the folder of the demonstration.
    pub fn write(&self, keeper: u32, folder: &Path) {
        fs::write(self.text(), format!("{keeper} {}", folder.display())).unwrap();
    }

    /// Removes all of it. What other demonstrations have stays.
    pub fn remove(&self) {
        if self.is_ours() && self.own.exists() {
            fs::remove_dir_all(&self.own).unwrap();
            for empty in self.own.ancestors().skip(1).take_while(|folder| folder.starts_with(&self.all)) {
                let _ = fs::remove_dir(empty);
            }
        }
    }

    fn text(&self) -> PathBuf {
        self.own.join("record")
    }

    /// A folder itself, not a link to one, that is this user's alone.
    fn is_ours(&self) -> bool {
        let found = fs::symlink_metadata(&self.all);
        found.is_ok_and(|found| found.is_dir() && found.uid() == own_user() && found.mode() & 0o777 == 0o700)
    }
}

fn own_user() -> u32 {
    fs::metadata("/proc/self").unwrap().uid()
}
