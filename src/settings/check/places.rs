//! Where files are looked for.

use std::path::{Path, PathBuf};

/// Where files with relative names are looked for.
#[derive(Clone, Copy)]
pub(in crate::settings) struct Places<'a> {
    /// The folder that the service manager put credentials into (`$CREDENTIALS_DIRECTORY`), if it did.
    pub(in crate::settings) credentials: Option<&'a Path>,
    /// The folder that it gave for lasting data (`$STATE_DIRECTORY`), if it did.
    pub(in crate::settings) state: Option<&'a Path>,
    /// The settings file.
    pub(in crate::settings) settings: &'a Path,
    /// A person started this command, and not the service manager.
    pub(in crate::settings) is_by_hand: bool,
}

impl Places<'_> {
    /// A secret is looked for among the credentials first.
    pub(super) fn secret(self, path: &Path) -> PathBuf {
        let credential = self.credentials.map(|folder| folder.join(path)).filter(|there| there.exists());
        credential.unwrap_or_else(|| self.beside(path))
    }

    /// The database's URL, with the whole path of an SQLite file.
    pub(super) fn database(self, url: &str) -> String {
        let beside = |path: &str| Some(format!("sqlite:{}", self.beside(Path::new(path)).to_str()?));
        let path = url.strip_prefix("sqlite:").map(|path| path.strip_prefix("//").unwrap_or(path));
        let is_file = |path: &&str| !path.is_empty() && *path != ":memory:" && !path.starts_with("file:");
        path.filter(is_file).and_then(beside).unwrap_or_else(|| url.to_owned())
    }

    /// Relative to the settings file, so that it does not matter where a command is started.
    pub(super) fn beside(self, path: &Path) -> PathBuf {
        self.settings.parent().map_or_else(|| path.to_owned(), |folder| folder.join(path))
    }
}
