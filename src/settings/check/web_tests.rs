//! What somebody typed about how the pages are served, and what they are told.

use crate::settings::tests::{GOOD, fault, settings};
use crate::settings::{SettingsError, SignIn, Web};

const SMTP: &str = "[smtp]\nhost = \"smtp.example.com\"\nfrom = \"notices@example.com\"\n";

fn with(lines: &str) -> String {
    format!("{GOOD}{SMTP}[web]\n{lines}")
}

fn web(lines: &str) -> Result<Option<Web>, SettingsError> {
    settings(&with(lines), &[]).map(|settings| settings.web)
}

#[test]
fn without_a_place_to_listen_at_no_pages_are_served() {
    assert!(settings(GOOD, &[]).unwrap().web.is_none());
    let elsewhere = web("public_url = \"http://recruiting.example.com/start\"").unwrap();
    assert!(elsewhere.is_none(), "the links may lead to another program");
}

#[test]
fn people_sign_in_by_mail_unless_a_proxy_vouches_for_them() {
    let by_mail = web("listen = \"127.0.0.1:8025\"").unwrap().unwrap();
    assert_eq!((by_mail.sign_in, by_mail.trusted_proxies.len()), (SignIn::Mail, 0));
    let lines = "listen = \"127.0.0.1:8025\"\nsign_in = \"proxy_header\"\n\
                 trusted_proxies = [\"::1\", \"::ffff:10.0.0.1\"]";
    let by_proxy = web(lines).unwrap().unwrap();
    assert_eq!(by_proxy.sign_in, SignIn::ProxyHeader("x-remote-user".to_owned()));
    let trusted: Vec<String> = by_proxy.trusted_proxies.iter().map(ToString::to_string).collect();
    assert_eq!(trusted, ["::1", "10.0.0.1"]);
    let named = web(&format!("{lines}\nproxy_header = \"Auth_User\"")).unwrap().unwrap();
    assert_eq!(named.sign_in, SignIn::ProxyHeader("auth_user".to_owned()));
    let without_mail = format!("{GOOD}[web]\n{lines}");
    assert!(settings(&without_mail, &[]).is_ok(), "no mail is needed then");
}

#[test]
fn a_proxy_that_must_be_there_and_is_not_named_is_noticed() {
    let is_unnamed = |lines: &str| settings(&with(lines), &[]).unwrap().has_unnamed_proxy();
    let (here, by_tls) = ("listen = \"127.0.0.1:8025\"", "public_url = \"https://recruiting.example.com\"");
    assert!(is_unnamed(&format!("{here}\n{by_tls}")));
    assert!(is_unnamed(&format!("listen = \"[::1]:8025\"\n{by_tls}")));
    assert!(!is_unnamed(&format!("{here}\n{by_tls}\ntrusted_proxies = [\"127.0.0.1\"]")));
    assert!(!is_unnamed(&format!("{here}\npublic_url = \"http://127.0.0.1:8025\"")));
    assert!(!is_unnamed(here));
    assert!(!is_unnamed(by_tls), "the pages are served by another process");
}

#[test]
fn links_begin_with_how_people_reach_the_pages() {
    let start = |lines: &str| settings(&with(lines), &[]).unwrap().pages_url();
    assert_eq!(start("listen = \"127.0.0.1:8025\"").as_deref(), Some("http://127.0.0.1:8025"));
    let public = "listen = \"0.0.0.0:8025\"\npublic_url = \"https://recruiting.example.com/\"";
    assert_eq!(start(public).as_deref(), Some("https://recruiting.example.com"));
    assert_eq!(start(""), None);
}

#[test]
fn what_would_let_strangers_in_or_nobody_is_refused() {
    let listen = "listen = \"127.0.0.1:8025\"\n";
    let url = |url: &str| format!("{listen}public_url = \"{url}\"");
    let by_proxy = format!("{listen}sign_in = \"proxy_header\"\n");
    for (lines, key) in [
        ("listen = \"8025\"".to_owned(), "web.listen"),
        ("listen = \"0.0.0.0:8025\"".to_owned(), "web.public_url"),
        ("listen = \"[::]:8025\"".to_owned(), "web.public_url"),
        (url("http://recruiting.example.com"), "web.public_url"),
        (url("https://recruiting.example.com/path"), "web.public_url"),
        (url("https://you@recruiting.example.com"), "web.public_url"),
        (url("ftp://127.0.0.1"), "web.public_url"),
        (url("recruiting.example.com"), "web.public_url"),
        (url("https://"), "web.public_url"),
        (by_proxy.clone(), "web.trusted_proxies"),
        (format!("{by_proxy}trusted_proxies = [\"10.0.0.0/8\"]"), "web.trusted_proxies"),
        (format!("{by_proxy}trusted_proxies = [\"::1\"]\nproxy_header = \"a b\""), "web.proxy_header"),
        (format!("{listen}proxy_header = \"X-User\""), "web.proxy_header"),
        (format!("{listen}sign_in = \"password\""), "sign_in"),
    ] {
        let error = fault(&with(&lines));
        assert!(error.contains(key), "{lines}: {error}");
    }
    let nobody = fault(&format!("{GOOD}[web]\n{listen}"));
    assert!(nobody.contains("web.sign_in") && nobody.contains("[smtp]"), "{nobody}");
    for fine in
        ["http://localhost:8025", "http://127.0.0.1", "http://[::1]:8025", "https://recruiting.example.com:8443"]
    {
        assert!(web(&url(fine)).is_ok(), "{fine}");
    }
}
