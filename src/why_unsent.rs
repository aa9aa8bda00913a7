//! The words in which it is noted why something could not be sent. Those who send write them and the store reads them, since
//! only what kind of reason it is and the code may be told to everybody: servers quote mails. A note that was written once
//! stays as it is, so what is read here may only grow.

use std::fmt::Display;
use std::time::Duration;

const SMTP_ANSWERED: &str = "The SMTP server answered ";
const WEBHOOK_ANSWERED: &str = "it answers ";
const SMTP_SILENT: &str = "No answer within ";
const WEBHOOK_SILENT: &str = "no answer within ";

/// What a note tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Note<'a> {
    /// The other side said no: its words, which begin with a code if it gave one.
    Answered(&'a str),
    /// It did not answer in time.
    Silent,
    /// Anything else.
    Other,
}

impl<'a> Note<'a> {
    pub(crate) fn read(note: &'a str) -> Self {
        let after = |beginnings: [&str; 2]| beginnings.into_iter().find_map(|beginning| note.strip_prefix(beginning));
        if after([SMTP_SILENT, WEBHOOK_SILENT]).is_some() {
            return Self::Silent;
        }
        after([SMTP_ANSWERED, WEBHOOK_ANSWERED]).map_or(Self::Other, Self::Answered)
    }
}

/// An SMTP server said no.
pub(crate) fn smtp_answered(code: impl Display, said: &str) -> String {
    format!("{SMTP_ANSWERED}{code}: {said}")
}

/// A webhook said no; the status, and what to add to it.
pub(crate) fn webhook_answered(status: impl Display) -> String {
    format!("{WEBHOOK_ANSWERED}{status}")
}

/// An SMTP server did not answer in time.
pub(crate) fn smtp_silent(within: Duration) -> String {
    format!("{SMTP_SILENT}{within:?}")
}

/// A webhook did not answer in time.
pub(crate) fn webhook_silent(within: Duration) -> String {
    format!("{WEBHOOK_SILENT}{} s", within.as_secs())
}

#[cfg(test)]
mod tests {
    use super::{Note, smtp_answered, smtp_silent, webhook_answered, webhook_silent};
    use std::time::Duration;

    #[test]
    fn what_is_written_is_read_again() {
        assert_eq!(Note::read(&smtp_answered(550, "5.1.1 unknown")), Note::Answered("550: 5.1.1 unknown"));
        assert_eq!(Note::read(&webhook_answered("410 Gone")), Note::Answered("410 Gone"));
        assert_eq!(Note::read(&smtp_silent(Duration::from_mins(2))), Note::Silent);
        assert_eq!(Note::read(&webhook_silent(Duration::from_secs(15))), Note::Silent);
        assert_eq!(Note::read("The SMTP server cannot be used: No answer within 2 s"), Note::Other);
    }
}
