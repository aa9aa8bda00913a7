//! Log-ins by access token into a Dovecot that checks tokens by their signature.

use chrono::{TimeDelta, Utc};
use reply_import::application::FolderName;
use reply_import::imap::{ConnectOptions, ImapError, Mend, Mode, Proof, Session, TokenMechanism};

use crate::dovecot_session::options;
use crate::harness::Dovecot;
use crate::harness::token_endpoint::{foreign_token, token};
use crate::scripted_peer::{Act, Peer, polite, say};

const MECHANISMS: [TokenMechanism; 2] = [TokenMechanism::XOAuth2, TokenMechanism::OAuthBearer];

fn with_token(options: ConnectOptions, token: &str, mechanism: Option<TokenMechanism>) -> ConnectOptions {
    let ends_at = Utc::now() + TimeDelta::hours(1);
    ConnectOptions { proof: Proof::Token { secret: token.into(), mechanism, ends_at }, ..options }
}

#[tokio::test]
async fn both_mechanisms_let_in_with_and_without_an_initial_response() {
    for dovecot in
        [Dovecot::builder().taking_tokens().start(), Dovecot::builder().taking_tokens().without("SASL-IR").start()]
    {
        for mechanism in [None, Some(MECHANISMS[0]), Some(MECHANISMS[1])] {
            let options = with_token(options(&dovecot), &token("anna", 60), mechanism);
            let mut session = Session::connect(&options).await.unwrap();
            session.open(&FolderName::inbox(), Mode::ReadWrite).await.unwrap();
            assert!(session.login_ends_at().is_some());
            session.logout().await;
        }
    }
}

#[tokio::test]
async fn a_refused_token_is_told_apart_from_everything_else_and_is_in_no_text() {
    for dovecot in
        [Dovecot::builder().taking_tokens().start(), Dovecot::builder().taking_tokens().without("SASL-IR").start()]
    {
        for mechanism in MECHANISMS {
            for token in [token("anna", -60), token("uta", 60), foreign_token("anna", 60), "garbage".to_owned()] {
                let options = with_token(options(&dovecot), &token, Some(mechanism));
                let error = Session::connect(&options).await.unwrap_err();
                assert!(matches!(error, ImapError::TokenRefused { .. }), "{error:?}");
                assert!(error.to_string().starts_with("Cannot log in as anna at localhost:"), "{error}");
                assert!(!format!("{error:?} {options:?}").contains(&token), "{error:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_good_token_for_somebody_without_a_mailbox_is_worth_another_try() {
    let dovecot = Dovecot::builder().taking_tokens().start();
    let mut options = with_token(options(&dovecot), &token("nobody", 60), None);
    options.username = "nobody".into();
    let error = Session::connect(&options).await.unwrap_err();
    assert!(matches!(error, ImapError::Lost { .. }), "{error:?}");
}

#[tokio::test]
async fn a_server_that_takes_no_tokens_is_a_matter_of_settings_and_is_sent_none() {
    let dovecot = Dovecot::start();
    for mechanism in [None, Some(MECHANISMS[0]), Some(MECHANISMS[1])] {
        let options = with_token(options(&dovecot), &token("anna", 60), mechanism);
        let error = Session::connect(&options).await.unwrap_err();
        assert!(matches!(error, ImapError::WrongSettings { mend: Mend::Settings, .. }), "{error:?}");
        assert!(error.to_string().contains("AUTH="), "{error}");
    }
    assert!(!dovecot.log().contains("auth failed"));
}

/// As Exchange and Gmail end a session whose token ran out; and as everybody ends one for other reasons.
#[tokio::test]
async fn a_session_that_the_server_ends_with_its_token_is_told_apart_from_one_that_breaks() {
    for (last_words, ran_out) in [
        ("* BYE Session invalidated - AccessTokenExpired", true),
        ("* BYE Session expired, please login again.", true),
        ("TAG NO [AUTHENTICATIONFAILED] AUTHENTICATE failed.", true),
        ("TAG NO [EXPIRED] Log in", true),
        ("* BYE Server shutting down.", false),
        ("TAG NO [OVERQUOTA] Full", false),
    ] {
        let peer = Peer::start(move |command| match command.split(' ').next().unwrap() {
            "CAPABILITY" => vec![say("* CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2"), say("TAG OK done")],
            "SELECT" => vec![say(last_words), Act::Close],
            _ => polite(command),
        });
        let peer = peer.await;
        let mut session = Session::connect(&with_token(peer.options(), "x", None)).await.unwrap();
        let error = session.open(&FolderName::inbox(), Mode::ReadWrite).await.unwrap_err();
        assert_eq!(session.login_ran_out(&error, Utc::now()), ran_out, "{error:?}");
        let is_lost = matches!(error, ImapError::Lost { .. });
        assert_eq!(session.login_ran_out(&error, Utc::now() + TimeDelta::hours(2)), ran_out || is_lost, "{error:?}");
    }
}
