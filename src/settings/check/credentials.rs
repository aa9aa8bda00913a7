//! Secret files that cannot be read: by the service a fault, and for a person who asks how it stands none.

use super::places::Places;
use crate::settings::error::WrongKey;
use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// What was found missing or closed.
#[derive(Debug, Default)]
pub(super) struct Unreadable {
    pub(super) faults: Vec<WrongKey>,
    /// Name and file of each that the service manager may have for the service alone.
    perhaps_credentials: Vec<String>,
}

impl Unreadable {
    /// Where a secret is; noted if it cannot be read there.
    pub(super) fn look(&mut self, places: Places<'_>, key: &str, written: &Path) -> PathBuf {
        let file = places.secret(written);
        let Err(error) = try_to_read(&file) else { return file };
        let whole = std::path::absolute(&file).unwrap_or_else(|_| file.clone());
        let text = match error.kind() {
            ErrorKind::NotFound => format!("There is no file {}: the secret is to be its first line", whole.display()),
            _ => format!("The file {} cannot be read: {error}", whole.display()),
        };
        self.faults.push(WrongKey { key: key.to_owned(), text });
        if written.is_relative() {
            let source = if error.kind() == ErrorKind::PermissionDenied {
                file.display().to_string()
            } else {
                "FILE".to_owned()
            };
            let credential = format!("{}:{source}", written.display());
            if !self.perhaps_credentials.contains(&credential) {
                self.perhaps_credentials.push(credential);
            }
        }
        file
    }

    /// How a person has a command run that needs what only the service is given.
    pub(super) fn hint(&self, places: Places<'_>) -> Option<String> {
        if !places.is_by_hand || self.perhaps_credentials.is_empty() {
            return None;
        }
        let credentials: Vec<String> =
            self.perhaps_credentials.iter().map(|credential| format!(" -p LoadCredential={credential}")).collect();
        Some(format!(
            "What the unit has by LoadCredential=, the service alone can read. If the secret is there, a command that needs it is \
             started as the service is:\n  sudo systemd-run --pipe --wait --collect -p User=reply-import{} reply-import --config {} …",
            credentials.concat(),
            std::path::absolute(places.settings).unwrap_or_else(|_| places.settings.to_owned()).display()
        ))
    }
}

/// Something else than a file, such as a pipe, may give its content only once.
fn try_to_read(file: &Path) -> std::io::Result<()> {
    if std::fs::metadata(file)?.is_file() { File::open(file).map(drop) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use crate::settings::read;
    use crate::settings::tests::GOOD;

    #[test]
    fn a_secret_that_only_the_service_is_given_is_no_fault_of_the_settings_and_it_is_said_how_to_get_at_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("settings.toml");
        std::fs::write(&file, GOOD.replace("/dev/null", "secret")).unwrap();
        let said = |environment: Vec<(String, String)>| {
            read(&file, environment).unwrap().unreadable_secrets.unwrap().to_string()
        };
        let fault = format!(
            "Wrong settings in {0}/settings.toml\n  `mailbox.0.password_file`: There is no file {0}/secret: the secret is to be its \
             first line",
            folder.path().display()
        );
        let command = format!(
            "sudo systemd-run --pipe --wait --collect -p User=reply-import -p LoadCredential=secret:FILE reply-import --config {} …",
            file.display()
        );
        assert_eq!(
            said(Vec::new()),
            format!(
                "{fault}\n  What the unit has by LoadCredential=, the service alone can read. If the secret is there, a command that \
                 needs it is started as the service is:\n  {command}"
            )
        );
        assert_eq!(said(vec![("INVOCATION_ID".to_owned(), "1".to_owned())]), fault, "the service itself");
        std::fs::write(folder.path().join("secret"), "here").unwrap();
        assert_eq!(read(&file, std::iter::empty()).unwrap().unreadable_secrets, None);
    }
}
