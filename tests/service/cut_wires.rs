//! The wire to the mailbox is cut at two hundred bytes of a round, and those to the SMTP server and the database at thirty
//! each: the end is the same. Slow, silent and refusing servers are waited for.

use crate::harness::proxy::Passed;
use crate::harness::{Direction, Proxy, postgres, wait_for};
use crate::house::{Connection, House, SOON, builder};
use crate::mails::{Mail, forward, forward_of};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Mailboxes whose wires are cut at the same time, each at another byte. Four tests make two hundred.
const AT_ONCE: usize = 50;

/// Each outcome with its folder and how many of the five mails come to it.
const ENDS: [(&str, &str, usize); 4] = [
    ("imported", "Archive/Imported", 2),
    ("unassigned", "Archive/Unassigned", 1),
    ("repeated", "Archive/Repeated", 1),
    ("automatic", "Archive/Automatic", 1),
];

/// The same size for every mailbox, so that the bytes of one round tell those of the others.
fn five_mails(mailbox: usize) -> [Mail; 5] {
    let id = |n: usize| format!("<cut-{mailbox:03}-{n}@example.test>");
    let file =
        || forward_of(&format!("Nr. {mailbox:03}"), "482137 Unterlagen").pdf("Lebenslauf.pdf").message_id(&id(1));
    let point = |n: usize, subject| forward_of(&format!("{n} {mailbox:03}"), subject).message_id(&id(n));
    let automatic = point(4, "482137 Nicht da").header("Auto-Submitted", "auto-replied");
    [file(), file(), point(2, "482138 Mehr"), point(3, "482999 Wer?"), automatic]
}

/// Cuts so many wires at bytes spread over the round, this test's between those of the other three.
fn cut_everywhere(test: usize) {
    let house = builder().without_smtp().connection(Connection::Plain).more_mailboxes(AT_ONCE).build();
    let (whole, port) = (house.settings(), house.dovecot.imap_port());
    let total = bytes_of_a_round(&house, &whole);
    let mut settings = whole.split("[[mailbox]]").map(str::to_owned).collect::<Vec<_>>();
    let mut proxies = Vec::new();
    // The first part is in front of all mailboxes, the second is the one that was measured.
    for (number, section) in settings.iter_mut().enumerate().skip(2) {
        for mail in five_mails(number) {
            house.dovecot.deliver(&format!("box-{}", number - 1), mail.bytes());
        }
        let (proxy, position) = (Proxy::to(port), ((number - 2) * 4 + test) as u64);
        // Every third byte counts from the program to the server.
        let (direction, bytes) = match position % 3 {
            0 => (Direction::Up, total.up),
            _ => (Direction::Down, total.down),
        };
        proxy.cut_after(direction, 1 + bytes * position / (4 * AT_ONCE as u64));
        *section = section.replace(&format!("port = {port}\n"), &format!("port = {}\n", proxy.port()));
        proxies.push(proxy);
    }
    settings.remove(1);
    house.service.set_settings(&settings.join("[[mailbox]]"));
    let mut service = house.service.run();
    wait_for("all inboxes to be empty", SOON, || inboxes_are_empty(&house).then_some(()));
    // The answer to the last MOVE may have been cut: the next round looks where the mail lies.
    wait_for("the record to know where all mails lie", SOON, || {
        house.mails().iter().all(|mail| mail["folder"] != "INBOX").then_some(())
    });
    service.terminate();
    assert_eq!(service.wait(SOON).unwrap().code, Some(0));
    let uncut = proxies.iter().filter(|proxy| proxy.cuts() != 1).count();
    assert_eq!(uncut, 0, "wires that were not cut; a round was measured at {total:?}");
    assert_all_is_done(&house);
}

/// Measured up to the end of the work: what LOGOUT and its answer take is left out.
fn bytes_of_a_round(house: &House, settings: &str) -> Passed {
    const LOGOUT: (u64, u64) = (14, 120);
    let proxy = Proxy::to(house.dovecot.imap_port());
    for mail in five_mails(1) {
        house.dovecot.deliver("import", mail.bytes());
    }
    let only: String = settings.split("[[mailbox]]").take(2).collect::<Vec<_>>().join("[[mailbox]]");
    house.service.set_settings(
        &only.replace(&format!("port = {}\n", house.dovecot.imap_port()), &format!("port = {}\n", proxy.port())),
    );
    house.once();
    let mut passed = proxy.passed();
    (passed.up, passed.down) = (passed.up - LOGOUT.0, passed.down - LOGOUT.1);
    passed
}

fn inboxes_are_empty(house: &House) -> bool {
    house.dovecot.doveadm(&["search", "-A", "mailbox", "INBOX", "all"]).trim().is_empty()
}

fn assert_all_is_done(house: &House) {
    let mut outcomes: BTreeMap<(String, String, String), usize> = BTreeMap::new();
    for mail in house.mails() {
        let text = |key: &str| mail[key].as_str().unwrap().to_owned();
        *outcomes.entry((text("mailbox"), text("outcome"), text("folder"))).or_default() += 1;
    }
    let list = house.dovecot.doveadm(&["-f", "tab", "fetch", "-A", "mailbox hdr.message-id", "all"]);
    let mut stored: BTreeMap<(String, String), usize> = BTreeMap::new();
    for line in list.lines().skip(1) {
        let mut fields = line.split('\t');
        let (user, folder) = (fields.next().unwrap().to_owned(), fields.next().unwrap().to_owned());
        *stored.entry((user, folder)).or_default() += 1;
    }
    let users = std::iter::once("import".to_owned()).chain((1..=AT_ONCE).map(|number| format!("box-{number}")));
    let (mut expected_records, mut expected_mails) = (BTreeMap::new(), BTreeMap::new());
    for user in users {
        for (outcome, folder, mails) in ENDS {
            let address = format!("{user}@example.test");
            expected_records.insert((address, outcome.to_owned(), folder.to_owned()), mails);
            expected_mails.insert((user.clone(), folder.to_owned()), mails);
        }
    }
    assert_eq!(outcomes, expected_records);
    assert_eq!(stored, expected_mails);
}

#[test]
fn the_wire_to_the_mailbox_is_cut_at_fifty_bytes() {
    cut_everywhere(0);
}

#[test]
fn at_fifty_more_bytes() {
    cut_everywhere(1);
}

#[test]
fn at_fifty_further_bytes() {
    cut_everywhere(2);
}

#[test]
fn at_the_last_fifty_bytes() {
    cut_everywhere(3);
}

fn through(house: &House, from: u16, proxy: &Proxy) {
    let (from, to) = (format!("port = {from}\n"), format!("port = {}\n", proxy.port()));
    house.service.set_settings(&house.settings().replace(&from, &to));
}

#[test]
fn the_wire_to_the_smtp_server_is_cut_at_thirty_bytes() {
    let house = builder().build();
    let proxy = Proxy::to(house.postfix.port());
    through(&house, house.postfix.port(), &proxy);
    let import_one = || {
        house.deliver(&forward("482137 Unterlagen"));
        house.service.command(&["once"])
    };
    import_one();
    let total = proxy.passed();
    for position in 0..30 {
        let (direction, bytes) = match position % 2 {
            0 => (Direction::Up, total.up),
            _ => (Direction::Down, total.down),
        };
        proxy.cut_after(direction, 1 + bytes * position / 30);
        import_one();
        proxy.come_back();
        // What was put off is due later; now it is later.
        house.execute("UPDATE outbox SET due_at = created_at, claimed_until = NULL WHERE state = 'pending'");
        house.once();
    }
    assert!(proxy.cuts() >= 28, "only {} cuts were made", proxy.cuts());
    assert_eq!(house.status()["outbox"], serde_json::json!({"pending": 0, "failed": 0, "sent": 62}));
    wait_for("Postfix to deliver", SOON, || (house.postfix.queued() == 0).then_some(()));
    for person in ["karl", "vera"] {
        let arrived = house.notifications(person, 31);
        let ids: BTreeSet<&str> =
            arrived.iter().map(|mail| mail.lines().find(|line| line.starts_with("Message-ID: ")).unwrap()).collect();
        assert_eq!(ids.len(), 31, "{person} got {} notifications", arrived.len());
    }
}

#[test]
fn the_wire_to_the_database_is_cut_at_thirty_bytes() {
    let house = builder().on_postgres(true).without_smtp().build();
    let (direct, server) = (house.database_url(), house.postgres.as_ref().unwrap().port());
    let proxy = Proxy::to(server);
    let url = direct.replace(&format!(":{server}/"), &format!(":{}/", proxy.port()));
    house.service.set_settings(&house.settings().replace(&direct, &url));
    // On a busy machine a round talks more (leases are prolonged); the shortest is what every round has at least.
    let round = || {
        let before = proxy.passed();
        house.deliver(&forward("482137 Unterlagen"));
        house.once();
        let after = proxy.passed();
        (after.up - before.up, after.down - before.down)
    };
    let rounds = [round(), round(), round()];
    let (up, down) = (rounds.map(|(up, _)| up), rounds.map(|(_, down)| down));
    let total = Passed { up: up.into_iter().min().unwrap(), down: down.into_iter().min().unwrap() };
    for position in 0..30 {
        house.deliver(&forward("482137 Unterlagen").pdf("Lebenslauf.pdf"));
        let (direction, bytes) = match position % 2 {
            0 => (Direction::Up, total.up),
            _ => (Direction::Down, total.down),
        };
        proxy.cut_after(direction, 1 + bytes * position / 30);
        house.service.command(&["once"]);
        proxy.come_back();
        // A lease that could not be given back runs out; now it has.
        postgres::query(&direct, "DELETE FROM mailbox_leases");
        house.once();
        assert_eq!(
            (house.count("INBOX"), house.count("Archive/Imported")),
            (0, 4 + usize::try_from(position).unwrap())
        );
    }
    assert!(proxy.cuts() >= 28, "only {} cuts were made", proxy.cuts());
    let outcomes: BTreeSet<String> = house.mails().iter().map(|mail| mail["outcome"].to_string()).collect();
    assert_eq!((house.mails().len(), outcomes.len()), (33, 1));
}

#[test]
fn a_slow_wire_changes_nothing() {
    let house = builder().build();
    let (imap, smtp) = (Proxy::to(house.dovecot.imaps_port()), Proxy::to(house.postfix.port()));
    through(&house, house.dovecot.imaps_port(), &imap);
    through(&house, house.postfix.port(), &smtp);
    imap.delay(Duration::from_millis(50));
    smtp.delay(Duration::from_millis(50));
    house.deliver(&forward("482137 Unterlagen"));
    house.once();
    assert_eq!((house.count("Archive/Imported"), house.notifications("karl", 1).len()), (1, 1));
}

/// Nothing comes back, and nobody says so: the deadline (a minute) ends it, and the connection is thrown away.
#[test]
fn a_mailbox_that_falls_silent_is_given_up_and_tried_again() {
    let house = builder().without_smtp().connection(Connection::Plain).build();
    let proxy = Proxy::to(house.dovecot.imap_port());
    through(&house, house.dovecot.imap_port(), &proxy);
    house.deliver(&forward("482137 Unterlagen"));
    proxy.stall_after(Direction::Down, 1_500);
    let mut service = house.service.run();
    wait_for("the wire to fall silent", SOON, || proxy.is_stalled().then_some(()));
    let given_up = Duration::from_secs(100);
    wait_for("the mailbox to be given up", given_up, || {
        (house.status()["mailboxes"][0]["error"].as_str()?.contains("no answer")).then_some(())
    });
    proxy.come_back();
    wait_for("the mail to be filed", SOON, || (house.count("Archive/Imported") == 1).then_some(()));
    service.terminate();
    assert_eq!(service.wait(SOON).unwrap().code, Some(0));
    assert_eq!(house.only_mail()["outcome"], "imported");
}
