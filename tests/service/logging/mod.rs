//! Nothing personal stands in the log at any level: a marker is planted in every field of every mail, in the directory and
//! in what servers and the database say, and the log is searched for it in every form it could have.

mod forms;
mod lines;
mod planted;

use self::forms::leak;
use self::planted::{DIRECTORY, mails};
use crate::harness::strict_peer::say;
use crate::harness::wait_for;
use crate::house::{House, SOON, builder};
use crate::mails::forward;
use crate::traps::peer_house::peer_house;
use std::collections::BTreeSet;

/// Everything that may be asked for, of every library that could say something.
const LOUD: &str = "trace,reply_import=trace,async_imap=trace,imap_proto=trace,lettre=trace,diesel=trace,html5ever=trace,\
                    ammonia=trace,mail_parser=trace,r2d2=trace,minijinja=trace,tokio=trace,native_tls=trace";

fn loud_house(on_postgres: bool) -> House {
    let mut house = builder()
        .on_postgres(on_postgres)
        .mailbox("poll_interval = \"1s\"\nmax_size = \"200KiB\"\nmax_attempts = 2")
        .build();
    house.service = house.service.variable("REPLY_IMPORT_LOG", LOUD).variable("RUST_LOG", "trace");
    house.take_over(DIRECTORY);
    house
}

fn assert_silent(what: &str, log: &str) {
    assert!(!log.is_empty(), "{what}: nothing was logged at all");
    if let Some(found) = leak(log) {
        panic!("{what}: {found}\nin\n{log}");
    }
}

#[test]
fn no_field_of_a_mail_and_nobodys_name_stands_in_the_log_whatever_becomes_of_the_mail() {
    let house = loud_house(true);
    let refuse = |recipient: &str, code: &str| {
        house.postfix.refuse(recipient, &format!("{code} <{recipient}>: \"Zq7Marker Karl\" has no mailbox"));
    };
    refuse("zq7marker-karl@example.test", "550 5.1.1");
    refuse("zq7marker-vera@example.test", "451 4.2.0");
    // The database quotes what it cannot understand, and whole rows of what breaks a rule.
    house.service.succeed(&["migrate"]);
    house.execute(
        "create function quoting() returns trigger language plpgsql as $$ begin \
         if new.subject like '%Gift%' then perform new.subject::bigint; end if; return new; end $$; \
         create trigger tr_quoting before insert on mail_contents for each row execute function quoting(); \
         alter table mail_contents add constraint ck_quoting check (subject not like '%Regel%')",
    );
    let mails = mails();
    for mail in &mails {
        house.dovecot.deliver("import", mail.clone());
    }
    let mut service = house.service.start_with(&["run"], &[("JOURNAL_STREAM", "8:12345")]);
    wait_for("all mails to be recorded", SOON, || (house.mails().len() >= mails.len()).then_some(()));
    wait_for("the inbox to be empty", SOON, || (house.count("INBOX") == 0).then_some(()));
    wait_for("notifications to be given up and put off", SOON, || {
        let outbox = &house.status()["outbox"];
        (outbox["failed"].as_i64() > Some(0) && outbox["sent"].as_i64() > Some(0)).then_some(())
    });
    let outcomes: BTreeSet<String> = house.mails().iter().map(|mail| mail["outcome"].to_string()).collect();
    assert_eq!(outcomes.len(), 5, "every outcome is there: {outcomes:?}");
    let reasons: BTreeSet<String> = house.mails().iter().map(|mail| mail["why"].to_string()).collect();
    assert!(reasons.len() > 8, "many reasons are there: {reasons:?}");
    assert_eq!(leak(&house.status().to_string()), None, "the status holds nothing either");
    service.terminate();
    let ended = service.wait(SOON).unwrap();
    assert_eq!(ended.code, Some(0), "{ended:#?}");
    assert!(ended.stderr.contains("invalid input syntax") && ended.stderr.contains("ck_quoting"), "{}", ended.stderr);
    assert!(ended.stderr.contains("given up") && ended.stderr.contains("put off"), "{}", ended.stderr);
    assert_silent("run", &ended.stderr);
    let id = |outcome: &str| {
        let mails = house.mails();
        mails.iter().find(|mail| mail["outcome"] == outcome).unwrap()["id"].to_string()
    };
    for command in [
        &["once"][..],
        &["revert", &id("imported")],
        &["assign", &id("unassigned"), "482137"],
        &["reprocess", "--outcome", "unassigned"],
        &["reprocess", "--outcome", "imported"],
        &["status"],
        &["audit"],
    ] {
        let done = house.service.command(command);
        assert_eq!(leak(&done.stderr), None, "{command:?}: {done:#?}");
    }
}

#[test]
fn what_a_mail_server_quotes_when_it_refuses_stands_in_no_log() {
    let mut house = peer_house();
    house.service = house.service.variable("REPLY_IMPORT_LOG", LOUD);
    for verb in ["UID MOVE", "UID FETCH", "SELECT"] {
        house.peer.deliver(forward("482137 Zq7Marker").bytes());
        let answer = "NO [SERVERBUG] Not for \"482137 Zq7Marker\" of zq7marker@example.org, <zq7marker-id@example.org>";
        house.peer.play_at(verb, vec![say(&format!("TAG {answer}"))]);
        let done = house.once();
        assert!(done.stderr.contains("[SERVERBUG] Not for"), "{verb}: {done:#?}");
        assert_silent(verb, &done.stderr);
        assert_eq!(leak(&house.status().to_string()), None, "{verb}");
        house.peer.behave();
    }
}

#[test]
fn a_panic_that_quotes_a_mail_is_told_by_its_place_only() {
    let house = loud_house(false);
    house.deliver(&forward("482137 Unterlagen"));
    let panic = ("FAILPOINTS", "understanding=1*panic(index 3 is not a char boundary of Zq7Marker)");
    let mut once = house.service.start_with(&["once"], &[panic]);
    let done = once.wait(SOON).unwrap();
    assert!(done.stderr.contains("The program panicked") && done.stderr.contains(".rs:"), "{done:#?}");
    assert_silent("a panic", &done.stderr);
}
