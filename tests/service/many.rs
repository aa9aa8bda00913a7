//! Many mailboxes and few connections: every one is served, none is logged in to more often than it must be, and one that
//! is slow holds up no other.

use crate::harness::{Direction, Proxy, wait_for};
use crate::house::{House, SOON, builder};
use crate::mails::forward;
use serde_json::Value;
use std::time::Duration;

const MAILBOXES: usize = 60;

/// Sixty mailboxes over few connections take a while on a busy machine.
const THEIR_TURN: Duration = Duration::from_mins(3);

fn users(mailboxes: usize) -> Vec<String> {
    std::iter::once("import".to_owned()).chain((1..mailboxes).map(|n| format!("box-{n}"))).collect()
}

/// Adds a section to the settings.
fn limit(house: &House, lines: &str) {
    house.service.set_settings(&format!("{}\n[connections]\n{lines}\n", house.settings()));
}

/// Has the mailboxes from this one on reached through a wire of their own.
fn through(house: &House, wire: &Proxy, first: usize) {
    let settings = house.settings();
    let (direct, by_wire) = (format!("port = {}\n", house.dovecot.imaps_port()), format!("port = {}\n", wire.port()));
    let mut parts = settings.split("[[mailbox]]");
    let mut changed = parts.next().unwrap().to_owned();
    for (number, part) in parts.enumerate() {
        changed.push_str("[[mailbox]]");
        changed.push_str(&if number >= first { part.replace(&direct, &by_wire) } else { part.to_owned() });
    }
    house.service.set_settings(&changed);
}

fn good_rounds(house: &House) -> usize {
    let status = house.status();
    status["mailboxes"].as_array().unwrap().iter().filter(|mailbox| mailbox["ok"] == true).count()
}

fn stop(mut worker: crate::harness::service::Running) -> String {
    worker.terminate();
    let ended = worker.wait(SOON).unwrap();
    assert_eq!(ended.code, Some(0), "{ended:#?}");
    ended.stderr
}

#[test]
fn three_workers_serve_sixty_mailboxes_over_four_connections_each_and_import_every_mail_once() {
    let house = builder().on_postgres(true).without_smtp().mailbox("poll_interval = \"1s\"");
    let house = house.more_mailboxes(MAILBOXES - 1).build();
    let wire = Proxy::to(house.dovecot.imaps_port());
    through(&house, &wire, 0);
    limit(&house, "per_host = 4\nkept_open = 2\nlog_ins_at_once = 2\nrounds_at_once = 2");
    let users = users(MAILBOXES);
    let deliver = || {
        for user in &users {
            for _ in 0..2 {
                house.dovecot.deliver(user, forward("482137 Unterlagen").bytes());
            }
        }
    };
    deliver();
    let workers: Vec<_> = (0..3).map(|_| house.service.run()).collect();
    let imported = |house: &House| house.status()["outcomes"]["imported"].as_u64().unwrap();
    wait_for("what lay there", THEIR_TURN, || (imported(&house) == 120).then_some(()));
    deliver();
    wait_for("what came in later", THEIR_TURN, || (imported(&house) == 240).then_some(()));
    wait_for("every mailbox to be well", THEIR_TURN, || (good_rounds(&house) == MAILBOXES).then_some(()));
    for worker in workers {
        stop(worker);
    }
    assert!(wire.most_open() <= 3 * 4, "{} connections", wire.most_open());
    let outcomes = house.status()["outcomes"].clone();
    let all: u64 = outcomes.as_object().unwrap().values().filter_map(Value::as_u64).sum();
    assert_eq!((all, imported(&house)), (240, 240), "{outcomes}");
    for user in &users {
        let folders = ["INBOX", "Archive/Imported"].map(|folder| house.dovecot.messages(user, folder).len());
        assert_eq!(folders, [0, 4], "{user}");
    }
}

#[test]
fn one_worker_keeps_to_its_limits_and_once_does_too() {
    let house = builder().without_smtp().mailbox("poll_interval = \"1s\"").more_mailboxes(11).build();
    let wire = Proxy::to(house.dovecot.imaps_port());
    through(&house, &wire, 0);
    limit(&house, "per_host = 3\nrounds_at_once = 6");
    for user in users(12) {
        house.dovecot.deliver(&user, forward("482137 Unterlagen").bytes());
    }
    let said = house.once();
    assert_eq!(said.matches("1 imported").count(), 12, "{said}");
    assert_eq!(
        said.lines().next().map(|line| line.starts_with("import@")),
        Some(true),
        "in the settings' order: {said}"
    );
    assert_eq!(wire.most_open(), 3);
    let worker = house.service.run();
    let before = wire.accepted();
    // 12 mailboxes, of which two keep their connection.
    wait_for("everybody's turn, several times", THEIR_TURN, || (wire.accepted() > before + 40).then_some(()));
    let log = stop(worker);
    assert!(wire.most_open() <= 3, "{} connections", wire.most_open());
    assert!(log.contains("10 of them are logged in to anew"), "{log}");
}

#[test]
fn mail_servers_that_do_not_answer_keep_nobody_from_the_others() {
    let house = builder().without_smtp().mailbox("poll_interval = \"1s\"\nidle = false").more_mailboxes(6).build();
    let silent = Proxy::to(house.dovecot.imaps_port());
    silent.stall_after(Direction::Down, 0);
    through(&house, &silent, 1);
    limit(&house, "per_host = 2\nlog_ins_at_once = 1\nrounds_at_once = 1");
    house.deliver(&forward("482137 Unterlagen"));
    let worker = house.service.run();
    wait_for("the mail to be filed", SOON, || (house.count("Archive/Imported") == 1).then_some(()));
    house.deliver(&forward("482137 Weitere Unterlagen"));
    wait_for("the next one to be filed", SOON, || (house.count("Archive/Imported") == 2).then_some(()));
    assert!(silent.is_stalled() && silent.most_open() <= 2);
    stop(worker);
}

#[test]
fn where_nothing_is_new_a_look_is_one_command_on_the_open_connection() {
    let house = builder().without_smtp().mailbox("poll_interval = \"1s\"\nidle = false").build();
    house.deliver(&forward("482137 Unterlagen"));
    let worker = house.service.run();
    let looks = || {
        let commands = house.dovecot.client_commands();
        let first = commands.iter().position(|command| command == "NOOP").unwrap_or(commands.len());
        commands[first..].to_vec()
    };
    wait_for("several looks", SOON, || (looks().len() >= 6).then_some(()));
    assert_eq!(looks().into_iter().filter(|command| command != "NOOP").collect::<Vec<_>>(), [""; 0]);
    let last = house.status()["mailboxes"][0]["last_round"].clone();
    wait_for("the status to tell of a later look", SOON, || {
        (house.status()["mailboxes"][0]["last_round"] != last).then_some(())
    });
    house.deliver(&forward("482137 Weitere Unterlagen"));
    wait_for("new mail to be filed", SOON, || (house.count("Archive/Imported") == 2).then_some(()));
    // Somebody opened one before it could be imported, and thinks better of it.
    let opened = forward("482137 Noch mehr");
    house.dovecot.deliver_seen("import", opened.bytes());
    wait_for("it to be counted", SOON, || (house.status()["mailboxes"][0]["stranded"] == 1).then_some(()));
    house.dovecot.doveadm(&["flags", "remove", "-u", "import", "\\Seen", "mailbox", "INBOX", "all"]);
    wait_for("it to be filed", SOON, || (house.count("Archive/Imported") == 3).then_some(()));
    wait_for("none to be counted", SOON, || (house.status()["mailboxes"][0]["stranded"] == 0).then_some(()));
    stop(worker);
}

/// The folder that is open then is not the inbox.
#[test]
fn after_mail_was_moved_on_new_mail_is_noticed_at_once() {
    let house = builder().without_smtp().mailbox("poll_interval = \"15s\"").build();
    house.deliver(&forward("482999 Unterlagen"));
    let worker = house.service.run();
    wait_for("it to wait", SOON, || (house.count("Archive/Unassigned") == 1).then_some(()));
    wait_for("its place to be noted", SOON, || house.show(&house.only_mail())["filed_at"].is_string().then_some(()));
    house.execute("update mails set outcome = 'automatic', why = 'receipt', refile_since = processed_at");
    wait_for("it to be moved on", SOON, || (house.count("Archive/Automatic") == 1).then_some(()));
    house.deliver(&forward("482137 Unterlagen"));
    wait_for("new mail to be filed", SOON, || (house.count("Archive/Imported") == 1).then_some(()));
    stop(worker);
}

#[test]
fn check_says_what_the_limits_cannot_hold() {
    let house = builder().without_smtp().more_mailboxes(4).build();
    limit(&house, "per_host = 4\nkept_open = 2");
    let said = house.service.succeed(&["check", "--settings-only"]);
    assert!(said.contains("note  5 mailboxes at 127.0.0.1:"), "{said}");
    assert!(said.contains("`connections.per_host` = 4: 2 of them are logged in to anew"), "{said}");
    assert!(said.contains("`connections.kept_open` = 2"), "{said}");
}
