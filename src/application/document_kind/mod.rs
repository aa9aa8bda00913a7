//! What kind of document a file is, told by its name.
//!
//! The content of the file is not looked at here. When in doubt the answer is [`DocumentKind::Other`]: an unsorted file
//! is seen at once, a wrong kind hides it.

mod danger;
mod decoration;
mod endings;
mod file_name;
mod kind;
mod topics;
mod unlisted;
mod vocabulary;

pub use danger::Danger;
pub(crate) use file_name::repaired;
pub use kind::DocumentKind;
pub(crate) use topics::words;

use endings::Format;
use file_name::FileName;

/// What a file's name tells about the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileNameReading {
    /// The kind the name tells, [`DocumentKind::Other`] where it tells none.
    pub kind: DocumentKind,
    /// The rule that gave the kind, for the decision record: a short English sentence naming the word found.
    pub rule: String,
    /// The name is one that mail programs give to decoration and technical parts: not to be listed.
    pub ignored: bool,
    /// What the name says against opening the file.
    pub danger: Option<Danger>,
}

/// Reads what a file's decoded name tells. The name is to be given as it came, before it is made safe for storing:
/// direction marks in it are a reason for care.
#[must_use]
pub fn read_file_name(name: &str) -> FileNameReading {
    let name = FileName::prepare(name);
    if name.turned_round {
        return other("the name holds a mark that turns its letters round".to_owned(), Some(Danger::MisleadingName));
    }
    if let Some(rule) = decoration::why_ignored(&name) {
        return FileNameReading { ignored: true, ..other(rule.to_owned(), None) };
    }
    let ending = &name.ending;
    match endings::format_of(ending) {
        Format::Document => {
            let (kind, rule) = topics::read(&name.words, endings::is_picture(ending));
            FileNameReading { kind, rule, ignored: false, danger: None }
        }
        Format::Program if endings::hides_behind_another(&name.stem) => {
            other(format!("the name hides the ending `.{ending}` of a program"), Some(Danger::MisleadingName))
        }
        Format::Program => other(format!("`.{ending}` is the ending of a program or script"), Some(Danger::Program)),
        Format::Archive => other(format!("`.{ending}` is the ending of an archive"), Some(Danger::Archive)),
        Format::Macros => other(format!("`.{ending}` is the ending of a document with macros"), Some(Danger::Macros)),
        Format::Unlisted if ending.is_empty() => other("the name has no ending that tells a format".to_owned(), None),
        Format::Unlisted => other("the ending is of no document or picture format".to_owned(), None),
    }
}

fn other(rule: String, danger: Option<Danger>) -> FileNameReading {
    FileNameReading { kind: DocumentKind::Other, rule, ignored: false, danger }
}

#[cfg(test)]
mod tests;
