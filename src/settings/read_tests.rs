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
    assert!(error.contains("host`: Found a number, wanted a text in quotes"), "{error}");
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
    assert!(error.contains("`mailbox.0.password_file`: There is no file /nowhere/password: the secret"), "{error}");
    let missing = read(Path::new("/nowhere/x.toml"), []).unwrap_err().to_string();
    assert!(missing.contains("/nowhere/x.toml") && missing.contains("reply-import init"), "{missing}");
}

#[test]
fn all_faults_are_named_at_once() {
    let error = fault(&GOOD.replace("/dev/null", "/nowhere").replace("sqlite:cases.db", "mysql:x"));
    assert!(error.contains("database.url") && error.contains("password_file"), "{error}");
}

#[test]
fn a_value_of_the_wrong_kind_is_told_in_words_that_people_write() {
    for (wrong, told) in [
        ("max_size = 25", "`mailbox.0.max_size`: Found a number, wanted a text in quotes, as in \"…\""),
        ("port = \"993\"", "`mailbox.0.port`: Found a text, wanted a whole number"),
        ("idle = \"yes\"", "`mailbox.0.idle`: Found a text, wanted true or false"),
    ] {
        let error = fault(&GOOD.replace("password_file", &format!("{wrong}\npassword_file")));
        assert!(error.contains(told), "{error}");
    }
    let error = fault(&GOOD.replace("[[mailbox]]", "staff_domains = \"example.com\"\n[[mailbox]]"));
    assert!(error.contains("wanted a list, such as [\"…\"]"), "{error}");
}

#[test]
fn an_sqlite_file_is_looked_for_beside_the_settings_wherever_a_command_is_started() {
    let of = |url: &str| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("settings.toml");
        std::fs::write(&file, GOOD.replace("sqlite:cases.db", url)).unwrap();
        let folder = format!("{}/", folder.path().display());
        read(&file, std::iter::empty()).unwrap().database_url.replace(&folder, "HERE/")
    };
    for (url, whole) in [
        ("sqlite:cases.db", "sqlite:HERE/cases.db"),
        ("sqlite:data/cases.db", "sqlite:HERE/data/cases.db"),
        ("sqlite:/srv/cases.db", "sqlite:/srv/cases.db"),
        ("sqlite:///srv/cases.db", "sqlite:/srv/cases.db"),
        ("postgres://db/x", "postgres://db/x"),
    ] {
        assert_eq!(of(url), whole);
    }
}
