//! Whatever is away, at the start or later, is waited for; only wrong settings end the service.

use crate::harness::service::Running;
use crate::harness::{Proxy, wait_for};
use crate::house::{House, SOON, builder, house};
use crate::mails::forward;

fn is_filed(house: &House, mails: usize) {
    wait_for("the mail to be filed", SOON, || (house.count("Archive/Imported") == mails).then_some(()));
}

fn says(service: &Running, what: &str, times: usize) {
    wait_for(&format!("{times} lines with {what:?}"), SOON, || {
        (service.stderr().matches(what).count() >= times).then_some(())
    });
}

/// Waits until the only mailbox was tried in vain once more.
fn is_tried_again(house: &House) {
    let tried = || house.status()["mailboxes"][0]["last_round"].as_str().map(str::to_owned);
    let first = wait_for("the first try to be noted", SOON, tried);
    wait_for("another try to be noted", SOON, || tried().filter(|at| *at != first));
}

fn stops(mut service: Running) {
    service.terminate();
    let finished = service.wait(SOON).unwrap();
    assert_eq!(finished.code, Some(0), "{finished:#?}");
}

const CANNOT_BE_USED: &str = "No mail is imported from the mailbox";
const DATABASE_AWAY: &str = "The database cannot be used yet";

#[test]
fn a_mail_server_that_is_away_at_the_start_is_tried_again() {
    let mut house = house();
    house.dovecot.stop();
    let service = house.service.run();
    says(&service, CANNOT_BE_USED, 1);
    is_tried_again(&house);
    house.dovecot.start_again();
    house.deliver(&forward("482137 Unterlagen"));
    is_filed(&house, 1);
    says(&service, "Mail is imported from the mailbox again", 1);
    assert_eq!(service.stderr().matches(CANNOT_BE_USED).count(), 1, "said once: {service:?}");
    stops(service);
}

#[test]
fn a_refused_login_is_tried_again() {
    let house = house();
    house.service.write("imap-password", "falsch\n");
    house.deliver(&forward("482137 Unterlagen"));
    let service = house.service.run();
    says(&service, "refused the login", 1);
    is_tried_again(&house);
    house.service.write("imap-password", "geheim\n");
    is_filed(&house, 1);
    stops(service);
}

#[test]
fn a_wire_that_refuses_and_comes_back_again_and_again_is_lived_with() {
    let house = builder().without_smtp().mailbox("poll_interval = \"1s\"").build();
    let proxy = Proxy::to(house.dovecot.imaps_port());
    let (from, to) = (format!("port = {}\n", house.dovecot.imaps_port()), format!("port = {}\n", proxy.port()));
    house.service.set_settings(&house.settings().replace(&from, &to));
    let service = house.service.run();
    for mails in 1..=3 {
        proxy.refuse();
        let before = proxy.accepted();
        wait_for("another try", SOON, || (proxy.accepted() > before).then_some(()));
        proxy.come_back();
        house.deliver(&forward("482137 Unterlagen"));
        is_filed(&house, mails);
    }
    stops(service);
}

#[test]
fn a_database_that_is_not_up_yet_is_waited_for_and_told_of_when_it_begins_and_ends() {
    let mut house = builder().on_postgres(true).build();
    house.postgres.as_mut().unwrap().stop();
    house.deliver(&forward("482137 Unterlagen"));
    let once = house.service.command(&["once"]);
    assert_eq!(once.code, Some(1), "{once:#?}");
    let service = house.service.run();
    says(&service, DATABASE_AWAY, 1);
    house.postgres.as_mut().unwrap().start_again();
    is_filed(&house, 1);
    says(&service, "The database can be used", 1);
    stops(service);
}

#[test]
fn waiting_for_the_database_ends_with_a_stop() {
    let mut house = builder().on_postgres(true).build();
    house.postgres.as_mut().unwrap().stop();
    let service = house.service.run();
    says(&service, DATABASE_AWAY, 1);
    stops(service);
}

#[test]
fn a_database_that_goes_away_and_comes_back_is_used_again() {
    let mut house = builder().on_postgres(true).mailbox("poll_interval = \"1s\"").build();
    let service = house.service.run();
    house.deliver(&forward("482137 Unterlagen"));
    is_filed(&house, 1);
    house.postgres.as_mut().unwrap().stop();
    house.deliver(&forward("482137 Mehr Unterlagen"));
    says(&service, "the database is not available", 1);
    house.postgres.as_mut().unwrap().start_again();
    is_filed(&house, 2);
    assert_eq!(house.count("INBOX"), 0);
    stops(service);
}

#[test]
fn a_database_that_the_settings_name_wrongly_ends_the_service() {
    let house = builder().on_postgres(true).build();
    let url = house.database_url();
    let wrong = format!("{}/no_such_database", url.rsplit_once('/').unwrap().0);
    house.service.set_settings(&house.settings().replace(&url, &wrong));
    let finished = house.service.command(&["run"]);
    assert_eq!(finished.code, Some(78), "{finished:#?}");
    assert!(finished.stderr.contains("no_such_database"), "{finished:#?}");
}
