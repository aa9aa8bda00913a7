//! Mails that fail for their own reasons, and mails that somebody opened.

use super::peer_house::{peer_house, peer_house_with};
use crate::mails::forward;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;

/// The database refuses what one of three mails would bring, every time. It is tried as often as the settings say and given
/// to a person with the reason, and the others do not wait for it.
#[test]
fn a_mail_that_cannot_be_recorded_is_set_aside_after_its_attempts_and_holds_up_no_other() {
    let house = peer_house_with("max_attempts = 2");
    house.service.succeed(&["migrate"]);
    let mut database = SqliteConnection::establish(house.service.join("test.db").to_str().unwrap()).unwrap();
    database
        .batch_execute(
            "create trigger poison before insert on history_entries \
             when new.application_id = (select id from applications where number = '482138') \
             begin select raise(abort, 'poison'); end",
        )
        .unwrap();
    for subject in ["482137 eins", "482138 Gift", "482137 drei"] {
        house.peer.deliver(forward(subject).bytes());
    }
    for attempt in 1..=2 {
        let finished = house.once();
        assert_eq!(finished.code, Some(1), "attempt {attempt}: {finished:#?}");
        assert!(finished.stdout.contains("1 failed, tried again next round"), "attempt {attempt}: {finished:#?}");
        house.assert_lie(&[("INBOX", 1), ("Archive/Imported", 2)], "a failed attempt");
    }
    house.peer.deliver(forward("482137 später").bytes());
    house.good_round();
    house.assert_lie(&[("Archive/Imported", 3), ("Archive/SetAside", 1)], "the last attempt");
    let mails = house.mails();
    let given_up: Vec<_> = mails.iter().filter(|mail| mail["outcome"] == "set_aside").collect();
    assert_eq!((mails.len(), given_up.len()), (4, 1));
    assert_eq!(given_up[0]["why"], "failed_too_often");
}

#[test]
fn mail_that_somebody_opened_is_counted_warned_of_and_adopted_where_asked_for() {
    let house = peer_house();
    house.deliver_three();
    house.peer.with(|store| store.inbox().mails.iter_mut().take(2).for_each(|mail| mail.seen = true));
    for _ in 0..2 {
        let finished = house.once();
        assert_eq!(finished.code, Some(0), "{finished:#?}");
        assert!(finished.stderr.contains("WARN") && finished.stderr.contains("stranded=2"), "{finished:#?}");
        assert!(finished.stdout.contains("2 stranded"), "{finished:#?}");
        assert_eq!(house.status()["mailboxes"][0]["stranded"], 2);
        house.assert_lie(&[("INBOX", 2), ("Archive/Unassigned", 1)], "a round that leaves it alone");
    }
    let settings = std::fs::read_to_string(house.service.join("reply-import.toml")).unwrap();
    house.service.set_settings(&settings.replace("tls = \"none\"", "tls = \"none\"\nadopt_seen = true"));
    house.good_round();
    assert_eq!(house.status()["mailboxes"][0]["stranded"], 0);
    house.assert_done(1, "adopting");
}
