//! How the file and the environment are read, and what is said about what cannot be read.

use super::read;
use crate::settings::tests::{GOOD, fault, settings};
use crate::settings::{TEMPLATE, Tls};
use std::path::Path;

#[test]
fn the_file_that_init_writes_can_be_read() {
    let text = TEMPLATE.replace("\"imap-password\"", "\"/dev/null\"");
    settings(&text, &[]).unwrap();
}

#[test]
fn every_key_that_init_shows_commented_out_is_a_key() {
    let text: String = TEMPLATE
        .replace("\"imap-password\"", "\"/dev/null\"")
        .replace("\"smtp-password\"", "\"/dev/null\"")
        .replace("\"webhook-secret\"", "\"/dev/null\"")
        .replace("\"files-key\"", "\"/dev/null\"")
        .replace("/etc/ssl/own-ca.pem", "/dev/null")
        .lines()
        .filter(|line| !line.contains("password_command") && !line.contains("username = \"...\""))
        // Instead of a password; its own test reads it.
        .filter(|line| !line.contains("oauth2"))
        .map(|line| {
            let key = line.strip_prefix("# ").filter(|rest| rest.starts_with('[') || rest.contains(" = "));
            key.unwrap_or(line)
        })
        .collect::<Vec<_>>()
        .join("\n");
    let settings = settings(&text, &[]).unwrap();
    assert!(settings.smtp.is_some() && settings.without_effect.is_empty());
}

#[test]
fn the_environment_overrides_keys_also_inside_lists() {
    let environment = [
        ("REPLY_IMPORT_DATABASE__URL", "postgres://db/x"),
        ("REPLY_IMPORT_MAILBOX__0__HOST", "127.0.0.1"),
        ("REPLY_IMPORT_MAILBOX__0__TLS", "none"),
        ("REPLY_IMPORT_MAILBOX__0__PORT", "1143"),
        ("REPLY_IMPORT_CONFIG", "elsewhere"),
        ("HOME", "/root"),
    ];
    let settings = settings(GOOD, &environment).unwrap();
    assert_eq!(settings.database_url, "postgres://db/x");
    let server = &settings.mailboxes[0].server;
    assert_eq!((server.host.as_str(), server.port, server.tls), ("127.0.0.1", 1143, Tls::None));
}

#[test]
fn an_environment_variable_that_leads_nowhere_is_a_fault() {
    let error = settings(GOOD, &[("REPLY_IMPORT_MAILBOX__7__HOST", "x")]).unwrap_err().to_string();
    assert!(error.contains("`mailbox.7.host`: There is no such key for REPLY_IMPORT_MAILBOX__7__HOST"), "{error}");
}

#[test]
fn an_unknown_key_is_named_with_the_nearest_known_one() {
    let error = fault(&GOOD.replace("password_file", "pasword_file"));
    let named = "\n  `mailbox.0.pasword_file`: There is no such key; did you mean `password_file`?";
    assert!(error.ends_with(named), "{error}");
}

#[test]
fn a_wrong_type_says_what_was_wanted_and_keeps_the_value_to_itself() {
    let error = fault(&GOOD.replace("\"imap.example.com\"", "4711"));
    assert!(error.contains("host`: Found a number, wanted a string"), "{error}");
    assert!(!error.contains("4711"), "{error}");
}

#[test]
fn a_missing_key_is_named() {
    let error = fault(&GOOD.replace("host = \"imap.example.com\"", ""));
    assert!(error.contains("host`: This key is missing"), "{error}");
}

#[test]
fn text_that_is_no_toml_is_named_with_its_line() {
    let error = fault("[database\nurl = 1");
    assert!(error.contains("line 1"), "{error}");
}

#[test]
fn a_file_that_does_not_exist_is_named() {
    let error = fault(&GOOD.replace("/dev/null", "/nowhere/password"));
    assert!(error.contains("`mailbox.0.password_file`: The file /nowhere/password cannot be read"), "{error}");
    let missing = read(Path::new("/nowhere/x.toml"), []).unwrap_err().to_string();
    assert!(missing.contains("/nowhere/x.toml") && missing.contains("reply-import init"), "{missing}");
}

#[test]
fn all_faults_are_named_at_once() {
    let error = fault(&GOOD.replace("/dev/null", "/nowhere").replace("sqlite:cases.db", "mysql:x"));
    assert!(error.contains("database.url") && error.contains("password_file"), "{error}");
}
