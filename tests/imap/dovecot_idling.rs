//! IDLE on a real server.

use std::time::{Duration, Instant};

use reply_import::imap::{IdleEnd, ImapError, Mode};
use tokio_util::sync::CancellationToken;

use crate::dovecot_session::{mail, numbers, open_inbox};
use crate::harness::Dovecot;

const LONG: Duration = Duration::from_mins(1);

#[tokio::test]
async fn new_mail_is_noticed_and_found_by_the_next_search() {
    let dovecot = Dovecot::start();
    let mut session = open_inbox(&dovecot, Mode::ReadWrite).await;
    for number in 1..=2 {
        session.unseen_uids().await.unwrap();
        let stop = CancellationToken::new();
        let (end, ()) = tokio::join!(session.idle(LONG, &stop), async {
            dovecot.deliver("anna", mail(number, 100));
        });
        assert_eq!(end.unwrap(), IdleEnd::NewMail);
        assert_eq!(numbers(&session.unseen_uids().await.unwrap()), (1..=number).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn a_quiet_inbox_times_out_and_a_stop_ends_it_at_once() {
    let dovecot = Dovecot::start();
    let mut session = open_inbox(&dovecot, Mode::ReadWrite).await;
    let stop = CancellationToken::new();
    assert_eq!(session.idle(Duration::from_millis(200), &stop).await.unwrap(), IdleEnd::Timeout);
    let started = Instant::now();
    let (end, ()) = tokio::join!(session.idle(LONG, &stop), async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        stop.cancel();
    });
    assert_eq!(end.unwrap(), IdleEnd::Stopped);
    assert!(started.elapsed() < Duration::from_secs(5));
    assert_eq!(session.idle(LONG, &stop).await.unwrap(), IdleEnd::Stopped);
    session.logout().await;
    let lines = dovecot.client_lines();
    let count = |text: &str| lines.iter().filter(|line| line.ends_with(text)).count();
    assert_eq!((count("IDLE"), count("DONE"), count("LOGOUT")), (2, 2, 1), "{lines:?}");
}

#[tokio::test]
async fn a_session_that_is_cut_off_is_lost() {
    let dovecot = Dovecot::start();
    let mut session = open_inbox(&dovecot, Mode::ReadWrite).await;
    let stop = CancellationToken::new();
    let (end, ()) = tokio::join!(session.idle(LONG, &stop), async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        dovecot.kick("anna");
    });
    assert!(matches!(end, Err(ImapError::Lost { .. })), "{end:?}");
    assert!(session.unseen_uids().await.is_err());
}
