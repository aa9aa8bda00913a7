//! Where the settings are.

use crate::settings::{self, Settings, SettingsError};
use std::path::{Path, PathBuf};

/// Where the settings are looked for if none are named.
pub(super) const PLACES: [&str; 2] = ["reply-import.toml", "/etc/reply-import/reply-import.toml"];

pub(super) fn read(named: Option<&Path>) -> Result<Settings, SettingsError> {
    let file = match named {
        Some(file) => file.to_owned(),
        // A file that this user may not look for is one that cannot be read, which is said when it is.
        None => PLACES.iter().map(PathBuf::from).find(|file| file.try_exists().unwrap_or(true)).ok_or_else(|| {
            let [here, system] = PLACES;
            let text = format!("No settings here nor in {system}; `reply-import init` writes a file to begin with");
            SettingsError::at(Path::new(here), "", text)
        })?,
    };
    let environment =
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    settings::read(&file, environment)
}
