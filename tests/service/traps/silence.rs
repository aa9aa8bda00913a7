//! Servers that fall silent.

use super::peer_house::{installed, mailbox, peer_house};
use crate::harness::strict_peer::{Act, StrictPeer, say};
use crate::harness::wait_for;
use crate::house::SOON;
use crate::mails::forward;
use serde_json::Value;

/// Six mailboxes at once, since each takes as long as the deadline; the seventh is served meanwhile.
#[test]
fn a_silent_server_is_given_up_after_the_deadline_and_keeps_no_other_mailbox() {
    let silent_at = ["GREETING", "LOGIN", "SELECT", "UID SEARCH", "UID FETCH", "UID MOVE"];
    let mut mailboxes = String::new();
    let mut peers = Vec::new();
    for (number, verb) in (0..).zip(silent_at) {
        let peer = StrictPeer::start();
        peer.deliver(forward("482137 Unterlagen").bytes());
        peer.play_at(verb, vec![Act::ObeyInPart(0), Act::Silence]);
        mailboxes.push_str(&mailbox(&format!("import-{number}@example.test"), &peer));
        peers.push(peer);
    }
    let healthy = StrictPeer::start();
    healthy.deliver(forward("482138 Zeugnis").bytes());
    mailboxes.push_str(&mailbox("import@example.test", &healthy));
    let service = installed(&mailboxes);
    let finished = service.command(&["once"]);
    assert_eq!(finished.code, Some(1), "{finished:#?}");
    for (number, verb) in silent_at.iter().enumerate() {
        let told = finished.stderr.lines().any(|line| line.starts_with(&format!("import-{number}@example.test: ")));
        assert!(told, "{verb}: {finished:#?}");
    }
    assert_eq!(healthy.count("Archive/Imported"), 1);
    for peer in &peers {
        peer.behave();
    }
    service.succeed(&["once"]);
    for (peer, verb) in peers.iter().zip(silent_at) {
        assert_eq!((peer.count("INBOX"), peer.count("Archive/Imported")), (0, 1), "silent at {verb}");
    }
    assert_eq!(service.succeed(&["mails", "--json"]).lines().count(), 7);
}

/// Not the mailbox's fault, and not noted as one: nothing is tried again before the next start.
#[test]
fn a_server_that_does_not_answer_the_end_of_idle_while_the_service_stops_is_left() {
    let house = peer_house();
    house.peer.play_at("IDLE", vec![say("+ idling"), Act::Silence]);
    let mut service = house.service.run();
    let is_idling = || house.peer.commands().iter().any(|command| command == "IDLE");
    wait_for("the service to wait by IDLE", SOON, || is_idling().then_some(()));
    service.terminate();
    let ended = service.wait(SOON).unwrap();
    assert_eq!(ended.code, Some(0), "{ended:#?}");
    assert!(!ended.stderr.contains("No mail is imported"), "{ended:#?}");
    let mailbox = house.status()["mailboxes"][0].clone();
    assert_eq!((&mailbox["ok"], &mailbox["error"]), (&Value::Bool(true), &Value::Null), "{mailbox:#}");
}
