//! No token, or one that nobody takes: who is told what, and what goes on.

use super::{BY_REFRESH_TOKEN, BY_SECRET, furnished, token_house};
use crate::harness::token_endpoint::Answer;
use crate::harness::{TokenEndpoint, wait_for};
use crate::house::{SOON, builder};
use crate::mails::forward;
use serde_json::json;

#[test]
fn while_no_token_can_be_had_the_mailbox_waits_and_the_others_go_on() {
    let tokens = furnished(builder().more_mailboxes(1).mailbox("poll_interval = \"1s\""), BY_SECRET);
    tokens.endpoint.answer_all(Some(Answer::Status(503)));
    tokens.house.deliver(&forward("482137 Unterlagen"));
    tokens.house.dovecot.deliver("box-1", forward("482137 Zeugnis").bytes());
    let mut service = tokens.house.service.run();
    wait_for("the other mailbox's mail", SOON, || (tokens.house.mails().len() == 1).then_some(()));
    wait_for("the fault to be noted", SOON, || {
        let status = tokens.house.status();
        let mailbox =
            status["mailboxes"].as_array()?.iter().find(|one| one["address"] == "import@example.test")?.clone();
        mailbox["error"].as_str()?.contains("it answers 503").then_some(())
    });
    assert_eq!(tokens.house.count("INBOX"), 1);
    tokens.endpoint.answer_all(None);
    wait_for("the mail to be filed", SOON, || (tokens.house.count("Archive/Imported") == 1).then_some(()));
    service.terminate();
    let finished = service.wait(SOON).unwrap();
    assert_eq!(finished.code, Some(0));
    assert!(!finished.stderr.contains("ERROR"), "what passes by itself is no alarm: {}", finished.stderr);
}

#[test]
fn a_refused_token_is_an_alarm_at_the_first_refusal() {
    for trouble in [Answer::ForeignToken, Answer::Refusal("invalid_client", "AADSTS7000222: The secret is expired.")] {
        let tokens = token_house(BY_SECRET);
        tokens.endpoint.answer_all(Some(trouble.clone()));
        let mut service = tokens.house.service.run();
        wait_for("the alarm", SOON, || service.stderr().contains("until a person puts this right").then_some(()));
        let first = service
            .stderr()
            .lines()
            .find(|line| line.contains("No mail is imported from the mailbox"))
            .unwrap()
            .to_owned();
        assert!(first.contains("ERROR") && first.contains("failures=1"), "{first}");
        let error = match trouble {
            Answer::ForeignToken => "the server refused the login",
            _ => "AADSTS7000222): the client secret has ended",
        };
        assert!(first.contains(error), "{first}");
        service.terminate();
        service.wait(SOON).unwrap();
    }
}

#[test]
fn a_token_that_was_kept_and_is_not_taken_is_replaced_at_once() {
    let tokens = token_house(BY_SECRET);
    tokens.endpoint.answer_next(Answer::ForeignToken);
    tokens.house.deliver(&forward("482137 Unterlagen"));
    let mut service = tokens.house.service.run();
    // The first try has a fresh token and is an alarm; the second finds it kept, and asks for another one.
    wait_for("the mail to be filed", SOON, || (tokens.house.count("Archive/Imported") == 1).then_some(()));
    assert_eq!(tokens.endpoint.asked().len(), 2);
    assert_eq!(service.stderr().matches("Cannot log in").count(), 1, "{}", service.stderr());
    service.terminate();
    service.wait(SOON).unwrap();
}

#[test]
fn what_is_missing_in_a_reply_is_named_by_check() {
    let tokens = token_house(BY_SECRET);
    let reply = |key: &str, value: serde_json::Value| {
        let mut reply = json!({"access_token": "geheimes-zeichen", "token_type": "Bearer", "expires_in": 3600});
        reply[key] = value;
        Answer::Reply(reply)
    };
    for (answer, said) in [
        (
            reply("scope", "https://other.example.test/".into()),
            "the scope `https://mail.example.test/` was not granted",
        ),
        (reply("token_type", "pop".into()), "token_type"),
        (reply("expires_in", 0.into()), "expires_in"),
        (reply("access_token", json!(["geheimes-zeichen"])), "access_token"),
        (Answer::Reply(json!({"greeting": "geheimes-zeichen"})), "is `token_endpoint` right?"),
        (Answer::Refusal("invalid_scope", "AADSTS70011: geheimes-zeichen"), "AADSTS70011"),
        (Answer::Refusal("unauthorized_client", "AADSTS65001: geheimes-zeichen"), "nobody has consented"),
        (Answer::Status(404), "is `token_endpoint` right?"),
    ] {
        tokens.endpoint.answer_next(answer.clone());
        let finished = tokens.house.service.command(&["check"]);
        assert_eq!(finished.code, Some(1), "{answer:?}");
        let line = finished.stdout.lines().find(|line| line.contains("mailbox import@")).unwrap();
        assert!(line.starts_with("FAIL") && line.contains("Cannot get a token from 127.0.0.1"), "{line}");
        assert!(line.contains(said), "{answer:?}: {line}");
        assert!(!format!("{finished:?}").contains("geheimes-zeichen"), "{finished:#?}");
    }
}

#[test]
fn a_secret_is_not_sent_to_another_address() {
    let tokens = token_house(BY_REFRESH_TOKEN);
    let other = TokenEndpoint::start();
    tokens.endpoint.answer_next(Answer::Redirect(other.url().to_owned()));
    let finished = tokens.house.service.command(&["once"]);
    assert!(finished.stderr.contains("a secret is sent to no other address"), "{finished:#?}");
    assert!(other.asked().is_empty());
}
