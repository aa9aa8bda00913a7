//! Which parts a mail has where its boundaries are sound, and where they are not.

use super::{Structure, Unreadable};
use crate::mail::Limits;

fn leaves(mail: &str) -> Vec<String> {
    let structure = Structure::scan(mail.as_bytes(), &Limits::default());
    let leaves = structure.parts.iter().filter(|part| !part.media_type.starts_with("multipart/"));
    leaves.map(|part| String::from_utf8_lossy(part.body).into_owned()).collect()
}

#[test]
fn parts_lose_only_the_line_end_of_their_boundary() {
    let mail = "Content-Type: multipart/mixed; boundary=b\n\nVorwort\n--b\n\neins\n\n--b\n\nzwei\n--b--\nNachwort";
    assert_eq!(leaves(mail), ["eins\n", "zwei"]);
}

#[test]
fn a_boundary_that_begins_like_another_is_another() {
    let mail = "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=bb\n\n\
                --bb\n\ninnen\n--bb--\n--b\n\naussen\n--b--\n";
    assert_eq!(leaves(mail), ["innen", "aussen"]);
}

#[test]
fn a_missing_end_loses_nothing_and_is_told() {
    let structure = Structure::scan(b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\neins", &Limits::default());
    let part = structure.parts.last().unwrap();
    assert_eq!((part.body, part.closed), (&b"eins"[..], false));
}

#[test]
fn an_inner_multipart_never_closed_ends_with_the_outer_boundary() {
    let mail = "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=c\n\n\
                --c\n\ninnen\n--b\n\naussen\n--b--\n";
    assert_eq!(leaves(mail), ["innen", "aussen"]);
}

#[test]
fn a_boundary_that_never_comes_leaves_text() {
    assert_eq!(leaves("Content-Type: multipart/mixed; boundary=b\n\nNur Text."), ["Nur Text."]);
}

#[test]
fn a_missing_boundary_is_guessed() {
    assert_eq!(leaves("Content-Type: multipart/mixed\n\n--xyz\n\neins\n--xyz--\n"), ["eins"]);
}

#[test]
fn a_boundary_written_otherwise_is_found_where_a_part_begins() {
    let mail = "Content-Type: multipart/mixed; boundary='b'\n\n---\n--b\nContent-Type: text/plain\n\neins\n--b--\n";
    assert_eq!(leaves(mail), ["eins"]);
}

#[test]
fn what_declares_a_boundary_is_a_multipart() {
    assert_eq!(leaves("Content-Type: mixed; boundary=b\n\n--b\n\neins\n--b--\n"), ["eins"]);
}

#[test]
fn a_header_ends_at_a_boundary() {
    let mail = "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n--b\n\nzwei\n--b--\n";
    assert_eq!(leaves(mail), ["", "zwei"]);
}

#[test]
fn bounds_stop_the_reading() {
    let stopped = |mail: &str, limits: Limits| Structure::scan(mail.as_bytes(), &limits).stopped;
    let many = |parts: usize| format!("Content-Type: multipart/mixed; boundary=b\n\n{}", "--b\n\n\n".repeat(parts));
    let level = |number: usize| format!("Content-Type: multipart/mixed; boundary=b{number}\n\n--b{number}\n");
    let deep = |levels: usize| (0..levels).map(level).collect::<Vec<_>>().concat();
    let long = |octets: usize| format!("Subject: {}\n\nText", "x".repeat(octets));
    let pieces = |count: usize| format!("Content-Type: text/plain{}\n\nText", "; x*0=y".repeat(count));
    let limits = Limits { depth: 5, parts: 10, header_size: 200, parameter_pieces: 7, ..Limits::default() };
    for (within, beyond, why) in [
        (many(9), many(10), Unreadable::TooManyParts),
        (deep(5), deep(6), Unreadable::TooNested),
        (long(180), long(200), Unreadable::HeaderTooLarge),
        (pieces(7), pieces(8), Unreadable::TooManyParameters),
    ] {
        assert_eq!((stopped(&within, limits), stopped(&beyond, limits)), (None, Some(why)));
        assert_eq!(stopped(&beyond, Limits::default()), None, "{why:?} is not fixed");
    }
}
