//! What `check` says of each thing that can be red, and what to do.

use crate::harness::Postgres;
use crate::harness::wait_for;
use crate::house::{Connection, House, SOON, builder, house, json_lines};
use crate::mails::forward;
use serde_json::Value;
use std::net::TcpListener;

/// The only line about this thing, which is red and says what to do.
fn red(house: &House, about: &str) -> (String, String) {
    let finished = house.service.command(&["check", "--json"]);
    assert_eq!(finished.code, Some(1), "{finished:#?}");
    let text = |line: &Value, key: &str| line[key].as_str().unwrap_or_default().to_owned();
    let lines = json_lines(&finished.stdout);
    let line = lines.iter().find(|line| text(line, "about") == about && line["state"] == "fail");
    let line = line.unwrap_or_else(|| panic!("nothing red about {about}: {}", finished.stdout));
    (text(line, "says"), text(line, "what_to_do"))
}

#[test]
fn all_is_tried_with_a_mail_of_its_own_and_nothing_is_left() {
    let house = house();
    house.deliver(&forward("482137 Unterlagen"));
    let before = house.dovecot.folders("import");
    let lines = json_lines(&house.service.succeed(&["check", "--probe", "--json"]));
    assert!(lines.iter().all(|line| line["state"] != "fail"), "{lines:#?}");
    let tried =
        lines.iter().filter(|line| line["about"].as_str().unwrap().starts_with("mailbox import@example.test, "));
    assert_eq!(tried.count(), 8, "seven steps and the certificate: {lines:#?}");
    assert_eq!((house.dovecot.folders("import"), house.count("INBOX")), (before, 1));
}

#[test]
fn a_mailbox_that_cannot_be_used_is_red_with_the_cause_and_the_cure() {
    let house = house();
    let good = house.settings();
    let about = "mailbox import@example.test";
    house.service.write("imap-password", "falsch\n");
    let (says, what_to_do) = red(&house, about);
    assert!(
        says.contains("refused the login") && what_to_do.contains("first line of `password_file`"),
        "{says}\n{what_to_do}"
    );
    house.service.write("imap-password", "geheim\n");
    // Nobody listens there any more.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let imaps = format!("port = {}", house.dovecot.imaps_port());
    house.service.set_settings(&good.replace(&imaps, &format!("port = {port}")));
    let (says, what_to_do) = red(&house, about);
    assert!(says.contains("refused") && what_to_do.contains("firewall"), "{says}\n{what_to_do}");
    let (says, what_to_do) = red(&house, &format!("{about}, certificate of 127.0.0.1:{port}"));
    assert!(says.contains("cannot be reached") && what_to_do.contains("`host`"), "{says}\n{what_to_do}");
    let without_tls = format!("port = {}", house.dovecot.imap_port());
    house.service.set_settings(&good.replace(&imaps, &without_tls));
    let (says, what_to_do) = red(&house, about);
    assert!(
        says.contains("does not begin with TLS") && what_to_do.starts_with("correct `[[mailbox]]`"),
        "no certificate is at fault: {says}\n{what_to_do}"
    );
    house.service.set_settings(
        &good.replace("tenant = \"muster\"\naddress", "folder = \"Fehlt\"\ntenant = \"muster\"\naddress"),
    );
    assert!(red(&house, about).0.contains("no such folder"));
}

#[test]
fn an_untrusted_certificate_is_red_and_how_long_it_lasts_is_said_all_the_same() {
    let house = builder().connection(Connection::WrongCa).dovecot(|dovecot| dovecot.certificate_days(10)).build();
    let (says, what_to_do) = red(&house, "mailbox import@example.test");
    let why = "the server's certificate is signed by nobody whom `ca_file` or, without it, this machine trusts";
    assert!(says.ends_with(why) && what_to_do.contains("`ca_file`"), "{says}\n{what_to_do}");
    let said = house.service.command(&["check"]).stdout;
    let port = house.dovecot.imaps_port();
    // So many whole days within the second in which it was made, afterwards one less.
    let says = |days: u32| format!("certificate of 127.0.0.1:{port}: TLSv1.3, it ends in {days} days");
    assert!(said.contains(&says(10)) || said.contains(&says(9)), "{said}");
    assert!(said.contains("\n      what to do: "), "{said}");
}

#[test]
fn a_database_that_is_missing_old_or_away_is_red_and_says_how_it_comes_up_to_date() {
    let house = house();
    let good = house.settings();
    house.service.set_settings(&good.replace("sqlite:test.db", "sqlite:missing.db"));
    let (says, what_to_do) = red(&house, "database");
    assert!(says.contains("missing.db") && what_to_do.contains("reply-import migrate"), "{says}\n{what_to_do}");
    house.service.set_settings(&good);
    house.execute("alter table mails rename to others");
    assert!(red(&house, "database").0.contains("mails"), "a database that answers, and a table that cannot be read");
    house.execute("alter table others rename to mails");
    house.execute(
        "delete from __diesel_schema_migrations where version = (select max(version) from __diesel_schema_migrations)",
    );
    assert!(red(&house, "database").0.contains("not up to date"));
    let mut postgres = Postgres::start();
    let url = postgres.fresh_database_url();
    postgres.stop();
    house.service.set_settings(&good.replace("sqlite:test.db", &url));
    let (_, what_to_do) = red(&house, "database");
    assert!(what_to_do.contains("is the server up"), "{what_to_do}");
}

#[test]
fn an_smtp_server_that_would_not_take_mail_is_red_before_any_was_sent() {
    let house = house();
    let good = house.settings();
    house.service.set_settings(&good.replace("office@example.test", "nobody@unknown.test"));
    let (says, what_to_do) = red(&house, "smtp 127.0.0.1");
    assert!(says.contains("takes no mail") && what_to_do.contains("[smtp]"), "{says}\n{what_to_do}");
    house.service.set_settings(&good);
    house.service.succeed(&["check"]);
    assert_eq!(house.dovecot.messages("office", "INBOX").len(), 0, "none is sent");
}

#[test]
fn a_tenant_that_was_given_another_name_is_red_and_status_shows_that_nothing_is_imported() {
    for on_postgres in [false, true] {
        let house = builder().on_postgres(on_postgres).without_smtp().build();
        house.once();
        house.service.set_settings(&house.settings().replace("\"muster\"", "\"beispiel\""));
        let (says, what_to_do) = red(&house, "mailbox import@example.test");
        assert_eq!(says, "it is recorded for the tenant `muster`, and nothing is imported for `beispiel`");
        assert!(what_to_do.contains("write that name again"), "{what_to_do}");
        let finished = house.service.command(&["once"]);
        assert_eq!(finished.code, Some(1), "{finished:#?}");
        let told = "import@example.test is recorded for the tenant `muster`: write that name again";
        assert!(finished.stderr.contains(told), "{finished:#?}");
        assert!(house.status()["mailboxes"][0]["error"].as_str().unwrap().contains(told), "{}", house.status());
        house.service.set_settings(&house.settings().replace("\"beispiel\"", "\"muster\""));
        house.once();
        let mut service = house.service.run();
        wait_for("a good round", SOON, || house.status()["mailboxes"][0]["error"].is_null().then_some(()));
        service.terminate();
        service.wait(SOON).unwrap();
        house.service.set_settings(&house.settings().replace("\"muster\"", "\"beispiel\""));
        let mut service = house.service.run();
        wait_for("the fault to be noted", SOON, || {
            house.status()["mailboxes"][0]["error"].as_str().is_some_and(|error| error.contains(told)).then_some(())
        });
        service.terminate();
        service.wait(SOON).unwrap();
    }
}

#[test]
fn an_sqlite_file_that_cannot_be_used_is_named() {
    let house = house();
    let good = house.settings();
    house.service.set_settings(&good.replace("sqlite:test.db", "sqlite:nowhere/test.db"));
    assert!(red(&house, "database").0.contains("nowhere` does not exist"), "{:?}", red(&house, "database"));
    house.service.write("letter.db", "Sehr geehrte Damen und Herren,\n".repeat(200));
    house.service.set_settings(&good.replace("sqlite:test.db", "sqlite:letter.db"));
    let (says, what_to_do) = red(&house, "database");
    assert!(says.contains("/letter.db`: ") && says.contains("not a database"), "{says}");
    assert!(what_to_do.contains("is the disk not full"), "{what_to_do}");
}
