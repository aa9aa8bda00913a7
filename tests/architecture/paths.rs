//! The paths that a source names, in `use` and elsewhere, written out: groups are taken apart, and `crate`, `self` and
//! `super` are resolved, also within modules that a file holds.

use std::iter::Peekable;
use std::vec::IntoIter;

use super::tokens::tokens;

/// One path, without `crate`, `self` and `super`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// Begins at the root of this crate.
    pub is_of_this_crate: bool,
    /// Its parts; `*` at the end of a glob.
    pub words: Vec<String>,
    /// Where it stands.
    pub stands: Stands,
    /// The name after `as`.
    pub alias: Option<String>,
}

/// Where a path stands in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// In a `use`.
    Imported,
    /// In a `pub use`, of whatever reach.
    HandedOn,
    /// Anywhere else.
    Inside,
    /// Below `#[cfg(test)] mod`.
    InTests,
}

/// All paths with at least two parts or a `crate` or `super` in them. `module` is the file's own module; a program calls
/// its library by the crate's name. Paths below `#[cfg(test)] mod` are included only if they are of this crate: tests of
/// pure modules may read files.
pub fn paths(source: &str, module: &[String]) -> Vec<Path> {
    let mut walk = Walk { tokens: tokens(source).into_iter().peekable(), blocks: Vec::new(), found: Vec::new() };
    walk.source(module);
    walk.found
}

struct Walk {
    tokens: Peekable<IntoIter<String>>,
    /// The open braces: the name of the module they hold, and whether it is one for tests.
    blocks: Vec<Option<(String, bool)>>,
    found: Vec<Path>,
}

impl Walk {
    fn source(&mut self, module: &[String]) {
        let (mut before, mut is_for_tests) = (String::new(), false);
        while let Some(token) = self.tokens.next() {
            match token.as_str() {
                "#" => {
                    is_for_tests = self.attribute() == "cfg(test)" || is_for_tests;
                    continue;
                }
                "{" => self.blocks.push(None),
                "}" => drop(self.blocks.pop()),
                "mod" => self.module(is_for_tests),
                "pub" => self.reach(module),
                // What follows belongs to a type, as in `Vec::<u8>::new`; elsewhere `::` begins a path.
                "::" if before == ">" => drop(self.tokens.next()),
                "use" => {
                    self.tokens.next_if(|token| token == "::");
                    self.path_from_here(module, if before == "pub" { Stands::HandedOn } else { Stands::Imported });
                }
                _ if is_word(&token) => {
                    let here = self.current_module(module);
                    self.path(token.clone(), &start_of(&token, &here, Stands::Inside));
                }
                _ => {}
            }
            is_for_tests = is_for_tests && token == "pub";
            before = token;
        }
    }

    fn path_from_here(&mut self, module: &[String], stands: Stands) {
        let here = self.current_module(module);
        match self.tokens.next() {
            Some(first) if is_word(&first) => self.path(first.clone(), &start_of(&first, &here, stands)),
            Some(brace) if brace == "{" => self.group(&start_of("", &here, stands)),
            _ => {}
        }
        if self.tokens.next_if(|token| token == "as").is_some() {
            self.alias();
        }
    }

    /// The name after `as`, which is read already.
    fn alias(&mut self) {
        let alias = self.tokens.next();
        if let Some(path) = self.found.last_mut() {
            path.alias = alias;
        }
    }

    /// The text of `#[...]` or `#![...]`, without the brackets.
    fn attribute(&mut self) -> String {
        self.tokens.next_if(|token| token == "!");
        if self.tokens.next_if(|token| token == "[").is_none() {
            return String::new();
        }
        let (mut depth, mut text) = (1, String::new());
        for token in self.tokens.by_ref() {
            match token.as_str() {
                "[" => depth += 1,
                "]" => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
            text.push_str(&token);
        }
        text
    }

    /// After `pub`: how far it reaches, as in `pub(super)`, is no use of what it names; a tuple is.
    fn reach(&mut self, module: &[String]) {
        if self.tokens.next_if(|token| token == "(").is_none() {
            return;
        }
        let first = self.tokens.next();
        match first.filter(|word| is_word(word) && self.tokens.peek().is_some_and(|next| next != ")")) {
            Some(word) if word == "in" => while self.tokens.next_if(|token| token != ")").is_some() {},
            Some(word) => {
                return self.path(word.clone(), &start_of(&word, &self.current_module(module), Stands::Inside));
            }
            None => {}
        }
        self.tokens.next();
    }

    /// After `mod`: either `name;` or `name {`.
    fn module(&mut self, is_for_tests: bool) {
        let Some(name) = self.tokens.next() else { return };
        if self.tokens.next_if(|token| token == "{").is_some() {
            self.blocks.push(Some((name, is_for_tests)));
        }
    }

    fn current_module(&self, file: &[String]) -> Vec<String> {
        let inner = self.blocks.iter().flatten().map(|(name, _)| name.clone());
        file.iter().cloned().chain(inner).collect()
    }

    fn is_in_tests(&self) -> bool {
        self.blocks.iter().flatten().any(|(_, is_for_tests)| *is_for_tests)
    }

    /// Follows one path, `first` being read, and each branch of its groups. A single word is a path only in a `use`.
    fn path(&mut self, first: String, start: &Path) {
        let mut path = start.clone();
        let is_single = !path.is_of_this_crate && self.tokens.peek().is_none_or(|next| next != "::");
        match first.as_str() {
            "crate" | "reply_import" | "self" | "super" => {}
            _ => path.words.push(first),
        }
        while self.tokens.next_if(|token| token == "::").is_some() {
            match self.tokens.peek().map(String::as_str) {
                Some("super") => {
                    self.tokens.next();
                    path.words.pop();
                }
                Some("self") => drop(self.tokens.next()),
                Some("{") => {
                    self.tokens.next();
                    return self.group(&path);
                }
                Some(word) if is_word(word) || word == "*" => path.words.extend(self.tokens.next()),
                // `Vec::<u8>` and the like: what follows is another path.
                _ => break,
            }
        }
        if is_single && path.stands == Stands::Inside {
            return;
        }
        match self.is_in_tests() {
            true if path.is_of_this_crate => self.found.push(Path { stands: Stands::InTests, ..path }),
            true => {}
            false => self.found.push(path),
        }
    }

    /// The branches of a group, `{` being read.
    fn group(&mut self, start: &Path) {
        while let Some(token) = self.tokens.next() {
            match token.as_str() {
                "}" => return,
                "as" => self.alias(),
                "*" => self.found.push(Path { words: [&start.words[..], &["*".to_owned()]].concat(), ..start.clone() }),
                "super" => {
                    let mut above = start.clone();
                    above.words.pop();
                    self.path(token, &above);
                }
                word if is_word(word) && start.words.is_empty() => {
                    self.path(token.clone(), &root_of(&token, start));
                }
                word if is_word(word) => self.path(token, start),
                _ => {}
            }
        }
    }
}

/// `use {crate::a, std::b}` begins anew in each branch.
fn root_of(first: &str, start: &Path) -> Path {
    let is_of_this_crate = start.is_of_this_crate || ["crate", "reply_import"].contains(&first);
    Path { is_of_this_crate, ..start.clone() }
}

/// Where a path begins that begins with this word.
fn start_of(first: &str, here: &[String], stands: Stands) -> Path {
    let above = here.split_last().map_or(&[][..], |(_, above)| above);
    let (is_of_this_crate, words) = match first {
        "crate" | "reply_import" => (true, &[][..]),
        "self" => (true, here),
        "super" => (true, above),
        _ => (false, &[][..]),
    };
    Path { is_of_this_crate, words: words.to_vec(), stands, alias: None }
}

fn is_word(token: &str) -> bool {
    token.starts_with(|character: char| character.is_alphabetic() || character == '_')
}
