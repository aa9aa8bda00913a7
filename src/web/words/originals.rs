//! The opened magnifier.

use super::Word;

pub(super) const WORDS: &[Word] = &[
    ("original.note", "Notiz zur Weiterleitung", "Note of the forwarder"),
    ("original.content", "Inhalt", "Content"),
    ("original.frame", "Inhalt der E-Mail „{subject}“", "Content of the e-mail “{subject}”"),
    (
        "original.remote_picture",
        "1 Bild auf einem fremden Server wurde nicht geladen: der Absender sähe sonst, dass jemand liest.",
        "1 picture on a foreign server was not loaded: the sender would see that somebody reads.",
    ),
    (
        "original.remote_pictures",
        "{count} Bilder auf fremden Servern wurden nicht geladen: der Absender sähe sonst, dass jemand liest.",
        "{count} pictures on foreign servers were not loaded: the sender would see that somebody reads.",
    ),
    (
        "original.left_out_pictures",
        "Bilder der E-Mail, die hier nicht gezeigt werden: {count}",
        "Pictures of the e-mail that are not shown here: {count}",
    ),
    ("original.as_text", "Nur als Text", "As text only"),
    ("original.empty", "Die E-Mail enthält keinen Text.", "The e-mail holds no text."),
    ("original.ignored", "Nicht übernommene Teile", "Parts left out"),
    ("original.headers", "Angaben der E-Mail", "Headers of the e-mail"),
    ("original.from", "Von", "From"),
    ("original.date", "Datum", "Date"),
    ("original.subject", "Betreff", "Subject"),
    ("original.forwarded_by", "Weitergeleitet von", "Forwarded by"),
    ("original.forwarded_as", "Betreff der Weiterleitung", "Subject of the forward"),
    ("original.sent_at", "Weitergeleitet am", "Forwarded at"),
    ("original.received_at", "Eingegangen am", "Received at"),
    (
        "original.gone",
        "Der Inhalt dieser E-Mail wird nicht mehr aufbewahrt.",
        "The content of this e-mail is not kept any more.",
    ),
];
