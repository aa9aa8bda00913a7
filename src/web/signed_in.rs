//! The person who is signed in.

use crate::application::Language;
use crate::store::Viewer;

/// More waiting mails are not counted: the number stands on every page.
pub(super) const MOST_COUNTED: usize = 100;

/// A user who is signed in. As an argument of a handler it asks for that.
#[derive(Clone, Debug)]
pub(super) struct SignedIn {
    /// Who looks.
    pub(super) viewer: Viewer,
    /// The user's name.
    pub(super) name: String,
    /// The user's language.
    pub(super) language: Language,
    /// The tenant's name.
    pub(super) tenant: String,
    /// The tenant's clock.
    pub(super) clock: chrono_tz::Tz,
    /// How many mails wait for somebody like this person, at most [`MOST_COUNTED`]; none for who may not decide.
    pub(super) waiting: usize,
    /// What forms of this person's pages bear, and those of other sites cannot.
    pub(super) csrf: String,
}
