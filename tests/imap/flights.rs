//! What is asked for in one flight: the peer holds its answers back until it has all of the commands.

use reply_import::application::FolderName;
use reply_import::imap::{ImapError, Mode, Session, Uid};

use crate::dovecot_session::numbers;
use crate::scripted_peer::{Act, Peer, polite, say};

const LIST: &str = "LIST \"\" \"*\"";
const SEARCH: &str = "UID SEARCH UNSEEN UNDELETED";

/// The peer's session before any folder is open: its first three commands ask what the server can do, and log in.
async fn log_in(peer: &Peer) -> Session {
    Session::connect(&peer.options()).await.unwrap()
}

/// What was sent after the log-in.
fn asked(peer: &Peer) -> Vec<String> {
    peer.lines().into_iter().skip(3).collect()
}

/// Holds back the answer to `held` until `last` has come, and then answers both: the first by its tag.
fn together(
    held: &'static str,
    first_tag: &'static str,
    last: &'static str,
    answers: [&'static [&'static str]; 2],
) -> impl FnMut(&str) -> Vec<Act> + Send + 'static {
    move |command| match command {
        command if command == held => Vec::new(),
        command if command == last => {
            answers.concat().into_iter().map(|line| say(&line.replace("FIRST", first_tag))).collect()
        }
        other => polite(other),
    }
}

const OPENED: &[&str] = &["* 5 EXISTS", "* OK [UIDVALIDITY 7] x", "TAG OK done"];
const OPENED_FIRST: &[&str] = &["* 5 EXISTS", "* OK [UIDVALIDITY 7] x", "FIRST OK done"];

#[tokio::test]
async fn the_folders_and_the_inbox_are_asked_for_in_one_flight_and_not_again() {
    let listed: &[&str] = &["* LIST () \"/\" INBOX", "* LIST (\\Archive) \"/\" Archive", "FIRST OK done"];
    let peer = Peer::start(together(LIST, "R4", "SELECT \"INBOX\"", [listed, OPENED])).await;
    let mut session = log_in(&peer).await;
    session.look_ahead(&FolderName::inbox(), Mode::ReadWrite).await.unwrap();
    assert_eq!(session.opened(&FolderName::inbox()), None, "nobody has asked for it yet");
    session.ensure_folder(&FolderName::parse("Archive").unwrap()).await.unwrap();
    let opened = session.open(&FolderName::inbox(), Mode::ReadWrite).await.unwrap();
    assert_eq!((opened.uid_validity, opened.exists), (7, 5));
    assert_eq!(session.opened(&FolderName::inbox()), Some(opened));
    assert_eq!(asked(&peer), [LIST, "SELECT \"INBOX\""]);
}

#[tokio::test]
async fn what_was_looked_ahead_for_another_way_of_opening_is_not_taken() {
    let peer = Peer::start(polite).await;
    let mut session = log_in(&peer).await;
    session.look_ahead(&FolderName::inbox(), Mode::ReadWrite).await.unwrap();
    session.open(&FolderName::inbox(), Mode::ReadOnly).await.unwrap();
    session.open(&FolderName::inbox(), Mode::ReadWrite).await.unwrap();
    assert_eq!(asked(&peer), [LIST, "SELECT \"INBOX\"", "EXAMINE \"INBOX\"", "SELECT \"INBOX\""]);
}

#[tokio::test]
async fn a_small_folder_is_searched_in_the_same_flight_the_next_time() {
    let found: &[&str] = &["* SEARCH 3 8", "TAG OK done"];
    let mut second = together("SELECT \"INBOX\"", "R6", SEARCH, [OPENED_FIRST, found]);
    let mut selected = 0;
    let peer = Peer::start(move |command| {
        selected += usize::from(command.starts_with("SELECT"));
        if selected < 2 { polite(command) } else { second(command) }
    })
    .await;
    let mut session = log_in(&peer).await;
    for _ in 0..2 {
        session.look_ahead(&FolderName::inbox(), Mode::ReadWrite).await.unwrap();
    }
    session.open(&FolderName::inbox(), Mode::ReadWrite).await.unwrap();
    assert_eq!(numbers(&session.unseen_uids().await.unwrap()), [3, 8]);
    assert_eq!(asked(&peer), [LIST, "SELECT \"INBOX\"", "SELECT \"INBOX\"", SEARCH]);
    session.unseen_uids().await.unwrap();
    assert_eq!(asked(&peer).last().unwrap(), "UID SEARCH 1:5 UNSEEN UNDELETED", "an answer counts once");
}

#[tokio::test]
async fn mail_that_comes_behind_the_search_is_searched_for_again() {
    let found: &[&str] = &["* SEARCH 3", "* 6 EXISTS", "TAG OK done"];
    let mut second = together("SELECT \"INBOX\"", "R6", SEARCH, [OPENED_FIRST, found]);
    let mut selected = 0;
    let peer = Peer::start(move |command| {
        selected += usize::from(command.starts_with("SELECT"));
        match command {
            "UID SEARCH 1:6 UNSEEN UNDELETED" => vec![say("* SEARCH 3 9"), say("TAG OK done")],
            command if selected < 2 => polite(command),
            command => second(command),
        }
    })
    .await;
    let mut session = log_in(&peer).await;
    for _ in 0..2 {
        session.look_ahead(&FolderName::inbox(), Mode::ReadWrite).await.unwrap();
    }
    assert_eq!(session.open(&FolderName::inbox(), Mode::ReadWrite).await.unwrap().exists, 6);
    assert_eq!(numbers(&session.unseen_uids().await.unwrap()), [3, 9]);
}

#[tokio::test]
async fn a_command_in_between_makes_the_answers_void() {
    let peer = Peer::start(polite).await;
    let mut session = log_in(&peer).await;
    for _ in 0..2 {
        session.look_ahead(&FolderName::inbox(), Mode::ReadWrite).await.unwrap();
    }
    session.open(&FolderName::inbox(), Mode::ReadWrite).await.unwrap();
    session.sizes(&[Uid::new(3).unwrap()]).await.unwrap();
    session.unseen_uids().await.unwrap();
    assert_eq!(asked(&peer).last().unwrap(), "UID SEARCH 1:5 UNSEEN UNDELETED");
}

#[tokio::test]
async fn a_folder_that_is_not_opened_is_refused_by_the_call_that_needs_it() {
    let mut selected = 0;
    let peer = Peer::start(move |command| {
        selected += usize::from(command.starts_with("SELECT"));
        match command {
            command if selected >= 2 && command.starts_with("SELECT") => vec![say("TAG NO [NOPERM] Not today")],
            SEARCH => vec![say("TAG BAD No folder is open")],
            other => polite(other),
        }
    })
    .await;
    let mut session = log_in(&peer).await;
    for _ in 0..2 {
        session.look_ahead(&FolderName::inbox(), Mode::ReadWrite).await.unwrap();
    }
    let refusal = session.open(&FolderName::inbox(), Mode::ReadWrite).await.unwrap_err();
    assert_eq!(refusal.code(), Some("NOPERM"));
    assert!(session.is_usable(), "the BAD was the refused folder's");
}

#[tokio::test]
async fn a_bad_that_follows_no_refusal_ends_the_connection() {
    let peer = Peer::start(|command| match command {
        LIST => vec![say("TAG BAD What?")],
        other => polite(other),
    })
    .await;
    let mut session = log_in(&peer).await;
    let refusal = session.look_ahead(&FolderName::inbox(), Mode::ReadWrite).await.unwrap_err();
    assert!(matches!(refusal, ImapError::Refused { command: "LIST", .. }), "{refusal}");
    assert!(!session.is_usable());
}

#[tokio::test]
async fn a_connection_that_ends_between_two_answers_is_lost() {
    let listed = ["* LIST () \"/\" INBOX", "R4 OK done"].map(say);
    let mut listed = Some(listed);
    let peer = Peer::start(move |command| match command {
        LIST => Vec::new(),
        "SELECT \"INBOX\"" => listed.take().unwrap().into_iter().chain([Act::Close]).collect(),
        other => polite(other),
    })
    .await;
    let mut session = log_in(&peer).await;
    let lost = session.look_ahead(&FolderName::inbox(), Mode::ReadWrite).await.unwrap_err();
    assert!(matches!(lost, ImapError::Lost { .. }), "{lost}");
    assert!(!session.is_usable());
}

#[tokio::test]
async fn a_large_folder_is_searched_in_windows_that_fly_together() {
    let peer = Peer::start(|command| match command {
        "SELECT \"INBOX\"" => vec![say("* 12000 EXISTS"), say("* OK [UIDVALIDITY 7] x"), say("TAG OK done")],
        "UID SEARCH 1:5000 UNSEEN UNDELETED" | "UID SEARCH 5001:10000 UNSEEN UNDELETED" => Vec::new(),
        "UID SEARCH 10001:12000 UNSEEN UNDELETED" => {
            ["* SEARCH 4", "R5 OK done", "* SEARCH", "R6 OK done", "* SEARCH 70001 80001", "TAG OK done"]
                .map(say)
                .into()
        }
        other => polite(other),
    })
    .await;
    assert_eq!(numbers(&peer.session().await.unseen_uids().await.unwrap()), [4, 70_001, 80_001]);
}

/// Sequence numbers shift when mail vanishes: the window that was asked for next has lost its first mails to the one before.
#[tokio::test]
async fn windows_that_were_shifted_while_they_flew_are_searched_again_one_by_one() {
    let peer = Peer::start(|command| match command {
        "SELECT \"INBOX\"" => vec![say("* 12000 EXISTS"), say("* OK [UIDVALIDITY 7] x"), say("TAG OK done")],
        "UID SEARCH 1:5000 UNSEEN UNDELETED" => vec![say("* SEARCH 4"), say("* 17 EXPUNGE"), say("TAG OK done")],
        // The mail with UID 5001 is number 5000 by now.
        "UID SEARCH 5001:10000 UNSEEN UNDELETED" => vec![say("* SEARCH"), say("TAG OK done")],
        "UID SEARCH 10001:12000 UNSEEN UNDELETED" => vec![say("* SEARCH 11000"), say("TAG OK done")],
        "UID SEARCH 5000:9999 UNSEEN UNDELETED" => vec![say("* SEARCH 5001"), say("TAG OK done")],
        other => polite(other),
    })
    .await;
    let mut session = peer.session().await;
    let found = numbers(&session.unseen_uids().await.unwrap());
    assert!(found.contains(&4) && found.contains(&11_000), "{found:?}");
    let windows: Vec<String> = asked(&peer).into_iter().filter(|line| line.starts_with("UID SEARCH")).collect();
    assert_eq!(
        windows[3..],
        [
            "UID SEARCH 1:5000 UNSEEN UNDELETED",
            "UID SEARCH 5000:9999 UNSEEN UNDELETED",
            "UID SEARCH 10000:11998 UNSEEN UNDELETED"
        ]
    );
    assert!(found.contains(&5_001), "{found:?}");
}
