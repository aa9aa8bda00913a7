//! Postfix takes mail over TLS from users that Dovecot knows, delivers it into Dovecot, and refuses whom it is told to.

use std::time::Duration;

use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{Message, SmtpTransport, Transport};

use crate::harness::{Dovecot, Postfix, wait_for};

const DEADLINE: Duration = Duration::from_secs(20);

#[test]
fn mail_sent_by_starttls_and_by_tls_from_the_start_arrives_in_dovecot() {
    let dovecot = Dovecot::start();
    let postfix = Postfix::start(&dovecot);
    sender(&postfix, Way::StartTls, "geheim").send(&mail("anna@example.test", "eins")).unwrap();
    sender(&postfix, Way::Tls, "geheim").send(&mail("anna@example.test", "zwei")).unwrap();
    let inbox =
        wait_for("both mails", DEADLINE, || Some(dovecot.messages("anna", "INBOX")).filter(|mails| mails.len() == 2));
    assert!(inbox.iter().any(|mail| String::from_utf8_lossy(mail).contains("Subject: eins")));
}

#[test]
fn an_alias_leads_to_another_user_and_a_second_domain_is_taken() {
    let dovecot = Dovecot::start();
    let builder = Postfix::builder().domain("beispiel.test").alias("buero@beispiel.test", "uta@example.test");
    let postfix = builder.start(&dovecot);
    let sender = sender(&postfix, Way::StartTls, "geheim");
    sender.send(&mail("buero@beispiel.test", "eins")).unwrap();
    sender.send(&mail("anna@beispiel.test", "zwei")).unwrap();
    for user in ["uta", "anna"] {
        wait_for("the mail", DEADLINE, || dovecot.messages(user, "INBOX").pop());
    }
}

#[test]
fn wrong_password_wrong_ca_and_foreign_recipients_are_refused() {
    let dovecot = Dovecot::start();
    let postfix = Postfix::start(&dovecot);
    let refused = sender(&postfix, Way::StartTls, "falsch").send(&mail("anna@example.test", "x")).unwrap_err();
    assert_eq!(refused.status().map(|code| code.to_string()), Some("535".to_owned()), "{refused:?}");
    assert!(sender(&postfix, Way::WrongCa, "geheim").send(&mail("anna@example.test", "x")).is_err());
    assert_eq!(answer_for(&postfix, "wer@elsewhere.test"), "550");
}

#[test]
fn recipients_are_refused_for_a_time_or_for_good_as_the_test_says() {
    let dovecot = Dovecot::start();
    let postfix = Postfix::start(&dovecot);
    assert_eq!(answer_for(&postfix, "spaeter@example.test"), "451");
    assert_eq!(answer_for(&postfix, "nie@example.test"), "550");
    assert_eq!(answer_for(&postfix, "voll@example.test"), "552");

    assert_eq!(answer_for(&postfix, "grauer.wolf@example.test"), "451");
    assert_eq!(answer_for(&postfix, "grauer.wolf@example.test"), "accepted");

    postfix.refuse("anna@example.test", "451 4.3.0 in a moment");
    assert_eq!(answer_for(&postfix, "anna@example.test"), "451");
    postfix.accept("anna@example.test");
    assert_eq!(answer_for(&postfix, "anna@example.test"), "accepted");
}

#[test]
fn a_stopped_postfix_comes_back_and_mail_waits_for_a_stopped_dovecot() {
    let mut dovecot = Dovecot::start();
    let mut postfix = Postfix::start(&dovecot);
    let sender = sender(&postfix, Way::StartTls, "geheim");
    postfix.stop();
    assert!(sender.send(&mail("anna@example.test", "x")).is_err());
    postfix.start_again();
    assert_eq!(postfix.queued(), 0);

    // Dovecot checks logins: it may go only after this one. The connection is kept for the mail.
    assert!(sender.test_connection().unwrap());
    dovecot.stop();
    sender.send(&mail("anna@example.test", "x")).unwrap();
    assert_eq!(postfix.queued(), 1);
    dovecot.start_again();
    postfix.deliver_queued();
    wait_for("the mail", DEADLINE, || dovecot.messages("anna", "INBOX").pop());
}

#[derive(Clone, Copy, PartialEq)]
enum Way {
    StartTls,
    Tls,
    WrongCa,
}

fn sender(postfix: &Postfix, way: Way, password: &str) -> SmtpTransport {
    let ca_file = if way == Way::WrongCa { postfix.other_ca_file() } else { postfix.ca_file() };
    let ca = Certificate::from_pem(&std::fs::read(ca_file).unwrap()).unwrap();
    let parameters = TlsParameters::builder("localhost".to_owned()).add_root_certificate(ca).build().unwrap();
    let (tls, port) = match way {
        Way::Tls => (Tls::Wrapper(parameters), postfix.tls_port()),
        Way::StartTls | Way::WrongCa => (Tls::Required(parameters), postfix.port()),
    };
    let credentials = Credentials::new("anna".to_owned(), password.to_owned());
    SmtpTransport::builder_dangerous("localhost").port(port).tls(tls).credentials(credentials).build()
}

fn mail(to: &str, subject: &str) -> Message {
    let message = Message::builder().from("import@example.test".parse().unwrap()).to(to.parse().unwrap());
    message.subject(subject).body("Text\r\n".to_owned()).unwrap()
}

/// The SMTP code that refuses the recipient, or `accepted`.
fn answer_for(postfix: &Postfix, recipient: &str) -> String {
    match sender(postfix, Way::StartTls, "geheim").send(&mail(recipient, "x")) {
        Ok(_) => "accepted".to_owned(),
        Err(refusal) => refusal.status().map_or_else(|| refusal.to_string(), |code| code.to_string()),
    }
}
