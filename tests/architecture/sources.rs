//! The source files, each with the module it is.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// One source file.
#[derive(Clone, Debug)]
pub struct Source {
    /// From the crate's folder on, with `/`.
    pub path: String,
    /// Its module, from the crate's root on; empty for `lib.rs` and `main.rs`.
    pub module: Vec<String>,
    /// What it says.
    pub text: String,
}

impl Source {
    /// A file of `src/` by its path. `name_tests.rs` is the module `tests` of `name`.
    pub fn new(path: &str, text: &str) -> Self {
        let inside = path.strip_prefix("src/").unwrap_or(path).trim_end_matches(".rs").trim_end_matches("/mod");
        let inside = inside.strip_suffix("_tests").map_or(inside.to_owned(), |name| format!("{name}/tests"));
        let parts = inside.split('/').filter(|part| !["lib", "main"].contains(part));
        Self { path: path.to_owned(), module: parts.map(str::to_owned).collect(), text: text.to_owned() }
    }

    /// The module at the crate's root that it belongs to; `lib` or `main` for the roots themselves.
    pub fn top_level(&self) -> &str {
        match self.module.first() {
            Some(module) => module,
            None if self.path.ends_with("main.rs") => "main",
            None => "lib",
        }
    }

    /// True for `tests.rs`, `name_tests.rs` and what lies in `tests/`: no part of the program.
    pub fn is_test(&self) -> bool {
        self.module.iter().any(|part| part == "tests")
    }
}

/// All Rust files below a folder of the crate.
pub fn all_sources(folder: &str) -> Vec<Source> {
    let mut sources = Vec::new();
    collect(Path::new(folder), &mut sources);
    assert!(!sources.is_empty(), "no sources in {folder}");
    sources
}

fn collect(folder: &Path, sources: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, sources);
        } else if path.extension().is_some_and(|end| end == "rs") {
            sources.push(Source::new(path.to_str().unwrap(), &fs::read_to_string(&path).unwrap()));
        }
    }
}

/// The modules at the crate's root.
pub fn top_level_modules() -> BTreeSet<String> {
    all_sources("src").iter().filter_map(|source| source.module.first().cloned()).collect()
}
