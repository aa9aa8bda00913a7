//! An mbox file (RFC 4155), taken apart.

use anyhow::{Context, Result};
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, TimeZone, Utc};
use std::io::{self, BufRead};

/// What an mbox file begins with, and each mail in it.
pub(super) const FROM_LINE: &[u8] = b"From ";

/// One mail as it stands in the file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Taken {
    /// When it came in, as its line says; a line that says no time is none that begins a mail.
    pub(super) received_at: Option<DateTime<Utc>>,
    /// Its bytes, without the marks that were put before lines like its own.
    pub(super) bytes: Vec<u8>,
}

/// The mails of a file, each when it is wanted.
pub(super) struct Mails<R> {
    reader: R,
    /// The line that ended the mail before, and begins the next.
    begun: Option<Taken>,
    /// What cannot be read once is not read again.
    is_over: bool,
}

impl<R: BufRead> Mails<R> {
    pub(super) fn of(reader: R) -> Self {
        Self { reader, begun: None, is_over: false }
    }

    fn read(&mut self) -> io::Result<Option<Taken>> {
        let mut line = Vec::new();
        while self.reader.read_until(b'\n', &mut line)? > 0 {
            if line.starts_with(FROM_LINE) {
                let begins = Taken { received_at: time_of(&line), bytes: Vec::new() };
                if let Some(whole) = self.begun.replace(begins) {
                    return Ok(Some(whole));
                }
            } else if let Some(mail) = &mut self.begun {
                let marks = line.iter().take_while(|byte| **byte == b'>').count();
                let is_marked = marks > 0 && line.split_at(marks).1.starts_with(FROM_LINE);
                mail.bytes.extend_from_slice(line.split_at(usize::from(is_marked)).1);
            }
            line.clear();
        }
        Ok(self.begun.take())
    }
}

impl<R: BufRead> Iterator for Mails<R> {
    type Item = Result<Taken>;

    fn next(&mut self) -> Option<Result<Taken>> {
        if self.is_over {
            return None;
        }
        let read = self.read().context("The file cannot be read on from here; the mails behind are not taken");
        self.is_over = read.is_err();
        read.transpose()
    }
}

/// The time at the end of such a line: UTC, as the RFC has it, unless a zone stands before or behind the year, as the
/// files that Google hands out have it.
fn time_of(line: &[u8]) -> Option<DateTime<Utc>> {
    let line = String::from_utf8_lossy(line);
    let words: Vec<&str> = line.split_whitespace().collect();
    let clock = words.iter().rposition(|word| word.contains(':') && !word.contains('@'))?;
    let [.., month, day] = words.get(..clock)? else { return None };
    let (mut year, mut offset) = (None, FixedOffset::east_opt(0)?);
    for word in words.get(clock + 1..)? {
        if word.starts_with(['+', '-']) {
            offset = word.parse().ok()?;
        } else if let Ok(number) = word.parse::<u16>() {
            year = Some(number);
        } else if !matches!(*word, "UTC" | "GMT" | "Z") {
            return None;
        }
    }
    let day = NaiveDate::parse_from_str(&format!("{day} {month} {}", year?), "%d %b %Y").ok()?;
    let clock = words.get(clock)?;
    let time =
        NaiveTime::parse_from_str(clock, "%H:%M:%S").or_else(|_| NaiveTime::parse_from_str(clock, "%H:%M")).ok()?;
    Some(offset.from_local_datetime(&day.and_time(time)).single()?.to_utc())
}

#[cfg(test)]
mod tests {
    use super::{Mails, time_of};
    use std::io::{self, BufReader, Read};

    #[test]
    fn times_are_read_in_all_forms_that_programs_write_and_no_others() {
        let right = [
            ("From a@example.org Sat Jan  3 01:05:34 1998", 883_789_534),
            ("From a@example.org  Sat Jan  3 01:05 1998\r\n", 883_789_500),
            ("From 1792@xxx Sat Jan 03 02:05:34 +0100 1998\n", 883_789_534),
            ("From a@example.org Sat Jan 3 01:05:34 1998 -0000", 883_789_534),
            ("From a@example.org Sat Jan  3 01:05:34 GMT 1998", 883_789_534),
            ("From - Sat Jan  3 01:05:34 1998", 883_789_534),
            ("From \"a b:c\"@example.org Sat Jan  3 01:05:34 1998", 883_789_534),
        ];
        for (line, second) in right {
            assert_eq!(time_of(line.as_bytes()).map(|time| time.timestamp()), Some(second), "{line}");
        }
        let wrong = [
            "From here it goes on",
            "From 10:00 on",
            "From Monday, Jan 3 10:00 on",
            "From Jan 3 10:00:00 to Jan 4 1998",
            "From a@example.org Sat Jan 32 01:05:34 1998",
            "From a@example.org Sat Jan  3 01:05:34 EST 1998",
            "From a@example.org",
            "From ",
        ];
        for line in wrong {
            assert_eq!(time_of(line.as_bytes()), None, "{line}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_said_once_and_ends_the_file() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("bad sector"))
            }
        }
        let begin: &[u8] = b"From a@example.org Sat Jan  3 01:05:34 1998\nSubject: a\n\n\
                             From b@example.org Sat Jan  3 01:05:34 1998\nSubject: b\n";
        let found: Vec<_> = Mails::of(BufReader::new(begin.chain(Broken))).collect();
        let [Ok(whole), Err(error)] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(whole.bytes, b"Subject: a\n\n");
        assert!(format!("{error:#}").ends_with("bad sector"), "{error:#}");
    }
}
