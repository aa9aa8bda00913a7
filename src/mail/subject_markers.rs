//! The words by which mail programs mark forwards and replies at the front of a subject, and those by which people name
//! a reference number. Data only; the reading is in [`super::subject`].

/// Markers of forwards and replies, in small letters; a colon stands behind them, with or without a blank before it.
///
/// Words of robots ("Automatische Antwort", "Gelesen", "Abwesend") are none: such a mail is no reply of a candidate.
pub(super) const MARKERS: &[&str] = &[
    // Forwards: German.
    "wg", "wtr", "wtrlt", "weitergeleitet", "weiterleitung",
    // English.
    "fwd", "fw", "forward", "forwarded",
    // French, Spanish, Portuguese, Catalan, Romanian.
    "tr", "rv", "renv", "reenv", "enc", "redir",
    // Danish, Norwegian, Swedish, Finnish, Icelandic.
    "vs", "videresend", "videresendt", "vb", "vl", "fs",
    // Dutch, Polish, Czech, Hungarian, Turkish, Welsh, Greek, Indonesian.
    "doorst", "pd", "přep", "továbbítás", "i\u{307}lt", "ilt", "yml", "πρθ", "trs",
    // Chinese, Russian, Ukrainian, Hebrew.
    "转发", "轉寄", "轉發", "пер", "hועבר", "הועבר",
    // Replies: German, English, Dutch.
    "aw", "antw", "antwort", "re", "reply",
    // Italian, Portuguese, Spanish, French.
    "rif", "res", "rép",
    // Danish, Norwegian, Swedish, Polish, Hungarian, Turkish, Slovene and Croatian, Welsh, Greek, Indonesian.
    "sv", "odp", "vá", "ynt", "odg", "atb", "απ", "σχετ", "bls",
    // Chinese, Russian, Hebrew.
    "回复", "回覆", "答复", "отв", "השב", "תגובה",
];

/// Markers of one letter (Italian "Inoltra" and "Risposta"): only with the colon directly behind, so that a sentence's
/// first letter is not taken for one.
pub(super) const SINGLE_LETTER_MARKERS: &[&str] = &["i", "r"];

/// What may stand for "reference number" before the number, without blanks, dots and dashes.
///
/// A job's number (Kennziffer, Stelle, Job) and other systems' numbers (Ticket, Bewerbung) are named otherwise and must
/// not be read as a reference number.
pub(super) const LABELS: &[&str] = &[
    "ref", "refer", "referenz", "bewerbungsref", "bewerbungsreferenz", "reference", "applicationref",
    "applicationreference", "réf", "référence", "referencia", "rif", "riferimento", "referentie",
];

/// What may follow a label's word, as in "Ref.-Nr." and "Referenznummer".
pub(super) const LABEL_NUMBER_WORDS: &[&str] = &["nr", "nummer", "no", "number", "num", "n", "numéro", "numero", "número"];
