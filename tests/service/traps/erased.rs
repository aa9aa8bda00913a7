//! Erased mail on servers that do not make it easy.

use super::peer_house::peer_house_with;
use crate::harness::strict_peer::say;
use crate::mails::forward;

/// Such a mail was recorded by its place alone, and nothing that it says is known.
#[test]
fn mail_that_the_server_does_not_hand_over_is_removed_all_the_same() {
    for answer in ["TAG NO [SERVERBUG] Damaged", "TAG OK Nothing to see"] {
        let house = peer_house_with("max_attempts = 2");
        house.peer.deliver(forward("482137 Unterlagen").bytes());
        house.peer.deliver(forward("482138 Zeugnis").bytes());
        house.peer.play(move |seen, store| {
            let lies_in =
                ["INBOX", "Archive/SetAside"].into_iter().filter(|folder| store.folders.contains_key(*folder));
            let is_the_one = lies_in.into_iter().any(|folder| seen.asks_for_body(store, folder, 1));
            is_the_one.then(|| vec![say(answer)])
        });
        for _ in 0..5 {
            house.once();
        }
        let set_aside = house.mails().into_iter().find(|mail| mail["outcome"] == "set_aside").unwrap();
        house.assert_lie(&[("Archive/SetAside", 1), ("Archive/Imported", 1)], answer);
        let finished = house.service.command(&["erase", "--yes", "--mail", &set_aside["id"].to_string()]);
        assert_eq!(finished.code, Some(0), "{answer}: {finished:#?}");
        house.assert_lie(&[("Archive/Imported", 1)], answer);
    }
}
