//! Folders of many thousands of mails, whose UIDs have gaps.

use reply_import::application::FolderName;
use reply_import::imap::Mode;

use crate::dovecot_session::{fill, log_in, numbers};
use crate::harness::Dovecot;

#[tokio::test]
async fn new_mail_is_found_among_ten_thousand_others_with_gaps_in_one_flight_of_windows() {
    let dovecot = Dovecot::start();
    fill(&dovecot, 10_050, 10);
    let doveadm = |arguments: &[&str]| drop(dovecot.doveadm(arguments));
    doveadm(&["expunge", "-u", "anna", "mailbox", "INBOX", "uid", "5:40"]);
    doveadm(&["flags", "add", "-u", "anna", "\\Seen", "mailbox", "INBOX", "uid", "41:10047"]);
    doveadm(&["flags", "remove", "-u", "anna", "\\Seen", "mailbox", "INBOX", "uid", "5001,5041,10036"]);
    let mut session = log_in(&dovecot).await;
    session.look_ahead(&FolderName::inbox(), Mode::ReadWrite).await.unwrap();
    assert_eq!(session.open(&FolderName::inbox(), Mode::ReadWrite).await.unwrap().exists, 10_014);
    let uids = session.unseen_uids().await.unwrap();
    assert_eq!(numbers(&uids), [1, 2, 3, 4, 5_001, 5_041, 10_036, 10_048, 10_049, 10_050]);
    assert_eq!(session.sizes(&uids).await.unwrap().len(), 10);
    let windows = ["1:5000", "5001:10000", "10001:10014"].map(|window| format!("UID SEARCH {window} UNSEEN UNDELETED"));
    let searches: Vec<String> =
        dovecot.client_commands().into_iter().filter(|command| command.starts_with("UID SEARCH")).collect();
    assert_eq!(searches, windows);
}
