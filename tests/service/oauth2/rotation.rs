//! Refresh tokens that change with each use.

use super::{BY_REFRESH_TOKEN, TokenHouse, token_house};
use crate::house::SOON;
use crate::mails::forward;
use std::os::unix::fs::PermissionsExt;

fn rotating() -> TokenHouse {
    let tokens = token_house(BY_REFRESH_TOKEN);
    tokens.endpoint.rotate();
    tokens
}

/// Runs `once` and has it killed at a place.
fn killed_at(tokens: &TokenHouse, place: &str) {
    let mut running = tokens.house.service.start_with(&["once"], &[("FAILPOINTS", &format!("{place}=return"))]);
    let finished = running.wait(SOON).unwrap();
    assert_eq!(finished.code, None, "it was not killed: {finished:#?}");
}

#[test]
fn each_start_goes_on_with_the_newest_token() {
    let tokens = rotating();
    for _ in 0..3 {
        tokens.house.deliver(&forward("482137 Unterlagen"));
        tokens.house.once();
    }
    assert_eq!(tokens.house.count("Archive/Imported"), 3);
    let used: Vec<String> = tokens.endpoint.asked().iter().map(|one| one.field("refresh_token").to_owned()).collect();
    assert_eq!(used, ["refresh-0", "refresh-1", "refresh-2"]);
    assert!(!tokens.endpoint.takes("refresh-2") && tokens.endpoint.takes("refresh-3"));
    let kept = tokens.house.service.join("refresh-token.newest");
    assert_eq!(kept.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn killed_when_the_newest_token_is_kept_it_goes_on_with_that() {
    let tokens = rotating();
    killed_at(&tokens, "token_kept");
    assert!(!tokens.endpoint.takes("refresh-0"));
    tokens.house.deliver(&forward("482137 Unterlagen"));
    tokens.house.once();
    assert_eq!(tokens.house.only_mail()["outcome"], "imported");
}

/// What no client can avoid: the server's answer was lost with the process. There is a whole file, the refusal says what to
/// do, and a token that a person puts there counts.
#[test]
fn killed_before_the_newest_token_is_kept_it_says_what_to_do() {
    let tokens = rotating();
    killed_at(&tokens, "token_given");
    let finished = tokens.house.service.command(&["once"]);
    assert_eq!(finished.code, Some(1), "{finished:#?}");
    assert!(finished.stderr.contains("invalid_grant, AADSTS700082"), "{finished:#?}");
    assert!(finished.stderr.contains("put a new one into `refresh_token_file`"), "{finished:#?}");
    tokens.endpoint.allow("by-hand");
    tokens.house.service.write("refresh-token", "by-hand\n");
    tokens.house.deliver(&forward("482137 Unterlagen"));
    tokens.house.once();
    tokens.house.once();
    assert_eq!(tokens.house.only_mail()["outcome"], "imported");
}

#[test]
fn two_processes_do_not_use_up_each_others_token() {
    let tokens = rotating();
    let mut running: Vec<_> = (0..4).map(|_| tokens.house.service.start(&["check"])).collect();
    for one in &mut running {
        let finished = one.wait(SOON).unwrap();
        assert!(finished.stdout.contains("ok    mailbox import@example.test"), "{finished:#?}");
    }
    let used: Vec<String> = tokens.endpoint.asked().iter().map(|one| one.field("refresh_token").to_owned()).collect();
    assert_eq!(used, ["refresh-0", "refresh-1", "refresh-2", "refresh-3"]);
}

#[test]
fn a_token_whose_successor_cannot_be_kept_is_not_used_up() {
    let tokens = rotating();
    let elsewhere = tokens
        .house
        .settings()
        .replace("refresh_token_file =", "refresh_token_state = \"no-such-folder/newest\", refresh_token_file =");
    tokens.house.service.set_settings(&elsewhere);
    let finished = tokens.house.service.command(&["once"]);
    assert_eq!(finished.code, Some(1), "{finished:#?}");
    assert!(finished.stderr.contains("no-such-folder/newest"), "{finished:#?}");
    assert!(tokens.endpoint.takes("refresh-0") && tokens.endpoint.asked().is_empty());
}
