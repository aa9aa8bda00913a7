//! A connection that ends or stays silent anywhere is an error, and the session is of no more use.

use std::time::{Duration, Instant};

use reply_import::application::FolderName;
use reply_import::imap::{Envelope, ImapError, Mode, Session, Uid};
use tokio_util::sync::CancellationToken;

use crate::scripted_peer::{Act, Peer, polite, say};

const SIZES: &str = "* 1 FETCH (UID 1 RFC822.SIZE 10 INTERNALDATE \"07-Feb-1994 22:43:04 -0800\")";

#[tokio::test]
async fn closed_between_two_fetch_answers_is_not_a_shorter_list() {
    let error = sizes_after(|| vec![say(SIZES), Act::Close]).await;
    assert_lost(&error, "closed the connection");
}

#[tokio::test]
async fn bye_between_two_fetch_answers_is_not_a_shorter_list() {
    let error = sizes_after(|| vec![say(SIZES), say("* BYE Going down for maintenance"), Act::Close]).await;
    assert_lost(&error, "Going down for maintenance");
}

#[tokio::test]
async fn closed_inside_a_mail_is_not_a_shorter_mail() {
    let peer = Peer::start(|command| match command {
        command if command.starts_with("UID FETCH") => {
            vec![say("* 1 FETCH (UID 1 BODY[] {100}"), say("Subject: half"), Act::Close]
        }
        other => polite(other),
    });
    let mut session = peer.await.session().await;
    let error = session.bodies(&[envelope(1, 100)]).await.unwrap_err();
    assert_lost(&error, "closed the connection in the middle");
}

#[tokio::test]
async fn closed_during_search_is_not_an_empty_inbox() {
    for acts in [|| vec![Act::Close], || vec![say("* SEARCH 1 2"), Act::Close]] {
        let peer = Peer::start(move |command| if command.starts_with("UID SEARCH") { acts() } else { polite(command) });
        let error = peer.await.session().await.unseen_uids().await.unwrap_err();
        assert_lost(&error, "closed the connection");
    }
}

#[tokio::test]
async fn closed_during_select_is_an_error() {
    let peer = Peer::start(|command| match command {
        command if command.starts_with("SELECT") => vec![say("* 5 EXISTS"), Act::Close],
        other => polite(other),
    });
    let mut session = Session::connect(&peer.await.options()).await.unwrap();
    let error = session.open(&FolderName::inbox(), Mode::ReadWrite).await.unwrap_err();
    assert_lost(&error, "closed the connection");
}

#[tokio::test]
async fn a_folder_without_uidvalidity_is_not_opened() {
    for validity in ["* OK no such thing", "* OK [UIDVALIDITY 99999999999] too large", "* OK [UIDVALIDITY 0] none"] {
        let peer = Peer::start(move |command| match command {
            command if command.starts_with("SELECT") => vec![say("* 5 EXISTS"), say(validity), say("TAG OK done")],
            other => polite(other),
        });
        let mut session = Session::connect(&peer.await.options()).await.unwrap();
        let error = session.open(&FolderName::inbox(), Mode::ReadWrite).await.unwrap_err();
        assert_lost(&error, "UIDVALIDITY");
    }
}

#[tokio::test]
async fn silence_is_an_error_after_the_deadline_whatever_is_waited_for() {
    for command in ["LOGIN", "CAPABILITY", "SELECT", "UID SEARCH", "UID FETCH", "UID MOVE", "LIST"] {
        let peer = Peer::start(move |sent| if sent.starts_with(command) { vec![] } else { polite(sent) }).await;
        let started = Instant::now();
        let error = whole_round(&peer).await.unwrap_err();
        assert!(started.elapsed() < Duration::from_secs(5), "{command}: {:?}", started.elapsed());
        assert_lost(&error, "no answer within");
    }
}

#[tokio::test]
async fn silence_instead_of_a_greeting_is_an_error_after_the_deadline() {
    let peer = Peer::greeting("", polite).await;
    assert_lost(&whole_round(&peer).await.unwrap_err(), "no complete answer in time");
}

#[tokio::test]
async fn a_bye_instead_of_a_greeting_says_try_later() {
    let peer = Peer::greeting("* BYE Too many connections", polite).await;
    assert_lost(&whole_round(&peer).await.unwrap_err(), "Too many connections");
}

#[tokio::test]
async fn a_command_ends_in_time_though_lines_keep_coming() {
    let peer = Peer::start(|command| match command {
        command if command.starts_with("UID SEARCH") => vec![Act::Repeat("* OK Still here", Duration::from_millis(20))],
        other => polite(other),
    })
    .await;
    let mut session = peer.session().await;
    let started = Instant::now();
    assert_lost(&session.unseen_uids().await.unwrap_err(), "no complete answer in time");
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_slow_mail_is_waited_for_as_long_as_bytes_come() {
    let peer = Peer::start(|command| match command {
        command if command.starts_with("UID FETCH") => {
            // 0.8 s in all, of which 0.5 s of silence would be too much.
            let mut acts = vec![say("* 1 FETCH (UID 1 BODY[] {120}")];
            for _ in 0..10 {
                acts.extend([Act::Pause(Duration::from_millis(80)), say("..........")]);
            }
            acts.extend([say(")"), say("TAG OK done")]);
            acts
        }
        other => polite(other),
    })
    .await;
    let mut session = peer.session().await;
    let mails = session.bodies(&[envelope(1, 120)]).await.unwrap();
    assert_eq!(mails.iter().map(|mail| mail.bytes.len()).collect::<Vec<_>>(), [120]);
}

#[tokio::test]
async fn a_session_that_failed_once_refuses_everything_and_sends_nothing_more() {
    let peer = Peer::start(|command| match command {
        command if command.starts_with("UID SEARCH") => vec![],
        other => polite(other),
    })
    .await;
    let mut session = peer.session().await;
    session.unseen_uids().await.unwrap_err();
    let sent = peer.lines().len();
    for error in [
        session.sizes(&[uid(1)]).await.unwrap_err(),
        session.seen_uids().await.unwrap_err(),
        session.file_away(&[uid(1)], &FolderName::parse("Archive").unwrap()).await.unwrap_err(),
        session.open(&FolderName::inbox(), Mode::ReadOnly).await.unwrap_err(),
        session.idle(Duration::from_secs(1), &CancellationToken::new()).await.unwrap_err(),
    ] {
        assert_lost(&error, "given up after an earlier error");
    }
    session.logout().await;
    assert_eq!(peer.lines().len(), sent);
}

#[tokio::test]
async fn a_call_that_was_dropped_before_its_end_ends_the_session() {
    let peer = Peer::start(|command| match command {
        command if command.starts_with("UID SEARCH") => vec![],
        other => polite(other),
    })
    .await;
    let mut session = peer.session().await;
    let cut = tokio::time::timeout(Duration::from_millis(50), session.unseen_uids()).await;
    assert!(cut.is_err());
    assert_lost(&session.sizes(&[uid(1)]).await.unwrap_err(), "given up after an earlier error");
}

#[tokio::test]
async fn a_session_can_be_moved_to_another_thread() {
    let peer = Peer::start(polite).await;
    tokio::spawn(async move { whole_round(&peer).await }).await.unwrap().unwrap();
}

#[tokio::test]
async fn logout_of_a_silent_server_ends_soon() {
    let peer = Peer::start(|command| if command == "LOGOUT" { vec![] } else { polite(command) }).await;
    let session = peer.session().await;
    let started = Instant::now();
    session.logout().await;
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
}

async fn sizes_after(acts: impl Fn() -> Vec<Act> + Send + 'static) -> ImapError {
    let peer = Peer::start(move |command| if command.starts_with("UID FETCH") { acts() } else { polite(command) });
    peer.await.session().await.sizes(&[uid(1), uid(2)]).await.unwrap_err()
}

async fn whole_round(peer: &Peer) -> Result<(), ImapError> {
    let mut session = Session::connect(&peer.options()).await?;
    session.open(&FolderName::inbox(), Mode::ReadWrite).await?;
    session.unseen_uids().await?;
    session.bodies(&[envelope(1, 10)]).await?;
    session.file_away(&[uid(1)], &FolderName::parse("Archive").unwrap()).await?;
    Ok(())
}

fn assert_lost(error: &ImapError, why: &str) {
    assert!(matches!(error, ImapError::Lost { .. }), "{error:?}");
    assert!(error.to_string().contains(why), "{error}");
}

fn envelope(number: u32, size: u64) -> Envelope {
    Envelope { uid: uid(number), size, internal_date: None }
}

fn uid(number: u32) -> Uid {
    Uid::new(number).unwrap()
}
