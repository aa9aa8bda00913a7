//! Several workers on one database: they share the mailboxes, take over what a dead one left, and import nothing twice,
//! not even where two of them believe to have the same mailbox.

use crate::harness::process::Signal;
use crate::harness::service::Running;
use crate::harness::wait_for;
use crate::house::{House, SOON, builder, house};
use crate::mails::{forward, forward_of};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// A dead worker's mailboxes are taken over within this time.
const TAKE_OVER: Duration = Duration::from_mins(1);

/// How many mailboxes each worker has.
fn shares(house: &House) -> BTreeMap<String, usize> {
    let status = house.status();
    let mut shares = BTreeMap::new();
    for mailbox in status["mailboxes"].as_array().unwrap() {
        if let Some(worker) = mailbox["worker"].as_str() {
            *shares.entry(worker.to_owned()).or_default() += 1;
        }
    }
    shares
}

fn wait_for_shares(house: &House, wanted: &[usize]) {
    wait_for(&format!("shares of {wanted:?} mailboxes"), TAKE_OVER, || {
        let mut shares: Vec<usize> = shares(house).into_values().collect();
        shares.sort_unstable();
        (shares == wanted).then_some(())
    });
}

fn stop(mut worker: Running) {
    worker.terminate();
    let ended = worker.wait(SOON).unwrap();
    assert_eq!(ended.code, Some(0), "{ended:#?}");
}

#[test]
fn workers_share_the_mailboxes_and_one_that_stops_gives_its_own_back_at_once() {
    // Leases that outlast the test: nothing here comes from one that ended.
    let house = builder().on_postgres(true).without_smtp().lease("1h").more_mailboxes(5).build();
    let first = house.service.run();
    wait_for_shares(&house, &[6]);
    let second = house.service.run();
    wait_for_shares(&house, &[3, 3]);
    let third = house.service.run();
    wait_for_shares(&house, &[2, 2, 2]);
    let told = house.service.succeed(&["status"]);
    assert_eq!(told.matches(" until ").count(), 6, "{told}");
    stop(second);
    wait_for_shares(&house, &[3, 3]);
    stop(first);
    wait_for_shares(&house, &[6]);
    stop(third);
    assert_eq!(shares(&house), BTreeMap::new());
}

#[test]
fn a_killed_workers_mailbox_is_taken_over() {
    let house = builder().on_postgres(true).without_smtp().build();
    let mut first = house.service.run();
    wait_for_shares(&house, &[1]);
    first.kill();
    let second = house.service.run();
    house.deliver(&forward("482137 Unterlagen"));
    wait_for("the mail to be filed", TAKE_OVER, || (house.count("Archive/Imported") == 1).then_some(()));
    stop(second);
}

#[test]
fn a_round_by_hand_leaves_a_mailbox_to_the_worker_that_is_on_it_and_says_so() {
    let house = builder().on_postgres(true).without_smtp().build();
    let worker = house.service.run();
    wait_for("the first round", SOON, || (house.status()["mailboxes"][0]["ok"] == true).then_some(()));
    let finished = house.service.command(&["once"]);
    assert_eq!(finished.code, Some(1), "{finished:#?}");
    assert!(finished.stderr.contains("import@example.test: no round: worker "), "{finished:#?}");
    assert_eq!(house.status()["mailboxes"][0]["ok"], true, "the mailbox is well");
    stop(worker);
    house.deliver(&forward("482137 Unterlagen"));
    house.once();
    assert_eq!((house.count("Archive/Imported"), shares(&house).len()), (1, 0));
}

#[test]
fn mail_that_a_person_assigns_is_moved_by_the_worker_on_its_mailbox_and_without_one_at_once() {
    let house = builder().on_postgres(true).without_smtp().mailbox("poll_interval = \"1s\"").build();
    house.deliver(&forward("482999 Unterlagen"));
    let worker = house.service.run();
    wait_for("the mail to wait", SOON, || (house.count("Archive/Unassigned") == 1).then_some(()));
    wait_for("the round's end", SOON, || (house.status()["mailboxes"][0]["ok"] == true).then_some(()));
    let assign = |id: &str| {
        let finished = house.service.command(&["assign", id, "482137"]);
        assert_eq!(finished.code, Some(0), "{finished:#?}");
        finished.stderr
    };
    let said = assign("1");
    assert!(said.contains("1: recorded; the running service moves it to its folder when it looks next"), "{said}");
    wait_for("the worker to move it", SOON, || (house.count("Archive/Imported") == 1).then_some(()));
    stop(worker);
    house.deliver(&forward_of("4711", "482998 Unterlagen"));
    house.once();
    assert_eq!(assign("2"), "");
    assert_eq!((house.count("Archive/Unassigned"), house.count("Archive/Imported")), (0, 2));
    assert_eq!(shares(&house).len(), 0, "the mailbox is given back");
}

#[test]
fn on_sqlite_a_second_worker_does_not_start_and_says_why() {
    let house = house();
    let first = house.service.run();
    wait_for("the first round", SOON, || (house.status()["mailboxes"][0]["ok"] == true).then_some(()));
    let second = house.service.command(&["run"]);
    assert_eq!(second.code, Some(1), "{second:#?}");
    let process = format!("(process {})", first.process_id());
    assert!(second.stderr.contains("already") && second.stderr.contains(&process), "{second:#?}");
    let by_hand = house.service.command(&["once"]);
    assert_eq!(by_hand.code, Some(1), "{by_hand:#?}");
    assert!(by_hand.stderr.contains("PostgreSQL"), "{by_hand:#?}");
    stop(first);
    house.once();
}

/// Three workers, 1,000 mails in 20 mailboxes; in the middle one worker is killed, and another is paused until the third
/// has taken over everything, and woken.
#[test]
fn of_a_thousand_mails_each_is_imported_once_although_one_worker_is_killed_and_one_sleeps() {
    const MAILBOXES: usize = 20;
    const MAILS: usize = 1_000;
    let house = builder().on_postgres(true).without_smtp().lease("15s").more_mailboxes(MAILBOXES - 1).build();
    let users: Vec<String> =
        std::iter::once("import".to_owned()).chain((1..MAILBOXES).map(|n| format!("box-{n}"))).collect();
    let deliver = |mails: usize| {
        for number in 0..mails {
            house
                .dovecot
                .deliver(&users[number % MAILBOXES], forward("482137 Unterlagen").pdf("Lebenslauf.pdf").bytes());
        }
    };
    deliver(MAILS / 2);
    let mut killed = house.service.run();
    let paused = house.service.run();
    let steady = house.service.run();
    wait_for_shares(&house, &[6, 7, 7]);
    deliver(MAILS / 2);
    wait_for("rounds to be in full swing", SOON, || (recorded(&house) > MAILS / 2).then_some(()));
    killed.kill();
    paused.signal(Signal::Stop);
    let since = Instant::now();
    // Fresh mail in each mailbox shows that it is served.
    deliver(MAILBOXES);
    wait_for("all mailboxes to be served again", TAKE_OVER, || (inboxes(&house, &users) == 0).then_some(()));
    let taken_over = since.elapsed();
    assert_eq!(shares(&house).into_values().collect::<Vec<_>>(), [MAILBOXES]);
    paused.signal(Signal::Cont);
    deliver(MAILBOXES);
    let all = MAILS + 2 * MAILBOXES;
    wait_for("the rest", TAKE_OVER, || (recorded(&house) >= all && inboxes(&house, &users) == 0).then_some(()));
    wait_for_shares(&house, &[MAILBOXES / 2, MAILBOXES / 2]);
    stop(paused);
    stop(steady);
    let outcomes = house.status()["outcomes"].clone();
    assert_eq!(outcomes["imported"], all, "{outcomes}");
    assert_eq!(recorded(&house), all, "{outcomes}");
    let filed = |user: &String| house.dovecot.messages(user, "Archive/Imported").len();
    assert_eq!(users.iter().map(filed).sum::<usize>(), all, "filed away");
    let listed = house.service.succeed(&["mails", "--json", "--limit", "10000"]);
    assert_eq!(listed.matches("\"folder\":\"Archive/Imported\"").count(), all, "the record knows where each lies");
    assert!(taken_over < TAKE_OVER, "{taken_over:?}");
}

fn recorded(house: &House) -> usize {
    let outcomes = house.status()["outcomes"].clone();
    outcomes.as_object().unwrap().values().map(|mails| usize::try_from(mails.as_u64().unwrap()).unwrap()).sum()
}

/// How many mails lie in the inboxes.
fn inboxes(house: &House, users: &[String]) -> usize {
    users.iter().map(|user| house.dovecot.messages(user, "INBOX").len()).sum()
}
