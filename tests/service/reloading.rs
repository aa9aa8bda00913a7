//! The settings of a running service are read anew at SIGHUP.

use crate::harness::process::Signal;
use crate::harness::service::Running;
use crate::harness::wait_for;
use crate::house::{House, SOON, builder, house};
use crate::mails::forward;
use std::net::TcpListener;

fn wait_for_log(service: &Running, text: &str, times: usize) {
    wait_for(text, SOON, || (service.stderr().matches(text).count() >= times).then_some(()));
}

fn end(mut service: Running) {
    service.terminate();
    let finished = service.wait(SOON).unwrap();
    assert_eq!(finished.code, Some(0), "{finished:#?}");
}

fn imported(house: &House, mails: usize) {
    wait_for("the mails to be filed", SOON, || (house.count("Archive/Imported") == mails).then_some(()));
}

#[test]
fn a_mailbox_that_the_new_settings_name_is_served_by_the_same_process() {
    let house = builder().more_mailboxes(1).build();
    let all = house.settings();
    let (before, second) = all.rsplit_once("[[mailbox]]").unwrap();
    let (_, smtp) = second.split_once("\n[smtp]").unwrap();
    house.service.set_settings(&format!("{before}\n[smtp]{smtp}"));
    house.dovecot.deliver("box-1", forward("482137 Unterlagen").bytes());
    let mut service = house.service.run();
    house.deliver(&forward("482137 Nachtrag"));
    imported(&house, 1);
    assert_eq!(house.dovecot.messages("box-1", "INBOX").len(), 1, "nobody has named it yet");
    house.service.set_settings(&all);
    service.signal(Signal::Hup);
    wait_for("the other mailbox", SOON, || {
        (house.dovecot.messages("box-1", "Archive/Imported").len() == 1).then_some(())
    });
    assert!(service.is_running(), "it is the same process");
    house.deliver(&forward("482137 Zeugnis"));
    imported(&house, 2);
    end(service);
}

#[test]
fn wrong_settings_are_refused_with_what_is_wrong_and_the_service_goes_on_with_the_old_ones() {
    let house = house();
    let good = house.settings();
    let service = house.service.run();
    house.deliver(&forward("482137 Unterlagen"));
    imported(&house, 1);
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let wrong = [
        (good.replace("tenant = ", "tennant = "), "did you mean `tenant`?".to_owned()),
        (good.replace("sqlite:test.db", "sqlite:no/such/folder.db"), "does not exist".to_owned()),
        (
            format!("{good}\n[web]\nlisten = \"127.0.0.1:{port}\"\n"),
            format!("`web.listen`: another program listens at 127.0.0.1:{port}"),
        ),
        (format!("{good}\n[metrics]\nlisten = \"127.0.0.1:{port}\"\n"), "`metrics.listen`".to_owned()),
    ];
    for (times, (wrong, why)) in (1..).zip(wrong) {
        house.service.set_settings(&wrong);
        service.signal(Signal::Hup);
        wait_for_log(&service, "The new settings are not used", times);
        assert!(service.stderr().contains(&why), "{why} is missing in {}", service.stderr());
    }
    house.service.set_settings(&good);
    house.deliver(&forward("482137 Zeugnis"));
    imported(&house, 2);
    end(service);
}

#[test]
fn a_flood_that_is_interrupted_by_new_settings_again_and_again_comes_in_once() {
    const MAILS: usize = 300;
    let house = builder().without_smtp().build();
    for _ in 0..MAILS {
        house.deliver(&forward("482137 Unterlagen"));
    }
    let service = house.service.run();
    for times in 1..=3 {
        wait_for("mail to be filed", SOON, || (house.count("Archive/Imported") >= 50 * times).then_some(()));
        service.signal(Signal::Hup);
        wait_for_log(&service, "The settings are read anew", times);
    }
    imported(&house, MAILS);
    end(service);
    assert_eq!((house.mails().len(), house.count("INBOX")), (MAILS, 0));
}
