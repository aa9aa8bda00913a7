//! The opened magnifier.

use super::word::Word;

pub(super) const WORDS: &[Word] = &[
    ("original.note", "Notiz zur Weiterleitung", "Forwarder's note"),
    ("original.content", "Inhalt", "Content"),
    ("original.frame", "Inhalt der E-Mail „{subject}“", "Content of the e-mail “{subject}”"),
    (
        "original.remote_picture",
        "1 Bild auf einem fremden Server wurde nicht geladen, damit dort niemand sieht, dass die E-Mail gelesen wird.",
        "1 picture on an external server was not loaded, so that nobody there sees that the e-mail is being read.",
    ),
    (
        "original.remote_pictures",
        "{count} Bilder auf fremden Servern wurden nicht geladen, damit dort niemand sieht, dass die E-Mail gelesen wird.",
        "{count} pictures on external servers were not loaded, so that nobody there sees that the e-mail is being read.",
    ),
    (
        "original.left_out_pictures",
        "Bilder der E-Mail, die hier nicht gezeigt werden: {count}",
        "Pictures of the e-mail that are not shown here: {count}",
    ),
    ("original.as_text", "Nur als Text", "As text only"),
    ("original.empty", "Die E-Mail enthält keinen Text.", "The e-mail contains no text."),
    ("original.ignored", "Nicht übernommene Teile", "Parts left out"),
    ("original.headers", "Angaben der E-Mail", "Details of the e-mail"),
    ("original.from", "Von", "From"),
    ("original.date", "Datum", "Date"),
    ("original.subject", "Betreff", "Subject"),
    ("original.forwarded_by", "Weitergeleitet von", "Forwarded by"),
    ("original.forwarded_as", "Betreff der Weiterleitung", "Subject of the forward"),
    ("original.forwarded_at", "Weitergeleitet am", "Forwarded on"),
    ("original.sent_by", "Geschickt von", "Sent by"),
    ("original.sent_at", "Geschickt am", "Sent on"),
    ("original.received_at", "Eingegangen am", "Received on"),
    (
        "original.gone",
        "Der Inhalt dieser E-Mail wird nicht mehr aufbewahrt.",
        "The content of this e-mail is no longer kept.",
    ),
];
