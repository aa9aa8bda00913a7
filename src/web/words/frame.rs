//! What stands around every page, and on the pages of faults.

use super::Word;

pub(super) const WORDS: &[Word] = &[
    ("frame.service", "Antworten von Bewerbern", "Replies of candidates"),
    ("frame.skip", "Zum Inhalt", "Skip to content"),
    ("frame.navigation", "Hauptnavigation", "Main navigation"),
    ("frame.applications", "Bewerbungen", "Applications"),
    ("frame.states", "Betrieb", "Operation"),
    ("frame.inbox", "Eingang", "Inbox"),
    ("frame.waits", "E-Mails warten", "e-mails wait"),
    ("frame.sign_out", "Abmelden", "Sign out"),
    ("frame.sign_out_everywhere", "Überall abmelden", "Sign out everywhere"),
    ("fault.not_found", "Nicht gefunden", "Not found"),
    (
        "fault.not_found.text",
        "Hier gibt es nichts, oder nichts für Sie. Vielleicht wurde es gelöscht, oder die Adresse ist unvollständig.",
        "There is nothing here, or nothing for you. It may have been erased, or the address is incomplete.",
    ),
    ("fault.forbidden", "Nicht für Sie", "Not for you"),
    (
        "fault.forbidden.text",
        "Dieser Bereich gehört nicht zu Ihrer Rolle, oder das Formular war zu alt. Laden Sie die vorige Seite neu.",
        "This place is not for your role, or the form was too old. Reload the page before.",
    ),
    ("fault.malformed", "Nicht verstanden", "Not understood"),
    (
        "fault.malformed.text",
        "Mit dieser Eingabe ist nichts anzufangen. Gehen Sie zurück und versuchen Sie es noch einmal.",
        "Nothing can be done with this input. Go back and try once more.",
    ),
    ("fault.too_many", "Zu viele Versuche", "Too many attempts"),
    (
        "fault.too_many.text",
        "Bitte warten Sie einige Minuten und versuchen Sie es dann noch einmal.",
        "Please wait some minutes, then try once more.",
    ),
    ("fault.unavailable", "Gerade nicht erreichbar", "Not available right now"),
    (
        "fault.unavailable.text",
        "Die Datenbank antwortet nicht. Es ist nichts verloren; versuchen Sie es in einer Minute noch einmal.",
        "The database does not answer. Nothing is lost; try once more in a minute.",
    ),
    ("fault.broken", "Da ist etwas schiefgegangen", "Something went wrong"),
    (
        "fault.broken.text",
        "Das ist ein Fehler des Programms und steht in seinem Protokoll. Sagen Sie dem Betrieb Bescheid.",
        "This is a fault of the program and stands in its log. Tell those who run it.",
    ),
];
