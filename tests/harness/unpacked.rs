//! Servers that cannot be installed beside Dovecot: `make setup` unpacks their Debian packages below cargo's target folder.

use std::env::join_paths;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use super::installed::missing;

/// An unpacked server.
pub struct Unpacked {
    root: PathBuf,
}

impl Unpacked {
    /// The tree of that name; fails the test, naming the Debian package, if it was not unpacked.
    pub fn find(name: &str, package: &str) -> Self {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("cargo makes it in its target folder");
        let root = target.join("servers").join(name);
        // Written last.
        if !root.join("unpacked").is_file() {
            missing(&format!("The mail server {name}"), package);
        }
        Self { root }
    }

    /// The folder that holds its `usr` and `etc`.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A file of it.
    pub fn join(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// Where the loader finds its libraries, for `LD_LIBRARY_PATH`.
    pub fn libraries(&self) -> OsString {
        let below = |folder: &str| fs::read_dir(self.root.join(folder)).into_iter().flatten();
        let folders = ["usr/lib", "lib"].into_iter().flat_map(below).map(|entry| entry.unwrap().path());
        join_paths(folders.filter(|path| path.to_string_lossy().ends_with("-linux-gnu"))).unwrap()
    }
}
