//! Modified UTF-7, in which folder names travel (RFC 3501, section 5.1.3).

use base64::Engine as _;
use base64::alphabet::IMAP_MUTF7;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};

const BASE64: GeneralPurpose = GeneralPurpose::new(&IMAP_MUTF7, NO_PAD);

/// Printable ASCII stays, `&` becomes `&-`, everything else runs of base64 of UTF-16.
pub(super) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    let mut foreign = String::new();
    for c in text.chars() {
        if matches!(c, ' '..='~') {
            flush(&mut foreign, &mut encoded);
            encoded.push(c);
            if c == '&' {
                encoded.push('-');
            }
        } else {
            foreign.push(c);
        }
    }
    flush(&mut foreign, &mut encoded);
    encoded
}

/// The name that `encoded` stands for; `None` if it is no modified UTF-7, as on servers that send UTF-8.
pub(super) fn decode(encoded: &str) -> Option<String> {
    let mut text = String::with_capacity(encoded.len());
    let mut rest = encoded;
    while let Some((plain, shifted)) = rest.split_once('&') {
        let (run, behind) = shifted.split_once('-')?;
        text.push_str(plain);
        if run.is_empty() {
            text.push('&');
        } else {
            text.push_str(&decode_run(run)?);
        }
        rest = behind;
    }
    text.push_str(rest);
    // Only a run may bring in what is not printable ASCII.
    encoded.chars().all(|c| matches!(c, ' '..='~')).then_some(text)
}

fn flush(foreign: &mut String, encoded: &mut String) {
    if foreign.is_empty() {
        return;
    }
    let bytes: Vec<u8> = foreign.encode_utf16().flat_map(u16::to_be_bytes).collect();
    encoded.push('&');
    encoded.push_str(&BASE64.encode(bytes));
    encoded.push('-');
    foreign.clear();
}

fn decode_run(run: &str) -> Option<String> {
    let bytes = BASE64.decode(run).ok()?;
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| u16::from_be_bytes(*pair));
    let text: String = char::decode_utf16(units).collect::<Result<_, _>>().ok()?;
    rest.is_empty().then_some(text)
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};

    #[test]
    fn the_examples_of_the_rfc_and_of_servers_come_out() {
        for (text, wire) in [
            ("Gelöscht", "Gel&APY-scht"),
            ("Büro", "B&APw-ro"),
            ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
            ("A & B", "A &- B"),
            ("&", "&-"),
            ("😀", "&2D3eAA-"),
            ("", ""),
        ] {
            assert_eq!(encode(text), wire);
            assert_eq!(decode(wire).as_deref(), Some(text));
        }
    }

    #[test]
    fn every_name_comes_back_and_travels_as_printable_ascii() {
        let alphabet: Vec<char> = " aZ09&-,+/.~\"\\ÄäßéøŁЖ日本😀𝄞\u{feff}\u{1}\u{7f}\u{10ffff}".chars().collect();
        // A small generator with a fixed start, so that a failure comes again.
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let mut next = |bound: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state % u64::try_from(bound).unwrap()).unwrap()
        };
        for _ in 0..20_000 {
            let length = next(12);
            let name: String = (0..length).map(|_| alphabet[next(alphabet.len())]).collect();
            let wire = encode(&name);
            assert!(wire.chars().all(|c| matches!(c, ' '..='~')), "{name:?} became {wire:?}");
            assert_eq!(decode(&wire).as_deref(), Some(name.as_str()), "{wire:?}");
        }
    }

    #[test]
    fn what_is_no_modified_utf7_is_not_guessed() {
        for wire in ["&", "&APw", "&!!!-", "&AP-", "&2D0-", "&3gA-", "Büro", "&AAAAA-"] {
            assert_eq!(decode(wire), None, "{wire:?}");
        }
    }
}
