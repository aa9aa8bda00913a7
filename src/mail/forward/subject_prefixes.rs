//! The marks that mail programs put before the subject of a forward or of an answer.

use super::folding::{fold, is_blank};
use crate::mail::subject::is_listed;
use crate::mail::subject_markers::{FORWARD_MARKERS, REPLY_MARKERS, SINGLE_LETTER_FORWARD, SINGLE_LETTER_REPLY};

/// What a subject's marks say.
pub(crate) struct Stripped<'a> {
    /// At least one mark is that of a forward.
    pub(crate) forwarded: bool,
    /// The subject without them.
    pub(crate) rest: &'a str,
}

/// Takes all marks off the front of a subject: repeated, with a counter (`Re[2]:`) or a blank before the colon.
pub(crate) fn strip(subject: &str) -> Stripped<'_> {
    let mut rest = subject.trim_matches(is_blank);
    let mut forwarded = false;
    while let Some((mark, behind)) = rest.split_once([':', '：']) {
        let word = fold(mark);
        let word = word.split(['[', '(']).next().unwrap_or_default().trim_end().trim_end_matches('.');
        let is_forward = is_listed(FORWARD_MARKERS, word) || word == SINGLE_LETTER_FORWARD;
        let is_reply = is_listed(REPLY_MARKERS, word) || word == SINGLE_LETTER_REPLY;
        // A single letter is a word of its own unless the colon follows at once.
        let too_short = word.chars().count() == 1 && mark.chars().count() > 1;
        if too_short || !(is_forward || is_reply) {
            break;
        }
        forwarded |= is_forward;
        rest = behind.trim_start_matches(is_blank);
    }
    Stripped { forwarded, rest }
}

#[cfg(test)]
mod tests {
    use super::{FORWARD_MARKERS, REPLY_MARKERS, strip};

    #[test]
    fn marks_of_all_languages_are_taken_off() {
        for subject in
            ["WG: AW: Stelle", "Fwd: Stelle", "TR\u{a0}: Re[2]: Stelle", "I: R: Stelle", "İLT: Stelle", "转发：Stelle"]
        {
            let stripped = strip(subject);
            assert_eq!((stripped.rest, stripped.forwarded), ("Stelle", true), "{subject}");
        }
        assert!(!strip("Re: Stelle").forwarded);
    }

    #[test]
    fn every_marker_before_a_number_is_a_mark_before_a_subject_too() {
        for (markers, forwarded) in [(FORWARD_MARKERS, true), (REPLY_MARKERS, false)] {
            for marker in markers.iter().flat_map(|line| line.split(' ')) {
                let subject = format!("{}: Stelle", marker.to_uppercase());
                let stripped = strip(&subject);
                assert_eq!((stripped.rest, stripped.forwarded), ("Stelle", forwarded), "{subject}");
            }
        }
    }

    #[test]
    fn words_stay() {
        assert_eq!(strip("Termin: Freitag").rest, "Termin: Freitag");
        assert_eq!(strip("I : Freitag").rest, "I : Freitag");
    }
}
