//! What servers send beside the answer: harmless things are passed over, unreadable ones end the session, and none of
//! them makes the process panic or puts a mail into an error text.

use reply_import::application::FolderName;
use reply_import::imap::{Envelope, ImapError, Mend, Mode, Session, Uid};

use crate::scripted_peer::{Act, Peer, polite, say};

#[tokio::test]
async fn an_unreadable_line_ends_the_session_without_repeating_what_came() {
    for line in ["* XLIMIT geheimes Wort", "* ESEARCH (TAG \"x\") UID", "* NAMESPACE NIL NIL NIL", ""] {
        let peer = Peer::start(move |command| match command {
            command if command.starts_with("UID SEARCH") => vec![say(line), say("* SEARCH 1"), say("TAG OK done")],
            other => polite(other),
        });
        let mut session = peer.await.session().await;
        let error = session.unseen_uids().await.unwrap_err();
        assert!(matches!(error, ImapError::Lost { .. }), "{line:?}: {error:?}");
        assert!(error.to_string().ends_with("the server's answer could not be understood"), "{line:?}: {error}");
        assert!(matches!(session.seen_uids().await.unwrap_err(), ImapError::Lost { .. }));
    }
}

#[tokio::test]
async fn a_mail_in_front_of_an_unreadable_line_stays_out_of_the_error() {
    let peer = Peer::start(|command| match command {
        command if command.starts_with("UID FETCH") => {
            vec![Act::Say("* 1 FETCH (UID 1 BODY[] {9}\r\nLebenslauX) kaputt\r\nTAG OK done\r\n".into())]
        }
        other => polite(other),
    });
    let error = peer.await.session().await.bodies(&[envelope(1)]).await.unwrap_err();
    assert!(matches!(error, ImapError::Lost { .. }), "{error:?}");
    assert!(!format!("{error} {error:?}").contains("Lebens"), "{error}");
}

#[tokio::test]
async fn what_makes_the_parser_panic_ends_the_session_and_not_the_process() {
    let peer = Peer::start(|command| match command {
        command if command.starts_with("UID FETCH") => {
            vec![say("* 1 FETCH (UID 1 RFC822.SIZE 10 INTERNALDATE NIL)"), say("TAG OK done")]
        }
        other => polite(other),
    });
    let error = peer.await.session().await.sizes(&[uid(1)]).await.unwrap_err();
    assert!(matches!(error, ImapError::Lost { .. }), "{error:?}");

    let peer = Peer::greeting("* OK [ALERT]Über Nacht geschlossen", polite).await;
    let error = Session::connect(&peer.options()).await.unwrap_err();
    assert!(matches!(error, ImapError::Lost { .. }), "{error:?}");
}

#[tokio::test]
async fn data_are_matched_by_uid_and_flags_that_come_unasked_are_passed_over() {
    let peer = Peer::start(|command| match command {
        command if command.starts_with("UID FETCH") => vec![
            say("* 3 FETCH (FLAGS (\\Seen))"),
            say("* 4 FETCH (UID 4 FLAGS (\\Seen))"),
            say("* 9 FETCH (UID 99 RFC822.SIZE 1 INTERNALDATE \"07-Feb-1994 22:43:04 -0800\" BODY[] \"foreign\")"),
            say("* 2 EXPUNGE"),
            say("* NO [ALERT] Disk is nearly full"),
            say(
                "* 2 FETCH (UID 2 RFC822.SIZE 6 INTERNALDATE \"07-Feb-1994 22:43:04 -0800\" X-NEW (a b) BODY[] \"second\")",
            ),
            say("* 1 FETCH (BODY[] {5}\r\nfirst UID 1 RFC822.SIZE 5)"),
            say("* 5 FETCH (UID 5 RFC822.SIZE 6 BODY[] NIL)"),
            say("TAG OK done"),
        ],
        other => polite(other),
    });
    let asked: Vec<Envelope> = [5, 4, 2, 1].map(envelope).into();
    let mails = peer.await.session().await.bodies(&asked).await.unwrap();
    let got: Vec<_> = mails.iter().map(|mail| (mail.uid.get(), mail.bytes.as_slice())).collect();
    assert_eq!(got, [(1, b"first".as_slice()), (2, b"second".as_slice())]);
}

#[tokio::test]
async fn a_size_above_32_bits_is_too_large_for_everything() {
    let peer = Peer::start(|command| match command {
        command if command.starts_with("UID FETCH") => vec![
            say("* 1 FETCH (UID 1 RFC822.SIZE 4294967296 INTERNALDATE \"07-Feb-1994 22:43:04 -0800\")"),
            say("* 2 FETCH (UID 2 FLAGS (\\Seen))"),
            say("TAG OK done"),
        ],
        other => polite(other),
    });
    let envelopes = peer.await.session().await.sizes(&[uid(1), uid(2)]).await.unwrap();
    assert_eq!(
        envelopes.iter().map(|envelope| (envelope.uid.get(), envelope.size)).collect::<Vec<_>>(),
        [(1, u64::MAX)]
    );
}

#[tokio::test]
async fn a_warning_while_a_folder_is_opened_does_not_stop_it() {
    let peer = Peer::start(|command| match command {
        command if command.starts_with("SELECT") => {
            let mut acts = vec![say("* NO Mailbox is over quota")];
            acts.extend(polite(command));
            acts
        }
        other => polite(other),
    });
    let mut session = Session::connect(&peer.await.options()).await.unwrap();
    let opened = session.open(&FolderName::inbox(), Mode::ReadWrite).await.unwrap();
    assert_eq!((opened.uid_validity, opened.uid_next, opened.exists), (7, Some(9), 5));
}

#[tokio::test]
async fn no_search_asks_for_more_than_5000_mails_and_none_is_passed_over_when_mails_vanish() {
    let peer = Peer::start(|command| match command {
        command if command.starts_with("SELECT") => {
            vec![say("* 12000 EXISTS"), say("* OK [UIDVALIDITY 7] x"), say("TAG OK done")]
        }
        "UID SEARCH 1:5000 UNSEEN UNDELETED" => {
            vec![say("* SEARCH 17 3"), say("* 10 EXPUNGE"), say("* 10 EXPUNGE"), say("TAG OK done")]
        }
        "UID SEARCH 4999:9998 UNSEEN UNDELETED" => {
            vec![say("* SEARCH 17 900"), say("* 11999 EXISTS"), say("TAG OK done")]
        }
        // Those that fly with the first, and the last one.
        "UID SEARCH 5001:10000 UNSEEN UNDELETED"
        | "UID SEARCH 10001:12000 UNSEEN UNDELETED"
        | "UID SEARCH 9999:11999 UNSEEN UNDELETED" => vec![say("* SEARCH"), say("TAG OK done")],
        other if other.starts_with("UID SEARCH") => panic!("asked {other}"),
        other => polite(other),
    })
    .await;
    let found = peer.session().await.unseen_uids().await.unwrap();
    assert_eq!(found, [3, 17, 900].map(uid));
}

#[tokio::test]
async fn starttls_and_preauth_cannot_be_talked_out_of_protection() {
    let mut options = Peer::start(polite).await.options();
    options.tls = reply_import::imap::Tls::StartTls;
    let error = Session::connect(&options).await.unwrap_err();
    assert!(matches!(error, ImapError::WrongSettings { mend: Mend::Settings, .. }), "{error:?}");
    assert!(error.to_string().contains("does not offer STARTTLS"), "{error}");

    let mut options = Peer::greeting("* PREAUTH welcome", polite).await.options();
    options.tls = reply_import::imap::Tls::StartTls;
    assert!(matches!(Session::connect(&options).await.unwrap_err(), ImapError::WrongSettings { .. }));
}

#[tokio::test]
async fn capabilities_told_at_login_are_not_asked_for_again() {
    let peer = Peer::greeting("* OK [CAPABILITY IMAP4rev1] ready", |command| match command {
        command if command.starts_with("LOGIN") => vec![say("TAG OK [CAPABILITY IMAP4rev1 MOVE] Logged in")],
        other => polite(other),
    })
    .await;
    let session = Session::connect(&peer.options()).await.unwrap();
    assert!(session.capabilities().can_move() && !session.capabilities().can_idle());
    assert_eq!(peer.lines(), [r#"LOGIN "anna" "geheim""#]);
}

#[tokio::test]
async fn what_was_offered_before_login_does_not_count_afterwards() {
    let peer = Peer::greeting("* OK [CAPABILITY IMAP4rev1 MOVE IDLE] ready", |command| match command {
        "CAPABILITY" => vec![say("* CAPABILITY IMAP4rev1 UIDPLUS"), say("TAG OK done")],
        other => polite(other),
    })
    .await;
    let session = Session::connect(&peer.options()).await.unwrap();
    assert_eq!(session.capabilities().names().collect::<Vec<_>>(), ["IMAP4REV1", "UIDPLUS"]);
}

fn envelope(number: u32) -> Envelope {
    Envelope { uid: uid(number), size: 10, internal_date: None }
}

fn uid(number: u32) -> Uid {
    Uid::new(number).unwrap()
}
