//! Mail that a person wants to be looked at is marked as unread, and nothing else is changed.

use reply_import::application::FolderName;
use reply_import::imap::{ImapError, Mode, Session, Uid};

use crate::dovecot_session::{fill, numbers, open_inbox};
use crate::harness::Dovecot;
use crate::scripted_peer::{Peer, polite, say};

#[tokio::test]
async fn these_mails_are_unread_afterwards_and_keep_their_other_flags() {
    let dovecot = Dovecot::start();
    fill(&dovecot, 4, 100);
    dovecot.doveadm(&["flags", "add", "-u", "anna", "\\Seen \\Flagged", "mailbox", "INBOX", "all"]);
    let mut session = open_inbox(&dovecot, Mode::ReadWrite).await;
    let uids = session.seen_uids().await.unwrap();
    dovecot.doveadm(&["expunge", "-u", "anna", "mailbox", "INBOX", "uid", "2"]);
    session.mark_unread(&[]).await.unwrap();
    session.mark_unread(&uids[..3]).await.unwrap();
    assert_eq!(numbers(&session.unseen_uids().await.unwrap()), [1, 3]);
    assert_eq!(numbers(&session.seen_uids().await.unwrap()), [4]);
    assert!(dovecot.stored("anna", "INBOX").iter().all(|mail| mail.flags.contains(&"\\Flagged".to_owned())));
    let mut reading = open_inbox(&dovecot, Mode::ReadOnly).await;
    let error = reading.mark_unread(&uids).await.unwrap_err();
    assert!(matches!(error, ImapError::Refused { .. }) && reading.is_usable(), "{error}");
}

#[tokio::test]
async fn a_server_that_says_ok_and_leaves_them_seen_has_refused() {
    let peer = Peer::start(|command| match command {
        "UID SEARCH UID 2 SEEN" => vec![say("* SEARCH 2"), say("TAG OK Done")],
        other => polite(other),
    })
    .await;
    let mut session = Session::connect(&peer.options()).await.unwrap();
    session.open(&FolderName::inbox(), Mode::ReadWrite).await.unwrap();
    let error = session.mark_unread(&[Uid::new(2).unwrap()]).await.unwrap_err();
    assert!(error.to_string().contains("still marked as seen"), "{error}");
    assert!(session.is_usable());
}
