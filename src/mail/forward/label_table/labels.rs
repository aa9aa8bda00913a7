//! One language's labels, by what they announce.

use crate::mail::forward::languages::Language;

/// What a label announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::mail::forward) enum Label {
    /// Who wrote the mail.
    Sender,
    /// When it was sent.
    Date,
    /// To whom.
    To,
    /// Copies.
    Copy,
    /// Its subject.
    Subject,
    /// What is enclosed, or where to ask about the candidate: a letter may begin so as well.
    Enclosures,
    /// Anything else that stands in a head: answers to, importance.
    Other,
}

/// The labels of one language.
pub(in crate::mail::forward) struct Labels {
    pub(in crate::mail::forward) language: Language,
    pub(in crate::mail::forward) sender: &'static [&'static str],
    pub(in crate::mail::forward) date: &'static [&'static str],
    pub(in crate::mail::forward) to: &'static [&'static str],
    pub(in crate::mail::forward) copy: &'static [&'static str],
    pub(in crate::mail::forward) subject: &'static [&'static str],
    pub(in crate::mail::forward) enclosures: &'static [&'static str],
    pub(in crate::mail::forward) other: &'static [&'static str],
}

impl Labels {
    /// The labels of this language by what they announce.
    pub(in crate::mail::forward) fn by_meaning(&self) -> [(&'static [&'static str], Label); 7] {
        [
            (self.sender, Label::Sender),
            (self.date, Label::Date),
            (self.to, Label::To),
            (self.copy, Label::Copy),
            (self.subject, Label::Subject),
            (self.enclosures, Label::Enclosures),
            (self.other, Label::Other),
        ]
    }
}
