//! What time erases and blocks, on the whole path.

use crate::harness::wait_for;
use crate::house::{DIRECTORY, House, SOON, builder, json_lines};
use crate::mails::{forward, forward_of};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use serde_json::Value;

/// Whether the database waits to clean up.
const CLEANING: &str = "select count(*) from pg_stat_activity where query like 'VACUUM%' and wait_event_type = 'Lock'";

/// An application that was turned down long ago, and one that is open, with a reply each; and mail that waits, of which
/// one is old.
fn furnished(on_postgres: bool) -> House {
    let house = builder().on_postgres(on_postgres).without_smtp().build();
    house.deliver(&forward("482137 Unterlagen von Erika").pdf("Zeugnis.pdf"));
    house.deliver(&forward("482138 Unterlagen von Anders"));
    house.deliver(&forward("482999 wartet lange"));
    house.deliver(&forward_of("4711", "482998 wartet kurz"));
    house.once();
    house.execute("update mails set recorded_at = '2024-01-02 03:04:05' where claimed_number = '482999'");
    let rejected = "\"state\": \"rejected\", \"state_since\": \"2024-01-02\"";
    house.take_over(&DIRECTORY.replacen("\"state\": \"open\", \"state_since\": \"2024-01-02\"", rejected, 1));
    house
}

fn set(house: &House, lines: &str) {
    house.service.set_settings(&format!("{}\n[retention]\n{lines}\n", house.settings()));
}

fn references(house: &House) -> Vec<Value> {
    house.mails().into_iter().map(|mail| mail["reference"].clone()).collect()
}

#[test]
fn nothing_is_erased_where_nothing_is_set_and_check_says_so() {
    let house = furnished(false);
    assert_eq!(house.once().matches("retention").count(), 0);
    assert_eq!(house.mails().len(), 4);
    let said = house.service.succeed(&["check", "--settings-only"]);
    assert!(said.contains("note  tenant muster has no periods in [retention]"), "{said}");
}

#[test]
fn what_is_due_is_erased_and_all_else_stays_on_both_databases() {
    for on_postgres in [false, true] {
        let house = furnished(on_postgres);
        set(&house, "unassigned = \"30d\"\nafter_rejection = \"180d\"");
        let said = house.once();
        assert!(said.contains("retention: 1 applications and 2 mails erased, 0 applications blocked"), "{said}");
        assert_eq!(references(&house), ["482138", "482998"]);
        house.once();
        let left = ["INBOX", "Archive/Imported", "Archive/Unassigned"].map(|folder| house.count(folder));
        assert_eq!(left, [0, 1, 1], "the next round removes them from the mail server");
        assert_eq!(house.once().matches("retention").count(), 0, "the second time there is nothing to do");
        let what = |what: &str| {
            let deeds = json_lines(&house.service.succeed(&["audit", "--json"]));
            deeds.iter().filter(|deed| deed["what"] == what && deed["who"] == "service").count()
        };
        assert_eq!((what("mail_erased"), what("application_erased")), (2, 1));
    }
}

#[test]
fn what_is_held_is_blocked_instead_until_it_is_released() {
    let house = furnished(false);
    house.service.succeed(&["hold", "--application", "482137"]);
    set(&house, "after_rejection = \"180d\"");
    let said = house.once();
    assert!(said.contains("retention: 0 applications and 0 mails erased, 1 applications blocked"), "{said}");
    assert_eq!(house.mails().len(), 4);
    assert!(!house.mails()[0]["blocked_since"].is_null());
    house.service.succeed(&["hold", "--application", "482137", "--release"]);
    assert!(house.once().contains("1 applications and 1 mails erased"));
    assert_eq!(house.mails().len(), 3);
}

#[test]
fn the_running_service_blocks_and_a_feed_that_opens_the_application_ends_that() {
    let house = furnished(false);
    set(&house, "after_rejection = \"10 years\"\nblock_after = \"0d\"");
    let mut service = house.service.run();
    let is_blocked = || !house.mails()[0]["blocked_since"].is_null();
    wait_for("the application to be blocked", SOON, || is_blocked().then_some(()));
    house.take_over(DIRECTORY);
    assert!(!is_blocked());
    service.terminate();
    let ended = service.wait(SOON).unwrap();
    assert_eq!(ended.code, Some(0));
    let told = "The time of some data was over report=0 applications and 0 mails erased, 1 applications blocked";
    assert!(ended.stderr.contains(told), "{ended:#?}");
}

#[test]
fn a_service_that_is_asked_to_stop_does_not_wait_for_the_database_to_clean_up() {
    let house = furnished(true);
    set(&house, "unassigned = \"30d\"");
    // As long as this is held the table is not cleaned, as a large one is not for hours.
    let mut other = PgConnection::establish(&house.database_url()).unwrap();
    other.batch_execute("begin; lock table mails in share update exclusive mode").unwrap();
    let mut service = house.service.run();
    wait_for("the cleaning to begin", SOON, || (house.query(CLEANING).trim() == "1").then_some(()));
    service.terminate();
    let ended = service.wait(SOON).unwrap();
    assert_eq!(ended.code, Some(0), "{ended:#?}");
    assert!(ended.stderr.contains("go with the next erasing: the service was asked to stop"), "{ended:#?}");
    assert_eq!(house.mails().len(), 3, "what was due is erased");
}

#[test]
fn a_round_by_a_timer_tells_everybody_before_the_database_cleans_up() {
    let house = builder().on_postgres(true).build();
    house.deliver(&forward("482999 wartet lange"));
    house.once();
    house.execute("update mails set recorded_at = '2024-01-02 03:04:05'");
    set(&house, "unassigned = \"30d\"");
    house.deliver(&forward("482137 Unterlagen"));
    let mut other = PgConnection::establish(&house.database_url()).unwrap();
    other.batch_execute("begin; lock table mails in share update exclusive mode").unwrap();
    let mut once = house.service.start(&["once"]);
    assert_eq!(house.notifications("karl", 1).len(), 1);
    wait_for("the cleaning to begin", SOON, || (house.query(CLEANING).trim() == "1").then_some(()));
    assert_eq!((once.is_running(), house.status()["outbox"]["pending"].as_u64()), (true, Some(0)));
    other.batch_execute("commit").unwrap();
    let ended = once.wait(SOON).unwrap();
    assert_eq!(ended.code, Some(0), "{ended:#?}");
    let said = "retention: 0 applications and 1 mails erased, 0 applications blocked\nnotifications: ";
    assert!(ended.stdout.contains(said), "{ended:#?}");
}

#[test]
fn what_is_held_and_wanted_erased_by_hand_is_blocked_instead() {
    let house = furnished(false);
    house.service.succeed(&["hold", "--application", "482137"]);
    let refused = house.service.command(&["erase", "--application", "482137", "--yes"]);
    assert_eq!(refused.code, Some(1), "{refused:#?}");
    assert!(refused.stderr.contains("under legal hold since"), "{refused:#?}");
    assert_eq!(house.mails().len(), 4);
    assert!(!house.mails()[0]["blocked_since"].is_null());
    let released = house.service.succeed(&["hold", "--application", "482137", "--release"]);
    assert!(released.contains("482137: blocked since 20") && released.contains("stays so"), "{released}");
}

#[test]
fn a_mail_that_may_belong_to_what_is_held_stays_and_the_application_is_shown_as_before() {
    let house = furnished(false);
    house.service.succeed(&["hold", "--application", "482137"]);
    let waiting = house.mails().iter().find(|mail| mail["reference"] == "482998").unwrap()["id"].to_string();
    for what in [["--mail", waiting.as_str()], ["--candidate", "erika@example.org"]] {
        let refused = house.service.command(&["erase", what[0], what[1], "--yes"]);
        assert_eq!(refused.code, Some(1), "{refused:#?}");
        assert!(refused.stderr.contains("under legal hold since"), "{refused:#?}");
        let is_itself = what[0] == "--candidate";
        assert_eq!(refused.stderr.contains(&format!("mail {waiting} may belong to application")), !is_itself);
        assert_eq!(house.mails()[0]["blocked_since"].is_null(), !is_itself);
    }
    assert_eq!(house.mails().len(), 4);
}

#[test]
fn sessions_and_links_that_are_good_for_nothing_any_more_are_removed() {
    let house = builder().on_postgres(true).without_smtp().build();
    for (name, until) in [("a", "2024-01-02 00:00:00"), ("b", "2999-01-02 00:00:00")] {
        let hash = name.repeat(64);
        house.execute(&format!(
            "insert into sessions (tenant_id, user_id, token_hash, created_at, last_seen_at, expires_at) \
             select tenant_id, id, '{hash}', '2024-01-01 00:00:00', '2024-01-01 00:00:00', '{until}' \
             from users order by id limit 1; \
             insert into sign_in_links (tenant_id, user_id, token_hash, next_path, created_at, expires_at) \
             select tenant_id, id, '{hash}', '/', '{}', '{until}' from users order by id limit 1",
            until.replace("-02", "-01"),
        ));
    }
    house.once();
    for table in ["sessions", "sign_in_links"] {
        assert_eq!(house.query(&format!("select token_hash from {table}")).trim(), "b".repeat(64), "{table}");
    }
}
