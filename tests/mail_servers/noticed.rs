//! The service while it runs.

use crate::harness::wait_for;
use crate::house::{House, SOON, house_with};
use crate::mails::forward;
use crate::server::Kind;

on_every_server! {
    new_mail_is_noticed_by_idle_long_before_the_next_look,
    without_idle_new_mail_is_noticed_at_the_next_look,
    the_service_comes_back_after_the_server_was_away,
    an_archive_folder_that_a_person_removed_is_made_again,
}

fn wait_for_a_round(house: &House, ok: bool) {
    let what = if ok { "a good round" } else { "the fault to be noticed" };
    wait_for(what, SOON, || (house.status()["mailboxes"][0]["ok"] == ok).then_some(()));
}

fn new_mail_is_noticed_by_idle_long_before_the_next_look(kind: Kind) {
    let house = house_with(kind, "poll_interval = \"1h\"");
    let mut service = house.service.run();
    wait_for_a_round(&house, true);
    // The second comes while the service has gone back to waiting after the first.
    for done in 1..=2 {
        house.deliver(&forward("482137 Unterlagen"));
        house.wait_for_mails("Archive/Imported", done);
    }
    service.terminate();
    assert_eq!(service.wait(SOON).unwrap().code, Some(0));
}

fn without_idle_new_mail_is_noticed_at_the_next_look(kind: Kind) {
    let house = house_with(kind, "poll_interval = \"1s\"\nidle = false");
    let mut service = house.service.run();
    wait_for_a_round(&house, true);
    house.deliver(&forward("482137 Unterlagen"));
    house.wait_for_mails("Archive/Imported", 1);
    service.terminate();
    assert_eq!(service.wait(SOON).unwrap().code, Some(0));
}

fn the_service_comes_back_after_the_server_was_away(kind: Kind) {
    let mut house = house_with(kind, "poll_interval = \"1s\"");
    let mut service = house.service.run();
    wait_for_a_round(&house, true);
    house.server.stop();
    wait_for_a_round(&house, false);
    house.server.start_again();
    house.deliver(&forward("482137 Unterlagen"));
    house.wait_for_mails("Archive/Imported", 1);
    service.terminate();
    assert_eq!(service.wait(SOON).unwrap().code, Some(0));
}

fn an_archive_folder_that_a_person_removed_is_made_again(kind: Kind) {
    let house = house_with(kind, "poll_interval = \"1s\"");
    let mut service = house.service.run();
    house.deliver(&forward("482137 Unterlagen"));
    house.wait_for_mails("Archive/Imported", 1);
    house.inbox.remove("Archive/Imported");
    house.deliver(&forward("482137 Unterlagen"));
    house.wait_for_mails("Archive/Imported", 1);
    house.wait_for_mails("INBOX", 0);
    service.terminate();
    assert_eq!(service.wait(SOON).unwrap().code, Some(0));
    assert_eq!(house.mails().len(), 2);
}
