//! The words by which mail programs mark forwards and replies at the front of a subject, and those by which people name
//! a reference number. Data only: lines of words, in small letters.

/// Markers of forwards; a colon stands behind them, with or without a blank or a dot before it. Danish and Finnish use
/// "vs" for replies too.
///
/// Words of robots ("Automatische Antwort", "Gelesen", "Abwesend") are none: such a mail is no reply of a candidate.
pub(super) const FORWARD_MARKERS: &[&str] = &[
    // German; English.
    "wg wtr wtrlt weitergeleitet weiterleitung",
    "fwd fw forward forwarded trans res-fwd",
    // French; Spanish; Portuguese; Romanian; Dutch.
    "tr rv enc redir doorst",
    // Danish, Norwegian and Finnish; Swedish; Finnish; Norwegian; Icelandic.
    "vs vb vl videresend videresendt fs",
    // Polish; Czech; Hungarian; Turkish (the capital I with a dot folds to two characters); Greek; Welsh; Indonesian; Serbian.
    "pd přep továbbítás továbbított i\u{307}lt ilt πρθ yml trs prosl prosleđeno",
    // Chinese; Russian; Hebrew.
    "转发 轉寄 轉發 пер הועבר",
];

/// Markers of replies, written in the same way.
pub(super) const REPLY_MARKERS: &[&str] = &[
    // German and Dutch; English; Italian; Portuguese; French.
    "aw antw antwort re reply rif res rép",
    // Scandinavian and Dutch; Polish; Hungarian; Turkish; Croatian and Slovene; Greek; Welsh; Indonesian.
    "sv ha odp vá ynt odg απ σχετ atb bls",
    // Chinese; Russian; Hebrew.
    "回复 回覆 答复 отв השב תגובה",
];

/// Markers of one letter (Italian "Inoltra" and "Risposta"): only with the colon directly behind, so that a sentence's
/// first letter is not taken for one.
pub(super) const SINGLE_LETTER_FORWARD: &str = "i";
pub(super) const SINGLE_LETTER_REPLY: &str = "r";

/// What may stand for "reference number" before the number, without blanks, dots and dashes.
///
/// A job's number (Kennziffer, Stelle, Job) and other numbers (Ticket, Bewerbung) are named otherwise and must not be
/// read as a reference number.
pub(super) const LABELS: &[&str] = &[
    "ref referenz bewerbungsref bewerbungsreferenz",
    "reference applicationref applicationreference",
    "réf référence referencia rif riferimento referentie",
];

/// What may follow a label's word, as in "Ref.-Nr." and "Referenznummer".
pub(super) const LABEL_NUMBER_WORDS: &str = "nr nummer no n number num numéro numero número";

/// Words that join a second number to the first ("482137 und 519072").
pub(super) const JOINING_WORDS: &str = "und u sowie oder and or et ou e y o en of i oraz";
