//! Holds, blocking and the audit, as a person types them.

use crate::house::{House, house, json_lines};
use crate::mails::forward;
use serde_json::Value;

#[test]
fn a_hold_is_laid_listed_and_released_and_what_is_no_file_number_is_refused() {
    let house = house();
    let hold = |rest: &[&str]| house.service.command(&[&["hold"], rest].concat());
    let done = hold(&["--application", "482137", "--file-number", "AZ 12/2026"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    let [listed] = json_lines(&hold(&["--list", "--json"]).stdout).try_into().unwrap();
    assert_eq!((&listed["reference"], &listed["file_number"]), (&"482137".into(), &"AZ 12/2026".into()));
    assert!(hold(&["--list"]).stdout.contains("AZ 12/2026"));
    assert!(hold(&["--application", "482137", "--release"]).stdout.contains("released; it was held since"));
    assert_eq!(hold(&["--list", "--json"]).stdout, "");
    for (wrong, code) in [
        (&["--application", "482137", "--release"][..], 1),
        (&["--application", "482999"], 1),
        (&["--application", "482137", "--tenant", "other"], 1),
        (&["--application", "no number"], 1),
        (&["--application", "482137", "--tenant", "nobody"], 2),
        (&["--application", "482137", "--file-number", "Erika klagt"], 2),
        (&["--application", "482137", "--file-number", "erika1@example.org"], 2),
        (&[], 2),
    ] {
        assert_eq!(hold(wrong).code, Some(code), "{wrong:?}");
    }
    let what: Vec<Value> =
        audit(&house, &["--application", "482137"]).into_iter().map(|deed| deed["what"].clone()).collect();
    assert_eq!(what, ["application_held", "application_released"]);
}

#[test]
fn what_is_blocked_is_shown_only_if_asked_for_and_the_audit_says_who_looked() {
    let house = house();
    house.deliver(&forward("482137 Unterlagen von Erika").pdf("Zeugnis Erika.pdf"));
    house.once();
    let mail = house.only_mail();
    let id = mail["id"].to_string();
    house.execute("update applications set blocked_since = '2026-01-02 03:04:05' where number = '482137'");
    let shown = house.service.succeed(&["show", &id]);
    assert!(shown.contains("blocked      since 2026-01-02") && shown.contains("imported"), "{shown}");
    let as_json = house.service.succeed(&["show", &id, "--json"]);
    for text in [&shown, &as_json] {
        for said in ["Erika", "Zeugnis", "@example.org", "karl@", "mail-"] {
            assert!(!text.contains(said), "{said}: {text}");
        }
    }
    assert!(house.service.succeed(&["mails"]).contains("imported, blocked"));
    let all = house.service.succeed(&["show", &id, "--blocked"]);
    assert!(all.contains("Unterlagen von Erika") && all.contains("Zeugnis Erika.pdf"), "{all}");
    let viewed: Vec<String> = audit(&house, &["--mail", &id])
        .into_iter()
        .filter(|deed| deed["what"] == "mail_viewed")
        .map(|deed| format!("{}: {}", deed["who"].as_str().unwrap(), deed["detail"].as_str().unwrap()))
        .collect();
    let hidden = "cli: without its contents: blocked";
    assert_eq!(viewed, [hidden, hidden, "cli: blocked contents"]);
    let table = house.service.succeed(&["audit"]);
    assert!(table.starts_with("at\twhat\twho\tmail\tentry\tapplication\toutcome\tdetail\n"), "{table}");
    for said in ["Erika", "Zeugnis", "@", "482137"] {
        assert!(!table.contains(said), "{said}: {table}");
    }
}

fn audit(house: &House, rest: &[&str]) -> Vec<Value> {
    json_lines(&house.service.succeed(&[&["audit", "--json"], rest].concat()))
}
