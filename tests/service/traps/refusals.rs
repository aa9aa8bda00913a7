//! NO and BAD to every command.

use super::peer_house::{PeerHouse, peer_house, peer_house_with};
use crate::harness::strict_peer::{Act, say};
use crate::harness::wait_for;
use crate::house::SOON;
use crate::mails::{forward, forward_of};

/// What a round sends to a server with MOVE, and whether a round in which the server says NO to it can be a good one.
const COMMANDS: [(&str, bool); 9] = [
    ("CAPABILITY", false),
    ("LOGIN", false),
    ("LIST", false),
    ("CREATE", false),
    ("SUBSCRIBE", true),
    ("SELECT", false),
    ("UID SEARCH", false),
    ("UID FETCH", false),
    ("UID MOVE", false),
];

/// What it sends to one without MOVE.
const COMMANDS_WITHOUT_MOVE: [&str; 3] = ["UID COPY", "UID STORE", "UID EXPUNGE"];

#[test]
fn no_to_any_command_loses_nothing_doubles_nothing_and_is_told() {
    let house = peer_house();
    for (threes, (verb, may_be_good)) in (1..).zip(COMMANDS) {
        house.deliver_three();
        forget_folders(&house, verb);
        house.peer.play_at(verb, vec![say("TAG NO [SERVERBUG] Not today")]);
        if may_be_good {
            house.good_round();
        } else {
            house.bad_round("Not today");
        }
        house.peer.behave();
        house.good_round();
        house.assert_done(threes, &format!("NO to {verb}"));
    }
}

#[test]
fn bad_to_any_command_loses_nothing_doubles_nothing_and_is_told() {
    let house = peer_house();
    for (threes, (verb, _)) in (1..).zip(COMMANDS) {
        house.deliver_three();
        forget_folders(&house, verb);
        house.peer.play_at(verb, vec![say("TAG BAD What is that?")]);
        house.bad_round("What is that?");
        house.peer.behave();
        house.good_round();
        house.assert_done(threes, &format!("BAD to {verb}"));
    }
}

#[test]
fn no_and_bad_to_any_step_of_copying_lose_nothing_and_double_nothing() {
    for answer in ["NO [SERVERBUG] Not today", "BAD Not today"] {
        let house = peer_house();
        house.peer.with(|store| store.capabilities = vec!["UIDPLUS"]);
        for (threes, verb) in (1..).zip(COMMANDS_WITHOUT_MOVE) {
            house.deliver_three();
            house.peer.play_at(verb, vec![say(&format!("TAG {answer}"))]);
            house.bad_round("Not today");
            house.peer.behave();
            house.good_round();
            house.assert_done(threes, &format!("{answer} to {verb}"));
        }
    }
}

/// Mail that was copied and that the server will not remove is not copied again and again.
#[test]
fn a_server_that_lets_nothing_be_removed_gets_one_copy_and_new_mail_comes_in() {
    // BAD ends the connection each time.
    for answer in ["NO [NOPERM] You may not", "BAD You may not"] {
        for verb in ["UID STORE", "UID EXPUNGE"] {
            let house = peer_house();
            house.peer.with(|store| store.capabilities = vec!["UIDPLUS"]);
            house.peer.play_at(verb, vec![say(&format!("TAG {answer}"))]);
            let context = format!("{answer} to {verb}");
            for threes in 1..=3 {
                house.deliver_three();
                house.bad_round("You may not");
                assert_eq!(house.mails().len(), 3 * threes, "{context}");
                if answer.starts_with("NO") {
                    let copied = [("Archive/Imported", 2 * threes), ("Archive/Unassigned", threes)];
                    house.assert_lie(&[&[("INBOX", 3 * threes)], copied.as_slice()].concat(), &context);
                }
            }
            house.peer.behave();
            house.good_round();
            house.assert_done(3, &context);
        }
    }
}

/// The inbox was rebuilt meanwhile: another mail of the same size and time has the UID of the one that was copied.
#[test]
fn another_mail_under_the_uid_of_a_copied_one_is_not_removed() {
    let house = peer_house();
    house.peer.with(|store| store.capabilities = vec!["UIDPLUS"]);
    house.peer.deliver(forward_of("Nr. 1", "482137 Unterlagen").bytes());
    house.peer.play_at("UID STORE", vec![say("TAG NO [NOPERM] You may not")]);
    house.bad_round("You may not");
    house.assert_lie(&[("INBOX", 1), ("Archive/Imported", 1)], "the copy");
    house.peer.behave();
    let other = house.peer.with(|store| {
        let mail = &mut store.folders.get_mut("INBOX").unwrap().mails[0];
        let text = String::from_utf8(mail.bytes.clone()).unwrap();
        (mail.seen, mail.deleted) = (false, false);
        mail.bytes = text.replace("Nr. 1", "Nr. 2").into_bytes();
        assert_ne!(text.as_bytes(), mail.bytes.as_slice());
        mail.bytes.clone()
    });
    house.good_round();
    house.good_round();
    house.assert_lie(&[("Archive/Imported", 2)], "both");
    assert_eq!(house.mails().len(), 2);
    house.peer.with(|store| {
        let filed = &store.folders["Archive/Imported"].mails;
        assert!(filed.iter().any(|mail| mail.bytes == other), "the other mail is there");
    });
}

#[test]
fn no_to_noop_in_an_empty_inbox_and_to_the_goodbye_harm_nothing() {
    let house = peer_house();
    house.peer.play_at("NOOP", vec![say("TAG NO [SERVERBUG] Not today")]);
    house.bad_round("Not today");
    house.peer.play_at("LOGOUT", vec![say("TAG NO [SERVERBUG] Not today")]);
    house.deliver_three();
    house.good_round();
    house.assert_done(1, "NO to LOGOUT");
}

/// Mail behind a mail that cannot be filed is imported, and the filing is tried again by itself.
#[test]
fn a_folder_that_stays_shut_holds_up_no_other_mail_and_repeats_no_import() {
    let house = peer_house();
    house.peer.play(|seen, _| {
        let shut = seen.verb == "UID MOVE" && seen.command.contains("Imported");
        shut.then(|| vec![say("TAG NO [NOPERM] Permission denied")])
    });
    for threes in 1..=3 {
        house.deliver_three();
        house.bad_round("[NOPERM] Permission denied");
        house.assert_lie(&[("INBOX", 2 * threes), ("Archive/Unassigned", threes)], "a round");
        assert_eq!(house.mails().len(), 3 * threes);
    }
    let fetched = house.peer.commands().iter().filter(|command| command.contains("BODY.PEEK")).count();
    house.peer.behave();
    house.good_round();
    house.assert_done(3, "the folder opened");
    let again = house.peer.commands().iter().filter(|command| command.contains("BODY.PEEK")).count();
    assert_eq!(fetched, again, "what was recorded was not fetched again");
}

/// One mail of a set that the server will not move.
#[test]
fn a_mail_that_cannot_be_moved_does_not_keep_the_others_in_the_inbox() {
    let house = peer_house();
    for _ in 0..5 {
        house.peer.deliver(forward("482137 Unterlagen").bytes());
    }
    house.peer.play(|seen, store| {
        let rest = seen.command.strip_prefix("UID MOVE ")?;
        let set = rest.split(' ').next()?;
        let asked = store.inbox().mails.iter().any(|mail| mail.uid == 3) && (set == "1:5" || set == "3");
        asked.then(|| vec![say("TAG NO [SERVERBUG] Mail 3 is damaged")])
    });
    house.bad_round("Mail 3 is damaged");
    house.assert_lie(&[("INBOX", 1), ("Archive/Imported", 4)], "a refused set");
    house.peer.behave();
    house.good_round();
    house.assert_lie(&[("Archive/Imported", 5)], "the next round");
    assert_eq!(house.mails().len(), 5);
}

/// A server that ends the connection over each move: mail keeps coming in, a batch in each round.
#[test]
fn a_server_that_never_lets_anything_be_moved_keeps_no_new_mail_out() {
    let house = peer_house();
    house.peer.play_at("UID MOVE", vec![say("TAG BAD What is that?")]);
    for threes in 1..=3 {
        house.deliver_three();
        house.bad_round("What is that?");
        assert_eq!(house.mails().len(), 3 * threes);
    }
    house.peer.behave();
    house.good_round();
    house.assert_done(3, "BAD to every move");
}

#[test]
fn a_server_that_offers_idle_and_refuses_it_is_looked_at_by_the_clock() {
    for answer in ["TAG NO Not now", "TAG BAD What is that?"] {
        let house = peer_house_with("poll_interval = \"1s\"");
        house.peer.play_at("IDLE", vec![say(answer)]);
        let mut service = house.service.run();
        wait_for("the first refused IDLE", SOON, || (house.peer.heard("IDLE") > 0).then_some(()));
        house.deliver_three();
        wait_for("the mails to be filed", SOON, || (house.peer.count("Archive/Unassigned") == 1).then_some(()));
        let refused = house.peer.heard("IDLE");
        wait_for("the next refused IDLE", SOON, || (house.peer.heard("IDLE") > refused).then_some(()));
        assert_eq!(house.status()["mailboxes"][0]["ok"], true, "{answer}: {:#}", house.status());
        service.terminate();
        assert_eq!(service.wait(SOON).unwrap().code, Some(0), "{answer}");
        house.assert_done(1, answer);
    }
}

/// The wait ends at the poll interval, whatever the server says meanwhile.
#[test]
fn endless_still_here_does_not_keep_the_service_from_looking() {
    let house = peer_house_with("poll_interval = \"1s\"");
    house.peer.play_at("IDLE", vec![say("+ idling"), Act::Repeat("* OK Still here")]);
    let mut service = house.service.run();
    wait_for("the first IDLE", SOON, || (house.peer.heard("IDLE") > 0).then_some(()));
    house.deliver_three();
    wait_for("the mails to be filed", SOON, || (house.peer.count("Archive/Unassigned") == 1).then_some(()));
    service.terminate();
    assert_eq!(service.wait(SOON).unwrap().code, Some(0));
    house.assert_done(1, "endless lines");
}

#[test]
fn where_folders_may_be_made_in_the_inbox_only_it_is_said_where_they_are() {
    let house = peer_house();
    house.peer.deliver(forward("482137 Unterlagen").bytes());
    forget_folders(&house, "CREATE");
    house.peer.play(|seen, _| {
        let is_beside = seen.verb == "CREATE" && !seen.command.contains("INBOX");
        is_beside.then(|| vec![say("TAG NO [NOPERM] Not beside the inbox")])
    });
    let finished = house.once();
    assert_eq!(finished.code, Some(0), "{finished:#?}");
    let told = "The server makes the folder in this place only folder=Archive/Imported place=INBOX/Archive/Imported";
    assert_eq!(finished.stderr.matches(told).count(), 1, "{finished:#?}");
    assert_eq!(house.mails()[0]["folder"], "Archive/Imported");
    assert_eq!((house.peer.count("INBOX"), house.peer.count("INBOX/Archive/Imported")), (0, 1));
}

/// For CREATE and SUBSCRIBE there must be something to make.
fn forget_folders(house: &PeerHouse, verb: &str) {
    if matches!(verb, "CREATE" | "SUBSCRIBE") {
        house.peer.with(|store| store.folders.retain(|name, folder| name == "INBOX" || !folder.mails.is_empty()));
    }
}
