//! Subjects and file names as they come, one a row with what must be read in it.
//!
//! In the tables `\\`, `\t` and `\uXXXX` are escapes.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

use reply_import::application::document_kind::read_file_name;
use reply_import::application::{DocumentKind, ReferenceShape};
use reply_import::mail::NumberReading;
use reply_import::mail::subject::read_subject;
use std::fs;

#[test]
fn the_number_and_the_rest_of_each_subject_are_read() {
    check("subjects.tsv", subject_row);
    check("further-subjects.tsv", subject_row);
}

#[test]
fn each_file_name_tells_its_kind() {
    check("file-names.tsv", name_row);
    check("further-file-names.tsv", name_row);
}

/// Columns: subject, reference or `none`, rest, which shape, what the row is about.
fn subject_row(row: &[String]) -> Option<String> {
    let [subject, reference, rest, shape, ..] = row else { return Some(format!("{row:?} lacks columns")) };
    let shapes: &[&str] = match shape.as_str() {
        "digits" => &["{6-7}"],
        "prefix" => &["BEW-{5-7}"],
        "year" => &["{4}-{5}"],
        "both" => &["BEW-{5-7}", "{6-7}"],
        other => panic!("unknown shape {other}"),
    };
    let shapes: Vec<_> = shapes.iter().map(|text| ReferenceShape::parse(text).unwrap()).collect();
    let read = read_subject(subject, &shapes);
    let number = match &read.number {
        NumberReading::One(number) => number.as_str(),
        NumberReading::None | NumberReading::Several(_) => "none",
    };
    let wrong = (number, collapsed(&read.rest)) != (reference, collapsed(rest));
    wrong.then(|| format!("{subject:?}: {number} and {:?}, expected {reference} and {rest:?}", read.rest))
}

/// Columns: file name, kind or `ignored`, what the row is about.
fn name_row(row: &[String]) -> Option<String> {
    let [name, kind, ..] = row else { return Some(format!("{row:?} lacks columns")) };
    let read = read_file_name(name);
    let got = if read.ignored { "ignored" } else { read.kind.as_str() };
    assert!(kind == "ignored" || kind.parse::<DocumentKind>().is_ok(), "unknown kind {kind}");
    (got != kind).then(|| format!("{name:?}: {got}, expected {kind} ({})", read.rule))
}

fn check(table: &str, wrong: impl Fn(&[String]) -> Option<String>) {
    let path = format!("{}/tests/corpus/{table}", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let rows: Vec<Vec<String>> = text.lines().skip(1).map(|line| line.split('\t').map(unescape).collect()).collect();
    assert!(!rows.is_empty(), "{table} has no rows");
    let wrong: Vec<String> = rows.iter().filter_map(|row| wrong(row)).collect();
    assert!(wrong.is_empty(), "{table}: {} of {} rows wrong\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn unescape(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        plain.push(match (c, c == '\\') {
            (_, false) => c,
            _ => match rest.next() {
                Some('\\') => '\\',
                Some('t') => '\t',
                Some('u') => {
                    let code: String = rest.by_ref().take(4).collect();
                    u32::from_str_radix(&code, 16).ok().and_then(char::from_u32).unwrap()
                }
                other => panic!("unknown escape {other:?} in {text:?}"),
            },
        });
    }
    plain
}
