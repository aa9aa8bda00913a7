//! A NO or BAD to any command is an error with the server's reason, never an empty success.

use reply_import::application::FolderName;
use reply_import::imap::{Envelope, ImapError, Mend, Mode, Session, Uid};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio_util::sync::CancellationToken;

use crate::scripted_peer::{Act, Peer, polite, say};

/// The commands after login, each with a call that sends it.
const COMMANDS: [&str; 11] = [
    "SELECT",
    "LIST",
    "CREATE",
    "UID SEARCH",
    "NOOP",
    "UID FETCH",
    "UID MOVE",
    "UID COPY",
    "UID STORE",
    "UID EXPUNGE",
    "IDLE",
];

#[tokio::test]
async fn no_to_a_command_is_an_error_with_code_and_words_and_the_session_lives_on() {
    for command in COMMANDS {
        let error = refused_with("NO [SERVERBUG] Not today", command, true).await;
        let ImapError::Refused { command: named, answer, .. } = &error else { panic!("{command}: {error}") };
        assert_eq!(*named, command);
        assert_eq!(answer.code.as_deref(), Some("SERVERBUG"), "{command}");
        assert_eq!(answer.text, "Not today", "{command}");
        assert_eq!(error.has_filed_nothing(), ["UID MOVE", "UID COPY"].contains(&command), "{command}");
    }
}

#[tokio::test]
async fn bad_to_a_command_is_an_error_and_ends_the_session() {
    for command in COMMANDS {
        let error = refused_with("BAD What is that?", command, false).await;
        let ImapError::Refused { command: named, answer, .. } = &error else { panic!("{command}: {error}") };
        assert_eq!((*named, answer.text.as_str()), (command, "What is that?"));
    }
}

#[tokio::test]
async fn a_refused_login_is_a_matter_of_settings_unless_the_server_says_later() {
    let refuse = |answer: &'static str| {
        move |command: &str| {
            if command.starts_with("LOGIN") { vec![say(&format!("TAG {answer}"))] } else { polite(command) }
        }
    };
    for answer in ["NO [AUTHENTICATIONFAILED] Wrong", "NO Login failed.", "BAD Disabled"] {
        let peer = Peer::start(refuse(answer)).await;
        let error = Session::connect(&peer.options()).await.unwrap_err();
        assert!(matches!(error, ImapError::WrongSettings { mend: Mend::Login, .. }), "{answer}: {error}");
        assert!(error.to_string().starts_with("Cannot log in as anna at 127.0.0.1:"), "{error}");
        assert!(!error.to_string().contains("geheim"), "{error}");
    }
    let peer = Peer::start(refuse("NO [UNAVAILABLE] Backend is down")).await;
    let error = Session::connect(&peer.options()).await.unwrap_err();
    assert!(matches!(error, ImapError::Lost { .. }), "{error}");
}

#[tokio::test]
async fn a_server_that_repeats_the_login_line_does_not_get_the_password_into_an_error() {
    let peer = Peer::start(|command| match command.strip_prefix("LOGIN") {
        Some(rest) => vec![say(&format!("TAG BAD Unknown command LOGIN{rest}"))],
        None => polite(command),
    });
    let error = Session::connect(&peer.await.options()).await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("geheim"), "{error}");
}

#[tokio::test]
async fn a_refusal_of_100_kilobytes_is_cut() {
    let error = refused_with(&format!("NO {}", "lang ".repeat(20_000)), "UID SEARCH", true).await;
    assert!(error.to_string().len() < 500, "{} bytes", error.to_string().len());
}

#[tokio::test]
async fn fetch_data_before_a_no_are_not_taken_for_all_there_is() {
    let peer = Peer::start(|command| match command {
        command if command.starts_with("UID FETCH") => {
            vec![
                say("* 1 FETCH (UID 1 RFC822.SIZE 10 INTERNALDATE \"07-Feb-1994 22:43:04 -0800\")"),
                say("TAG NO Broken"),
            ]
        }
        other => polite(other),
    });
    let error = peer.await.session().await.sizes(&[uid(1), uid(2)]).await.unwrap_err();
    assert!(matches!(error, ImapError::Refused { .. }), "{error}");
}

#[tokio::test]
async fn a_no_that_says_some_mails_vanished_gives_the_others() {
    let peer = Peer::start(|command| match command {
        command if command.starts_with("UID FETCH") => vec![
            say("* 1 FETCH (UID 1 RFC822.SIZE 10 INTERNALDATE \"07-Feb-1994 22:43:04 -0800\")"),
            say("TAG NO [EXPUNGEISSUED] Some of the messages no longer exist"),
        ],
        other => polite(other),
    });
    let envelopes = peer.await.session().await.sizes(&[uid(1), uid(2)]).await.unwrap();
    assert_eq!(envelopes.iter().map(|envelope| envelope.uid).collect::<Vec<_>>(), [uid(1)]);
}

/// Somebody removes a folder after the session has asked for all.
#[tokio::test]
async fn a_folder_that_is_refused_is_asked_for_anew_and_made_if_it_is_gone() {
    for (verb, code) in [("SELECT", ""), ("EXAMINE", "[NONEXISTENT] "), ("UID MOVE", ""), ("UID COPY", "")] {
        let offers = if verb == "UID COPY" { "UIDPLUS" } else { "UIDPLUS MOVE" };
        let is_there = Arc::new(AtomicBool::new(true));
        let still = Arc::clone(&is_there);
        let peer = Peer::start(move |command| {
            let gone = !still.load(Ordering::Relaxed);
            match command {
                "CAPABILITY" => vec![say(&format!("* CAPABILITY IMAP4rev1 {offers}")), say("TAG OK done")],
                command if gone && command.starts_with("LIST") => {
                    vec![say(r#"* LIST () "/" INBOX"#), say("TAG OK done")]
                }
                command if gone && command.starts_with(verb) && command.contains("Archive") => {
                    vec![say(&format!("TAG NO {code}No such folder"))]
                }
                "CREATE \"Archive\"" => {
                    still.store(true, Ordering::Relaxed);
                    polite(command)
                }
                other => polite(other),
            }
        })
        .await;
        let mut session = peer.session().await;
        session.ensure_folder(&archive()).await.unwrap();
        is_there.store(false, Ordering::Relaxed);
        let refused = match verb {
            "SELECT" => session.open(&archive(), Mode::ReadWrite).await.err(),
            "EXAMINE" => session.open(&archive(), Mode::ReadOnly).await.err(),
            _ => session.file_away(&[uid(1)], &archive()).await.err(),
        };
        assert!(matches!(refused, Some(ImapError::Refused { .. })), "{verb}: {refused:?}");
        session.ensure_folder(&archive()).await.unwrap();
        assert!(is_there.load(Ordering::Relaxed), "{verb}: {:?}", peer.lines());
    }
}

#[tokio::test]
async fn a_refused_second_step_of_copying_is_an_error_and_nothing_is_expunged() {
    let peer = Peer::start(|command| match command {
        "CAPABILITY" => vec![say("* CAPABILITY IMAP4rev1 UIDPLUS"), say("TAG OK done")],
        command if command.starts_with("UID STORE") => vec![say("TAG NO [NOPERM] No")],
        other => polite(other),
    })
    .await;
    let error = peer.session().await.file_away(&[uid(1)], &archive()).await.unwrap_err();
    assert_eq!(error.code(), Some("NOPERM"), "{error}");
    assert!(!peer.lines().iter().any(|line| line.contains("EXPUNGE")), "{:?}", peer.lines());
}

#[tokio::test]
async fn a_server_that_says_ok_and_keeps_the_mail_is_not_believed() {
    for (offered, search) in [("UIDPLUS", "UID SEARCH UID 1:2"), ("CHILDREN", "UID SEARCH UID 1:2 UNDELETED")] {
        let peer = Peer::start(move |command| match command {
            "CAPABILITY" => vec![say(&format!("* CAPABILITY IMAP4rev1 {offered}")), say("TAG OK done")],
            command if command == search => vec![say("* SEARCH 2"), say("TAG OK done")],
            other => polite(other),
        })
        .await;
        let error = peer.session().await.file_away(&[uid(1), uid(2)], &archive()).await.unwrap_err();
        assert!(matches!(error, ImapError::Refused { .. }), "{offered}: {error}");
        assert!(error.to_string().contains("1 mails were to go, but the server keeps them"), "{offered}: {error}");
        let expunged = peer.lines().iter().any(|line| line.contains("EXPUNGE"));
        assert_eq!(expunged, offered == "UIDPLUS");
    }
}

/// Lets the peer refuse one command, makes the call that sends it, and checks whether the session can go on.
async fn refused_with(answer: &str, command: &'static str, lives_on: bool) -> ImapError {
    let answer = answer.to_owned();
    let mut refusing = true;
    let peer = Peer::start(move |sent| {
        if refusing && sent.starts_with(command) {
            // SELECT and NOOP are sent once more by the check below.
            refusing = command != "NOOP" && command != "SELECT";
            return vec![say(&format!("TAG {answer}"))];
        }
        offering_what_leads_to(command, sent)
    })
    .await;
    let mut session = Session::connect(&peer.options()).await.unwrap();
    let error = provoke(&mut session, command).await.unwrap_err();
    let afterwards = session.open(&FolderName::inbox(), Mode::ReadWrite).await;
    assert_eq!(afterwards.is_ok(), lives_on, "{command}: {afterwards:?}");
    if let Err(error) = afterwards {
        assert!(matches!(error, ImapError::Lost { .. }), "{command}: {error}");
    }
    error
}

fn offering_what_leads_to(command: &str, sent: &str) -> Vec<Act> {
    match (command, sent) {
        ("UID COPY" | "UID STORE" | "UID EXPUNGE", "CAPABILITY") => {
            vec![say("* CAPABILITY IMAP4rev1 UIDPLUS"), say("TAG OK done")]
        }
        ("NOOP", sent) if sent.starts_with("SELECT") => {
            vec![say("* 0 EXISTS"), say("* OK [UIDVALIDITY 7] x"), say("TAG OK done")]
        }
        (_, sent) => polite(sent),
    }
}

async fn provoke(session: &mut Session, command: &str) -> Result<(), ImapError> {
    session.open(&FolderName::inbox(), Mode::ReadWrite).await?;
    match command {
        "SELECT" => Ok(()),
        "LIST" => session.folders().await.map(drop),
        "CREATE" => session.ensure_folder(&FolderName::parse("Neu").unwrap()).await,
        "UID SEARCH" | "NOOP" => session.unseen_uids().await.map(drop),
        "UID FETCH" => {
            let envelope = Envelope { uid: uid(1), size: 10, internal_date: None };
            session.bodies(&[envelope]).await.map(drop)
        }
        "IDLE" => session.idle(std::time::Duration::from_secs(5), &CancellationToken::new()).await.map(drop),
        _ => session.file_away(&[uid(1)], &archive()).await.map(drop),
    }
}

fn archive() -> FolderName {
    FolderName::parse("Archive").unwrap()
}

fn uid(number: u32) -> Uid {
    Uid::new(number).unwrap()
}
