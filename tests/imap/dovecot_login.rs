//! Ways into a mailbox, and refusals that a person must mend.

use std::path::{Path, PathBuf};

use reply_import::application::FolderName;
use reply_import::imap::{ImapError, Mend, Mode, Proof, Session, Tls};
use tokio::net::TcpSocket;

use crate::dovecot_session::options;
use crate::harness::{Dovecot, Folder};

#[tokio::test]
async fn all_three_protections_and_both_ways_of_logging_in_lead_into_the_inbox() {
    let dovecot = Dovecot::start();
    for (tls, port) in
        [(Tls::Implicit, dovecot.imaps_port()), (Tls::StartTls, dovecot.imap_port()), (Tls::None, dovecot.imap_port())]
    {
        for (username, password) in crate::harness::dovecot::USERS {
            let mut options = options(&dovecot);
            (options.tls, options.port) = (tls, port);
            (options.username, options.proof) = (username.into(), Proof::Password(password.into()));
            let mut session = Session::connect(&options).await.unwrap();
            assert!(session.capabilities().can_move() && session.capabilities().can_idle());
            assert!(session.capabilities().has_uidplus() && session.capabilities().offers("SPECIAL-USE"));
            let opened = session.open(&FolderName::inbox(), Mode::ReadWrite).await.unwrap();
            assert!(opened.uid_validity > 0 && opened.uid_next == Some(1) && opened.exists == 0 && !opened.read_only);
            session.logout().await;
        }
    }
}

#[tokio::test]
async fn the_server_may_be_named_by_an_address_that_stands_in_its_certificate() {
    let dovecot = Dovecot::start();
    let mut options = options(&dovecot);
    options.host = "127.0.0.1".into();
    Session::connect(&options).await.unwrap();
}

#[tokio::test]
async fn one_ca_of_several_in_the_file_is_enough() {
    let dovecot = Dovecot::start();
    let both = [std::fs::read(dovecot.other_ca_file()).unwrap(), std::fs::read(dovecot.ca_file()).unwrap()].concat();
    let folder = Folder::create();
    let mut options = options(&dovecot);
    options.ca_file = Some(folder.write("both.pem", both));
    Session::connect(&options).await.unwrap();
}

#[tokio::test]
async fn a_ca_file_counts_as_it_is_when_a_connection_begins() {
    let (dovecot, folder) = (Dovecot::start(), Folder::create());
    let mut options = options(&dovecot);
    let write = |from: &Path| folder.write("ca.pem", std::fs::read(from).unwrap());
    for _ in 0..2 {
        options.ca_file = Some(write(dovecot.ca_file()));
        Session::connect(&options).await.unwrap();
        write(dovecot.other_ca_file());
        let result = Session::connect(&options).await;
        assert_settings(&result, Mend::Certificate, "Cannot secure the connection to localhost:");
    }
}

#[tokio::test]
async fn a_certificate_that_cannot_be_trusted_is_a_matter_of_settings() {
    let dovecot = Dovecot::start();
    let folder = Folder::create();
    let wrong = "-----BEGIN CERTIFICATE-----\nMDEy\n-----END CERTIFICATE-----\n";
    for (ca_file, mend) in [
        (Some(PathBuf::from(dovecot.other_ca_file())), Mend::Certificate),
        (None, Mend::Certificate),
        (Some(folder.join("missing.pem")), Mend::Settings),
        (Some(folder.write("empty.pem", "")), Mend::Settings),
        (Some(folder.write("wrong.pem", wrong)), Mend::Settings),
    ] {
        for (tls, port) in [(Tls::Implicit, dovecot.imaps_port()), (Tls::StartTls, dovecot.imap_port())] {
            let mut options = options(&dovecot);
            (options.tls, options.port, options.ca_file) = (tls, port, ca_file.clone());
            let result = Session::connect(&options).await;
            assert_settings(&result, mend, "Cannot secure the connection to localhost:");
        }
    }
    assert!(!dovecot.log().contains("Login:"), "nobody logged in over an untrusted connection");
}

#[tokio::test]
async fn a_certificate_for_another_host_is_a_matter_of_settings() {
    let dovecot = Dovecot::builder().certificate_for("DNS:imap.example.test").start();
    let result = Session::connect(&options(&dovecot)).await;
    assert_settings(&result, Mend::Certificate, "Cannot secure the connection to localhost:");
}

#[tokio::test]
async fn tls_on_a_port_that_does_not_begin_with_it_is_a_matter_of_settings() {
    let dovecot = Dovecot::start();
    let mut options = options(&dovecot);
    options.port = dovecot.imap_port();
    let result = Session::connect(&options).await;
    assert_settings(&result, Mend::Settings, "Cannot secure the connection to localhost:");
}

#[tokio::test]
async fn a_wrong_password_is_a_matter_of_settings_and_is_not_repeated() {
    let dovecot = Dovecot::start();
    for password in ["falsch!", "fälsch!"] {
        let mut options = options(&dovecot);
        options.proof = Proof::Password(password.into());
        let result = Session::connect(&options).await;
        assert_settings(&result, Mend::Login, "Cannot log in as anna at localhost:");
        assert!(!format!("{:?} {options:?}", result.err()).contains("lsch!"));
    }
}

#[tokio::test]
async fn without_tls_no_other_machine_is_talked_to() {
    let dovecot = Dovecot::start();
    let mut options = options(&dovecot);
    // An address for documentation (RFC 5737): it must be refused before anything is sent to it.
    (options.tls, options.host) = (Tls::None, "192.0.2.1".into());
    assert_settings(&Session::connect(&options).await, Mend::Settings, "without TLS");
}

#[tokio::test]
async fn a_server_that_is_away_is_worth_another_try() {
    let dovecot = Dovecot::start();
    // Bound but not listening: nobody else can take the port meanwhile.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let mut options = options(&dovecot);
    (options.host, options.port) = ("127.0.0.1".into(), socket.local_addr().unwrap().port());
    let error = Session::connect(&options).await.unwrap_err();
    assert!(matches!(error, ImapError::Lost { .. }), "{error}");
    assert!(error.to_string().starts_with("Cannot connect to 127.0.0.1:"), "{error}");
}

fn assert_settings(result: &Result<Session, ImapError>, to_mend: Mend, begins: &str) {
    let Err(error) = result else { panic!("it was let in") };
    assert!(matches!(error, ImapError::WrongSettings { mend, .. } if *mend == to_mend), "{error:?}");
    assert!(error.to_string().contains(begins), "{error}");
}
