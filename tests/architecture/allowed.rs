//! The list of allowed arrows: in the documentation of `src/lib.rs`, in blocks that begin with ```` ```text ````, the
//! lines `module -> module, module`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// Which module may know which.
pub struct Allowed {
    arrows: BTreeMap<String, BTreeSet<String>>,
}

impl Allowed {
    /// The list of this crate.
    pub fn from_lib() -> Self {
        Self::from_text(&fs::read_to_string("src/lib.rs").unwrap())
    }

    /// The list in the documentation of a file.
    pub fn from_text(text: &str) -> Self {
        let mut arrows = BTreeMap::<String, BTreeSet<String>>::new();
        let mut is_inside = false;
        for line in text.lines().filter_map(|line| line.strip_prefix("//!")).map(str::trim) {
            if line.starts_with("```") {
                is_inside = line == "```text" && !is_inside;
            } else if let Some((from, to)) = line.split_once("->").filter(|_| is_inside) {
                let to = to.split(',').map(|module| module.trim().to_owned());
                arrows.entry(from.trim().to_owned()).or_default().extend(to.filter(|module| !module.is_empty()));
            }
        }
        Self { arrows }
    }

    /// All arrows, as pairs.
    pub fn arrows(&self) -> Vec<(&str, &str)> {
        let pairs = |(from, to)| -> Vec<(&str, &str)> {
            let (from, to): (&String, &BTreeSet<String>) = (from, to);
            to.iter().map(|to| (from.as_str(), to.as_str())).collect()
        };
        self.arrows.iter().flat_map(pairs).collect()
    }

    /// May `from` know `to`?
    pub fn allows(&self, from: &str, to: &str) -> bool {
        self.arrows.get(from).is_some_and(|allowed| allowed.contains(to))
    }

    /// Is the module in the list, on either side?
    pub fn names(&self, module: &str) -> bool {
        self.arrows().iter().any(|(from, to)| [*from, *to].contains(&module))
    }

    /// A module that can be reached from itself, if there is one.
    pub fn cycle(&self) -> Option<&str> {
        self.arrows.keys().map(String::as_str).find(|start| self.reached_from(start).contains(start))
    }

    fn reached_from<'a>(&'a self, start: &str) -> BTreeSet<&'a str> {
        let (mut reached, mut to_visit) = (BTreeSet::new(), vec![start]);
        while let Some(module) = to_visit.pop() {
            for next in self.arrows.get(module).into_iter().flatten() {
                if reached.insert(next.as_str()) {
                    to_visit.push(next);
                }
            }
        }
        reached
    }
}
