//! Servers that fall silent.

use super::peer_house::{installed, mailbox};
use crate::harness::strict_peer::{Act, StrictPeer};
use crate::mails::forward;

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
