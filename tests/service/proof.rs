//! Mail of which the tenant wants to know that its sender is who they say.

use crate::house::{House, house};
use crate::mails::{Mail, forward};
use serde_json::Value;

/// A house whose tenant believes its own host only.
fn doubting_house() -> House {
    let house = house();
    let with_proof = house.settings().replacen(
        "[[tenant]]\nname = \"muster\"\n",
        "[[tenant]]\nname = \"muster\"\nsender_proof = \"authentication_results\"\n\
         trusted_authserv = [\"mx.example.test\"]\n",
        1,
    );
    house.service.set_settings(&with_proof);
    house
}

fn result(mail: Mail, results: &str) -> Mail {
    mail.header("Authentication-Results", &format!("mx.example.test; {results}"))
}

fn received(mail: Mail) -> Mail {
    mail.header(
        "Received",
        "from out.example.test by mx.example.test (Postfix) with ESMTPS id 1; Wed, 13 Mar 2024 10:02:11 +0100",
    )
}

const PASS: &str = "dmarc=pass header.from=example.test";

fn record_of(house: &House, mail: &Mail) -> Value {
    house.deliver(mail);
    house.once();
    house.only_mail()
}

#[test]
fn a_proven_mail_is_imported_and_its_record_says_what_proved_it() {
    let house = doubting_house();
    let record = record_of(&house, &received(result(forward("482137 WG: Unterlagen"), PASS)));
    assert_eq!((&record["outcome"], &record["folder"]), (&"imported".into(), &"Archive/Imported".into()), "{record:#}");
    let whole = house.show(&record);
    let check = whole["checks"].as_array().unwrap().iter().find(|check| check["check"] == "sender proven").unwrap();
    assert_eq!((&check["passed"], &check["saw"]), (&true.into(), &"the receiving host says: DMARC passed".into()));
}

#[test]
fn a_mail_whose_sender_wrote_the_proof_waits_for_a_person() {
    let house = doubting_house();
    let forged = result(received(forward("482137 WG: Unterlagen")), PASS);
    let record = record_of(&house, &forged);
    assert_eq!((&record["outcome"], &record["why"]), (&"unassigned".into(), &"not_proven".into()), "{record:#}");
    assert_eq!((house.count("INBOX"), house.count("Archive/Unassigned")), (0, 1));
    let last = house.show(&record)["checks"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["check"], &last["passed"]), (&"sender proven".into(), &false.into()), "{last:#}");
    assert!(house.notifications("office", 1)[0].contains("nachgewiesen"));
    let file = house.service.write("forged.eml", String::from_utf8(forged.bytes()).unwrap().trim_start());
    let told = house.service.succeed(&["explain", "--tenant", "muster", "--json", file.to_str().unwrap()]);
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["sender_proof"]["proven"], false, "{told:#}");
}

#[test]
fn a_tenant_that_asks_for_no_proof_is_told_of_none() {
    let house = house();
    let record = record_of(&house, &result(received(forward("482137 WG: Unterlagen")), "dmarc=fail"));
    assert_eq!(record["outcome"], "imported", "{record:#}");
    let whole = house.show(&record);
    assert!(whole["checks"].as_array().unwrap().iter().all(|check| check["check"] != "sender proven"), "{whole:#}");
}

/// What `check` notes about the import mailbox.
fn noted(house: &House) -> Option<String> {
    let said = house.service.succeed(&["check"]);
    said.lines().find(|line| line.starts_with("note  mailbox import@example.test: ")).map(str::to_owned)
}

#[test]
fn a_receiving_host_that_writes_otherwise_than_was_said_is_noticed_by_check() {
    let house = doubting_house();
    assert_eq!(noted(&house), None, "without mail nothing can be said");
    house.deliver(&received(forward("482137 Eins")));
    house.deliver(&result(forward("482137 Zwei"), PASS));
    house.once();
    house.deliver(&result(received(forward("482137 Drei")), PASS).header("X-Nothing", "1"));
    let note = noted(&house).unwrap();
    assert!(note.contains("none of the 3 newest mails") && note.contains("`receiving_hosts`"), "{note}");
    assert_eq!(house.count("INBOX"), 1, "it was only looked at");
    house.deliver(&received(result(forward("482137 Vier"), "dmarc=fail header.from=example.test")));
    assert_eq!(noted(&house), None, "what the host says of a sender is another matter");
}

#[test]
fn a_receiving_host_whose_results_can_never_be_weighed_is_noticed_by_check() {
    let house = doubting_house();
    house.deliver(&received(result(forward("482137 Eins"), "dmarc=pass (")));
    house.deliver(&received(result(forward("482137 Zwei"), &format!("{PASS}; dmarc=none"))));
    let note = noted(&house).unwrap();
    for told in ["none of the 2 newest mails", "cannot be read (1)", "contradict or repeat each other (1)"] {
        assert!(note.contains(told), "{note}");
    }
}
