//! IDLE ends by itself, whatever the server does, and always with DONE.

use std::time::{Duration, Instant};

use reply_import::imap::{IdleEnd, ImapError, Uid};
use tokio_util::sync::CancellationToken;

use crate::scripted_peer::{Act, Peer, polite, say};

const LONG: Duration = Duration::from_mins(1);
const SHORT: Duration = Duration::from_millis(500);

#[tokio::test]
async fn still_here_lines_do_not_prolong_it() {
    let peer = Peer::start(|command| match command {
        "IDLE" => vec![say("+ idling"), Act::Repeat("* OK Still here", Duration::from_millis(20))],
        other => polite(other),
    })
    .await;
    let mut session = peer.session().await;
    let started = Instant::now();
    assert_eq!(session.idle(SHORT, &CancellationToken::new()).await.unwrap(), IdleEnd::Timeout);
    assert!(started.elapsed() >= SHORT && started.elapsed() < 3 * SHORT, "{:?}", started.elapsed());
    assert_eq!(peer.lines().last().unwrap(), "DONE");
    session.unseen_uids().await.unwrap();
}

#[tokio::test]
async fn new_mail_ends_it_with_done_but_flags_and_repeated_counts_do_not() {
    let peer = Peer::start(|command| match command {
        "IDLE" => vec![
            say("+ idling"),
            say("* 1 FETCH (FLAGS (\\Seen))"),
            say("* 5 EXISTS"),
            say("* 2 EXPUNGE"),
            say("* 4 EXISTS"),
            Act::Pause(Duration::from_millis(100)),
            say("* 5 EXISTS"),
        ],
        other => polite(other),
    })
    .await;
    let mut session = peer.session().await;
    let started = Instant::now();
    assert_eq!(session.idle(LONG, &CancellationToken::new()).await.unwrap(), IdleEnd::NewMail);
    assert!(started.elapsed() >= Duration::from_millis(100), "{:?}", started.elapsed());
    assert_eq!(peer.lines().last().unwrap(), "DONE");
}

#[tokio::test]
async fn mail_that_was_announced_during_another_command_is_not_waited_for() {
    let peer = Peer::start(|command| match command {
        command if command.starts_with("UID FETCH") => vec![say("* 6 EXISTS"), say("TAG OK done")],
        other => polite(other),
    })
    .await;
    let mut session = peer.session().await;
    session.unseen_uids().await.unwrap();
    session.sizes(&[Uid::new(1).unwrap()]).await.unwrap();
    assert_eq!(session.idle(LONG, &CancellationToken::new()).await.unwrap(), IdleEnd::NewMail);
    assert!(!peer.lines().contains(&"IDLE".to_owned()));
    session.unseen_uids().await.unwrap();
    assert_eq!(session.idle(SHORT, &CancellationToken::new()).await.unwrap(), IdleEnd::Timeout);
}

#[tokio::test]
async fn a_stop_ends_it_with_done_and_soon_even_if_the_server_does_not_answer() {
    for answers in [true, false] {
        let peer =
            Peer::start(move |command| if command == "DONE" && !answers { vec![] } else { polite(command) }).await;
        let mut session = peer.session().await;
        let stop = CancellationToken::new();
        let started = Instant::now();
        let (end, ()) = tokio::join!(session.idle(LONG, &stop), async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            stop.cancel();
        });
        assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
        assert_eq!(peer.lines().last().unwrap(), "DONE");
        match end {
            Ok(end) => assert!(answers && end == IdleEnd::Stopped),
            Err(error) => assert!(!answers && matches!(error, ImapError::Lost { .. }), "{error}"),
        }
    }
}

#[tokio::test]
async fn no_answer_to_idle_or_to_done_is_an_error_after_the_deadline() {
    for silent in ["IDLE", "DONE"] {
        let peer = Peer::start(move |command| if command == silent { vec![] } else { polite(command) }).await;
        let mut session = peer.session().await;
        let error = session.idle(SHORT, &CancellationToken::new()).await.unwrap_err();
        assert!(matches!(error, ImapError::Lost { .. }), "{silent}: {error}");
    }
}

#[tokio::test]
async fn a_connection_that_ends_while_it_waits_is_an_error() {
    for last_words in ["* OK Still here", "* BYE Server shutting down."] {
        let peer = Peer::start(move |command| match command {
            "IDLE" => vec![say("+ idling"), say(last_words), Act::Close],
            other => polite(other),
        });
        let mut session = peer.await.session().await;
        let error = session.idle(LONG, &CancellationToken::new()).await.unwrap_err();
        assert!(matches!(error, ImapError::Lost { .. }), "{error}");
    }
}

#[tokio::test]
async fn a_server_that_ends_it_by_itself_or_refuses_done_is_noticed() {
    let peer = Peer::start(|command| match command {
        "IDLE" => vec![say("+ idling"), say("TAG OK IDLE timed out")],
        other => polite(other),
    });
    let error = peer.await.session().await.idle(LONG, &CancellationToken::new()).await.unwrap_err();
    assert!(matches!(error, ImapError::Lost { .. }), "{error}");

    let peer = Peer::start(|command| if command == "DONE" { vec![say("TAG BAD What?")] } else { polite(command) });
    let error = peer.await.session().await.idle(SHORT, &CancellationToken::new()).await.unwrap_err();
    assert!(matches!(error, ImapError::Refused { command: "IDLE", .. }), "{error}");
}

#[tokio::test]
async fn a_server_without_idle_is_not_sent_any() {
    let peer = Peer::start(|command| match command {
        "CAPABILITY" => vec![say("* CAPABILITY IMAP4rev1"), say("TAG OK done")],
        other => polite(other),
    })
    .await;
    let mut session = peer.session().await;
    let error = session.idle(SHORT, &CancellationToken::new()).await.unwrap_err();
    assert!(matches!(error, ImapError::Refused { .. }), "{error}");
    assert!(!peer.lines().contains(&"IDLE".to_owned()));
    session.unseen_uids().await.unwrap();
}
