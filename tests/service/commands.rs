//! The command line beside the main path.

use chrono::{DateTime, Utc};
use std::fs;

use crate::house::{SOON, house};
use crate::mails::forward;
use reply_import::settings::TEMPLATE;

#[test]
fn wrong_settings_end_with_78_and_name_key_and_file() {
    let house = house();
    house.service.set_settings(&house.settings().replace("folder", "fodler").replace("tenant = ", "tennant = "));
    let finished = house.service.command(&["once"]);
    assert_eq!(finished.code, Some(78), "{finished:#?}");
    assert!(finished.stderr.contains("did you mean `tenant`?"), "{finished:#?}");
    assert!(finished.stderr.contains("reply-import.toml"), "{finished:#?}");
}

#[test]
fn why_the_service_does_not_start_stands_in_the_journal_as_an_error() {
    let house = house();
    house.service.set_settings(&house.settings().replace("folder", "fodler").replace("tenant = ", "tennant = "));
    let mut run = house.service.start_with(&["run"], &[("JOURNAL_STREAM", "8:12345")]);
    let ended = run.wait(SOON).unwrap();
    assert_eq!(ended.code, Some(78), "{ended:#?}");
    assert!(ended.stderr.lines().count() > 1 && ended.stderr.lines().all(|line| line.starts_with("<3>")), "{ended:#?}");
}

#[test]
fn who_may_not_read_a_password_sees_how_the_service_stands_and_is_told_how_to_do_the_rest() {
    let house = house();
    house.deliver(&forward("482137 WG: Unterlagen"));
    house.once();
    fs::remove_file(house.service.join("imap-password")).unwrap();
    assert!(house.service.succeed(&["status"]).contains("mails: 1 imported"));
    assert!(house.service.succeed(&["mails"]).contains("imported"));
    assert!(house.service.succeed(&["show", "1"]).contains("imported"));
    for command in ["check", "once", "run"] {
        let finished = house.service.command(&[command]);
        assert_eq!(finished.code, Some(78), "{finished:#?}");
        for said in [
            "`mailbox.0.password_file`: There is no file /",
            "/imap-password: the secret is to be its first line",
            " -p LoadCredential=imap-password:FILE ",
        ] {
            assert!(finished.stderr.contains(said), "{finished:#?}");
        }
    }
}

#[test]
fn a_mail_from_disk_needs_the_secrets_only_where_its_files_go_into_an_object_store() {
    let house = house();
    fs::remove_file(house.service.join("imap-password")).unwrap();
    let mail = house.service.write("mail.eml", forward("482137 Unterlagen").pdf("Lebenslauf.pdf").bytes());
    let import = ["import", "--mailbox", "import@example.test", mail.to_str().unwrap()];
    let said = house.service.succeed(&import);
    assert!(said.ends_with(": imported\n"), "{said}");
    let files = "[files]\nstore = \"s3://files\"\naccess_key_id = \"me\"\nsecret_access_key_file = \"files-key\"\n";
    house.service.set_settings(&format!("{}\n{files}", house.settings()));
    let finished = house.service.command(&import);
    assert_eq!(finished.code, Some(78), "{finished:#?}");
    assert!(finished.stderr.contains(" -p LoadCredential=files-key:FILE "), "{finished:#?}");
    assert!(house.service.succeed(&["status"]).contains("mails: 1 imported"));
}

#[test]
fn a_mailbox_that_cannot_be_used_is_shown_with_the_cause_and_when_it_last_could() {
    let mut house = house();
    house.once();
    let good: DateTime<Utc> = house.status()["mailboxes"][0]["last_good_round"].as_str().unwrap().parse().unwrap();
    house.dovecot.stop();
    assert_eq!(house.service.command(&["once"]).code, Some(1));
    let said = house.service.succeed(&["status"]);
    let good = good.format("%Y-%m-%d %H:%M:%S");
    assert!(said.contains("Connection refused") && said.contains(&format!("(last good round: {good})")), "{said}");
}

#[test]
fn a_wrong_command_line_ends_with_2() {
    assert_eq!(house().service.command(&["reprocess"]).code, Some(2));
}

#[test]
fn init_writes_the_settings_with_comments_and_never_over_a_file() {
    let house = house();
    house.service.set_settings("mine");
    let finished = house.service.command(&["init"]);
    assert_eq!(finished.code, Some(1), "{finished:#?}");
    assert!(finished.stderr.contains("Cannot write the settings file"), "{finished:#?}");
    assert_eq!(fs::read_to_string(house.service.settings()).unwrap(), "mine");
    fs::remove_file(house.service.settings()).unwrap();
    house.service.succeed(&["init"]);
    assert_eq!(fs::read_to_string(house.service.settings()).unwrap(), TEMPLATE);
}

#[test]
fn the_same_directory_twice_changes_nothing() {
    let house = house();
    let file = house.service.join("directory.jsonl");
    let said = house.service.succeed(&["directory", "import", file.to_str().unwrap()]);
    assert!(said.contains("users: 0 inserted, 0 updated, 4 unchanged"), "{said}");
    assert!(said.contains("applications: 0 inserted, 0 updated, 3 unchanged"), "{said}");
}

#[test]
fn a_feed_comes_by_standard_input_as_json_lines_or_csv() {
    let house = house();
    let import = ["directory", "import", "-"];
    let said = house.service.succeed_with_input(&import, &house.service.join("directory.jsonl"));
    assert!(said.contains("users: 0 inserted, 0 updated, 4 unchanged"), "{said}");
    let csv = house.service.write("candidates", "tenant,id,name,addresses\nmuster,K9,Neu,\n");
    let said = house.service.succeed_with_input(&["directory", "import", "--csv", "-"], &csv);
    assert!(said.contains("candidates: 1 inserted, 0 updated, 0 unchanged"), "{said}");
}

#[test]
fn a_mail_comes_by_standard_input() {
    let house = house();
    let file = house.service.write("mail.eml", forward("482137 WG: Unterlagen").pdf("Lebenslauf.pdf").bytes());
    let said = house.service.succeed_with_input(&["explain", "--json", "--tenant", "muster", "-"], &file);
    assert_eq!(said, house.service.succeed(&["explain", "--json", "--tenant", "muster", file.to_str().unwrap()]));
    let said = house.service.succeed_with_input(&["import", "--mailbox", "import@example.test", "-"], &file);
    assert!(said.ends_with(": imported\n"), "{said}");
}

#[test]
fn a_faulty_line_is_named_and_nothing_of_the_file_is_applied() {
    let house = house();
    let text = "{\"kind\": \"candidate\", \"tenant\": \"muster\", \"id\": \"K9\", \"name\": \"Neu\", \"addresses\": []}\n\
                {\"kind\": \"candidate\", \"tenant\": \"muster\"}\n";
    let file = house.service.write("faulty.jsonl", text);
    let finished = house.service.command(&["directory", "import", file.to_str().unwrap()]);
    assert_eq!(finished.code, Some(1), "{finished:#?}");
    assert!(finished.stderr.contains("ine 2"), "{finished:#?}");
    let good = house.service.write("good.jsonl", text.lines().next().unwrap());
    let said = house.service.succeed(&["directory", "import", good.to_str().unwrap()]);
    assert!(said.contains("candidates: 1 inserted"), "nothing of the faulty file was applied: {said}");
}

#[test]
fn explain_needs_neither_database_nor_network() {
    let mut house = house();
    house.dovecot.stop();
    let file = house.service.write("mail.eml", forward("482137 WG: Unterlagen").pdf("Lebenslauf.pdf").bytes());
    let arguments = ["explain", "--json", "--tenant", "muster", file.to_str().unwrap()];
    let explained: serde_json::Value = serde_json::from_str(&house.service.succeed(&arguments)).unwrap();
    assert_eq!((explained["verdict"].as_str(), explained["reference"].as_str()), (Some("import"), Some("482137")));
    assert_eq!(explained["original"]["from_address"], "erika@example.org");
    assert_eq!(explained["attachments"][0]["kind"], "cv");
}

#[test]
fn status_and_show_can_be_read_by_people() {
    let house = house();
    house.deliver(&forward("482137 Unterlagen").pdf("Lebenslauf.pdf"));
    house.once();
    let status = house.service.succeed(&["status"]);
    assert!(status.contains("import@example.test") && status.contains("imported"), "{status}");
    let shown = house.service.succeed(&["show", &house.only_mail()["id"].to_string()]);
    for word in ["imported", "482137", "Lebenslauf.pdf", "cv", "forwarder", "karl@example.test", "sent"] {
        assert!(shown.contains(word), "{word} is missing in\n{shown}");
    }
}

#[test]
fn a_tenant_or_a_mailbox_that_was_mistyped_is_told_with_those_that_there_are() {
    let house = house();
    let mail = house.service.write("mail.eml", forward("482137 Unterlagen").bytes());
    let mailbox = "`--mailbox imp@example.test`: there is no such mailbox in ";
    for (command, told) in [
        (&["import", "--mailbox", "imp@example.test", mail.to_str().unwrap()][..], mailbox),
        (&["reprocess", "--stranded", "--mailbox", "imp@example.test"], mailbox),
        (&["token", "add", "--tenant", "mustr", "--name", "x"], "`--tenant mustr`: there is no such tenant in "),
        (&["hold", "--tenant", "mustr", "--application", "482137"], "there are muster, other"),
    ] {
        let finished = house.service.command(command);
        assert_eq!(finished.code, Some(2), "{command:?}: {finished:#?}");
        assert!(finished.stderr.contains(told), "{command:?}: {finished:#?}");
    }
}
