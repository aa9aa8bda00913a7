//! Mail is filed whole, in the way that the server offers, and nobody else's mail is touched.

use reply_import::imap::{ImapError, Mode, Session, Uid, Way};

use crate::dovecot_session::{fill, folder, log_in, mail, numbers, open_inbox};
use crate::harness::Dovecot;
use crate::harness::dovecot::Builder;

/// Files the first 120 of 121 mails, of which somebody has marked the last as deleted.
async fn file_120_of_121(builder: Builder) -> (Dovecot, Way, Option<&'static str>) {
    let dovecot = builder.start();
    fill(&dovecot, 121, 200);
    dovecot.doveadm(&["flags", "add", "-u", "anna", "\\Deleted", "mailbox", "INBOX", "uid", "121"]);
    let mut session = open_inbox(&dovecot, Mode::ReadWrite).await;
    let uids = session.unseen_uids().await.unwrap();
    assert_eq!(uids.len(), 120);
    let filed = session.file_away(&uids, &folder("Archive/Übernommen")).await.unwrap();
    assert_eq!(filed.moved.iter().map(|(from, _)| *from).collect::<Vec<_>>(), uids);
    assert_eq!(
        filed.moved.iter().filter_map(|(_, to)| to.map(Uid::get)).collect::<Vec<_>>(),
        (1..=120).collect::<Vec<_>>()
    );
    let opened = session.open(&folder("Archive/Übernommen"), Mode::ReadOnly).await.unwrap();
    assert_eq!(Some(opened.uid_validity), filed.uid_validity);
    session.logout().await;
    let wanted: Vec<Vec<u8>> = (1..=120).map(|number| mail(number, 200)).collect();
    assert_eq!(dovecot.messages("anna", "Archive/Übernommen"), wanted);
    assert!(dovecot.stored("anna", "Archive/Übernommen").iter().all(|mail| mail.flags.is_empty()));
    assert!(dovecot.messages("anna", "INBOX").contains(&mail(121, 200)), "what somebody else marked stays");
    let harmful = |command: &&String| command.starts_with("EXPUNGE") || command.starts_with("CLOSE");
    assert_eq!(dovecot.client_commands().iter().find(harmful), None);
    (dovecot, filed.way, filed.warning())
}

#[tokio::test]
async fn with_move_one_command_files_a_whole_batch() {
    for builder in [Dovecot::builder(), Dovecot::builder().namespace('.', "INBOX.")] {
        let (dovecot, way, warning) = file_120_of_121(builder).await;
        assert_eq!((way, warning), (Way::Move, None));
        assert_eq!(dovecot.messages("anna", "INBOX").len(), 1);
        assert_eq!(sent(&dovecot, "UID MOVE"), 1);
        assert_eq!(sent(&dovecot, "UID COPY") + sent(&dovecot, "UID STORE") + sent(&dovecot, "UID EXPUNGE"), 0);
    }
}

#[tokio::test]
async fn without_move_exactly_these_mails_are_copied_and_expunged() {
    let (dovecot, way, warning) = file_120_of_121(Dovecot::builder().without("MOVE")).await;
    assert_eq!((way, warning), (Way::CopyAndExpunge, None));
    assert_eq!(dovecot.messages("anna", "INBOX").len(), 1);
    assert_eq!(sent(&dovecot, "UID MOVE"), 0);
    assert_eq!(sent(&dovecot, "UID EXPUNGE 1:120"), 1);
}

#[tokio::test]
async fn without_uidplus_the_originals_stay_marked_and_leave_the_queue() {
    let (dovecot, way, warning) = file_120_of_121(Dovecot::builder().without("MOVE").without("UIDPLUS")).await;
    assert_eq!(way, Way::CopyAndMark);
    assert!(warning.unwrap().contains("neither MOVE nor UIDPLUS"));
    assert_eq!(sent(&dovecot, "UID MOVE") + sent(&dovecot, "UID EXPUNGE"), 0);
    let inbox = dovecot.stored("anna", "INBOX");
    assert_eq!(inbox.len(), 121);
    assert!(inbox.iter().all(|mail| mail.flags == ["\\Deleted"]), "marked, but not seen");
    assert!(open_inbox(&dovecot, Mode::ReadWrite).await.unseen_uids().await.unwrap().is_empty());
}

#[tokio::test]
async fn filing_again_what_is_gone_files_nothing_twice() {
    for builder in [Dovecot::builder(), Dovecot::builder().without("MOVE")] {
        let dovecot = builder.start();
        fill(&dovecot, 2, 100);
        let mut session = open_inbox(&dovecot, Mode::ReadWrite).await;
        let uids = session.unseen_uids().await.unwrap();
        session.file_away(&uids[..1], &folder("Archive")).await.unwrap();
        let again = session.file_away(&uids, &folder("Archive")).await.unwrap();
        assert_eq!(again.moved.iter().map(|(from, _)| from.get()).collect::<Vec<_>>(), [2]);
        session.file_away(&uids, &folder("Archive")).await.unwrap();
        assert_eq!(dovecot.messages("anna", "Archive").len(), 2);
    }
}

#[tokio::test]
async fn a_folder_that_vanished_between_is_made_again_at_the_next_try() {
    let dovecot = Dovecot::start();
    fill(&dovecot, 1, 100);
    let mut session = open_inbox(&dovecot, Mode::ReadWrite).await;
    let uids = session.unseen_uids().await.unwrap();
    session.ensure_folder(&folder("Monat")).await.unwrap();
    session.folders().await.unwrap();
    dovecot.doveadm(&["mailbox", "delete", "-u", "anna", "Monat"]);
    let error = session.file_away(&uids, &folder("Monat")).await.unwrap_err();
    assert_eq!(error.code(), Some("TRYCREATE"), "{error}");
    session.file_away(&uids, &folder("Monat")).await.unwrap();
    assert_eq!(dovecot.messages("anna", "Monat").len(), 1);
}

#[tokio::test]
async fn a_folder_opened_for_reading_lets_nothing_be_filed() {
    let dovecot = Dovecot::start();
    fill(&dovecot, 1, 100);
    let mut session = open_inbox(&dovecot, Mode::ReadOnly).await;
    let uids = session.unseen_uids().await.unwrap();
    let error = session.file_away(&uids, &folder("Archive")).await.unwrap_err();
    assert!(matches!(error, ImapError::Refused { .. }), "{error}");
    assert_eq!(sent(&dovecot, "UID MOVE"), 0);
    assert_eq!(dovecot.messages("anna", "INBOX").len(), 1);
}

#[tokio::test]
async fn a_full_mailbox_and_missing_rights_are_refusals_with_their_codes() {
    let dovecot =
        Dovecot::builder().user_with_quota("anna", "geheim", "3K").rights("Gesperrt owner lr").without("MOVE").start();
    dovecot.create_folder("anna", "Gesperrt");
    dovecot.deliver("anna", mail(1, 2_000));
    let mut session = open_inbox(&dovecot, Mode::ReadWrite).await;
    let uids = session.unseen_uids().await.unwrap();
    for (name, code) in [("Archive", "OVERQUOTA"), ("Gesperrt", "NOPERM")] {
        let error = session.file_away(&uids, &folder(name)).await.unwrap_err();
        assert_eq!(error.code(), Some(code), "{error}");
    }
    assert_eq!(dovecot.stored("anna", "INBOX")[0].flags, Vec::<String>::new());
    assert_eq!(sent(&dovecot, "UID STORE"), 0);
}

#[tokio::test]
async fn where_nobody_may_delete_nothing_is_copied_over_and_over() {
    let rights = ["INBOX owner lrip", "Eingang owner lrip"];
    let builder = rights.into_iter().fold(Dovecot::builder().without("MOVE"), Builder::rights);
    let dovecot = builder.start();
    dovecot.create_folder("anna", "Eingang");
    dovecot.deliver("anna", mail(1, 100));
    let mut session: Session = log_in(&dovecot).await;
    session.open(&folder("INBOX"), Mode::ReadWrite).await.unwrap();
    let uids = session.unseen_uids().await.unwrap();
    assert_eq!(numbers(&uids), [1]);
    let error = session.file_away(&uids, &folder("Archive")).await.unwrap_err();
    assert!(
        error.to_string().contains("mark mail as deleted") || error.to_string().contains("reading only"),
        "{error}"
    );
    assert_eq!(sent(&dovecot, "UID COPY"), 0);
    assert_eq!(dovecot.messages("anna", "Archive").len(), 0);
}

fn sent(dovecot: &Dovecot, command: &str) -> usize {
    dovecot.client_commands().iter().filter(|sent| sent.starts_with(command)).count()
}
