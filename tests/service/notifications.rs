//! Notifications as they arrive, and what happens when the SMTP server does not want them.

use crate::harness::wait_for;
use crate::house::{House, SOON, builder, house, smtp_settings};
use crate::mails::forward;
use reply_import::application::EmailAddress;
use reply_import::notification::RenderedMail;
use reply_import::settings::{Server, Smtp, Tls};
use reply_import::smtp::{Delivery, Sender};
use std::fs;
use std::num::NonZero;
use std::time::Duration;

fn header<'a>(mail: &'a str, name: &str) -> Option<&'a str> {
    let head = mail.split("\r\n\r\n").next()?.split("\n\n").next()?;
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ").map(str::trim))
}

fn import_one(house: &House) {
    house.deliver(&forward("482137 Unterlagen").pdf("Lebenslauf.pdf"));
    house.once();
}

#[test]
fn a_notification_behaves_as_mail_of_a_robot_should() {
    let house = house();
    import_one(&house);
    let mail = house.notifications("karl", 1).remove(0);
    assert_eq!(header(&mail, "Auto-Submitted"), Some("auto-generated"), "{mail}");
    assert_eq!(header(&mail, "X-Loop"), Some("import@example.test"), "{mail}");
    assert!(header(&mail, "From").unwrap().contains("notices@example.test"), "{mail}");
    assert!(header(&mail, "Message-ID").unwrap().ends_with("@example.test>"), "{mail}");
    assert!(mail.contains("text/plain") && mail.contains("text/html"), "{mail}");
}

#[test]
fn each_person_reads_their_own_language() {
    let house = house();
    import_one(&house);
    assert!(header(&house.notifications("karl", 1)[0], "Subject").unwrap().contains("Neue Antwort"));
    assert!(header(&house.notifications("vera", 1)[0], "Subject").unwrap().contains("New reply"));
}

#[test]
fn no_name_leaves_the_house_unless_the_tenant_wants_it() {
    let house = house();
    import_one(&house);
    for person in ["Erika", "erika@example.org", "Ruth", "Lebenslauf"] {
        assert!(!house.notifications("vera", 1)[0].contains(person), "{person}");
    }
    house.service.set_settings(&format!("{}\n[notify]\ncontent = \"names\"\n", house.settings()));
    import_one(&house);
    assert!(house.notifications("vera", 2).iter().any(|mail| mail.contains("Erika Beispiel")));
}

#[test]
fn the_notifications_of_one_application_are_one_conversation() {
    let house = house();
    import_one(&house);
    import_one(&house);
    let mails = house.notifications("karl", 2);
    let threads: Vec<_> = mails.iter().map(|mail| header(mail, "References").unwrap().to_owned()).collect();
    assert_eq!(threads[0], threads[1]);
    assert_ne!(header(&mails[0], "Message-ID"), header(&mails[1], "Message-ID"));
}

#[test]
fn a_server_that_says_later_is_asked_again_with_the_same_message_id() {
    let house = house();
    house.postfix.refuse("karl@example.test", "451 4.7.1 later");
    import_one(&house);
    let status = house.status();
    assert_eq!(
        (status["outbox"]["pending"].as_i64(), status["outbox"]["sent"].as_i64()),
        (Some(1), Some(1)),
        "{status:#}"
    );
    let waiting = house.show(&house.only_mail());
    assert!(waiting["notifications"].to_string().contains("451"), "{waiting:#}");
    house.postfix.accept("karl@example.test");
    let mut service = house.service.run();
    wait_for("the second attempt", SOON + SOON, || (house.status()["outbox"]["sent"] == 2).then_some(()));
    service.terminate();
    assert_eq!(service.wait(SOON).unwrap().code, Some(0));
    assert_eq!(house.notifications("karl", 1).len(), 1);
}

#[test]
fn a_recipient_refused_for_good_is_kept_and_shown() {
    let house = house();
    house.postfix.refuse("karl@example.test", "550 5.1.1 no such person");
    house.deliver(&forward("482137 Unterlagen"));
    assert_eq!(house.service.command(&["once"]).code, Some(1), "a timer's log shows that something was given up");
    let status = house.status();
    assert_eq!(
        (status["outbox"]["failed"].as_i64(), status["outbox"]["sent"].as_i64()),
        (Some(1), Some(1)),
        "{status:#}"
    );
    let shown = house.show(&house.only_mail());
    assert!(shown["notifications"].to_string().contains("550"), "{shown:#}");
}

#[test]
fn a_server_that_is_away_costs_no_mail() {
    let mut house = house();
    house.postfix.stop();
    house.deliver(&forward("482137 Unterlagen"));
    house.service.succeed(&["once"]);
    assert_eq!(house.only_mail()["outcome"], "imported");
    assert_eq!(house.status()["outbox"]["pending"], 2);
}

#[test]
fn without_a_server_notifications_wait_until_there_is_one() {
    let house = builder().without_smtp().build();
    import_one(&house);
    assert_eq!(house.status()["outbox"]["pending"], 2);
    house.service.set_settings(&format!("{}{}", house.settings(), smtp_settings(&house.postfix)));
    house.once();
    assert_eq!(house.status()["outbox"]["sent"], 2);
}

#[test]
fn our_own_notice_sent_back_to_the_mailbox_is_recognised() {
    let house = house();
    import_one(&house);
    house.dovecot.deliver("import", house.notifications("karl", 1).remove(0));
    house.once();
    let mails = house.mails();
    assert_eq!((mails[1]["outcome"].as_str(), mails[1]["why"].as_str()), (Some("automatic"), Some("own_notice")));
}

#[test]
fn a_refusal_that_is_not_about_the_recipient_waits_for_somebody_to_put_it_right() {
    let house = house();
    house.postfix.refuse("karl@example.test", "550 5.7.1 this sender may not");
    house.postfix.refuse("vera@example.test", "554 relay access denied");
    import_one(&house);
    let status = house.status();
    assert_eq!(
        (status["outbox"]["pending"].as_i64(), status["outbox"]["failed"].as_i64()),
        (Some(2), Some(0)),
        "{status:#}"
    );
}

#[test]
fn a_wrong_password_and_a_wrong_authority_make_notifications_wait() {
    let house = house();
    house.service.write("smtp-password", "falsch\n");
    import_one(&house);
    let status = house.status();
    assert_eq!(status["outbox"]["pending"], 2);
    assert!(status["put_off"].as_str().unwrap().starts_with("The SMTP server answered 535"), "{status:#}");
    let finished = house.service.command(&["check"]);
    assert!(finished.code == Some(1) && finished.stdout.contains("535"), "{finished:#?}");
    house.service.write("smtp-password", "leise\n");
    let right = house.settings();
    let [own, other] = [house.postfix.ca_file(), house.postfix.other_ca_file()].map(|path| fs::read(path).unwrap());
    let trusting = |certificates: Vec<u8>| {
        let file = house.service.write("authorities.pem", certificates);
        let [before, now] = [house.postfix.ca_file(), &file].map(|path| path.display().to_string());
        house.service.set_settings(&right.replace(&before, &now));
        house.service.command(&["check"])
    };
    for (certificates, why) in [
        (other.clone(), "SMTP server cannot be used: the server's certificate is signed by nobody whom `ca_file`"),
        (b"none".to_vec(), "There is no certificate in"),
    ] {
        let finished = trusting(certificates);
        assert!(finished.code == Some(1) && finished.stdout.contains(why), "{finished:#?}");
    }
    let all = trusting([other, own].concat());
    assert_eq!(all.code, Some(0), "each certificate of the file counts: {all:#?}");
}

#[test]
fn notifications_also_leave_by_tls_from_the_first_byte() {
    let house = house();
    let starttls = format!("port = {}\ntls = \"starttls\"", house.postfix.port());
    let implicit = format!("port = {}\ntls = \"implicit\"", house.postfix.tls_port());
    assert!(house.settings().contains(&starttls));
    house.service.set_settings(&house.settings().replace(&starttls, &implicit));
    import_one(&house);
    assert_eq!(house.status()["outbox"]["sent"], 2);
}

#[test]
fn a_server_that_falls_silent_after_data_is_not_waited_for() {
    let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = server.local_addr().unwrap().port();
    std::thread::spawn(move || silent_after_data(&server));
    let settings = Smtp {
        server: Server { host: "127.0.0.1".to_owned(), port, tls: Tls::None, ca_file: None, login: None },
        from: EmailAddress::parse("notices@example.test").unwrap(),
        connections: NonZero::<u16>::MIN,
    };
    let mail = RenderedMail {
        to: EmailAddress::parse("karl@example.test").unwrap(),
        to_name: None,
        subject: "Test".to_owned(),
        text: "Test".to_owned(),
        html: "<p>Test</p>".to_owned(),
        message_key: "key".to_owned(),
        thread_key: None,
        loop_address: "import@example.test".to_owned(),
    };
    let delivery = tokio::runtime::Runtime::new().unwrap().block_on(async {
        let sender = Sender::open(&settings, None).unwrap().with_deadline(Duration::from_millis(300));
        sender.send(&mail).await
    });
    assert_eq!(delivery, Delivery::Away("No answer within 300ms".to_owned()));
}

/// Speaks SMTP up to the end of the mail, and then says nothing more.
fn silent_after_data(server: &std::net::TcpListener) {
    use std::io::{BufRead, BufReader, Write};
    let (stream, _) = server.accept().unwrap();
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let answer = |text: &str| (&stream).write_all(text.as_bytes()).unwrap();
    answer("220 here\r\n");
    while let Some(Ok(line)) = lines.next() {
        match line.get(..4) {
            Some("DATA") => answer("354 go on\r\n"),
            Some("EHLO" | "MAIL" | "RCPT") => answer("250 fine\r\n"),
            _ => {}
        }
    }
}
