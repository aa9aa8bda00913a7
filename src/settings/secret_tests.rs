//! Where a password is found, and what is said about a command that gives none.

use super::Secret;
use crate::settings::tests::GOOD;
use crate::settings::{LoginBy, read};
use secrecy::ExposeSecret;

#[test]
fn a_relative_password_file_is_a_credential_first_and_lies_beside_the_settings_else() {
    let (folder, credentials) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let file = folder.path().join("settings.toml");
    std::fs::write(&file, GOOD.replace("/dev/null", "secret")).unwrap();
    std::fs::write(folder.path().join("secret"), "beside").unwrap();
    let environment = || [("CREDENTIALS_DIRECTORY".to_owned(), credentials.path().to_str().unwrap().to_owned())];
    let password = || {
        let settings = read(&file, environment()).unwrap();
        let login = settings.mailboxes[0].server.login.clone().unwrap();
        let LoginBy::Password(secret) = login.by else { panic!("no password") };
        secret.read().unwrap().expose_secret().to_owned()
    };
    assert_eq!(password(), "beside");
    std::fs::write(credentials.path().join("secret"), "credential").unwrap();
    assert_eq!(password(), "credential");
}

fn command(words: &[&str]) -> Secret {
    Secret::Command(words.iter().map(|word| (*word).to_owned()).collect())
}

#[test]
fn a_password_command_gives_its_first_line() {
    let secret = command(&["printf", "first\nsecond\n"]).read().unwrap();
    assert_eq!(secret.expose_secret(), "first");
}

#[test]
fn a_password_command_that_fails_or_says_nothing_is_named_without_what_it_printed() {
    for words in [&["sh", "-c", "printf geheim; exit 3"][..], &["true"], &["/nowhere/program"]] {
        let error = format!("{:#}", command(words).read().unwrap_err());
        assert!(error.contains(words[0]) && !error.contains("geheim"), "{error}");
    }
}

#[test]
fn a_password_command_cannot_ask_anybody() {
    let error = format!("{:#}", command(&["cat"]).read().unwrap_err());
    assert!(error.contains("gives no password"), "{error}");
}
