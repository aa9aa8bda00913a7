//! The templates and the tables of their texts fit together.

use super::page::{Pages, TEMPLATES};
use super::words::TABLES;
use std::collections::BTreeSet;
use std::path::Path;

#[test]
fn all_templates_are_well_formed() {
    Pages::new().unwrap();
}

#[test]
fn every_text_is_there_once_in_both_languages() {
    let mut keys = BTreeSet::new();
    for (key, german, english) in TABLES.iter().copied().flatten() {
        assert!(keys.insert(key), "{key} is there twice");
        assert!(!german.is_empty() && !english.is_empty(), "{key}");
        let placeholders = |text: &str| {
            text.split('{').skip(1).map(|rest| rest.split('}').next().unwrap().to_owned()).collect::<BTreeSet<_>>()
        };
        assert_eq!(placeholders(german), placeholders(english), "{key}");
    }
    let used = used_keys();
    let missing: Vec<_> = used.iter().filter(|key| !keys.contains(&key.as_str())).collect();
    assert!(missing.is_empty(), "templates use {missing:?}");
}

#[test]
fn every_text_is_used() {
    let sources = sources();
    let is_written = |key: &str| sources.contains(&format!("\"{key}\""));
    // Keys that are put together are written up to a point, then comes a value.
    let is_put_together = |key: &str| {
        let mut beginnings = key.match_indices('.').filter_map(|(at, _)| key.get(..=at));
        beginnings.any(|begin| is_written(begin) || sources.contains(&format!("\"{begin}{{")))
    };
    let keys = TABLES.iter().copied().flatten().map(|(key, ..)| *key);
    let unused: Vec<&str> = keys.filter(|key| !is_written(key) && !is_put_together(key)).collect();
    assert!(unused.is_empty(), "nothing uses {unused:?}");
}

/// The keys that templates write out.
fn used_keys() -> BTreeSet<String> {
    let calls = TEMPLATES.iter().flat_map(|(_, source)| source.split("t(\"").skip(1));
    calls
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .filter(|key| key.contains('.') && !key.ends_with('.'))
        .filter(|key| !std::path::Path::new(key).extension().is_some_and(|end| end == "css" || end == "js"))
        .collect()
}

/// All templates and the code around them.
fn sources() -> String {
    let templates = TEMPLATES.iter().map(|(_, source)| (*source).to_owned());
    let code = ["src/web/fault_page.rs"].map(|file| std::fs::read_to_string(file).unwrap());
    templates.chain(code).collect::<Vec<_>>().join("\n")
}

/// A route that is in no list is in no table of who may do what.
#[test]
fn every_route_is_in_the_list() {
    let routes = super::routes();
    assert_eq!(routes.iter().collect::<BTreeSet<_>>().len(), routes.len(), "{routes:?}");
    let mut found = Vec::new();
    written_routes(Path::new("src/web"), &mut found);
    found.sort();
    let known = [
        ("src/web/api/description.rs", ".route(\"/openapi.json\", get(document));"),
        ("src/web/api/mod.rs", ".route(\"/api/v1/{*path}\", axum::routing::any(problem::nowhere))"),
        ("src/web/api/mod.rs", ".route(BELOW, axum::routing::any(problem::nowhere))"),
    ];
    assert_eq!(found, known.map(|(file, line)| (file.to_owned(), line.to_owned())));
}

/// The lines of the code that give the framework a route, but for the place where that is done for the list.
fn written_routes(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            written_routes(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs")
            && !path.ends_with("web/routes.rs")
            && !path.ends_with("web/tests.rs")
        {
            let text = std::fs::read_to_string(&path).unwrap();
            let lines = text.lines().map(str::trim).filter(|line| {
                line.contains(".route(") || line.contains("route_service(") || line.contains(".nest_service(")
            });
            found.extend(lines.map(|line| (path.display().to_string(), line.to_owned())));
        }
    }
}
