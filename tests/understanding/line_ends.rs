//! Mails with other line ends than those they lie here with.

/// What lines end with.
#[derive(Clone, Copy)]
pub(crate) enum LineEnds {
    AsTheyAre,
    CarriageReturnAndLineFeed,
    LineFeed,
}

/// Mails that are about their line ends, or whose files are known by a digest that the line ends are part of.
const KEPT: &[&str] =
    &["bare-cr-in-body", "bare-lf-everywhere", "file-ends-with-line-breaks", "line-ends-carriage-return-only"];

impl LineEnds {
    /// The mail of this name with these line ends.
    pub(crate) fn of(self, name: &str, mail: Vec<u8>) -> Vec<u8> {
        let end = match self {
            Self::CarriageReturnAndLineFeed if !KEPT.contains(&name) => &b"\r\n"[..],
            Self::LineFeed if !KEPT.contains(&name) => b"\n",
            _ => return mail,
        };
        let lines = mail.split(|&byte| byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        lines.collect::<Vec<_>>().join(end)
    }
}

#[test]
fn only_the_line_ends_change() {
    let mail = b"a\r\nb\n\r\nc".to_vec();
    assert_eq!(LineEnds::LineFeed.of("", mail.clone()), b"a\nb\n\nc");
    assert_eq!(LineEnds::CarriageReturnAndLineFeed.of("", mail.clone()), b"a\r\nb\r\n\r\nc");
    assert_eq!(LineEnds::AsTheyAre.of("", mail.clone()), mail);
}
