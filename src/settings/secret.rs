//! Secrets: where they come from, and how they are read when they are needed.

use anyhow::{Context, Result, ensure};
use secrecy::SecretString;
use std::path::PathBuf;
use std::process::Command;

/// Where a password comes from. Never the command line, never the settings file itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Secret {
    /// The first line of a file, such as one that systemd's `LoadCredential=` provides.
    File(PathBuf),
    /// The first line that a program prints: the program and its arguments, without a shell.
    Command(Vec<String>),
}

impl Secret {
    /// Reads the secret. Blocks while a command runs.
    ///
    /// # Errors
    ///
    /// The file cannot be read, the command fails, or there is nothing in the first line. No error holds the secret.
    pub fn read(&self) -> Result<SecretString> {
        let (text, place) = match self {
            Self::File(path) => {
                let text = std::fs::read_to_string(path)
                    .with_context(|| format!("Cannot read the password file {}", path.display()))?;
                (text, format!("The password file {}", path.display()))
            }
            Self::Command(words) => {
                let program = words.first().map_or("", String::as_str);
                let output = Command::new(program)
                    .args(words.get(1..).unwrap_or_default())
                    .output()
                    .with_context(|| format!("Cannot run the password command {program}"))?;
                ensure!(output.status.success(), "The password command {program} ended with {}", output.status);
                let text = String::from_utf8(output.stdout)
                    .ok()
                    .with_context(|| format!("The password command {program} printed no UTF-8"))?;
                (text, format!("The password command {program}"))
            }
        };
        let secret = text.lines().next().unwrap_or_default();
        ensure!(!secret.is_empty(), "{place} gives no password: its first line is empty");
        Ok(SecretString::from(secret))
    }
}
