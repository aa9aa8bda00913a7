//! The marks that mail programs put before the subject of a forward or of an answer.

use super::lines::{fold, is_blank};

/// Marks of forwards, in small letters.
const FORWARD: [&str; 29] = [
    "wg",
    "wtr",
    "weitergeleitet",
    "weiterleitung",
    "fwd",
    "fw",
    "tr",
    "rv",
    "i",
    "pd",
    "doorst",
    "enc",
    "vs",
    "vl",
    "vb",
    "videresend",
    "redir.",
    "redir",
    "ilt",
    "továbbítás",
    "továbbított",
    "yml",
    "πρθ",
    "转发",
    "res-fwd",
    "fwd.",
    "prosl",
    "prosleđeno",
    "trans",
];
/// Marks of answers, in small letters. `vs` stands among the forwards: Danish and Finnish use it for both.
const REPLY: [&str; 16] =
    ["aw", "antw", "re", "rif", "r", "sv", "odp", "vá", "ynt", "antwort", "res", "ref", "απ", "ha", "bls", "回复"];

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
        let word = word.split(['[', '(']).next().unwrap_or_default().trim_end();
        let is_forward = FORWARD.contains(&word);
        // A single letter is a word of its own unless the colon follows at once.
        let too_short = word.chars().count() == 1 && mark.chars().count() > 1;
        if too_short || !(is_forward || REPLY.contains(&word)) {
            break;
        }
        forwarded |= is_forward;
        rest = behind.trim_start_matches(is_blank);
    }
    Stripped { forwarded, rest }
}

#[cfg(test)]
mod tests {
    use super::strip;

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
    fn words_stay() {
        assert_eq!(strip("Termin: Freitag").rest, "Termin: Freitag");
        assert_eq!(strip("I : Freitag").rest, "I : Freitag");
    }
}
