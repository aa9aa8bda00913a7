//! Archive folders and ways of moving, on servers that differ.

use crate::house::{builder, house};
use crate::mails::forward;

const UMLAUTS: &str = "[mailbox.archive]\nroot = \"Abläufe\"\nimported = \"Übernommen/Größe & Co\"\n";

#[test]
fn folder_names_with_umlauts_work_under_both_separators() {
    for (separator, prefix) in [('/', ""), ('.', "INBOX.")] {
        let house = builder().dovecot(|dovecot| dovecot.namespace(separator, prefix)).mailbox(UMLAUTS).build();
        house.deliver(&forward("482137 Unterlagen"));
        house.once();
        let folder = "Abläufe/Übernommen/Größe & Co";
        assert_eq!((house.count("INBOX"), house.count(folder)), (0, 1), "separator {separator}");
        assert_eq!(house.only_mail()["folder"], folder);
        assert!(house.dovecot.subscriptions("import").contains(&folder.to_owned()));
    }
}

#[test]
fn without_move_mail_is_copied_and_exactly_it_is_expunged() {
    let house = builder().dovecot(|dovecot| dovecot.without("MOVE")).build();
    house.deliver(&forward("482137 Unterlagen"));
    house.once();
    assert_eq!((house.count("INBOX"), house.count("Archive/Imported")), (0, 1));
    let commands = house.dovecot.client_commands();
    assert!(commands.iter().any(|command| command.starts_with("UID EXPUNGE")), "{commands:#?}");
    assert!(!commands.iter().any(|command| command.contains("MOVE") || command == "EXPUNGE"), "{commands:#?}");
}

#[test]
fn without_uidplus_nothing_is_expunged_and_nothing_is_imported_twice() {
    let house = builder().dovecot(|dovecot| dovecot.without("MOVE").without("UIDPLUS")).build();
    house.deliver(&forward("482137 Unterlagen"));
    house.once();
    house.once();
    assert_eq!(house.count("Archive/Imported"), 1);
    assert_eq!(house.mails().len(), 1);
    let left = house.dovecot.stored("import", "INBOX");
    assert!(left.iter().all(|mail| mail.flags.contains(&"\\Deleted".to_owned())), "{left:?}");
    let commands = house.dovecot.client_commands();
    assert!(!commands.iter().any(|command| command.contains("EXPUNGE") || command == "CLOSE"), "{commands:#?}");
}

#[test]
fn a_folder_a_month_is_made_where_it_is_asked_for() {
    let house = builder().mailbox("[mailbox.archive]\nby_month = true").build();
    house.deliver(&forward("482137 Unterlagen"));
    house.once();
    let record = house.only_mail();
    let folder = record["folder"].as_str().unwrap();
    let month = folder.strip_prefix("Archive/Imported/").unwrap();
    assert!(month.len() == 7 && month.as_bytes()[4] == b'-', "{month}");
    assert_eq!(house.count(folder), 1);
}

#[test]
fn one_move_files_many_mails() {
    let house = house();
    for _ in 0..30 {
        house.deliver(&forward("482137 Unterlagen"));
    }
    house.once();
    assert_eq!(house.count("Archive/Imported"), 30);
    let moves = house.dovecot.client_commands().into_iter().filter(|command| command.starts_with("UID MOVE")).count();
    assert_eq!(moves, 1);
}
