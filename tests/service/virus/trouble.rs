//! A scanner that is away, hangs or fails holds mail back as long as need be, and never waves anything through.

use super::{infected, told};
use crate::harness::{Clamd, Direction, Proxy, wait_for};
use crate::house::{House, SOON, builder, house};
use crate::mails::forward;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

fn attempts(house: &House) -> Vec<i64> {
    house.mails().iter().map(|mail| house.show(mail)["attempts"].as_i64().unwrap()).collect()
}

#[test]
fn while_the_scanner_is_away_nothing_is_recorded_and_no_attempt_counts() {
    let (mut clamd, house) = (Clamd::start(), house());
    house.scan_with(&clamd);
    clamd.stop();
    house.deliver(&forward("482137 Unterlagen").pdf("Lebenslauf.pdf"));
    house.deliver(&forward("482138 Unterlagen").file("Zeugnis.pdf", infected()));
    // Twice as often as a mail may fail for its own reasons.
    for _ in 0..10 {
        let finished = house.service.command(&["once"]);
        assert_eq!(finished.code, Some(1), "{finished:#?}");
        assert!(finished.stderr.contains("The virus scanner cannot be used"), "{finished:#?}");
    }
    assert_eq!((house.mails().len(), house.count("INBOX")), (0, 2));
    let unseen = house.dovecot.doveadm(&["search", "-u", "import", "mailbox", "INBOX", "unseen"]);
    assert_eq!(unseen.lines().count(), 2);
    let mailbox = &house.status()["mailboxes"][0];
    assert_eq!(mailbox["ok"], false);
    assert!(mailbox["error"].as_str().unwrap().contains("virus scanner"), "{mailbox}");
    clamd.start_again();
    house.once();
    assert_eq!((house.mails().len(), house.count("Archive/Imported"), house.count("INBOX")), (2, 2, 0));
    assert_eq!(attempts(&house), [1, 1]);
    assert_eq!(house.status()["mailboxes"][0]["ok"], true);
}

#[test]
fn the_service_goes_on_by_itself_when_the_scanner_is_back() {
    let mut clamd = Clamd::start();
    let house = builder().on_postgres(true).mailbox("poll_interval = \"1s\"").build();
    house.scan_with(&clamd);
    clamd.stop();
    house.deliver(&forward("482137 Unterlagen").pdf("Lebenslauf.pdf"));
    let mut service = house.service.run();
    wait_for("the fault to be noticed", SOON, || (house.status()["mailboxes"][0]["ok"] == false).then_some(()));
    assert_eq!(house.mails().len(), 0);
    clamd.start_again();
    wait_for("the mail to be filed", SOON, || (house.count("Archive/Imported") == 1).then_some(()));
    service.terminate();
    assert_eq!(service.wait(SOON).unwrap().code, Some(0));
    assert_eq!(attempts(&house), [1]);
}

#[test]
fn a_scanner_that_hangs_holds_back_only_what_it_would_be_shown() {
    let clamd = Clamd::start();
    let house = builder().more_mailboxes(1).build();
    house.scan_at(clamd.socket().to_str().unwrap(), "timeout = \"1s\"");
    clamd.hang();
    house.deliver(&forward("482137 Unterlagen").pdf("Lebenslauf.pdf"));
    house.dovecot.deliver("box-1", forward("482138 Nur Text").bytes());
    house.deliver(&forward("482137 Nur Text"));
    house.deliver(&forward("482138 Unterlagen").pdf("Zeugnis.pdf"));
    let finished = house.service.command(&["once"]);
    assert_eq!(finished.code, Some(1));
    assert!(finished.stderr.contains("took too long"), "{finished:#?}");
    let mut there: Vec<_> = house.mails().iter().map(|mail| mail["mailbox"].as_str().unwrap().to_owned()).collect();
    there.sort_unstable();
    assert_eq!(
        (there.as_slice(), house.count("INBOX")),
        (["box-1@example.test", "import@example.test"].map(str::to_owned).as_slice(), 2)
    );
    clamd.go_on();
    house.once();
    assert_eq!((house.mails().len(), house.count("INBOX")), (4, 0));
    assert!(attempts(&house).iter().all(|attempts| *attempts == 1));
}

/// It answers to PING, and has no room for what it is to look at.
#[test]
fn a_scanner_that_fails_at_everything_is_away_too() {
    let (clamd, house) = (Clamd::start(), builder().mailbox("max_attempts = 2").build());
    house.scan_with(&clamd);
    house.deliver(&forward("482137 Unterlagen").pdf("Lebenslauf.pdf"));
    house.deliver(&forward("482138 Unterlagen").pdf("Zeugnis.pdf"));
    clamd.take_room();
    for _ in 0..4 {
        let finished = house.service.command(&["once"]);
        assert!(finished.code == Some(1) && finished.stderr.contains("scanner cannot be used"), "{finished:#?}");
    }
    let checked = house.service.command(&["check"]);
    assert!(checked.code == Some(1), "{checked:#?}");
    assert_eq!((house.mails().len(), house.count("INBOX")), (0, 2));
    clamd.give_room();
    house.once();
    assert_eq!((house.mails().len(), house.count("Archive/Imported")), (2, 2));
    assert_eq!(attempts(&house), [1, 1]);
    assert!(house.mails().iter().all(|mail| house.show(mail)["files"][0]["withheld"].is_null()));
}

/// The proxy's plan: the question whether it works is 19 bytes, `INSTREAM` 10, and every file of these tests has some 30.
#[test]
fn a_connection_cut_in_the_middle_of_a_batch_delays_one_mail() {
    let (clamd, house) = (Clamd::start(), house());
    let proxy = Proxy::to(clamd.port());
    house.scan_at(&format!("127.0.0.1:{}", proxy.port()), "");
    for name in ["Eins.pdf", "Zwei.pdf", "Drei.pdf"] {
        house.deliver(&forward("482137 Unterlagen").pdf(name));
    }
    proxy.cut_after(Direction::Up, 19 + 60);
    let finished = house.service.command(&["once"]);
    assert_eq!((finished.code, proxy.cuts()), (Some(1), 1), "{finished:#?}");
    assert_eq!((house.mails().len(), house.count("INBOX")), (2, 1), "{finished:#?}");
    house.once();
    assert_eq!((house.mails().len(), house.count("Archive/Imported")), (3, 3));
    assert_eq!(attempts(&house), [1, 1, 2], "the scanner was there, so it may have been the file");
}

#[test]
fn a_scanner_lost_in_the_middle_of_a_batch_delays_it_and_counts_against_one_mail() {
    let (clamd, house) = (Clamd::start(), builder().mailbox("max_attempts = 2").build());
    let proxy = Proxy::to(clamd.port());
    house.scan_at(&format!("127.0.0.1:{}", proxy.port()), "timeout = \"1s\"");
    for name in ["Eins.pdf", "Zwei.pdf", "Drei.pdf"] {
        house.deliver(&forward("482137 Unterlagen").pdf(name));
    }
    proxy.stall_after(Direction::Up, 19 + 60);
    for _ in 0..4 {
        assert_eq!(house.service.command(&["once"]).code, Some(1));
    }
    assert_eq!((house.mails().len(), house.count("INBOX")), (0, 3));
    proxy.come_back();
    house.once();
    assert_eq!((house.mails().len(), house.count("Archive/Imported")), (3, 3));
    assert_eq!(attempts(&house), [1, 1, 2], "the rounds that found it away count against nobody");
}

#[test]
fn a_file_at_which_the_scanner_always_fails_is_withheld_in_the_end_and_holds_up_no_other_mail() {
    let scanner = BrokenScanner::start();
    let house = builder().mailbox("max_attempts = 3").build();
    house.scan_at(&format!("127.0.0.1:{}", scanner.port), "");
    house.deliver(&forward("482137 Unterlagen").file("Lebenslauf.pdf", "%PDF-1.4 poison").pdf("Zeugnis.pdf"));
    house.deliver(&forward("482138 Unterlagen").pdf("Lebenslauf.pdf"));
    for round in 1..3 {
        assert_eq!(house.service.command(&["once"]).code, Some(1));
        assert_eq!((house.mails().len(), house.count("INBOX")), (1, 1), "round {round}");
    }
    house.once();
    let mail = house.show(&house.mails()[1]);
    assert_eq!(mail["outcome"], "imported");
    let withheld: Vec<_> = mail["files"].as_array().unwrap().iter().map(|file| file["withheld"].as_str()).collect();
    assert_eq!(withheld, [Some("not_scannable"), None]);
    assert!(told(&house, "ruth").contains("Virenscanner"));
}

#[test]
fn a_file_that_ends_the_scanner_each_time_holds_up_no_other_mail() {
    let scanner = BrokenScanner::start();
    let house = builder().mailbox("max_attempts = 3").build();
    house.scan_at(&format!("127.0.0.1:{}", scanner.port), "timeout = \"5s\"");
    house.deliver(&forward("482137 Unterlagen").file("Lebenslauf.pdf", "%PDF-1.4 deadly"));
    house.deliver(&forward("482138 Unterlagen").pdf("Zeugnis.pdf"));
    assert_eq!(house.service.command(&["once"]).code, Some(1));
    assert_eq!(house.mails().len(), 0, "nobody knows yet which one it was");
    assert_eq!(house.service.command(&["once"]).code, Some(1));
    assert_eq!(house.only_mail()["reference"], "482138", "it comes after the others from now on");
    for _ in 0..3 {
        house.service.command(&["once"]);
    }
    let mails = house.mails();
    assert_eq!(
        (mails.len(), &mails[1]["outcome"], &mails[1]["why"]),
        (2, &"set_aside".into(), &"failed_too_often".into())
    );
}

/// Answers as clamd does, but fails at some contents: with an error, or by saying nothing more to anybody for the rest of
/// the round.
struct BrokenScanner {
    port: u16,
}

impl BrokenScanner {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            let mut is_dead = false;
            for connection in listener.incoming().map_while(Result::ok) {
                if is_dead {
                    // The question after the deadly content; the one after that finds it started again.
                    is_dead = false;
                    continue;
                }
                is_dead = answer(connection).is_none();
            }
        });
        Self { port }
    }
}

/// `None` if it died of what it was shown.
fn answer(mut connection: TcpStream) -> Option<()> {
    let mut command = Vec::new();
    while !command.ends_with(b"\0") {
        let mut byte = [0];
        if connection.read(&mut byte).unwrap_or(0) == 0 {
            return Some(());
        }
        command.extend(byte);
    }
    if command == b"zPING\0" {
        let _ = connection.write_all(b"PONG\0");
        return Some(());
    }
    let mut content = Vec::new();
    loop {
        let mut length = [0; 4];
        connection.read_exact(&mut length).unwrap();
        if length == [0; 4] {
            break;
        }
        let mut piece = vec![0; u32::from_be_bytes(length) as usize];
        connection.read_exact(&mut piece).unwrap();
        content.extend(piece);
    }
    let text = String::from_utf8_lossy(&content);
    if text.contains("deadly") {
        return None;
    }
    let answer: &[u8] = if text.contains("poison") { b"stream: Broken or not a file ERROR\0" } else { b"stream: OK\0" };
    let _ = connection.write_all(answer);
    Some(())
}
