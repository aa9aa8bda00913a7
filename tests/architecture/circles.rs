//! Files that import each other in a loop: none of them can be read, tested or moved without all the others.

use std::collections::{BTreeMap, BTreeSet};

use super::paths::{Path, Stands, paths};
use super::sources::Source;
use super::tokens::tokens;

/// The circles among the files, each with the arrows that tie it. What a file hands on with `pub use` leads past it, to
/// the file that has it; tests may know what they like.
pub fn circles(sources: &[Source]) -> Vec<String> {
    let files = Files::new(sources);
    let arrows = files.arrows();
    let reached = arrows.keys().map(|file| (*file, reached_from(file, &arrows))).collect::<BTreeMap<_, _>>();
    let around = |file| -> BTreeSet<&str> {
        let and_back = |other: &&&str| reached.get(*other).is_some_and(|reached| reached.contains(file));
        reached.get(file).into_iter().flatten().filter(and_back).copied().collect()
    };
    let circles = reached.keys().map(|file| around(*file)).filter(|circle| !circle.is_empty());
    circles.collect::<BTreeSet<_>>().iter().map(|circle| told(circle, &arrows)).collect()
}

/// From a file to those that it needs, with the names.
type Arrows<'a> = BTreeMap<&'a str, BTreeMap<&'a str, BTreeSet<String>>>;

fn reached_from<'a>(start: &'a str, arrows: &Arrows<'a>) -> BTreeSet<&'a str> {
    let (mut reached, mut to_visit) = (BTreeSet::new(), vec![start]);
    while let Some(file) = to_visit.pop() {
        to_visit
            .extend(arrows.get(file).into_iter().flatten().map(|(next, _)| *next).filter(|next| reached.insert(*next)));
    }
    reached
}

fn told(circle: &BTreeSet<&str>, arrows: &Arrows) -> String {
    let mut lines = vec!["a circle:".to_owned()];
    for from in circle {
        for (to, names) in arrows.get(from).into_iter().flatten().filter(|(to, _)| circle.contains(*to)) {
            let names = names.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
            lines.push(format!("  {from} -> {to}: {names}"));
        }
    }
    lines.join("\n")
}

/// One file: what it names, and what a name of its own stands for.
struct File<'a> {
    source: &'a Source,
    paths: Vec<Path>,
    names: BTreeMap<String, Path>,
}

/// The files of the program by their module.
struct Files<'a> {
    by_module: BTreeMap<&'a [String], File<'a>>,
}

impl<'a> Files<'a> {
    fn new(sources: &'a [Source]) -> Self {
        let program = sources.iter().filter(|source| !source.is_test() && !source.module.is_empty());
        let by_module = program.map(|source| (source.module.as_slice(), File::new(source))).collect();
        Self { by_module }
    }

    fn arrows(&self) -> Arrows<'a> {
        self.by_module.values().map(|file| (file.source.path.as_str(), self.arrows_of(file))).collect()
    }

    fn arrows_of(&self, file: &File) -> BTreeMap<&'a str, BTreeSet<String>> {
        let mut arrows = BTreeMap::<_, BTreeSet<String>>::new();
        for path in file.paths.iter().filter(|path| file.needs(path)) {
            if let Some((to, name)) = self.defining(path, file).filter(|(to, _)| *to != file.source.path) {
                arrows.entry(to).or_default().insert(name);
            }
        }
        arrows
    }

    /// The file that has what the path names, and the name there; none for a module itself and for what is not of this
    /// crate.
    fn defining(&self, path: &Path, here: &File) -> Option<(&'a str, String)> {
        let mut words = self.written_out(path, here)?;
        // Each step follows one `use`; more than a few would be a loop of them.
        for _ in 0..8 {
            let file = (1..words.len()).rev().find_map(|end| self.by_module.get(words.get(..end)?))?;
            let (name, rest) = words.get(file.source.module.len()..)?.split_first()?;
            let Some(import) = file.names.get(name) else {
                let is_a_module = self.by_module.contains_key(words.as_slice());
                return (!is_a_module).then(|| (file.source.path.as_str(), name.clone()));
            };
            words = [&self.written_out(import, file)?[..], rest].concat();
        }
        None
    }

    /// The path with what its first word stands for in its file.
    fn written_out(&self, path: &Path, here: &File) -> Option<Vec<String>> {
        let (first, rest) = path.words.split_first()?;
        if path.is_of_this_crate {
            return Some(path.words.clone());
        }
        let child = [&here.source.module[..], std::slice::from_ref(first)].concat();
        if self.by_module.contains_key(child.as_slice()) {
            return Some([&child[..], rest].concat());
        }
        let import = here.names.get(first).filter(|import| *import != path)?;
        Some([&self.written_out(import, here)?[..], rest].concat())
    }
}

impl<'a> File<'a> {
    fn new(source: &'a Source) -> Self {
        let paths = paths(&source.text, &source.module);
        let imports = paths.iter().filter(|path| matches!(path.stands, Stands::Imported | Stands::HandedOn));
        let names = imports.filter_map(|path| Some((path.alias.as_ref().or(path.words.last())?.clone(), path.clone())));
        let names = names.collect();
        Self { source, paths, names }
    }

    /// Is the path there for the file itself, or handed on alone?
    fn needs(&self, path: &Path) -> bool {
        match path.stands {
            Stands::Imported | Stands::Inside => true,
            Stands::HandedOn => path.words.last().is_some_and(|name| said_in(&self.source.text, name)),
            Stands::InTests => false,
        }
    }
}

/// Does the name stand anywhere outside of `use` and `mod`?
fn said_in(text: &str, name: &str) -> bool {
    let (mut is_outside, mut before) = (true, String::new());
    tokens(text).into_iter().any(|token| {
        is_outside = match token.as_str() {
            "use" => false,
            ";" => true,
            _ => is_outside,
        };
        let is_said = is_outside && token == name && before != "mod";
        before = token;
        is_said
    })
}
