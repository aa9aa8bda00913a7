//! Words that are nobody's: by them mail is read, or they stand in every mail.

use crate::application::document_kind;
use crate::mail::{automatic_table, dates, forward, note_table, subject_markers};
use std::collections::HashSet;
use std::sync::LazyLock;

static WORDS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let tables = [forward::words(), dates::words(), document_kind::words()];
    let lists: [&[&str]; 6] = [
        subject_markers::FORWARD_MARKERS,
        subject_markers::REPLY_MARKERS,
        subject_markers::LABELS,
        &note_table::PROGRAM_LINES,
        &[subject_markers::LABEL_NUMBER_WORDS, subject_markers::JOINING_WORDS],
        &IN_EVERY_MAIL,
    ];
    let automatic = automatic_table::words();
    let texts = tables.into_iter().flatten().chain(lists.into_iter().flatten().copied()).chain(automatic);
    texts.flat_map(|text| text.split(|c: char| !c.is_alphabetic())).map(str::to_lowercase).collect()
});

/// In any case of letters.
pub(super) fn is_nobodys(word: &str) -> bool {
    WORDS.contains(&word.to_lowercase())
}

/// Of headers, addresses, HTML and greetings.
const IN_EVERY_MAIL: [&str; 8] = [
    "from to cc bcc date subject sent reply sender message id references in mime version content type transfer encoding \
     disposition attachment inline filename name charset boundary format flowed delsp protocol micalg report delivery status",
    "text plain html htm enriched calendar richtext multipart mixed alternative related digest signed encrypted application octet \
     stream pdf msword rtf image png jpeg jpg gif bmp tiff svg xml zip rfc delivery notification vnd ms tnef winmail dat docx \
     doc xlsx xls pptx ppt odt ods odp eml msg asc txt csv ics vcf heic webp openxmlformats officedocument wordprocessingml document",
    "utf iso windows us ascii koi base quoted printable bit binary",
    "received by with for esmtp esmtps smtp smtps lmtp tls authentication results spf dkim dmarc arc pass fail none neutral \
     softfail permerror temperror mailfrom header helo auto submitted generated replied precedence bulk list unsubscribe",
    "http https www mailto cid tel com org net de at ch eu example invalid",
    "if endif gte lte mso vml nbsp amp lt gt quot pgp begin end message signed signature public key block hash sha comment",
    "sehr geehrte geehrter damen und herren frau herr hallo guten tag liebe lieber mit freundlichen grüßen viele grüße beste \
     vielen dank von meinem iphone gesendet",
    "dear sir madam mr mrs ms hello hi best kind regards thank you sent from my",
];
