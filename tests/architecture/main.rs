//! The house keeps its shape: modules know only those that the list in `src/lib.rs` allows, the pure ones know no file,
//! clock, network or database, and files stay short and have names that say something.

#![expect(unreachable_pub, reason = "a test binary exports nothing")]
#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

mod allowed;
mod circles;
mod links;
mod paths;
mod reader;
mod sources;
mod tokens;

use std::collections::BTreeSet;

use self::allowed::Allowed;
use self::circles::circles;
use self::paths::paths;
use self::sources::{Source, all_sources, top_level_modules};
use self::tokens::tokens;

/// They take values and give values; `now` is an argument.
const PURE: [&str; 6] = ["application", "mail", "decision", "notification", "retention", "retry"];

/// Crates that mean a network, a database or a waiting.
const FORBIDDEN_CRATES: [&str; 16] = [
    "tokio",
    "tokio_util",
    "diesel",
    "diesel_migrations",
    "async_imap",
    "lettre",
    "native_tls",
    "tokio_native_tls",
    "openssl",
    "socket2",
    "ureq",
    "reqwest",
    "object_store",
    "oauth2",
    "axum",
    "hyper",
];

/// Words that mean a clock, wherever they come from.
const CLOCKS: [&str; 2] = ["SystemTime", "Instant"];

/// Names that say nothing of what is inside.
const EMPTY_NAMES: [&str; 12] =
    ["util", "utils", "common", "model", "models", "type", "types", "helper", "helpers", "manager", "misc", "shared"];

/// Above this a file is split.
const LONGEST: usize = 400;

#[test]
fn the_list_of_arrows_is_there_and_has_no_cycle() {
    let allowed = Allowed::from_lib();
    assert!(allowed.arrows().len() >= 20, "the list in src/lib.rs was not found");
    assert_eq!(allowed.cycle(), None, "arrows that lead back to their start");
}

#[test]
fn every_module_is_in_the_list() {
    let allowed = Allowed::from_lib();
    let missing = top_level_modules().into_iter().filter(|module| !allowed.names(module)).collect::<Vec<_>>();
    assert_eq!(missing, Vec::<String>::new(), "modules that the list in src/lib.rs does not name");
}

/// A file that no module declares is not compiled, and none of its tests run.
#[test]
fn every_source_file_is_declared_by_the_module_above_it() {
    let sources = all_sources("src");
    let is_declared = |source: &Source| {
        let Some((name, above)) = source.module.split_last() else { return true };
        let declaration = ["mod", name, ";"].map(str::to_owned);
        let mut parents = sources.iter().filter(|parent| parent.module == above);
        parents.any(|parent| tokens(&parent.text).windows(3).any(|words| *words == declaration))
    };
    let lost = sources.iter().filter(|source| !is_declared(source)).map(|source| source.path.clone());
    expect_none(&lost.collect::<Vec<_>>(), "files that no `mod` declares");
}

#[test]
fn modules_know_only_those_that_the_list_allows() {
    let (allowed, modules) = (Allowed::from_lib(), top_level_modules());
    let wrong =
        all_sources("src").iter().flat_map(|source| wrong_arrows(source, &allowed, &modules)).collect::<Vec<_>>();
    expect_none(&wrong, "arrows that the list in src/lib.rs does not allow");
}

#[test]
fn no_files_import_each_other_in_a_loop() {
    expect_none(&circles(&all_sources("src")), "what two files share belongs below both");
}

#[test]
fn pure_modules_know_no_file_clock_network_or_database() {
    let sources = all_sources("src");
    let pure = sources.iter().filter(|source| PURE.contains(&source.top_level()) && !source.is_test());
    expect_none(&pure.flat_map(impurities).collect::<Vec<_>>(), "impure words in pure modules");
}

#[test]
fn files_are_short_and_have_names_that_say_something() {
    let long = |source: &Source| {
        let lines = source.text.lines().count();
        (lines > LONGEST).then(|| format!("{} has {lines} lines, more than {LONGEST}", source.path))
    };
    let empty = |source: &Source| {
        let names = source.path.split(['/', '.']).filter(|name| EMPTY_NAMES.contains(name));
        names.map(|name| format!("{} is called {name}", source.path)).next()
    };
    let sources = [all_sources("src"), all_sources("tests")].concat();
    let wrong = sources.iter().flat_map(|source| [long(source), empty(source)]).flatten().collect::<Vec<_>>();
    expect_none(&wrong, "files to split or to call something else");
}

#[test]
fn each_file_begins_by_saying_what_it_is_responsible_for() {
    let sources = [all_sources("src"), all_sources("tests")].concat();
    let without = sources.iter().filter(|source| !source.text.starts_with("//! ")).map(|source| source.path.clone());
    expect_none(&without.collect::<Vec<_>>(), "files without a head");
}

/// What the source names of other top-level modules without being allowed to.
pub fn wrong_arrows(source: &Source, allowed: &Allowed, modules: &BTreeSet<String>) -> Vec<String> {
    let from = source.top_level();
    let mut wrong = BTreeSet::new();
    for path in paths(&source.text, &source.module).into_iter().filter(|path| path.is_of_this_crate) {
        match path.words.first() {
            Some(to) if to == from || allowed.allows(from, to) => {}
            Some(to) if modules.contains(to) => {
                wrong.insert(format!("{}: {from} -> {to}", source.path));
            }
            // Something at the root itself would hide from which module it comes.
            Some(to) if from != "lib" => {
                wrong.insert(format!("{}: crate::{to} is no module", source.path));
            }
            _ => {}
        }
    }
    wrong.into_iter().collect()
}

/// What a pure source names that it must not know.
pub fn impurities(source: &Source) -> Vec<String> {
    let mut found = BTreeSet::new();
    for path in paths(&source.text, &source.module) {
        let words = path.words.iter().map(String::as_str).collect::<Vec<_>>();
        let is_impure = match words.as_slice() {
            _ if path.is_of_this_crate => false,
            ["std", "fs" | "net", ..] | [.., "now" | "now_utc"] => true,
            [first, ..] if FORBIDDEN_CRATES.contains(first) => true,
            _ => words.iter().any(|word| CLOCKS.contains(word)),
        };
        if is_impure {
            found.insert(format!("{}: {}", source.path, words.join("::")));
        }
    }
    found.into_iter().collect()
}

fn expect_none(found: &[String], what: &str) {
    assert!(found.is_empty(), "{what}:\n{}", found.join("\n"));
}

/// Whoever follows it stands before the right file.
#[test]
fn every_place_that_contributing_names_is_there() {
    let text = include_str!("../../CONTRIBUTING.md");
    let quoted = text.split('`').skip(1).step_by(2);
    let is_a_place = |word: &&str| word.contains('/') && !word.contains(char::is_whitespace) && !word.contains("NAME");
    let places: Vec<&str> = quoted.filter(is_a_place).collect();
    assert!(places.len() > 20, "{places:?}");
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let missing: Vec<&str> = places.into_iter().filter(|place| !root.join(place).exists()).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// The fuzzers have a lock of their own, with which they build only while it knows what the program needs.
#[test]
fn the_fuzzers_lock_knows_each_dependency() {
    let manifest = include_str!("../../Cargo.toml");
    let (_, rest) = manifest.split_once("\n[dependencies]\n").unwrap();
    let (dependencies, _) = rest.split_once("\n[").unwrap();
    let lines = dependencies.lines().filter(|line| !line.starts_with('#') && !line.contains("optional = true"));
    let wanted: Vec<&str> = lines.filter_map(|line| Some(line.split_once(" = ")?.0)).collect();
    assert!(wanted.len() > 40, "{wanted:?}");
    let (_, ours) = include_str!("../fuzz/Cargo.lock").split_once("\nname = \"reply-import\"\n").unwrap();
    let (ours, _) = ours.split_once("\n]\n").unwrap();
    let is_missing =
        |name: &&str| !ours.contains(&format!("\n \"{name}\",")) && !ours.contains(&format!("\n \"{name} "));
    let missing: Vec<&str> = wanted.into_iter().filter(is_missing).collect();
    assert!(missing.is_empty(), "`cargo metadata --manifest-path tests/fuzz/Cargo.toml` adds them: {missing:?}");
}
