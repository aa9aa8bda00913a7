//! Log-ins with OAuth 2: what may be written, and what is said about the rest.

use super::{Grant, Login, LoginBy, Mechanism, OAuth2, TokenSource};
use crate::settings::TEMPLATE;
use crate::settings::tests::{GOOD, fault, settings};
use std::path::Path;
use std::time::Duration;

const ENDPOINT: &str = r#"token_endpoint = "https://login.example.test/token", client_id = "x""#;

fn with(oauth2: &str) -> String {
    GOOD.replace("password_file = \"/dev/null\"", &format!("oauth2 = {{ {oauth2} }}"))
}

fn read(oauth2: &str) -> OAuth2 {
    let mut settings = settings(&with(oauth2), &[]).unwrap();
    let login: Login = settings.mailboxes.remove(0).server.login.clone().unwrap();
    let LoginBy::Token(oauth2) = login.by else { panic!("no token") };
    oauth2
}

#[test]
fn every_way_to_a_token_that_init_shows_can_be_read() {
    let ways: Vec<&str> = TEMPLATE.lines().filter_map(|line| line.strip_prefix("# oauth2 = ")).collect();
    assert_eq!(ways.len(), 4);
    for way in ways {
        let mut way = way.to_owned();
        for file in ["client-secret", "client.pem", "client.key", "refresh-token"] {
            way = way.replace(&format!("\"{file}\""), "\"/dev/null\"");
        }
        settings(&GOOD.replace("password_file = \"/dev/null\"", &format!("oauth2 = {way}")), &[]).unwrap();
    }
}

#[test]
fn a_mailbox_has_a_password_or_a_token_and_not_both() {
    let both = format!("{GOOD}oauth2 = {{ token_command = [\"x\"] }}");
    assert!(fault(&both).contains("`mailbox.0.oauth2`: Give either a password or `oauth2`"));
    assert!(fault(&GOOD.replace("password_file = \"/dev/null\"", "")).contains("or write `oauth2`"));
}

#[test]
fn there_is_exactly_one_way_to_a_token() {
    for (written, said) in [
        ("", "Give one way to a token"),
        (r#"client_secret_file = "/dev/null", certificate_file = "/dev/null", key_file = "/dev/null""#, "Give one way"),
        (r#"refresh_token_file = "/dev/null", certificate_file = "/dev/null", key_file = "/dev/null""#, "Give one way"),
        (r#"certificate_file = "/dev/null""#, "key_file"),
        (r#"key_file = "/dev/null""#, "certificate_file"),
        (r#"client_secret_file = "/dev/null""#, "`mailbox.0.oauth2.scope`: This key is missing"),
        (r#"client_secret_file = "/nowhere/x", scope = "y""#, "There is no file /nowhere/x"),
        (r#"client_secret_file = "/dev/null", scope = "y", token_lifetime = "5m""#, "token_lifetime"),
        (r#"client_secret_file = "/dev/null", scope = "y", client_secret_expires = "soon""#, "`soon` is no day"),
        (r#"token_command = ["x"]"#, "With `token_command` the program alone"),
    ] {
        let text = if written.is_empty() { ENDPOINT.to_owned() } else { format!("{ENDPOINT}, {written}") };
        let error = fault(&with(&text));
        assert!(error.contains(said), "{written}: {error}");
    }
    let error = fault(&with(r#"client_secret_file = "/dev/null", scope = "y""#));
    assert!(error.contains("oauth2.token_endpoint`: This key") && error.contains("oauth2.client_id`: This"), "{error}");
}

#[test]
fn secrets_go_over_tls_or_to_this_machine() {
    let way = r#"client_id = "x", scope = "y", client_secret_file = "/dev/null", token_endpoint = "#;
    for (url, is_good) in [
        ("https://login.example.test/token", true),
        ("http://127.0.0.1:8080/token", true),
        ("http://[::1]/token", true),
        ("http://localhost/token", true),
        ("http://login.example.test/token", false),
        ("http://127.0.0.1.example.test/token", false),
        ("ftp://localhost/token", false),
        ("login.example.test", false),
        ("", false),
    ] {
        assert_eq!(settings(&with(&format!("{way}\"{url}\"")), &[]).is_ok(), is_good, "{url}");
    }
}

#[test]
fn scopes_are_a_text_or_a_list() {
    for scope in [r#""a b""#, r#"["a", "b"]"#, r#"["a b"]"#] {
        let oauth2 = read(&format!("{ENDPOINT}, client_secret_file = \"/dev/null\", scope = {scope}"));
        let TokenSource::Endpoint(endpoint) = oauth2.source else { panic!("no endpoint") };
        assert_eq!(endpoint.scopes, ["a", "b"], "{scope}");
    }
}

#[test]
fn the_newest_refresh_token_is_kept_in_the_same_place_however_a_command_is_started() {
    let text = with(&format!("{ENDPOINT}, refresh_token_file = \"/dev/null\""));
    let state = |text: &str, environment: &[(&str, &str)]| {
        let login = settings(text, environment).unwrap().mailboxes.remove(0).server.login.clone().unwrap();
        let LoginBy::Token(OAuth2 { source: TokenSource::Endpoint(endpoint), .. }) = login.by else {
            panic!("no token")
        };
        let Grant::RefreshToken { state, lifetime, .. } = endpoint.grant else { panic!("no refresh token") };
        assert_eq!(lifetime, Duration::from_hours(90 * 24));
        state
    };
    let by_service = [("STATE_DIRECTORY", "/srv/state:/srv/other")];
    let on_sqlite = text.replace("sqlite:cases.db", "sqlite:/srv/data/cases.db");
    assert_eq!(state(&on_sqlite, &[]), Path::new("/srv/data/null.newest"));
    assert_eq!(state(&on_sqlite, &by_service), Path::new("/srv/data/null.newest"));
    let on_postgres = text.replace("sqlite:cases.db", "postgres://db/x");
    assert_eq!(state(&on_postgres, &by_service), Path::new("/srv/state/null.newest"));
    let named = text.replace("refresh_token_file", "refresh_token_state = \"/srv/named\", refresh_token_file");
    assert_eq!(state(&named, &by_service), Path::new("/srv/named"));
}

#[test]
fn no_refresh_token_is_kept_in_the_place_of_another() {
    let folder = tempfile::tempdir().unwrap();
    let seed = |name: &str| {
        let seed = folder.path().join(name).join("refresh-token");
        std::fs::create_dir_all(seed.parent().unwrap()).unwrap();
        std::fs::write(&seed, "token").unwrap();
        format!("{ENDPOINT}, refresh_token_file = \"{}\"", seed.display())
    };
    let both = |mailbox: &str, smtp: &str| {
        let smtp =
            format!("host = \"smtp.example.com\"\nfrom = \"a@example.com\"\nusername = \"a\"\noauth2 = {{ {smtp} }}");
        format!("{}[smtp]\n{smtp}\n", with(mailbox))
    };
    let (one, other) = (seed("one"), seed("other"));
    let elsewhere = ", refresh_token_state = \"/srv/elsewhere\"";
    assert!(fault(&both(&one, &other)).contains("`smtp.oauth2.refresh_token_state`: Two refresh tokens"));
    assert!(fault(&both(&one, &format!("{one}{elsewhere}"))).contains("in another file elsewhere"));
    settings(&both(&one, &one), &[]).unwrap();
    settings(&both(&one, &format!("{other}{elsewhere}")), &[]).unwrap();
}

#[test]
fn mail_is_not_sent_with_a_mechanism_that_cannot_be_spoken() {
    let smtp = |mechanism: &str| {
        format!(
            "{GOOD}[smtp]\nhost = \"smtp.example.com\"\nfrom = \"a@example.com\"\nusername = \"a\"\n\
             oauth2 = {{ token_command = [\"x\"], mechanism = \"{mechanism}\" }}\n"
        )
    };
    assert!(fault(&smtp("oauthbearer")).contains("`smtp.oauth2.mechanism`"));
    for mechanism in ["auto", "xoauth2"] {
        settings(&smtp(mechanism), &[]).unwrap();
    }
    assert!(fault(&smtp("auto").replace("username = \"a\"\n", "")).contains("`smtp.username`"));
    assert_eq!(read(r#"token_command = ["x"], mechanism = "oauthbearer""#).mechanism, Mechanism::OAuthBearer);
}
