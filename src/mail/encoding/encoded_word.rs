//! Header text with encoded words (RFC 2047), also where the RFC does not allow them: inside words, in quotation marks,
//! in file names.

use super::{base64, charset, quoted_printable};

/// Longest encoded word that is looked for. The RFC allows 75 letters; programs that never break lines send more.
const LONGEST: usize = 2 * 1024;

/// Decodes a header's bytes, already unfolded.
///
/// Neighbouring words of one character set are joined as bytes before they are decoded, since programs cut them in the
/// middle of a letter. Bytes above 127 outside of words are read as UTF-8 or Windows-1252. A word that cannot be made
/// out stays as it is.
pub(crate) fn decode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    let mut run: Option<Run> = None;
    let mut rest = bytes;
    while let Some(start) = position(rest, *b"=?") {
        let (before, at_word) = rest.split_at_checked(start).unwrap_or((rest, b""));
        let Some((word, behind)) = read_word(at_word) else {
            let (opening, behind) = at_word.split_at_checked(2).unwrap_or((at_word, b""));
            flush(&mut run, &mut text);
            text.push_str(&charset::decode(&[before, opening].concat(), None));
            rest = behind;
            continue;
        };
        let adjoining = run.is_some() && before.iter().all(u8::is_ascii_whitespace);
        let continues = adjoining && run.as_ref().is_some_and(|run| run.charset.eq_ignore_ascii_case(&word.charset));
        if !continues {
            flush(&mut run, &mut text);
        }
        if !adjoining {
            text.push_str(&charset::decode(before, None));
        }
        run.get_or_insert_with(|| Run::of(&word.charset)).add(&word);
        rest = behind;
    }
    flush(&mut run, &mut text);
    text.push_str(&charset::decode(rest, None));
    text
}

fn flush(run: &mut Option<Run>, text: &mut String) {
    if let Some(run) = run.take() {
        text.push_str(&run.decode());
    }
}

/// One encoded word as it stands.
struct Word<'a> {
    charset: String,
    base64: bool,
    text: &'a [u8],
}

/// Reads the word at the start of `bytes`; gives it and what is behind it.
fn read_word(bytes: &[u8]) -> Option<(Word<'_>, &[u8])> {
    let (charset, inner) = split_at_question_mark(bytes.strip_prefix(b"=?")?)?;
    if charset.is_empty() || !charset.iter().all(u8::is_ascii_graphic) {
        return None;
    }
    // RFC 2231, section 5: a language may follow the set behind a star.
    let charset = charset.split(|&byte| byte == b'*').next().unwrap_or_default();
    let (encoding, inner) = split_at_question_mark(inner)?;
    let base64 = match encoding {
        b"B" | b"b" => true,
        b"Q" | b"q" => false,
        _ => return None,
    };
    let (text, behind) = split_at_end(inner, charset)?;
    Some((Word { charset: String::from_utf8_lossy(charset).into_owned(), base64, text }, behind))
}

/// The text of a word and what is behind its `?=`. Gateways that shorten headers cut the end off: then the word of a known
/// set goes to the next one or, if letters of a word are all that is left, to the end.
fn split_at_end<'a>(inner: &'a [u8], charset: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let within = inner.get(..inner.len().min(LONGEST))?;
    let closed = position(within, *b"?=");
    let next = within.windows(3).position(|piece| matches!(piece, [b' ' | b'\t', b'=', b'?']));
    if let Some(end) = closed.filter(|&end| next.is_none_or(|next| end < next)) {
        return Some((inner.get(..end)?, inner.get(end + 2..)?));
    }
    let (text, behind) = inner.split_at_checked(next.unwrap_or(inner.len()))?;
    let text = text.trim_ascii_end();
    is_cut_off(text, charset).then(|| (text.strip_suffix(b"?").unwrap_or(text), behind))
}

/// What was cut to a length: letters of a word and nothing else.
fn is_cut_off(text: &[u8], charset: &[u8]) -> bool {
    text.len() < LONGEST
        && !text.iter().any(|byte| byte.is_ascii_whitespace() || matches!(byte, b'"' | b';' | b'<'))
        && encoding_rs::Encoding::for_label(charset).is_some()
}

/// Neighbouring words of one character set.
struct Run {
    charset: String,
    bytes: Vec<u8>,
    /// Base64 letters that do not fill a quantum yet: some programs cut between words without regard to it.
    open: Vec<u8>,
}

impl Run {
    fn of(charset: &str) -> Self {
        Self { charset: charset.to_owned(), bytes: Vec::new(), open: Vec::new() }
    }

    fn add(&mut self, word: &Word<'_>) {
        if !word.base64 {
            self.close();
            let text: Vec<u8> = word.text.iter().map(|&byte| if byte == b'_' { b' ' } else { byte }).collect();
            quoted_printable::decode_escapes(&text, &mut self.bytes);
            return;
        }
        if self.open.len().is_multiple_of(4) || self.open.ends_with(b"=") {
            self.close();
        }
        self.open.extend(word.text.iter().filter(|byte| !byte.is_ascii_whitespace()));
    }

    fn close(&mut self) {
        self.bytes.extend_from_slice(&base64::decode(&self.open).bytes);
        self.open.clear();
    }

    fn decode(mut self) -> String {
        self.close();
        if self.charset.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("iso-2022")) {
            self.bytes = without_idle_escapes(&self.bytes);
        }
        charset::decode(&self.bytes, Some(&self.charset))
    }
}

/// ISO-2022-JP without returns to ASCII directly before the next escape: every word ends with one, and decoders that
/// follow the WHATWG take two escapes in a row for an attack.
fn without_idle_escapes(bytes: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&first, behind)) = rest.split_first() {
        match rest.strip_prefix(b"\x1b(B") {
            Some(escape) if escape.starts_with(b"\x1b") => rest = escape,
            _ => {
                kept.push(first);
                rest = behind;
            }
        }
    }
    kept
}

/// Splits at the next question mark, which must stand within the length of a character set's name.
fn split_at_question_mark(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = bytes.iter().take(64).position(|&byte| byte == b'?')?;
    Some((bytes.get(..at)?, bytes.get(at + 1..)?))
}

fn position(bytes: &[u8], wanted: [u8; 2]) -> Option<usize> {
    bytes.windows(2).position(|pair| *pair == wanted)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn a_letter_cut_between_two_words_is_joined() {
        assert_eq!(decode(b"=?utf-8?B?R3LDvMOf?= =?utf-8?B?ZSBhdXMgw5Y=?="), "Grüße aus Ö");
        assert_eq!(decode(b"=?utf-8?Q?=C3?= =?UTF-8?q?=96hringen?="), "Öhringen");
    }

    #[test]
    fn base64_cut_in_the_middle_of_a_quantum_is_joined() {
        assert_eq!(decode(b"=?utf-8?B?R3L?= =?utf-8?B?DvMOfZQ==?="), "Grüße");
    }

    #[test]
    fn japanese_words_behind_each_other_are_joined() {
        assert_eq!(decode(b"=?ISO-2022-JP?B?GyRCMX5KZxsoQg==?= =?iso-2022-jp?B?GyRCPXFOYBsoQg==?="), "応募書類");
    }

    #[test]
    fn blanks_vanish_between_words_only() {
        assert_eq!(decode(b"2024-00001 =?utf-8?Q?WG:_?= =?iso-8859-2?Q?=A3=F3d=BC?= neu"), "2024-00001 WG: Łódź neu");
    }

    #[test]
    fn a_word_inside_a_word_or_in_quotation_marks_is_read() {
        assert_eq!(decode(b"Pr=?utf-8?Q?=C3=BC?=fung"), "Prüfung");
        assert_eq!(decode(b"\"=?utf-8?Q?K=C3=B6chin?=.pdf\""), "\"Köchin.pdf\"");
        assert_eq!(decode(b"=?utf-8?Q?mit Blank?="), "mit Blank");
    }

    #[test]
    fn raw_bytes_are_utf_8_or_windows_1252() {
        assert_eq!(decode("Prüfung".as_bytes()), "Prüfung");
        assert_eq!(decode(b"Pr\xfcfung"), "Prüfung");
    }

    #[test]
    fn what_is_no_word_stays() {
        assert_eq!(
            decode(b"1=?2 =?utf-8?X?a?= =??Q?a?= =?utf-8?Q?offen und mehr"),
            "1=?2 =?utf-8?X?a?= =??Q?a?= =?utf-8?Q?offen und mehr"
        );
    }

    #[test]
    fn a_word_without_its_end_is_read_to_the_next() {
        assert_eq!(decode(b"=?utf-8?Q?2024-00191_Pr=C3=BCfung?"), "2024-00191 Prüfung");
        assert_eq!(decode(b"=?utf-8?Q?2024-00191_Pr=C3=BCf"), "2024-00191 Prüf");
        assert_eq!(decode(b"=?utf-8?Q?Pr=C3=BC?  =?utf-8?Q?fung?= neu"), "Prüfung neu");
    }

    #[test]
    fn a_word_cut_off_at_the_end_is_read() {
        assert_eq!(decode(b"WG: =?utf-8?Q?=C3=96hri=?"), "WG: Öhri=");
        assert_eq!(decode(b"=?utf-8?B?w5ZocmluZ2Vu"), "Öhringen");
        assert_eq!(decode(b"=?x-eigen?Q?offen"), "=?x-eigen?Q?offen");
    }

    #[test]
    fn endless_openings_end_soon() {
        let many = b"=?a?q?x ".repeat(20_000);
        assert_eq!(decode(&many).matches('x').count(), 20_000);
    }
}
