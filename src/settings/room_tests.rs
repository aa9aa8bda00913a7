//! Each sentence is about what the limits hold.

use crate::settings::Connections;
use crate::settings::tests::{GOOD, fault, settings};

const MAILBOX: &str =
    "\n[[mailbox]]\ntenant = \"muster\"\nhost = \"IMAP.example.com\"\npassword_file = \"/dev/null\"\n";

/// So many mailboxes at one mail server, with these limits.
fn doubts(mailboxes: usize, limits: &str, files: Option<usize>) -> Vec<String> {
    let more: Vec<String> = (1..mailboxes).map(|n| format!("{MAILBOX}address = \"box-{n}@example.com\"\n")).collect();
    let more = more.concat();
    settings(&format!("{GOOD}{more}[connections]\n{limits}"), &[]).unwrap().does_not_fit(files)
}

#[test]
fn a_small_office_needs_to_write_nothing() {
    assert_eq!(settings(GOOD, &[]).unwrap().connections, Connections::default());
    assert_eq!(doubts(50, "", Some(1024)), [""; 0]);
}

#[test]
fn mailboxes_that_find_no_room_are_named_with_their_server() {
    assert_eq!(
        doubts(60, "", None),
        [
            "60 mailboxes at imap.example.com:993, and `connections.per_host` = 50: 22 of them are logged in to anew for \
          each look, and new mail there is seen at the next one"
        ]
    );
    let doubts = doubts(60, "per_host = 60\nkept_open = 10", None);
    assert!(doubts.len() == 1 && doubts[0].starts_with("connections to 60 mailboxes could be kept open"), "{doubts:?}");
}

#[test]
fn too_few_files_are_noticed_before_they_run_out() {
    assert_eq!(doubts(40, "", Some(140)), [""; 0]);
    assert_eq!(
        doubts(40, "", Some(139)),
        ["a process here may open 139 files, and 140 may be needed: see `ulimit -n`"]
    );
}

#[test]
fn where_connections_are_too_few_for_all_some_are_left_to_those_that_come_and_go() {
    let kept = |per_host, mailboxes| Connections { per_host, ..Connections::default() }.kept_at_host(mailboxes);
    assert_eq!([kept(50, 50), kept(50, 51), kept(4, 100), kept(2, 3), kept(1, 1), kept(1, 2)], [50, 38, 3, 1, 1, 0]);
}

#[test]
fn limits_under_which_nothing_could_go_on_are_refused() {
    for key in ["per_host", "log_ins_at_once", "rounds_at_once"] {
        let error = fault(&format!("{GOOD}[connections]\n{key} = 0"));
        assert!(error.contains(&format!("`connections.{key}`: Write at least 1")), "{error}");
    }
    assert_eq!(settings(&format!("{GOOD}[connections]\nkept_open = 0"), &[]).unwrap().connections.kept_open, 0);
}
