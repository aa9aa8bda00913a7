//! The reader of this test itself: in made-up sources it finds every way to name another module.

use std::collections::BTreeSet;

use crate::allowed::Allowed;
use crate::circles::circles;
use crate::sources::Source;
use crate::{impurities, wrong_arrows};

const LIST: &str =
    "//! Words.\n//!\n//! ```text\n//! cli -> store, mail\n//! store -> mail\n//! ```\n//! mail -> store\n";

fn wrong(path: &str, text: &str) -> Vec<String> {
    let modules = ["cli", "store", "mail"].map(str::to_owned);
    wrong_arrows(&Source::new(path, text), &Allowed::from_text(LIST), &BTreeSet::from(modules))
}

#[test]
fn only_arrows_within_the_block_count() {
    assert_eq!(Allowed::from_text(LIST).arrows(), [("cli", "mail"), ("cli", "store"), ("store", "mail")]);
}

#[test]
fn a_cycle_in_the_list_is_found_however_long() {
    let list = |arrows: &str| Allowed::from_text(&format!("//! ```text\n{arrows}//! ```\n"));
    assert_eq!(list("//! a -> b, c\n//! b -> c\n").cycle(), None);
    assert_eq!(list("//! z -> a\n//! a -> b\n//! b -> c\n//! c -> a\n").cycle(), Some("a"));
    assert_eq!(list("//! a -> a\n").cycle(), Some("a"));
}

#[test]
fn allowed_arrows_and_own_parts_are_fine() {
    assert_eq!(wrong("src/cli/once.rs", "use crate::store::Store; use crate::cli::Output; use super::Table;"), [""; 0]);
    assert_eq!(wrong("src/store/mod.rs", "pub(crate) mod known; pub(super) fn f(x: crate::mail::X) {}"), [""; 0]);
}

#[test]
fn a_wrong_arrow_is_found_however_it_is_written() {
    for text in [
        "use crate::store::Store;",
        "use crate::store;",
        "pub use crate::{\n    mail::{Subject, subject::Marker},\n    store::Store,\n};",
        "use {std::fmt, crate::store::Store};",
        "use crate::mail::{super::store::Store};",
        "fn f() { let store = crate::store::open(\"x\"); }",
        "type Stores = Vec<crate::store::Store>;",
        "fn f() { Vec::<crate::store::Store>::new(); }",
        "use super::super::store::Store;",
        "use super::{Subject, super::store::Store};",
        "mod inner { use super::super::super::store::Store; }",
        "mod inner { fn f() {} } use super::super::store::Store;",
        "macro_rules! open { () => { $crate::store::open() } }",
        "#[cfg(test)] mod tests { use crate::store::Store; }",
        "use reply_import::store::Store;",
        "struct Both(pub (crate::store::Store, u8));",
    ] {
        assert_eq!(wrong("src/mail/subject.rs", text), ["src/mail/subject.rs: mail -> store"], "{text}");
    }
}

#[test]
fn what_only_looks_like_an_arrow_is_none() {
    for text in [
        "// use crate::store::Store;\n/* crate::store /* nested */ crate::store */",
        "//! See [`crate::store`].",
        "const TEXT: &str = \"a \\\" crate::store::Store\";",
        "const TEXT: &str = r#\"a \" crate::store\"#; const BYTES: &[u8] = br\"crate::store\";",
        "const QUOTE: char = '\"'; // crate::store\nconst OTHER: char = '\\'';",
        "fn f<'a>(x: &'a str) -> &'static str { x } // crate::store",
        "mod inner { use super::super::Subject; use super::store; }",
        "use other::crate_store::store;",
    ] {
        assert_eq!(wrong("src/mail/subject.rs", text), [""; 0], "{text}");
    }
}

#[test]
fn whatever_is_no_module_hides_where_it_comes_from() {
    assert_eq!(wrong("src/mail/mod.rs", "use crate::Store;"), ["src/mail/mod.rs: crate::Store is no module"]);
    assert_eq!(wrong("src/mail/mod.rs", "use super::*;"), ["src/mail/mod.rs: crate::* is no module"]);
}

#[test]
fn the_program_may_know_only_what_is_listed_for_it() {
    assert_eq!(wrong("src/main.rs", "use reply_import::store;"), ["src/main.rs: main -> store"]);
}

#[test]
fn impure_words_are_found_however_they_are_written() {
    let impure = |text: &str| impurities(&Source::new("src/mail/mod.rs", text));
    for text in [
        "use tokio::sync::Mutex;",
        "use ::tokio::sync::Mutex;",
        "use diesel;",
        "use std::{fmt, fs};",
        "use std::{fmt::Display, net::IpAddr};",
        "fn f() { std::fs::read(\"x\"); }",
        "use std::time::{Duration, SystemTime};",
        "use chrono::Utc; fn f() { Utc::now(); }",
        "fn f() { chrono::Local::now(); }",
        "fn f() -> Result<(), lettre::error::Error> {}",
    ] {
        assert_eq!(impure(text).len(), 1, "{text}: {:?}", impure(text));
    }
    for text in [
        "use std::time::Duration; use chrono::{DateTime, Utc}; fn f(now: DateTime<Utc>) -> Instants {}",
        "// tokio::spawn and std::fs\nuse std::fmt;",
        "#[cfg(test)]\nmod tests {\n    use std::fs;\n    fn f() { std::fs::read(\"x\"); }\n}",
    ] {
        assert_eq!(impure(text), [""; 0], "{text}");
    }
}

fn tied(files: &[(&str, &str)]) -> Vec<String> {
    circles(&files.iter().map(|(path, text)| Source::new(path, text)).collect::<Vec<_>>())
}

#[test]
fn files_that_import_each_other_are_named_with_what_ties_them() {
    let (a, b) = ("src/mail/a.rs", "src/mail/b.rs");
    let expected = ["a circle:\n  src/mail/a.rs -> src/mail/b.rs: B\n  src/mail/b.rs -> src/mail/a.rs: A"];
    let parent = "mod a;\nmod b;\npub use self::a::A;\npub(crate) use b::B;";
    for (of_a, of_b) in [
        ("use super::b::B;", "use crate::mail::a::A;"),
        ("use super::{b, c::C}; fn f() -> b::B {}", "fn f(a: &super::a::A) {}"),
        ("use crate::mail::B;", "use super::A as Other;"),
        ("use crate::mail; fn f() { mail::B::new(); }", "use super::a::A::{One, Two};"),
    ] {
        assert_eq!(tied(&[("src/mail/mod.rs", parent), (a, of_a), (b, of_b)]), expected, "{of_a} {of_b}");
    }
    // A function that is called as its module.
    let parent = ("src/mail/mod.rs", "mod a;\nmod b;\npub use a::a;\npub use b::b;");
    assert_eq!(tied(&[parent, (a, "fn a() { super::b() }"), (b, "use crate::mail; fn b() { mail::a() }")]).len(), 1);
    let three = [(a, "use super::b::B;"), (b, "use super::c::C;"), ("src/mail/c.rs", "use super::a::A;")];
    assert_eq!(tied(&three).concat().matches(" -> ").count(), 3);
    let parent = ("src/mail/mod.rs", "mod a;\nfn f() { a::read(); }\npub struct Mail;");
    assert_eq!(tied(&[parent, (a, "use super::Mail;")]).len(), 1);
    let parent = ("src/mail/mod.rs", "mod a;\npub use a::A;\npub struct Mail(A);");
    assert_eq!(tied(&[parent, (a, "use super::Mail;")]).len(), 1);
}

#[test]
fn what_is_handed_on_alone_and_what_tests_know_ties_nothing() {
    let (a, b) = ("src/mail/a.rs", "src/mail/b.rs");
    let parent = ("src/mail/mod.rs", "mod a;\nmod b;\npub use a::A;\npub use b::B as Other;\npub struct Mail;");
    assert_eq!(tied(&[parent, (a, "use super::{Mail, Other};"), (b, "use super::Mail;")]), [""; 0]);
    assert_eq!(tied(&[parent, (a, "use super::b::B;"), (b, "mod inner { use super::B; }")]), [""; 0]);
    assert_eq!(tied(&[(a, "use super::b::B;"), (b, "#[cfg(test)] mod tests { use crate::mail::a::A; }")]), [""; 0]);
    assert_eq!(tied(&[(a, "use super::b::B;"), ("src/mail/b_tests.rs", "use crate::mail::a::A;")]), [""; 0]);
    assert_eq!(tied(&[(a, "// use super::b::B;\nuse super::a::A;"), (b, "use super::a::A;")]), [""; 0]);
}
