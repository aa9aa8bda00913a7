//! Dovecot starts, answers in all three ways, shows what lies in its mailboxes, and leaves no process behind.

use crate::harness::Dovecot;
use crate::harness::dovecot::USERS;
use crate::imap_client::Client;

#[test]
fn users_log_in_over_tls_with_the_ca_of_this_dovecot() {
    let dovecot = Dovecot::start();
    for (user, password) in USERS {
        let mut client = Client::over_tls(dovecot.imaps_port(), dovecot.ca_file()).unwrap();
        assert_eq!(client.log_in(user, password), "OK");
        assert_eq!(dovecot.sessions(user), 1);
    }
}

#[test]
fn tls_fails_with_another_ca_and_with_a_certificate_for_another_name() {
    let dovecot = Dovecot::start();
    assert!(Client::over_tls(dovecot.imaps_port(), dovecot.other_ca_file()).is_err());

    let elsewhere = Dovecot::builder().certificate_for("DNS:imap.example.test").start();
    assert!(Client::over_tls(elsewhere.imaps_port(), elsewhere.ca_file()).is_err());
}

#[test]
fn mail_put_into_the_inbox_is_numbered_in_order_and_read_back_byte_for_byte() {
    let dovecot = Dovecot::start();
    let mails = (1..=20).map(|number| format!("Subject: {number}\r\n\r\nGrüße\r\n").into_bytes()).collect::<Vec<_>>();
    for mail in &mails {
        dovecot.deliver("anna", mail);
    }
    assert_eq!(dovecot.messages("anna", "INBOX"), mails);
    assert_eq!(dovecot.messages("uta", "INBOX"), Vec::<Vec<u8>>::new());
}

#[test]
fn folders_flags_and_subscriptions_read_the_same_whatever_the_separator() {
    for builder in [Dovecot::builder(), Dovecot::builder().namespace('.', "INBOX.")] {
        let dovecot = builder.user("anna", "geheim").start();
        dovecot.create_folder("anna", "Archive/Übergröße & mehr");
        dovecot.deliver("anna", "Subject: x\r\n\r\n");
        let prefix = dovecot.doveadm(&["mailbox", "list", "-u", "anna"]).contains("INBOX.").then_some("INBOX.");
        let archive = format!("{}Archive", prefix.unwrap_or_default());
        let mut client = Client::over_tls(dovecot.imaps_port(), dovecot.ca_file()).unwrap();
        assert_eq!(client.log_in("anna", "geheim"), "OK");
        assert_eq!(client.run("SELECT INBOX"), "OK");
        // From now on Dovecot knows its size, and gives the file another name when it moves.
        assert_eq!(client.run("UID FETCH 1 RFC822.SIZE"), "OK");
        assert_eq!(client.run("UID STORE 1 +FLAGS ($Besehen \\Seen)"), "OK");
        assert_eq!(client.run(&format!("UID MOVE 1 \"{archive}\"")), "OK");
        assert_eq!(client.run(&format!("SUBSCRIBE \"{archive}\"")), "OK");

        assert_eq!(dovecot.folders("anna"), ["Archive", "Archive/Übergröße & mehr", "INBOX"]);
        assert_eq!(dovecot.subscriptions("anna"), ["Archive"]);
        assert_eq!(dovecot.messages("anna", "INBOX").len(), 0);
        let archived = dovecot.stored("anna", "Archive");
        assert_eq!(archived.len(), 1);
        assert_eq!(archived[0].flags, ["$Besehen", "\\Seen"]);
        assert_eq!(dovecot.messages("anna", "Nowhere").len(), 0);
        assert!(dovecot.client_commands().contains(&format!("UID MOVE 1 \"{archive}\"")));
    }
}

#[test]
fn a_hidden_capability_is_not_offered() {
    let dovecot = Dovecot::builder().without("MOVE").without("UIDPLUS").without("IDLE").start();
    let mut client = Client::over_tls(dovecot.imaps_port(), dovecot.ca_file()).unwrap();
    client.log_in("anna", "geheim");
    let offered = client.lines_of("CAPABILITY").concat();
    assert!(offered.contains("SPECIAL-USE") && !offered.contains("MOVE"), "{offered}");
    assert!(!offered.contains("UIDPLUS") && !offered.contains("IDLE"), "{offered}");
}

#[test]
fn quota_and_rights_are_refused_with_their_codes() {
    let dovecot = Dovecot::builder().user_with_quota("voll", "geheim", "1K").rights("Gesperrt owner lr").start();
    dovecot.create_folder("voll", "Gesperrt");
    dovecot.deliver("voll", format!("Subject: x\r\n\r\n{}\r\n", "x".repeat(900)));
    let mut client = Client::over_tls(dovecot.imaps_port(), dovecot.ca_file()).unwrap();
    client.log_in("voll", "geheim");
    client.run("SELECT INBOX");
    assert!(client.lines_of("UID COPY 1 Archive").concat().contains("NO [OVERQUOTA]"));
    assert!(client.lines_of("UID COPY 1 Gesperrt").concat().contains("NO [NOPERM]"));
}

#[test]
fn a_kicked_client_is_told_so_and_a_stopped_server_comes_back_with_its_mail() {
    let mut dovecot = Dovecot::start();
    assert!(!dovecot.kick("anna"), "nobody is there yet");
    let mut client = Client::over_tls(dovecot.imaps_port(), dovecot.ca_file()).unwrap();
    client.log_in("anna", "geheim");
    assert!(dovecot.kick("anna"));
    assert!(client.read_to_end().contains("* BYE"));

    dovecot.deliver("anna", "Subject: x\r\n\r\n");
    dovecot.stop();
    assert!(Client::over_tls(dovecot.imaps_port(), dovecot.ca_file()).is_err());
    dovecot.start_again();
    assert_eq!(dovecot.messages("anna", "INBOX").len(), 1);
    assert!(Client::over_tls(dovecot.imaps_port(), dovecot.ca_file()).is_ok());
}
