//! A token that ends in the middle of a session.

use super::{BY_SECRET, furnished};
use crate::harness::{Direction, Proxy, wait_for};
use crate::house::{SOON, builder};
use crate::mails::forward;
use std::time::{Duration, Instant};

#[test]
fn a_mail_in_hand_when_the_token_ends_is_imported_over_a_new_login_and_its_attempt_does_not_count() {
    let tokens = furnished(builder().mailbox("poll_interval = \"1h\"\nmax_attempts = 1"), BY_SECRET);
    let proxy = Proxy::to(tokens.house.dovecot.imaps_port());
    let port = format!("port = {}", tokens.house.dovecot.imaps_port());
    tokens.house.service.set_settings(&tokens.house.settings().replace(&port, &format!("port = {}", proxy.port())));
    tokens.endpoint.lifetime(2);
    let mut service = tokens.house.service.run();
    wait_for("the service to wait", SOON, || {
        tokens.house.dovecot.client_commands().iter().any(|command| command == "IDLE").then_some(())
    });
    let logged_in = Instant::now();
    wait_for("the token's end", SOON, || (logged_in.elapsed() > Duration::from_secs(2)).then_some(()));
    // In the middle of the mail.
    proxy.cut_after(Direction::Down, 100_000);
    tokens.house.deliver(&forward("482137 Unterlagen").file("Lebenslauf.pdf", vec![b'x'; 300_000]));
    wait_for("the mail to be filed", SOON, || (tokens.house.count("Archive/Imported") == 1).then_some(()));
    assert_eq!(proxy.cuts(), 1);
    service.terminate();
    let finished = service.wait(SOON).unwrap();
    assert!(finished.stderr.contains("The access token ran out; logging in anew"), "{}", finished.stderr);
    assert!(!finished.stderr.contains("No mail is imported"), "{}", finished.stderr);
    assert_eq!(tokens.endpoint.asked().len(), 2);
    let record = tokens.house.only_mail();
    assert_eq!(record["outcome"], "imported");
    assert_eq!(tokens.house.show(&record)["attempts"], 1);
}

#[test]
fn a_wire_that_is_cut_while_the_token_lasts_is_no_end_of_a_login() {
    let tokens = furnished(builder().mailbox("poll_interval = \"1h\""), BY_SECRET);
    let proxy = Proxy::to(tokens.house.dovecot.imaps_port());
    let port = format!("port = {}", tokens.house.dovecot.imaps_port());
    tokens.house.service.set_settings(&tokens.house.settings().replace(&port, &format!("port = {}", proxy.port())));
    tokens.house.deliver(&forward("482137 Unterlagen").file("Lebenslauf.pdf", vec![b'x'; 300_000]));
    proxy.cut_after(Direction::Down, 100_000);
    let mut service = tokens.house.service.run();
    wait_for("the mail to be filed", SOON, || (tokens.house.count("Archive/Imported") == 1).then_some(()));
    service.terminate();
    let finished = service.wait(SOON).unwrap();
    assert!(finished.stderr.contains("No mail is imported from the mailbox"), "{}", finished.stderr);
    assert!(!finished.stderr.contains("logging in anew"), "{}", finished.stderr);
    assert_eq!(tokens.endpoint.asked().len(), 1, "the token that lasts is used again");
}
