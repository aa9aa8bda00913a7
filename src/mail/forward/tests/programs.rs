//! Programs times languages: marker, order of labels and printed date as the programs' own.

use super::found_in;
use crate::application::EmailAddress;

/// One program a line: name, flags (`q` everything from the marker on is quoted, `s` the date has seconds), the date as
/// printed, the marker, the head with `¶` for line ends and `→` for tabs, `{S}` sender, `{D}` date, `{T}` to, `{B}` subject.
const PROGRAMS: &str = include_str!("programs.tsv");

/// The sender as programs print it; all mean the same person.
const SENDERS: [&str; 5] = [
    "Erika Beispiel <erika@example.org>",
    "\"Erika Beispiel\" <erika@example.org>",
    "Erika Beispiel [mailto:erika@example.org]",
    "Erika Beispiel <erika@example.org<mailto:erika@example.org>>",
    "'Erika Beispiel' <erika@example.org>",
];

#[test]
fn the_forward_of_every_program_is_found() {
    for program in PROGRAMS.lines() {
        let columns: Vec<&str> = program.split('\t').collect();
        for sender in SENDERS {
            check(&columns, sender);
        }
    }
    assert_eq!(PROGRAMS.lines().count(), 80);
}

fn check(program: &[&str], sender: &str) {
    let &[name, flags, printed_date, marker, head] = program else { panic!("not five columns: {program:?}") };
    let head = head
        .replace('→', "\t")
        .replace("{S}", sender)
        .replace("{D}", printed_date)
        .replace("{T}", "Ruth Muster <ruth@firma.example>")
        .replace("{B}", "Re: Ihre Einladung");
    let mut lines = vec![marker.to_owned()];
    lines.extend(head.split('¶').chain(["", "Guten Tag,", "", "anbei das Zeugnis.", "Erika"]).map(str::to_owned));
    if flags.contains('q') {
        lines.iter_mut().skip(1).for_each(|line| *line = format!("> {line}"));
    }
    let text = format!("Bitte zur Akte.\n\n{}", lines.join("\n"));
    let found = found_in(&text).unwrap_or_else(|| panic!("{name}: nothing found in\n{text}"));
    let original = found.original;
    assert_eq!(original.from_name.as_deref(), Some("Erika Beispiel"), "{name}");
    assert_eq!(original.from_address.as_ref().map(EmailAddress::as_str), Some("erika@example.org"), "{name}");
    assert_eq!(original.subject.as_deref(), Some("Re: Ihre Einladung"), "{name}");
    let date = original.date.map(|date| date.to_utc().to_rfc3339());
    let right = if flags.contains('s') { "2024-03-13T08:12:08+00:00" } else { "2024-03-13T08:12:00+00:00" };
    assert_eq!(date.as_deref(), Some(right), "{name}: {printed_date}");
    assert_eq!(found.note.trim(), "Bitte zur Akte.", "{name}");
    assert_eq!(found.body.trim(), "Guten Tag,\n\nanbei das Zeugnis.\nErika", "{name}");
}
