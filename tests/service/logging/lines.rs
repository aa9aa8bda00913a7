//! What stands in the log, and how often: one line for each mail, none where nothing happens, a fault when it begins and when
//! it is over.

use crate::harness::wait_for;
use crate::house::{House, SOON, builder};
use crate::mails::forward;
use crate::watched::asking::Watched;
use serde_json::Value;

fn named_house() -> House {
    builder().without_smtp().mailbox("name = \"box\"\npoll_interval = \"1s\"\nidle = false").build()
}

fn rounds(watched: &Watched, result: &str) -> f64 {
    watched.number(&format!("reply_import_rounds_total{{mailbox=\"box\",result=\"{result}\"}}")).unwrap_or_default()
}

#[test]
fn each_mail_has_one_line_a_look_without_mail_has_none_and_a_fault_has_two() {
    let mut watched = Watched::of(named_house(), &[]);
    for _ in 0..3 {
        watched.house.deliver(&forward("482137 Unterlagen"));
    }
    watched.wait_for_number("reply_import_mails_total{outcome=\"imported\"}", 3.0);
    let quiet = wait_for("looks without mail", SOON, || (rounds(&watched, "nothing_new") > 1.5).then(|| watched.log()));
    assert_eq!(quiet.matches(" Recorded ").count(), 3, "{quiet}");
    let looks = rounds(&watched, "nothing_new");
    wait_for("more looks", SOON, || (rounds(&watched, "nothing_new") > looks + 2.5).then_some(()));
    assert_eq!(watched.log(), quiet, "a look without mail says nothing");
    watched.house.dovecot.stop();
    wait_for("three tries in vain", SOON, || (rounds(&watched, "failed") > 2.5).then_some(()));
    watched.house.dovecot.start_again();
    wait_for("the end of the fault", SOON, || {
        watched.log().contains("Mail is imported from the mailbox again").then_some(())
    });
    let log = watched.log();
    let fault: Vec<&str> = log.strip_prefix(&quiet).unwrap().lines().collect();
    // The session that was cut off and the server that is away are two faults; each is said once, however many tries.
    let begins = fault.iter().filter(|line| line.contains("WARN")).count();
    assert!((1..=2).contains(&begins), "{fault:#?}");
    let is_whole = |line: &&&str| {
        ["mailbox=", "error=", "since=", "pause=", "it is tried again"].iter().all(|word| line.contains(word))
    };
    assert_eq!(fault.iter().filter(is_whole).count(), begins, "{fault:#?}");
    assert_eq!(fault.len(), begins + 1, "{fault:#?}");
    watched.end();
}

#[test]
fn an_smtp_server_that_is_away_is_said_once_however_many_notifications_wait_and_once_when_it_is_back() {
    let house = builder().mailbox("name = \"box\"\npoll_interval = \"1s\"").build();
    let mut watched = Watched::of(house, &[]);
    watched.house.postfix.stop();
    for _ in 0..3 {
        watched.house.deliver(&forward("482137 Unterlagen"));
    }
    watched.wait_for_number("reply_import_notifications_total{result=\"put_off\"}", 2.0);
    watched.house.postfix.start_again();
    watched.house.deliver(&forward("482137 Unterlagen"));
    wait_for("the end of the fault", SOON, || watched.log().contains("takes notifications again").then_some(()));
    let log = watched.log();
    let (fault, _) = log.split_once("takes notifications again").unwrap();
    let is_said = |line: &&str| line.contains("WARN") && line.contains("notification");
    let warnings: Vec<&str> = fault.lines().filter(is_said).collect();
    assert_eq!(warnings.len(), 1, "{log}");
    for word in ["takes no notification", "error=\"The SMTP server cannot be used: Connection refused", "since="] {
        assert!(warnings[0].contains(word), "{log}");
    }
    assert!(!fault.contains("went out"), "nothing has: {log}");
    watched.end();
}

#[test]
fn a_mail_servers_certificate_that_ends_soon_is_said_before_no_mail_comes() {
    let watched = Watched::of(builder().without_smtp().dovecot(|dovecot| dovecot.certificate_days(10)).build(), &[]);
    let server = format!("127.0.0.1:{}", watched.house.dovecot.imaps_port());
    wait_for("the warning", SOON, || watched.log().contains("certificate ends soon").then_some(()));
    let log = watched.log();
    let line = log.lines().find(|line| line.contains("certificate ends soon")).unwrap();
    // So many whole days within the second in which it was made, afterwards one less.
    let left = [10, 9].into_iter().find(|left| line.contains(&format!("days_left={left}"))).unwrap();
    assert!(line.contains("WARN") && line.contains(&server), "{line}");
    watched.wait_for_number(&format!("reply_import_certificate_days_left{{server=\"{server}\"}}"), f64::from(left));
    watched.end();
}

#[test]
fn in_the_journal_each_line_begins_with_its_level() {
    let mut watched = Watched::of(named_house(), &[("JOURNAL_STREAM", "8:12345")]);
    watched.house.dovecot.stop();
    // Either may be said first.
    let both = ["The service runs", "No mail is imported from the mailbox"];
    wait_for("both levels", SOON, || both.iter().all(|words| watched.log().contains(words)).then_some(()));
    let log = watched.log();
    let levels: Vec<(&str, &str)> = log.lines().map(|line| line.split_once('>').unwrap()).collect();
    assert!(levels.iter().any(|(level, line)| *level == "<6" && line.contains("The service runs")), "{log}");
    assert!(levels.iter().any(|(level, line)| *level == "<4" && line.contains("No mail is imported")), "{log}");
    assert!(levels.iter().all(|(level, _)| ["<3", "<4", "<6"].contains(level)), "{log}");
    watched.end();
}

#[test]
fn as_json_each_line_is_an_object_with_its_fields() {
    let house = named_house();
    house.service.set_settings(&format!("{}\n[log]\nformat = \"json\"\n", house.settings()));
    let watched = Watched::of(house, &[]);
    watched.house.deliver(&forward("482137 Unterlagen"));
    let is_recorded = |line: &Value| line["message"] == "Recorded";
    let lines = || -> Vec<Value> { watched.log().lines().map(|line| serde_json::from_str(line).unwrap()).collect() };
    wait_for("the mail's line", SOON, || {
        watched.log().ends_with('\n').then(lines)?.iter().any(is_recorded).then_some(())
    });
    let lines = lines();
    let recorded = lines.iter().find(|line| is_recorded(line)).unwrap();
    assert_eq!((&recorded["level"], &recorded["outcome"]), (&"INFO".into(), &"imported".into()), "{recorded}");
    assert!(recorded["mail"].is_i64() && recorded["milliseconds"].is_u64(), "{recorded}");
    assert!(lines.iter().all(|line| line["timestamp"].is_string() && line["message"].is_string()), "{lines:#?}");
    watched.end();
}
