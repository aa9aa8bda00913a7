//! Every way to a token leads into the mailbox.

use super::{BY_REFRESH_TOKEN, BY_SECRET, TokenHouse, furnished, oauth2, token_house};
use crate::harness::token_endpoint::{CLIENT_SECRET, ClientCertificate, token};
use crate::harness::{TokenEndpoint, wait_for};
use crate::house::{SOON, builder};
use crate::mails::forward;
use std::path::Path;

fn imports_a_mail(TokenHouse { house, .. }: &TokenHouse) {
    house.deliver(&forward("482137 Unterlagen"));
    house.once();
    assert_eq!(house.mails().last().unwrap()["outcome"], "imported");
    assert_eq!(house.count("INBOX"), 0);
}

#[test]
fn a_client_with_a_secret_gets_one_token_for_a_whole_round() {
    let tokens = token_house(BY_SECRET);
    imports_a_mail(&tokens);
    let asked = tokens.endpoint.asked();
    assert_eq!((asked.len(), asked[0].field("grant_type")), (1, "client_credentials"));
    assert!(asked[0].line.starts_with("POST /token HTTP/1.1"), "{}", asked[0].line);
    let said = tokens.house.service.succeed(&["check"]);
    assert!(said.contains("ok    mailbox import@example.test: logged in"), "{said}");
}

#[test]
fn mailboxes_that_are_opened_alike_share_a_token() {
    let tokens = furnished(builder().without_smtp().mailbox("poll_interval = \"1h\""), BY_SECRET);
    let doubled = tokens.house.settings();
    let section = doubled.split("[[mailbox]]").nth(1).unwrap();
    let second = section
        .replace("address = \"import@", "address = \"second@")
        .replace("poll_interval", "folder = \"Zweite\"\narchive = { root = \"Second\" }\npoll_interval");
    tokens.house.dovecot.doveadm(&["mailbox", "create", "-u", "import", "Zweite"]);
    tokens.house.service.set_settings(&format!("{doubled}\n[[mailbox]]{second}"));
    tokens.house.service.succeed(&["check"]);
    assert_eq!(tokens.endpoint.asked().len(), 1);
}

/// Without an authority of its own only the system's are trusted.
#[test]
fn a_token_endpoint_is_trusted_for_an_authority_of_its_own_and_for_no_other() {
    let tokens = token_house(BY_SECRET);
    let secure = TokenEndpoint::start_with_tls(tokens.house.dovecot.certificates());
    let (settings, plain) = (tokens.house.settings(), format!("token_endpoint = \"{}\"", tokens.endpoint.url()));
    let trusting = |ca: Option<&Path>| {
        let ca = ca.map(|file| format!(", ca_file = \"{}\"", file.display())).unwrap_or_default();
        let secure = format!("token_endpoint = \"{}\"{ca}", secure.url());
        tokens.house.service.set_settings(&settings.replace(&plain, &secure));
    };
    for untrusted in [None, Some(tokens.house.dovecot.other_ca_file())] {
        trusting(untrusted);
        let finished = tokens.house.service.command(&["once"]);
        assert!(finished.stderr.contains("certificate"), "{finished:#?}");
        assert!(secure.asked().is_empty(), "a secret went to whom nobody vouches for");
    }
    trusting(Some(tokens.house.dovecot.ca_file()));
    imports_a_mail(&tokens);
    assert_eq!((secure.asked().len(), tokens.endpoint.asked().len()), (1, 0));
}

#[test]
fn while_one_asks_the_others_wait_for_the_same_answer() {
    let tokens = furnished(builder().without_smtp().more_mailboxes(2), BY_SECRET);
    // All three are one account here, so that they need the same token.
    let way = oauth2(&tokens.endpoint, "import", BY_SECRET);
    let mut shared = tokens.house.settings().replace("password_file = \"imap-password\"", &way);
    for other in ["box-1", "box-2"] {
        tokens.house.dovecot.doveadm(&["mailbox", "create", "-u", "import", other]);
        let folder = format!("username = \"import\"\nfolder = \"{other}\"");
        shared = shared.replace(&format!("username = \"{other}\""), &folder);
    }
    tokens.house.service.set_settings(&shared);
    tokens.endpoint.hold();
    let mut service = tokens.house.service.run();
    wait_for("a request", SOON, || (!tokens.endpoint.asked().is_empty()).then_some(()));
    tokens.endpoint.let_go();
    wait_for("all log-ins", SOON, || {
        (tokens.house.dovecot.log().matches("Login: user=<import>").count() >= 3).then_some(())
    });
    service.terminate();
    assert_eq!(service.wait(SOON).unwrap().code, Some(0));
    assert_eq!(tokens.endpoint.asked().len(), 1);
}

#[test]
fn a_client_with_a_certificate_signs_its_request_in_both_ways() {
    let certificate = ClientCertificate::lasting(90);
    for algorithm in ["PS256", "RS256"] {
        let house = builder();
        let way =
            "scope = \"https://mail.example.test/\", certificate_file = \"client.pem\", key_file = \"client.key\"";
        let way = format!("{way}, assertion = \"{algorithm}\"");
        let tokens = furnished(house, &way);
        tokens.house.service.write("client.pem", certificate.certificate_pem());
        tokens.house.service.write("client.key", certificate.key_pem());
        tokens.endpoint.know(&certificate);
        imports_a_mail(&tokens);
        // A second signature is another one: the endpoint takes no assertion twice.
        imports_a_mail(&tokens);
        assert!(!tokens.endpoint.asked()[0].has("client_secret"));
        let other = ClientCertificate::lasting(90);
        tokens.house.service.write("client.key", other.key_pem());
        let finished = tokens.house.service.command(&["once"]);
        assert!(finished.stderr.contains("does not belong to the certificate"), "{finished:#?}");
        tokens.house.service.write("client.pem", other.certificate_pem());
        let finished = tokens.house.service.command(&["once"]);
        assert!(finished.stderr.contains("AADSTS700027"), "{finished:#?}");
        assert!(finished.stderr.contains("the certificate is not registered"), "{finished:#?}");
    }
}

#[test]
fn a_person_lends_a_refresh_token() {
    let tokens = token_house(BY_REFRESH_TOKEN);
    imports_a_mail(&tokens);
    assert_eq!(tokens.endpoint.asked()[0].field("grant_type"), "refresh_token");
}

#[test]
fn a_reply_without_the_refresh_token_that_was_asked_for_is_said() {
    let tokens = token_house(&format!("scope = \"offline_access\", {BY_REFRESH_TOKEN}"));
    let said = |tokens: &TokenHouse| tokens.house.service.command(&["once"]).stderr.contains("`offline_access`");
    assert!(said(&tokens));
    tokens.endpoint.rotate();
    assert!(!said(&tokens));
}

#[test]
fn a_program_prints_tokens() {
    for mechanism in ["auto", "xoauth2", "oauthbearer"] {
        let way = format!("token_command = [\"cat\", \"token\"], mechanism = \"{mechanism}\"");
        let tokens = token_house(&way);
        tokens.house.service.write("token", format!("{}\n", token("import", 60)));
        imports_a_mail(&tokens);
        assert_eq!(tokens.endpoint.asked().len(), 0);
        tokens.house.service.write("token", format!("{}\n", token("import", -60)));
        let finished = tokens.house.service.command(&["once"]);
        assert!(finished.stderr.contains("has ended already"), "{finished:#?}");
    }
}

#[test]
fn no_token_or_secret_is_logged_at_any_level() {
    let mut tokens = token_house(BY_REFRESH_TOKEN);
    tokens.endpoint.rotate();
    tokens.house.service = tokens.house.service.variable("REPLY_IMPORT_LOG", "trace");
    tokens.house.deliver(&forward("482137 Unterlagen"));
    let finished = tokens.house.service.command(&["once"]);
    assert_eq!(finished.code, Some(0), "{finished:#?}");
    assert!(finished.stderr.contains("DEBUG"), "nothing was logged");
    // The head of every token of this endpoint, plain and within the base64 of the log-in; the secrets.
    for secret in ["eyJ", "QmVhcmVy", CLIENT_SECRET, "refresh-0", "refresh-1"] {
        assert!(!finished.stderr.contains(secret), "{secret} in {}", finished.stderr);
    }
}
