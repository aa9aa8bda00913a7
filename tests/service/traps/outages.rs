//! Servers that hand over no mail for a while, and mail that only seems to be at fault.

use super::peer_house::{PeerHouse, peer_house_with};
use crate::harness::strict_peer::{Act, say};
use crate::mails::forward;

/// More rounds than attempts at one mail.
const ROUNDS: usize = 3;

/// One attempt, and one mail that was imported before.
fn house() -> PeerHouse {
    let house = peer_house_with("max_attempts = 1");
    house.peer.deliver(forward("482137 vorher").bytes());
    house.good_round();
    house
}

fn no(answer: &str) -> Vec<Act> {
    vec![say(&format!("TAG {answer}"))]
}

#[test]
fn a_server_that_hands_over_no_mail_for_long_has_none_set_aside() {
    let answers = ["NO [UNAVAILABLE] Later", "NO [SERVERBUG] Later", "OK"].map(no);
    for acts in answers.into_iter().chain([vec![Act::Close], vec![Act::ObeyInPart(1), Act::Close]]) {
        let house = house();
        house.peer.deliver(forward("482137 eins").bytes());
        house.peer.deliver(forward("482138 zwei").bytes());
        let then = acts.clone();
        house.peer.play(move |seen, _| seen.command.contains("BODY.PEEK").then(|| then.clone()));
        for _ in 0..ROUNDS {
            let finished = house.once();
            assert_eq!(finished.code, Some(1), "{acts:?}: {finished:#?}");
        }
        house.assert_lie(&[("INBOX", 2), ("Archive/Imported", 1)], &format!("{acts:?}"));
        house.peer.behave();
        house.good_round();
        house.assert_lie(&[("Archive/Imported", 3)], &format!("{acts:?}"));
        assert_eq!(house.outcomes().into_iter().collect::<Vec<_>>(), [("imported".to_owned(), 3)], "{acts:?}");
    }
}

/// A limit of what it hands over at a time.
#[test]
fn a_server_that_hands_over_a_mail_at_a_time_has_none_set_aside_and_status_says_what_it_says() {
    for answer in ["NO [LIMIT] Enough for now", "NO Enough for now"] {
        let house = house();
        let mails = 6;
        for n in 0..mails {
            house.peer.deliver(forward(&format!("482137 Punkt {n}")).bytes());
        }
        let mut rounds = 0;
        while house.peer.count("INBOX") > 0 {
            rounds += 1;
            assert!(rounds <= mails, "they are tried for ever");
            let mut had = 0;
            house.peer.play(move |seen, _| {
                let (asks, many) = (seen.command.contains("BODY.PEEK"), seen.command.contains([',', ':']));
                had += usize::from(asks && !many);
                (asks && (many || had > 2)).then(|| no(answer))
            });
            if house.peer.count("INBOX") > 2 {
                house.bad_round("Enough for now");
            } else {
                house.once();
            }
        }
        house.peer.behave();
        house.good_round();
        house.assert_lie(&[("Archive/Imported", 1 + mails)], answer);
    }
}

#[test]
fn a_mail_that_the_server_hands_over_later_by_its_own_word_waits_and_holds_up_no_other() {
    for answer in ["NO [UNAVAILABLE] Later", "NO [INUSE] Later"] {
        let house = house();
        let later = house.peer.deliver(forward("482137 eins").bytes());
        house.peer.play(move |seen, store| seen.asks_for_body(store, "INBOX", later).then(|| no(answer)));
        for round in 1..=ROUNDS {
            house.peer.deliver(forward("482138 zwei").bytes());
            assert_eq!(house.once().code, Some(1), "{answer}");
            house.assert_lie(&[("INBOX", 1), ("Archive/Imported", 1 + round)], answer);
        }
        house.peer.behave();
        house.good_round();
        house.assert_lie(&[("Archive/Imported", 2 + ROUNDS)], answer);
    }
}

/// The bodies that were asked for.
fn bodies(commands: &[String]) -> Vec<&str> {
    commands.iter().map(String::as_str).filter(|command| command.contains("BODY.PEEK")).collect()
}

#[test]
fn for_a_mail_that_is_put_off_for_ever_no_other_mail_is_fetched_again() {
    for answer in ["NO [UNAVAILABLE] Later", "NO [INUSE] Later"] {
        let house = house();
        let later = house.peer.deliver(forward("482137 eins").bytes());
        house.peer.play(move |seen, store| seen.asks_for_body(store, "INBOX", later).then(|| no(answer)));
        house.bad_round("Later");
        let before = house.peer.commands().len();
        for _ in 0..ROUNDS {
            house.bad_round("Later");
        }
        let asked = format!("UID FETCH {later} (UID BODY.PEEK[])");
        assert_eq!(bodies(&house.peer.commands()[before..]), [asked.as_str(); ROUNDS], "{answer}");
        house.peer.behave();
        house.good_round();
        house.assert_lie(&[("Archive/Imported", 2)], answer);
    }
}

/// Whether the server hands over mail at all, the smallest of what was filed last shows as well.
#[test]
fn of_filed_mail_a_small_part_is_fetched_to_see_that_mail_is_handed_over() {
    for (acts, with_uids) in [(vec![Act::Close], true), (no("NO [SERVERBUG] Damaged"), true), (vec![Act::Close], false)]
    {
        let house = peer_house_with("max_attempts = 2");
        if !with_uids {
            house.peer.with(|store| store.capabilities = vec!["MOVE", "IDLE"]);
        }
        for lines in [3_000, 1, 2_000] {
            house.peer.deliver(forward("482137 vorher").body(&"Eine von vielen Zeilen.\r\n".repeat(lines)).bytes());
        }
        house.good_round();
        let damaged = house.peer.deliver(forward("482137 eins").bytes());
        let then = acts.clone();
        house.peer.play(move |seen, store| seen.asks_for_body(store, "INBOX", damaged).then(|| then.clone()));
        let before = house.peer.commands().len();
        let mut rounds = 0;
        while house.peer.count("INBOX") > 0 {
            rounds += 1;
            assert!(rounds < 8, "{acts:?}: it is tried for ever");
            house.once();
        }
        house.assert_lie(&[("Archive/Imported", 3), ("Archive/SetAside", 1)], &format!("{acts:?}"));
        let commands = house.peer.commands().split_off(before);
        let mut others = bodies(&commands);
        others.retain(|command| !command.starts_with(&format!("UID FETCH {damaged} ")));
        others.dedup();
        assert_eq!(others, ["UID FETCH 2 (UID BODY.PEEK[]<0.4096>)"], "{acts:?}");
    }
}

/// The first in the inbox, so that it is asked for before the others.
#[test]
fn mails_on_which_the_server_chokes_have_their_turn_after_the_others_and_are_set_aside() {
    let house = peer_house_with("max_attempts = 2");
    for subject in ["482137 eins", "482137 zwei", "482138 drei", "482138 vier"] {
        house.peer.deliver(forward(subject).bytes());
    }
    house.peer.play(|seen, store| {
        let choking = [1, 2].into_iter().any(|uid| seen.asks_for_body(store, "INBOX", uid));
        choking.then(|| vec![Act::Close])
    });
    // Together; then each of the two once, before those behind them come.
    for _ in 0..4 {
        house.bad_round("127.0.0.1");
    }
    house.assert_lie(&[("INBOX", 2), ("Archive/Imported", 2)], "the fourth round");
    let mut rounds = 4;
    while house.peer.count("INBOX") > 0 {
        rounds += 1;
        assert!(rounds < 12, "they are tried for ever");
        house.once();
    }
    house.assert_lie(&[("Archive/Imported", 2), ("Archive/SetAside", 2)], "the last attempt");
}
