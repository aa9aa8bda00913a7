//! Notifications sent with a token.

use super::{BY_SECRET, TokenHouse, oauth2, token_house};
use crate::harness::token_endpoint::Answer;
use crate::harness::wait_for;
use crate::house::SOON;
use crate::mails::forward;

fn sending_by_token() -> TokenHouse {
    let tokens = token_house(BY_SECRET);
    let sending = oauth2(&tokens.endpoint, "notices", BY_SECRET);
    let settings = tokens.house.settings().replace("password_file = \"smtp-password\"", &sending);
    tokens.house.service.set_settings(&settings);
    tokens
}

#[test]
fn notifications_go_out_with_a_token() {
    let tokens = sending_by_token();
    tokens.house.deliver(&forward("482137 Unterlagen"));
    tokens.house.once();
    tokens.house.notifications("karl", 1);
    let clients: Vec<String> = tokens.endpoint.asked().iter().map(|one| one.field("client_id").to_owned()).collect();
    assert_eq!(clients, ["client-import", "client-notices"]);
    // Postfix hands its lines to a process that writes them.
    wait_for("the login", SOON, || tokens.house.postfix.log().contains("sasl_method=XOAUTH2").then_some(()));
    assert!(tokens.house.service.succeed(&["check"]).contains("ok    smtp"));
}

#[test]
fn a_token_that_the_smtp_server_refuses_is_an_alarm_and_the_next_one_carries_the_notification() {
    let tokens = sending_by_token();
    tokens.endpoint.answer_next_to("client-notices", Answer::ForeignToken);
    let mut service = tokens.house.service.run();
    tokens.house.deliver(&forward("482137 Unterlagen"));
    wait_for("the alarm", SOON, || service.stderr().contains("The SMTP server does not take the token").then_some(()));
    tokens.house.notifications("karl", 1);
    service.terminate();
    assert_eq!(service.wait(SOON).unwrap().code, Some(0));
}
