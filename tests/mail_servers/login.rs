//! The ways to a server, and into it.

use crate::house::{Connection, house};
use crate::mails::forward;
use crate::server::{Kind, UTA};

on_every_server! {
    every_way_of_connecting_serves,
    a_password_with_umlauts_serves,
    a_server_with_another_certificate_is_refused,
    a_refused_login_is_told_and_nothing_is_touched,
}

fn every_way_of_connecting_serves(kind: Kind) {
    let house = house(kind);
    for (done, connection) in [Connection::Implicit, Connection::StartTls, Connection::Plain].into_iter().enumerate() {
        house.connect_by(connection);
        house.deliver(&forward("482137 Unterlagen"));
        house.once();
        assert_eq!((house.count("INBOX"), house.count("Archive/Imported")), (0, done + 1));
    }
}

fn a_password_with_umlauts_serves(kind: Kind) {
    let mut house = house(kind);
    house.log_in_as(UTA);
    let said = house.service.succeed(&["check"]);
    assert!(said.contains("logged in, 0 mails in INBOX"), "{said}");
}

fn a_server_with_another_certificate_is_refused(kind: Kind) {
    let house = house(kind);
    house.connect_by(Connection::WrongCa);
    let finished = house.service.command(&["check"]);
    assert_eq!(finished.code, Some(1), "{finished:#?}");
    assert!(finished.stdout.contains("certificate"), "{finished:#?}");
}

fn a_refused_login_is_told_and_nothing_is_touched(kind: Kind) {
    let house = house(kind);
    house.deliver(&forward("482137 Unterlagen"));
    house.service.write("imap-password", "falsch\n");
    let finished = house.service.command(&["check"]);
    assert_eq!(finished.code, Some(1), "{finished:#?}");
    assert!(finished.stdout.contains("the server refused the login"), "{finished:#?}");
    assert!(!(finished.stdout + &finished.stderr).contains("falsch"), "the password was printed");
    assert_eq!(house.count("INBOX"), 1);
}
