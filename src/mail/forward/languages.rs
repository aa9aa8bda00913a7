//! The languages that mail programs print forwards in.

/// A language of a mail program's surface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Language {
    German,
    English,
    French,
    Spanish,
    Italian,
    Dutch,
    Polish,
    Portuguese,
    Czech,
    Slovak,
    Hungarian,
    Romanian,
    Croatian,
    Danish,
    Norwegian,
    Swedish,
    Finnish,
    Turkish,
    Russian,
    Ukrainian,
    Estonian,
    Japanese,
}
