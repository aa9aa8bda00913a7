//! Mails that somebody else removes while they are being filed: the server says so with a NO, and the others are filed.

use reply_import::application::FolderName;
use reply_import::imap::{Uid, Way};
use std::sync::{Arc, Mutex};

use crate::scripted_peer::{Act, Peer, polite, say};

const GONE: &str = "TAG NO [EXPUNGEISSUED] Some of the messages no longer exist";

#[tokio::test]
async fn what_a_move_left_behind_is_moved_with_a_second_command() {
    let peer = Peer::start(|command| match command {
        "UID MOVE 1:3 \"Archive\"" => vec![say("* OK [COPYUID 9 1 41] x"), say("* 1 EXPUNGE"), say(GONE)],
        "UID SEARCH UID 1:3" => vec![say("* SEARCH 3"), say("TAG OK done")],
        "UID MOVE 3 \"Archive\"" => vec![say("* OK [COPYUID 9 3 42] x"), say("* 1 EXPUNGE"), say("TAG OK done")],
        other => polite(other),
    })
    .await;
    let filed = peer.session().await.file_away(&[1, 2, 3].map(uid), &archive()).await.unwrap();
    assert_eq!((filed.way, filed.uid_validity), (Way::Move, Some(9)));
    assert_eq!(filed.moved, [(uid(1), Some(uid(41))), (uid(3), Some(uid(42)))]);
}

#[tokio::test]
async fn what_a_copy_left_out_is_copied_and_only_that_is_removed() {
    let peer = Peer::start(|command| match command {
        "CAPABILITY" => vec![say("* CAPABILITY IMAP4rev1 UIDPLUS"), say("TAG OK done")],
        "UID COPY 1:3 \"Archive\"" => vec![say("* 2 EXPUNGE"), say(GONE)],
        // Once to see what is left, and once whether that is gone.
        "UID SEARCH UID 1:3" => vec![say("* SEARCH 1 3"), say("TAG OK done")],
        "UID COPY 1,3 \"Archive\"" => vec![say("TAG OK [COPYUID 9 1,3 41:42] done")],
        command if command.starts_with("UID STORE") => vec![say(GONE)],
        other => polite(other),
    })
    .await;
    let filed = peer.session().await.file_away(&[1, 2, 3].map(uid), &archive()).await.unwrap();
    assert_eq!(filed.moved, [(uid(1), Some(uid(41))), (uid(3), Some(uid(42)))]);
    let lines = peer.lines();
    assert!(lines.iter().any(|line| line == "UID EXPUNGE 1,3"), "{lines:?}");
}

#[tokio::test]
async fn nothing_left_is_nothing_to_do() {
    let peer = Peer::start(|command| match command {
        command if command.starts_with("UID MOVE") => vec![say("* 1 EXPUNGE"), say(GONE)],
        other => polite(other),
    })
    .await;
    let filed = peer.session().await.file_away(&[uid(1)], &archive()).await.unwrap();
    assert_eq!(filed.moved, []);
}

#[tokio::test]
async fn a_server_that_says_so_for_ever_is_refused_in_the_end() {
    let moves = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&moves);
    let peer = Peer::start(move |command| -> Vec<Act> {
        if command.starts_with("UID MOVE") {
            *counted.lock().unwrap() += 1;
            return vec![say(GONE)];
        }
        if command.starts_with("UID SEARCH") {
            return vec![say("* SEARCH 1"), say("TAG OK done")];
        }
        polite(command)
    })
    .await;
    let mut session = peer.session().await;
    let error = session.file_away(&[uid(1)], &archive()).await.unwrap_err();
    assert_eq!((error.code(), *moves.lock().unwrap()), (Some("EXPUNGEISSUED"), 4));
    assert!(session.is_usable());
}

fn archive() -> FolderName {
    FolderName::parse("Archive").unwrap()
}

fn uid(number: u32) -> Uid {
    Uid::new(number).unwrap()
}
