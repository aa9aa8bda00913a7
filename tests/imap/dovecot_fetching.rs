//! Finding and fetching mail leaves it as it was.

use reply_import::imap::{Envelope, MAX_MAILS, Mode, Uid, batches};

use crate::dovecot_session::{fill, mail, numbers, open_inbox};
use crate::harness::Dovecot;

#[tokio::test]
async fn a_whole_inbox_comes_byte_for_byte_in_order_and_stays_unseen() {
    let dovecot = Dovecot::start();
    fill(&dovecot, 230, 3_000);
    let mut session = open_inbox(&dovecot, Mode::ReadWrite).await;
    let uids = session.unseen_uids().await.unwrap();
    assert_eq!(numbers(&uids), (1..=230).collect::<Vec<_>>());
    let envelopes = session.sizes(&uids).await.unwrap();
    let planned = batches(&envelopes);
    assert_eq!(planned.iter().map(Vec::len).collect::<Vec<_>>(), [MAX_MAILS, MAX_MAILS, 30]);
    let mut fetched = Vec::new();
    for batch in &planned {
        fetched.extend(session.bodies(batch).await.unwrap());
    }
    let wanted: Vec<Vec<u8>> = (1..=230).map(|number| mail(number, 3_000)).collect();
    assert_eq!(fetched.len(), wanted.len());
    for ((mail, envelope), wanted) in fetched.iter().zip(&envelopes).zip(&wanted) {
        assert_eq!(&mail.bytes, wanted);
        assert_eq!(envelope.size, u64::try_from(wanted.len()).unwrap());
        assert!(envelope.internal_date.is_some());
    }
    assert!(dovecot.stored("anna", "INBOX").iter().all(|mail| mail.flags.is_empty()));
    // One FETCH for all sizes, one for each batch.
    assert_eq!(dovecot.client_commands().iter().filter(|command| command.starts_with("UID FETCH")).count(), 4);
}

#[tokio::test]
async fn a_mail_of_20_megabytes_comes_whole_and_its_beginning_alone() {
    let dovecot = Dovecot::start();
    let large = mail(1, 20_000_000);
    dovecot.deliver("anna", &large);
    let mut session = open_inbox(&dovecot, Mode::ReadOnly).await;
    let uids = session.unseen_uids().await.unwrap();
    let envelopes = session.sizes(&uids).await.unwrap();
    assert_eq!(session.bodies(&envelopes).await.unwrap()[0].bytes, large);
    assert_eq!(session.head(uids[0], 10_000).await.unwrap().unwrap(), large[..10_000]);
    assert_eq!(session.head(Uid::new(99).unwrap(), 10_000).await.unwrap(), None);
    assert!(dovecot.stored("anna", "INBOX")[0].flags.is_empty());
}

#[tokio::test]
async fn a_mail_that_vanished_is_absent_and_the_others_come() {
    let dovecot = Dovecot::start();
    fill(&dovecot, 3, 100);
    let mut session = open_inbox(&dovecot, Mode::ReadWrite).await;
    let uids = session.unseen_uids().await.unwrap();
    let envelopes = session.sizes(&uids).await.unwrap();
    dovecot.doveadm(&["expunge", "-u", "anna", "mailbox", "INBOX", "uid", "2"]);
    let left = session.bodies(&envelopes).await.unwrap();
    assert_eq!(left.iter().map(|mail| mail.uid.get()).collect::<Vec<_>>(), [1, 3]);
    let sized = session.sizes(&uids).await.unwrap();
    assert_eq!(sized.iter().map(|envelope: &Envelope| envelope.uid.get()).collect::<Vec<_>>(), [1, 3]);
}

#[tokio::test]
async fn seen_unseen_and_deleted_mails_are_told_apart() {
    let dovecot = Dovecot::start();
    fill(&dovecot, 4, 100);
    dovecot.doveadm(&["flags", "add", "-u", "anna", "\\Seen", "mailbox", "INBOX", "uid", "2,3"]);
    dovecot.doveadm(&["flags", "add", "-u", "anna", "\\Deleted", "mailbox", "INBOX", "uid", "3,4"]);
    let mut session = open_inbox(&dovecot, Mode::ReadOnly).await;
    assert_eq!(numbers(&session.unseen_uids().await.unwrap()), [1]);
    assert_eq!(numbers(&session.seen_uids().await.unwrap()), [2]);
}

#[tokio::test]
async fn an_empty_inbox_has_no_mail_until_some_arrives() {
    let dovecot = Dovecot::start();
    let mut session = open_inbox(&dovecot, Mode::ReadWrite).await;
    assert!(session.unseen_uids().await.unwrap().is_empty());
    assert!(session.sizes(&[]).await.unwrap().is_empty() && session.bodies(&[]).await.unwrap().is_empty());
    dovecot.deliver("anna", mail(1, 100));
    assert_eq!(numbers(&session.unseen_uids().await.unwrap()), [1]);
}

#[tokio::test]
async fn a_mail_is_found_by_its_message_id() {
    let dovecot = Dovecot::start();
    fill(&dovecot, 12, 100);
    let odd = "Message-ID: <\"o d\\d\"@example.test>\r\n\r\n";
    dovecot.deliver("anna", odd);
    let mut session = open_inbox(&dovecot, Mode::ReadOnly).await;
    assert_eq!(numbers(&session.find_by_message_id("<7@example.test>").await.unwrap()), [7]);
    assert_eq!(numbers(&session.find_by_message_id("7@example.test").await.unwrap()), [7]);
    assert_eq!(numbers(&session.find_by_message_id("d\\d\"@example.test").await.unwrap()), [13]);
    assert_eq!(numbers(&session.find_by_message_id("ü<7@example.test>ü").await.unwrap()), [7]);
    assert!(session.find_by_message_id("<99@example.test>").await.unwrap().is_empty());
    assert!(session.find_by_message_id("").await.unwrap().is_empty());
}
