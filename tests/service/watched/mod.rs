//! Metrics and health, as machines ask for them.

pub mod asking;
mod prometheus;

use self::asking::Watched;
use crate::harness::wait_for;
use crate::house::{SOON, builder, house};
use crate::mails::forward;

#[test]
fn mails_rounds_and_notifications_are_counted_and_nothing_personal_stands_beside_them() {
    let watched = Watched::of(builder().mailbox("poll_interval = \"1s\"").build(), &[]);
    let house = &watched.house;
    for _ in 0..2 {
        house.deliver(&forward("482137 Unterlagen").pdf("Lebenslauf.pdf"));
    }
    house.deliver(&forward("ohne Nummer"));
    watched.wait_for_number("reply_import_mails_total{outcome=\"imported\"}", 2.0);
    watched.wait_for_number("reply_import_mails_total{outcome=\"unassigned\"}", 1.0);
    watched.wait_for_number("reply_import_understanding_duration_seconds_count", 3.0);
    assert!(watched.number("reply_import_recording_duration_seconds_count") > Some(0.5));
    wait_for("a round to end", SOON, || {
        (watched.number("reply_import_round_duration_seconds_count") > Some(0.5)).then_some(())
    });
    assert_eq!(watched.number("reply_import_mails_total{outcome=\"set_aside\"}"), Some(0.0));
    // Two people for each of two mails, the office, and Ruth.
    watched.wait_for_number("reply_import_notifications_total{result=\"sent\"}", 6.0);
    watched.wait_for_number("reply_import_outbox_notifications{state=\"pending\"}", 0.0);
    let row = house.status()["mailboxes"][0]["id"].to_string();
    let of_mailbox = |name: &str| format!("reply_import_{name}{{mailbox=\"{row}\"}}");
    watched.wait_for_number(&of_mailbox("last_round_ok"), 1.0);
    assert_eq!(watched.number(&of_mailbox("waiting_mails")), Some(0.0));
    assert!(watched.number(&of_mailbox("last_good_round_timestamp_seconds")) > Some(1.7e9));
    watched.wait_for_number(&format!("reply_import_rounds_total{{mailbox=\"{row}\",result=\"failed\"}}"), 0.0);
    let (_, text) = watched.get("/metrics");
    for personal in ["@", "example.test", "Ruth", "ohne", "Lebenslauf", "482137"] {
        assert!(!text.contains(personal), "{personal} stands in\n{text}");
    }
    watched.end();
}

#[test]
fn a_mailbox_is_called_as_the_settings_say() {
    let watched = Watched::of(builder().mailbox("name = \"antworten\"").build(), &[]);
    watched.house.dovecot.deliver("import", forward("482137 Unterlagen").bytes());
    watched.wait_for_number("reply_import_mails_total{outcome=\"imported\"}", 1.0);
    watched.wait_for_number("reply_import_last_round_ok{mailbox=\"antworten\"}", 1.0);
    let good = watched.number("reply_import_rounds_total{mailbox=\"antworten\",result=\"good\"}");
    assert!(good > Some(0.5), "{good:?}");
}

#[test]
fn while_the_only_mail_server_is_away_the_service_works_and_is_not_ready() {
    let mut watched = Watched::of(builder().mailbox("poll_interval = \"1s\"\nname = \"antworten\"").build(), &[]);
    watched.wait_for_number("reply_import_last_round_ok{mailbox=\"antworten\"}", 1.0);
    assert!(watched.health("/readyz").0);
    watched.house.dovecot.stop();
    let faults = watched.wait_until_ready(false);
    assert_eq!(faults[0]["of"], "mailbox antworten");
    assert!(faults[0]["what"].as_str().unwrap().contains("connect"), "{faults}");
    assert!(watched.health("/healthz").0);
    watched.wait_for_number("reply_import_last_round_ok{mailbox=\"antworten\"}", 0.0);
    assert!(watched.number("reply_import_rounds_total{mailbox=\"antworten\",result=\"failed\"}") > Some(0.5));
    watched.house.dovecot.start_again();
    watched.wait_until_ready(true);
}

#[test]
fn while_the_database_is_away_the_service_works_and_is_not_ready() {
    let mut watched = Watched::of(builder().on_postgres(true).mailbox("poll_interval = \"1s\"").build(), &[]);
    watched.wait_until_ready(true);
    watched.wait_for_number("reply_import_database_up", 1.0);
    watched.house.postgres.as_mut().unwrap().stop();
    let faults = watched.wait_until_ready(false);
    assert_eq!(faults[0]["of"], "database", "{faults}");
    watched.wait_for_number("reply_import_database_up", 0.0);
    assert!(watched.health("/healthz").0);
    watched.house.postgres.as_mut().unwrap().start_again();
    watched.wait_until_ready(true);
}

#[test]
fn a_mail_that_fails_again_and_again_is_counted_and_turns_nothing_red() {
    let house = builder().mailbox("poll_interval = \"1s\"\nmax_attempts = 2").build();
    let watched = Watched::of(house, &[("FAILPOINTS", "understanding=2*panic")]);
    watched.house.deliver(&forward("482137 Unterlagen"));
    let set_aside = "reply_import_mails_total{outcome=\"set_aside\"}";
    wait_for("the mail to be set aside", SOON, || {
        assert!(watched.health("/readyz").0 && watched.health("/healthz").0);
        watched.number(set_aside).filter(|number| *number > 0.5)
    });
    watched.wait_for_number("reply_import_mail_failures_total", 2.0);
}

#[test]
fn metrics_are_served_at_their_own_place_only_and_a_taken_one_is_named() {
    let watched = Watched::of(house(), &[]);
    assert_eq!(watched.get("/").0, 404);
    assert_eq!(watched.get("/sign-in").0, 404);
    let other = watched.house.service.command(&["web"]);
    assert!(other.stderr.contains("Nothing to serve"), "{other:#?}");
    let place = format!("[metrics]\nlisten = \"127.0.0.1:{}\"", watched.port());
    let another = house();
    another.service.set_settings(&format!("{}\n{place}\n", another.settings()));
    let refused = another.service.command(&["run"]);
    assert_eq!(refused.code, Some(1), "{refused:#?}");
    assert!(refused.stderr.contains("`[metrics] listen`"), "{refused:#?}");
}

#[test]
fn a_step_that_hangs_turns_it_red() {
    let hangs = ("FAILPOINTS", "before_commit=pause;step_at_most=return(2000)");
    let watched = Watched::of(house(), &[hangs]);
    assert!(watched.health("/healthz").0);
    watched.house.deliver(&forward("482137 Unterlagen"));
    let faults = wait_for("the hanging step to be told", SOON, || {
        let (is_well, faults) = watched.health("/healthz");
        (!is_well).then_some(faults)
    });
    assert_eq!(faults[0]["of"], "step round", "{faults}");
}
