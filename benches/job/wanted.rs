//! What is to be measured, as the environment says; `make bench SETS=mix-2000 ROUNDS=3 PARTS=compared`.
//!
//! | variable | unless it is set | |
//! |---|---|---|
//! | `SETS` | `mix-500 small-2000` | mailboxes that importers are compared on: `mix-N` (as an office gets mail, 0.3 MB each on average), `small-N` (text and HTML only) |
//! | `ROUNDS` | 5 | how often each is run; medians count |
//! | `PARTS` | all | which of the parts, by the words of [`Part`] |
//! | `PROGRAM` | built for it | the program that is measured |

use std::path::PathBuf;

pub struct Wanted {
    pub sets: Vec<String>,
    pub rounds: usize,
    pub parts: Vec<Part>,
    pub program: Option<PathBuf>,
}

/// The parts, each with tables of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The program beside floors and peers.
    Compared,
    /// Peaks of memory.
    Memory,
    /// An inbox with 100,000 mails.
    BigFolder,
    /// A mail server far away.
    Distant,
    /// From delivery to the record.
    Latency,
    /// A worker with nothing to do.
    Idle,
    /// Looking at empty mailboxes.
    Looking,
    /// Two thousand mailboxes.
    Many,
    /// Costs in series.
    Growth,
}

impl Part {
    const ALL: [(&'static str, Self); 9] = [
        ("compared", Self::Compared),
        ("memory", Self::Memory),
        ("big-folder", Self::BigFolder),
        ("distant", Self::Distant),
        ("latency", Self::Latency),
        ("idle", Self::Idle),
        ("looking", Self::Looking),
        ("many", Self::Many),
        ("growth", Self::Growth),
    ];

    fn named(word: &str) -> Self {
        let found = Self::ALL.iter().find(|(name, _)| *name == word);
        let names: Vec<&str> = Self::ALL.iter().map(|(name, _)| *name).collect();
        found.unwrap_or_else(|| panic!("no part is called {word}; there are {}", names.join(", "))).1
    }
}

impl Wanted {
    pub fn from_environment() -> Self {
        let parts = words("PARTS").iter().map(|word| Part::named(word)).collect::<Vec<_>>();
        let sets = words("SETS");
        Self {
            sets: if sets.is_empty() { vec!["mix-500".to_owned(), "small-2000".to_owned()] } else { sets },
            rounds: words("ROUNDS").first().map_or(5, |rounds| rounds.parse().expect("ROUNDS is a number")),
            parts: if parts.is_empty() { Part::ALL.map(|(_, part)| part).to_vec() } else { parts },
            program: words("PROGRAM").first().map(PathBuf::from),
        }
    }
}

fn words(variable: &str) -> Vec<String> {
    let value = std::env::var(variable).unwrap_or_default();
    value.split([' ', ',']).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}
