//! Where folders lie on servers of different habits.

use super::{FolderName, Folders};
use async_imap::imap_proto::Response;

fn listed(lines: &[&str]) -> Folders {
    let mut folders = Folders::default();
    for line in lines {
        let line = format!("* LIST {line}\r\n");
        let (_, response) = Response::parse(line.as_bytes()).unwrap();
        folders.take_in(&response);
    }
    folders
}

fn to_make(folders: &Folders, name: &str) -> Vec<String> {
    folders.places_to_make(&FolderName::parse(name).unwrap()).unwrap()
}

fn found(folders: &Folders, name: &str) -> Option<String> {
    folders.find(&FolderName::parse(name).unwrap()).map(|folder| folder.wire.clone())
}

#[test]
fn beside_the_inbox_if_the_special_folders_are_there() {
    let folders = listed(&[
        r#"(\HasNoChildren) "/" INBOX"#,
        r#"(\HasNoChildren) "/" INBOX/Lieferanten"#,
        r#"(\HasChildren \Trash) "/" "Gel&APY-scht""#,
    ]);
    assert_eq!(to_make(&folders, "Archiv/Übernommen"), ["Archiv/&ANw-bernommen"]);
    assert_eq!(found(&folders, "Gelöscht").as_deref(), Some("Gel&APY-scht"));
    assert_eq!(folders.list[2].name, "Gelöscht");
}

#[test]
fn inside_the_inbox_if_the_special_folders_are_there_though_others_are_not() {
    let folders = listed(&[
        r#"(\HasChildren) "." INBOX"#,
        r#"(\HasNoChildren \Sent) "." INBOX.Sent"#,
        r#"(\HasNoChildren) "." user.berta"#,
        r#"(\HasNoChildren) "." public"#,
    ]);
    assert_eq!(to_make(&folders, "Archiv/Übernommen"), ["INBOX.Archiv.&ANw-bernommen"]);
    assert_eq!(found(&folders, "Sent").as_deref(), Some("INBOX.Sent"));
    assert_eq!(found(&folders, "INBOX/Sent").as_deref(), Some("INBOX.Sent"));
}

#[test]
fn inside_the_inbox_if_every_folder_is_there() {
    let folders = listed(&[r#"(\HasChildren) "." "INBOX""#, r#"(\HasNoChildren) "." "INBOX.Trash""#]);
    assert_eq!(to_make(&folders, "Archiv"), ["INBOX.Archiv"]);
}

#[test]
fn a_fresh_mailbox_tells_nothing_so_both_places_are_tried() {
    let folders = listed(&[r#"(\HasNoChildren) "." INBOX"#]);
    assert_eq!(to_make(&folders, "Archiv"), ["Archiv", "INBOX.Archiv"]);
    assert_eq!(to_make(&folders, "INBOX/Archiv"), ["INBOX.Archiv"]);
    let mixed = listed(&[r#"() "." INBOX"#, r#"() "." INBOX.Trash"#, r#"() "." public"#]);
    assert_eq!(to_make(&mixed, "Archiv"), ["Archiv", "INBOX.Archiv"]);
}

#[test]
fn a_folder_that_exists_is_taken_where_it_is() {
    let folders = listed(&[
        r#"(\HasChildren) "/" INBOX"#,
        r#"(\HasNoChildren) "/" INBOX/Archiv"#,
        r#"(\HasNoChildren \Sent) "/" Sent"#,
    ]);
    assert_eq!(found(&folders, "Archiv").as_deref(), Some("INBOX/Archiv"));
    assert_eq!(found(&folders, "Imported"), None);
    assert_eq!(found(&folders, "inbox").as_deref(), Some("INBOX"));
}

#[test]
fn a_folder_that_only_holds_others_is_known_but_cannot_hold_mail() {
    let folders = listed(&[
        r#"(\Noselect \HasChildren) "." "INBOX.Archiv""#,
        r#"(\NonExistent) "." "INBOX.Weg""#,
        r#"() "." INBOX.Archiv.Neu"#,
    ]);
    assert_eq!(folders.list.iter().map(|folder| folder.selectable).collect::<Vec<_>>(), [false, false, true]);
    assert_eq!(folders.missing_parents("INBOX.Archiv.Alt.2024"), ["INBOX", "INBOX.Archiv.Alt"]);
}

#[test]
fn a_folder_in_name_only_does_not_hide_the_real_one_inside_the_inbox() {
    let folders = listed(&[
        r#"(\HasChildren) "." INBOX"#,
        r#"(\Noselect \HasChildren) "." Archive"#,
        r#"(\HasNoChildren) "." INBOX.Archive"#,
    ]);
    let open = folders.find_open(&FolderName::parse("Archive").unwrap());
    assert_eq!(open.map(|folder| folder.wire.as_str()), Some("INBOX.Archive"));
    assert_eq!(found(&folders, "Archive").as_deref(), Some("Archive"));
}

#[test]
fn a_server_without_folders_in_folders_has_names_of_one_part_only() {
    let folders = listed(&["() NIL INBOX", "() NIL Archiv"]);
    assert_eq!(to_make(&folders, "Imported"), ["Imported"]);
    assert!(folders.places(&FolderName::parse("Archiv/Imported").unwrap()).is_err());
}

#[test]
fn a_name_with_a_quotation_mark_or_a_backslash_separator_is_read_as_it_is() {
    let folders = listed(&[r#"() "\\" "Quo\"te\\Neu""#]);
    assert_eq!(folders.separator, Some('\\'));
    assert_eq!(folders.list[0].wire, r#"Quo"te\Neu"#);
    assert_eq!(folders.list[0].name, r#"Quo"te/Neu"#);
}
