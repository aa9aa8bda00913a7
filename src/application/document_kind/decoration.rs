//! Names that mail programs give to parts which are no documents: pictures of signatures, cryptographic signatures,
//! leftovers of bodies, calendar entries and cards.

use super::file_name::FileName;

/// Cryptographic signatures, calendar entries and cards, Outlook's leftovers.
const TECHNICAL_ENDINGS: &str = "p7s asc ics ical icalendar ifb vcs vcf vcard emz wmz mso";

const PICTURES: &str = "png jpg jpeg gif bmp svg webp";

/// Names of pictures that decorate, and of those that only count who reads.
const LOGOS: &[&str] = &[
    "logo logos firmenlogo unternehmenslogo companylogo maillogo signaturlogo",
    "facebook linkedin xing twitter instagram youtube whatsapp tiktok pinterest kununu vimeo threads bluesky mastodon",
    "pixel spacer",
];

/// What such names hold besides; a logo with other words may be a designer's work.
const LOGO_COMPANIONS: &[&str] = &[
    "icon icons button badge symbol social media mail email signatur signature footer header banner the in of und",
    "company firma firmen unternehmen gmbh ag kg se mbh co inc ltd",
    "small klein big gross large medium mini neu new rgb cmyk web weiss white black schwarz blau blue farbig color",
    "colour grau grey gray transparent circle round rounded square filled px x dpi k",
];

/// Why a part of this name is not listed, if so.
pub(super) fn why_ignored(name: &FileName) -> Option<&'static str> {
    let FileName { stem, ending, .. } = name;
    let stem = without_counter(&stem.to_lowercase()).to_owned();
    let picture = is_in(PICTURES, ending);
    if is_in(TECHNICAL_ENDINGS, ending) {
        Some("the ending is of a signature, a calendar entry, a card or another technical part")
    } else if is_signature_picture(&stem, ending) {
        Some("mail programs name the pictures of signatures like this")
    } else if is_body_fragment(&stem, ending) {
        Some("mail servers name pieces of the body like this")
    } else if picture && is_logo(name) {
        Some("the name is that of a logo or a social network's picture")
    } else {
        None
    }
}

/// `image001.png` (also with Outlook's content id behind it), `~WRD0000.jpg`, `Outlook-facebook.png`.
fn is_signature_picture(stem: &str, ending: &str) -> bool {
    let numbered = |stem: &str| stem.strip_prefix("image").is_some_and(|number| number.len() == 3 && is_digits(number));
    let with_content_id = stem.split_once('@').is_some_and(|(picture, _)| {
        picture.rsplit_once('.').is_some_and(|(stem, ending)| numbered(stem) && is_in("png jpg gif", ending))
    });
    let of_word = stem.strip_prefix("~wrd").is_some_and(is_digits);
    let of_outlook = stem.strip_prefix("outlook-").is_some_and(|name| {
        // Only the web version's random names are as certain in the other formats.
        let random = name.len() == 8 && name.bytes().all(|b| b.is_ascii_alphanumeric());
        ending == "png" || (random && is_in("jpg jpeg gif", ending))
    });
    (numbered(stem) && is_in("png jpg gif", ending)) || with_content_id || of_word || of_outlook
}

/// `ATT00001.txt`: what Exchange makes of a piece of the body. With a document's ending it is a document whose name was
/// lost.
fn is_body_fragment(stem: &str, ending: &str) -> bool {
    let number = stem.trim_end_matches('.').strip_prefix("att");
    number.is_some_and(|number| number.len() >= 3 && is_digits(number)) && is_in("txt htm html bin", ending)
}

fn is_logo(name: &FileName) -> bool {
    let listed = |lines: &[&str], word: &str| lines.iter().any(|line| is_in(line, word));
    let mut words = name.words.iter().map(|word| word.text.as_str());
    words.clone().any(|word| listed(LOGOS, word))
        && words.all(|word| listed(LOGOS, word) || listed(LOGO_COMPANIONS, word))
}

/// `image001 (2)` without the counter that a program put there to tell two files apart.
fn without_counter(stem: &str) -> &str {
    let uncounted = stem.strip_suffix([')', ']']).map(|stem| stem.trim_end_matches(|c: char| c.is_ascii_digit()));
    uncounted.and_then(|stem| stem.strip_suffix(['(', '['])).map_or(stem, str::trim_end)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_in(line: &str, word: &str) -> bool {
    line.split(' ').any(|listed| listed == word)
}
