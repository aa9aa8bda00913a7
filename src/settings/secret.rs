//! Secrets: where they come from, and how they are read when they are needed.

use anyhow::{Context, Result, bail, ensure};
use secrecy::SecretString;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// A command that has printed no line after this time is ended.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where a password or another secret comes from. Never the command line, never the settings file itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Secret {
    /// The first line of a file, such as one that systemd's `LoadCredential=` provides.
    File(PathBuf),
    /// The first line that a program prints: the program and its arguments, without a shell.
    Command(Vec<String>),
}

impl Secret {
    /// Reads the secret, a password. Blocks while a command runs, at most [`PATIENCE`].
    ///
    /// # Errors
    ///
    /// The file cannot be read, the command fails, or there is nothing in the first line. No error holds the secret.
    pub fn read(&self) -> Result<SecretString> {
        self.read_as("password")
    }

    /// The same for a secret that errors call `what`.
    ///
    /// # Errors
    ///
    /// As for [`Secret::read`].
    pub fn read_as(&self, what: &str) -> Result<SecretString> {
        let (text, place) = match self {
            Self::File(path) => {
                let text = std::fs::read_to_string(path)
                    .with_context(|| format!("Cannot read the {what} file {}", path.display()))?;
                (text, format!("The {what} file {}", path.display()))
            }
            Self::Command(words) => {
                let program = words.first().map_or("", String::as_str);
                let text = first_line_of(what, program, words.get(1..).unwrap_or_default())?;
                (text, format!("The {what} command {program}"))
            }
        };
        let secret = text.lines().next().unwrap_or_default();
        ensure!(!secret.is_empty(), "{place} gives no {what}: its first line is empty");
        Ok(SecretString::from(secret))
    }
}

/// The first line that a program prints. It gets nothing to read, and is ended if it takes too long: a mailbox must not
/// wait for ever for somebody to type something.
fn first_line_of(what: &str, program: &str, arguments: &[String]) -> Result<String> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("Cannot run the {what} command {program}"))?;
    let output = child.stdout.take().with_context(|| format!("Cannot read the {what} command {program}"))?;
    let (line_to, line) = mpsc::channel();
    std::thread::spawn(move || {
        let mut text = String::new();
        let read = BufReader::new(output).read_line(&mut text);
        // Nobody listens if it took too long.
        let _unheard = line_to.send(read.map(|_| text));
    });
    let Ok(read) = line.recv_timeout(PATIENCE) else {
        end(&mut child);
        bail!("The {what} command {program} printed no line within {} s", PATIENCE.as_secs());
    };
    let text = read.with_context(|| format!("Cannot read what the {what} command {program} prints"))?;
    if text.ends_with('\n') {
        // The password is there; what else it does is not waited for.
        end(&mut child);
        return Ok(text);
    }
    let status = child.wait().with_context(|| format!("Cannot wait for the {what} command {program}"))?;
    ensure!(status.success(), "The {what} command {program} ended with {status}");
    Ok(text)
}

fn end(child: &mut Child) {
    // It may have ended by itself already.
    let _ended = child.kill();
    let _reaped = child.wait();
}

#[cfg(test)]
#[path = "secret_tests.rs"]
mod tests;
