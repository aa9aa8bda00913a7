//! Connections that end in the middle, and lines that nobody can read.

use super::peer_house::peer_house;
use crate::harness::strict_peer::{Act, say};
use crate::mails::forward;

/// Where in a round the connection ends, and after how many lines of the answer. `usize::MAX` is after the whole of it:
/// then the next command fails.
const BREAKS: [(&str, usize); 14] = [
    ("GREETING", 0),
    ("LOGIN", 0),
    ("LIST", 1),
    ("SELECT", 0),
    ("SELECT", 3),
    ("UID SEARCH", 0),
    // The mails were told, and the answer has no end.
    ("UID SEARCH", 1),
    // Between two answers to FETCH.
    ("UID FETCH", 1),
    ("UID FETCH", 2),
    ("UID FETCH", 3),
    // The server has moved the mails and does not say so.
    ("UID MOVE", 0),
    ("UID MOVE", 1),
    ("UID MOVE", 2),
    ("UID SEARCH", usize::MAX),
];

#[test]
fn a_connection_that_ends_anywhere_loses_nothing_and_doubles_nothing() {
    let house = peer_house();
    for (threes, (verb, lines)) in (1..).zip(BREAKS) {
        house.deliver_three();
        house.peer.play_at(verb, vec![Act::ObeyInPart(lines), Act::Close]);
        house.bad_round("127.0.0.1");
        house.peer.behave();
        house.good_round();
        house.assert_done(threes, &format!("the end after {lines} lines of {verb}"));
    }
}

#[test]
fn a_bye_anywhere_loses_nothing_and_its_words_are_told() {
    let house = peer_house();
    for (threes, (verb, lines)) in (1..).zip(BREAKS) {
        house.deliver_three();
        let goodbye = say("* BYE Maintenance until noon");
        house.peer.play_at(verb, vec![Act::ObeyInPart(lines), goodbye, Act::Close]);
        house.bad_round(if lines == usize::MAX { "127.0.0.1" } else { "Maintenance until noon" });
        house.peer.behave();
        house.good_round();
        house.assert_done(threes, &format!("BYE after {lines} lines of {verb}"));
    }
}

/// What the library cannot read ends the connection, and what it can read is passed over.
#[test]
fn lines_that_nobody_asked_for_lose_nothing() {
    let house = peer_house();
    let mut threes = 0;
    for verb in ["SELECT", "UID SEARCH", "UID FETCH", "UID MOVE"] {
        for line in
            ["* XLIMIT 5", "* ESEARCH (TAG \"x\") UID ALL 1:3", "* NAMESPACE NIL NIL NIL", "", "* 1 FETCH (BODY[] ~{3}"]
        {
            threes += 1;
            house.deliver_three();
            house.peer.play_at(verb, vec![say(line), Act::Obey]);
            // Good or bad, it ends; what was not done then is done by the next.
            let finished = house.once();
            assert!(matches!(finished.code, Some(0 | 1)), "{verb}, {line}: {finished:#?}");
            house.peer.behave();
            house.good_round();
            house.assert_done(threes, &format!("{line} before the answer to {verb}"));
        }
    }
}

#[test]
fn lines_that_say_nothing_new_do_not_end_the_round() {
    let house = peer_house();
    let lines = [
        "* OK Still here",
        "* NO Disk is nearly full",
        "* BAD Strange, but go on",
        "* 1 FETCH (FLAGS (\\Seen))",
        "* OK [XNEW 5] unknown code",
        "* FLAGS (\\Seen)",
    ];
    for (threes, line) in (1..).zip(lines) {
        house.deliver_three();
        house.peer.play(move |seen, _| seen.verb.starts_with("UID").then(|| vec![say(line), Act::Obey]));
        house.good_round();
        house.assert_done(threes, line);
    }
}

/// The mail at which the server breaks off every time is found out, and the others are imported meanwhile.
#[test]
fn a_mail_on_which_the_server_chokes_is_set_aside_and_holds_up_no_other() {
    let house = peer_house();
    for subject in ["482137 eins", "482137 zwei", "482138 drei"] {
        house.peer.deliver(forward(subject).bytes());
    }
    house.peer.play(|seen, store| {
        let choking = seen.asks_for_body(store, "INBOX", 2);
        choking.then(|| vec![Act::ObeyInPart(1), Act::Close])
    });
    // Together; then one by one, the least tried first.
    for _ in 0..3 {
        house.bad_round("127.0.0.1");
    }
    house.assert_lie(&[("INBOX", 1), ("Archive/Imported", 2)], "the third round");
    let mut rounds = 3;
    while house.peer.count("INBOX") > 0 {
        rounds += 1;
        assert!(rounds < 12, "it is tried for ever");
        house.once();
    }
    let last = house.mails().pop().unwrap();
    assert_eq!((last["outcome"].as_str(), last["why"].as_str()), (Some("set_aside"), Some("failed_too_often")));
    house.assert_lie(&[("Archive/Imported", 2), ("Archive/SetAside", 1)], "the last attempt");
    house.good_round();
}

/// A mail for which the server has nothing but a NO, alone or among others.
#[test]
fn a_mail_that_is_never_handed_over_is_set_aside_and_holds_up_no_other() {
    let house = peer_house();
    for subject in ["482137 eins", "482137 zwei", "482138 drei"] {
        house.peer.deliver(forward(subject).bytes());
    }
    house.peer.play(|seen, store| {
        let refused = seen.asks_for_body(store, "INBOX", 2);
        refused.then(|| vec![say("TAG NO [SERVERBUG] It is damaged")])
    });
    let first = house.once();
    assert_eq!(first.code, Some(1), "{first:#?}");
    house.assert_lie(&[("INBOX", 1), ("Archive/Imported", 2)], "the first round");
    let mut rounds = 1;
    while house.peer.count("INBOX") > 0 {
        rounds += 1;
        assert!(rounds < 12, "it is tried for ever");
        house.once();
    }
    let last = house.mails().pop().unwrap();
    assert_eq!((last["outcome"].as_str(), last["why"].as_str()), (Some("set_aside"), Some("failed_too_often")));
    house.assert_lie(&[("Archive/Imported", 2), ("Archive/SetAside", 1)], "the last attempt");
}
