//! What was typed, as far as it is good, and the faults found in it.

use super::credentials::Unreadable;
use super::places::Places;
use crate::settings::Tls;
use crate::settings::error::WrongKey;
use crate::settings::this_machine::is_this_machine;
use std::path::{Path, PathBuf};

/// Collects faults, so that one run names them all.
pub(super) struct Checker<'a> {
    pub(super) places: Places<'a>,
    /// Where an SQLite database is, since what must last is best put beside it.
    pub(super) database_url: String,
    pub(super) faults: Vec<WrongKey>,
    pub(super) secrets: Unreadable,
}

impl Checker<'_> {
    pub(super) fn fault(&mut self, key: impl Into<String>, text: impl Into<String>) {
        self.faults.push(WrongKey { key: key.into(), text: text.into() });
    }

    /// Where a secret is; noted if it cannot be read there.
    pub(super) fn secret_file(&mut self, key: &str, written: &Path) -> PathBuf {
        self.secrets.look(self.places, key, written)
    }

    pub(super) fn file(&mut self, key: &str, path: Option<&Path>) {
        if let Some(path) = path
            && let Err(error) = std::fs::metadata(path)
        {
            self.fault(key, format!("The file {} cannot be read: {error}", path.display()));
        }
    }

    pub(super) fn protected(&mut self, key: &str, tls: Tls, host: &str) {
        if tls == Tls::None && !is_this_machine(host) {
            let text = format!(
                "Without TLS the password and the mail would be readable on the way to `{host}`; write \"implicit\" or \
                 \"starttls\" (\"none\" is allowed to a server on this machine only)"
            );
            self.fault(key, text);
        }
    }
}
