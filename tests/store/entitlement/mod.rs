//! Who may import what, and what they are told: every row of the table goes down the whole path but for the network.

mod house;
mod table;

use crate::world::{World, start};
use chrono::{DateTime, TimeDelta, Utc};
use house::{Came, House, Row, rows};
use reply_import::notification::{Occasion, RenderedMail};

/// The words by which a reader knows an answer.
const ANSWERS: [(&str, &str); 4] = [
    ("no such", "gibt es keine Bewerbung, für die Sie E-Mails importieren dürfen"),
    ("role", "Mit Ihrer Rolle können Sie keine E-Mails durch Weiterleiten importieren"),
    ("no number", "zum Beispiel: „123456 WG: Ihre Bewerbung“"),
    ("several", "mit genau einer Referenznummer am Anfang des Betreffs"),
];

/// What the candidate writes about, where it is the same in all mails.
const REPLY: &str = "wie besprochen";

/// What an answer is, in the words of the table.
fn kind(answer: &RenderedMail) -> String {
    let kinds = ANSWERS.iter().filter(|(_, words)| answer.text.contains(words)).map(|(kind, _)| *kind);
    kinds.collect::<Vec<_>>().join(" and ")
}

#[test]
fn every_row_comes_out_as_the_table_says_on_sqlite() {
    check_the_table(&House::furnish(World::empty_sqlite()));
}

#[test]
fn every_row_comes_out_as_the_table_says_on_postgres() {
    check_the_table(&House::furnish(World::empty_postgres()));
}

fn check_the_table(house: &House) {
    let rows = rows();
    assert!(rows.len() >= 60, "only {} rows", rows.len());
    let mut wrong = Vec::new();
    for (day, row) in (0..).zip(&rows) {
        // A reply of its own for each row, and a day: one answer a day hides no other.
        let came = house.import(row, &format!("zu Punkt {day}"), start() + TimeDelta::days(day));
        let answers: Vec<String> = came.answers.iter().map(|(_, answer)| kind(answer)).collect();
        let answer = if answers.is_empty() { "-".to_owned() } else { answers.join(", ") };
        let seen = [came.outcome.as_str(), came.why.as_deref().unwrap_or("-"), &answer];
        if seen != [row.becomes, row.why, row.answer] {
            wrong.push(format!("{row:?}\n    came out as {seen:?}"));
        }
        let to = format!("{}@{}.example", row.role, row.tenant);
        if came.answers.iter().any(|(_, answer)| answer.to.as_str() != to) {
            wrong.push(format!("{row:?}\n    was answered to somebody else: {:?}", came.answers));
        }
        let others = if row.becomes == "imported" { Occasion::Reply } else { Occasion::Waiting };
        if came.others.is_empty() || came.others.iter().any(|(occasion, _)| *occasion != others) {
            wrong.push(format!("{row:?}\n    told the others {:?}", came.others));
        }
    }
    assert!(wrong.is_empty(), "{} of {} rows:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

fn row(role: &'static str, number: &'static str) -> Row {
    Row { role, number, state: "active", tenant: "ordinary", proof: "-", becomes: "-", why: "-", answer: "-" }
}

/// What can be seen of an answer from outside, without the number that the forwarder wrote, the mail's own, the day, and the
/// mark that each notice has of its own.
fn outside(came: &Came, now: DateTime<Utc>) -> [String; 3] {
    let [(mail, answer)] = came.answers.as_slice() else { panic!("{:?}", came.answers) };
    let known = [
        (came.written.to_owned(), "NUMBER"),
        (format!("Nummer {mail} "), "Nummer MAIL "),
        (now.format("%d.%m.%Y").to_string(), "DAY"),
    ];
    [&answer.subject, &answer.text, &answer.html]
        .map(|text| known.iter().fold(text.clone(), |text, (found, name)| text.replace(found, name)))
        .map(|text| match text.split_once("Kennung: RI-") {
            Some((above, mark)) => format!("{above}{}", mark.trim_start_matches(|c: char| c.is_ascii_hexdigit())),
            None => text,
        })
}

/// For each of these roles, the numbers that must all look the same to them.
const ALIKE: [(&str, &[&str]); 3] = [
    ("personalmanager", &["unknown", "foreign"]),
    ("fachbereich_plus", &["unknown", "foreign", "other"]),
    ("recruiter", &["unknown", "foreign", "other", "own"]),
];

#[test]
fn nobody_outside_sees_or_feels_whether_a_number_exists_on_sqlite() {
    check_what_is_alike(&House::furnish(World::empty_sqlite()));
}

#[test]
fn nobody_outside_sees_or_feels_whether_a_number_exists_on_postgres() {
    check_what_is_alike(&House::furnish(World::empty_postgres()));
}

fn check_what_is_alike(house: &House) {
    // Somebody else has forwarded the reply before: it stands in the history of the application that is not theirs.
    let before = house.import(&row("personalmanager", "other"), REPLY, start());
    assert_eq!(before.outcome, "imported");
    let mut day = 0;
    for (role, numbers) in ALIKE {
        let mut seen = Vec::new();
        for number in numbers {
            day += 1;
            let now = start() + TimeDelta::days(day);
            let came = house.import(&row(role, number), REPLY, now);
            seen.push((outside(&came, now), came.statements));
        }
        assert!(seen[0].1 > 5, "statements are counted: {seen:?}");
        assert!(seen.iter().all(|one| *one == seen[0]), "{role}: {seen:#?}");
    }
}

#[test]
fn near_misses_are_those_that_the_forwarder_may_see_on_both() {
    for database in [World::empty_sqlite(), World::empty_postgres()] {
        let house = House::furnish(database);
        // One slip away from 482147: 482137 and 482148 are the sender's, 428147 and 482140 somebody else's, and only
        // 482137 is theirs; 482138 is two slips away.
        let told = |role, number, day| {
            let came = house.import(&row(role, number), REPLY, start() + TimeDelta::days(day));
            let text = &came.answers[0].1.text;
            text.lines().find_map(|line| line.strip_prefix("Vielleicht meinten Sie: ")).map(str::to_owned)
        };
        assert_eq!(told("personalmanager", "mistyped", 1).as_deref(), Some("482137, 482148, 428147."));
        assert_eq!(told("fachbereich_plus", "mistyped", 2).as_deref(), Some("482137."));
        assert_eq!(told("recruiter", "mistyped", 3), None);
        assert_eq!(told("personalmanager", "unknown", 4), None, "another tenant's number is not shown");
    }
}
