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

    /// Relative to the settings file, so that it does not matter where a command is started.
    pub(super) fn beside(self, path: &Path) -> PathBuf {
        self.settings.parent().map_or_else(|| path.to_owned(), |folder| folder.join(path))
    }
}
