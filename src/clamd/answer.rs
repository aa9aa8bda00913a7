//! What clamd's answers mean.

use anyhow::{Result, bail};

/// What the scanner said of one content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scan {
    /// It found nothing.
    Clean,
    /// It found this: the name of a signature, printable and of a bearable length.
    Found(String),
    /// The content is larger than what the scanner looks at, by its own limit or by ours.
    TooLarge,
}

/// So much is kept of a signature's name, in letters.
const LONGEST_NAME: usize = 200;

/// Reads the answer to INSTREAM. Only the very words count: whatever is not known is no clean content.
pub(super) fn read(answer: &str) -> Result<Scan> {
    if answer == "stream: OK" {
        return Ok(Scan::Clean);
    }
    if let Some(name) = answer.strip_prefix("stream: ").and_then(|rest| rest.strip_suffix(" FOUND")) {
        return Ok(Scan::Found(printable(name)));
    }
    if answer == "INSTREAM size limit exceeded. ERROR" {
        return Ok(Scan::TooLarge);
    }
    bail!("The virus scanner answers {}", printable(answer))
}

/// Foreign words fit for a database and a terminal.
pub(super) fn printable(text: &str) -> String {
    let mut clean: String = text.chars().filter(|c| c.is_ascii_graphic() || *c == ' ').take(LONGEST_NAME).collect();
    if clean.trim().is_empty() {
        clean.replace_range(.., "something without a name");
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_NAME, Scan, read};

    #[test]
    fn the_answers_of_a_real_clamd_are_understood() {
        for (answer, means) in [
            ("stream: OK", Scan::Clean),
            ("stream: Test.Marker.UNOFFICIAL FOUND", Scan::Found("Test.Marker.UNOFFICIAL".to_owned())),
            ("stream: Heuristics.Limits.Exceeded FOUND", Scan::Found("Heuristics.Limits.Exceeded".to_owned())),
            ("INSTREAM size limit exceeded. ERROR", Scan::TooLarge),
        ] {
            assert_eq!(read(answer).unwrap(), means, "{answer}");
        }
    }

    #[test]
    fn whatever_else_is_answered_is_not_clean() {
        for answer in [
            "",
            "OK",
            "stream: ",
            "stream: OK FOUNDLING",
            "stream: OK\n",
            "stream: Can't allocate memory ERROR",
            "COMMAND READ TIMED OUT",
            "UNKNOWN COMMAND",
            "other: OK",
        ] {
            assert!(read(answer).is_err(), "{answer:?} was taken for {:?}", read(answer));
        }
    }

    #[test]
    fn a_name_is_printable_and_bounded_and_there_is_always_one() {
        assert_eq!(read("stream: a\u{1b}[31mb\0c\u{202e} FOUND").unwrap(), Scan::Found("a[31mbc".to_owned()));
        assert_eq!(read("stream:  FOUND").unwrap(), Scan::Found("something without a name".to_owned()));
        let Scan::Found(name) = read(&format!("stream: {} FOUND", "x".repeat(5_000))).unwrap() else { panic!() };
        assert_eq!(name.len(), LONGEST_NAME);
    }
}
