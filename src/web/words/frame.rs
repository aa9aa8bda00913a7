//! What stands around every page, and on the pages of faults.

use super::word::Word;

pub(super) const WORDS: &[Word] = &[
    ("frame.service", "Antworten von Bewerbern", "Candidate replies"),
    ("frame.skip", "Zum Inhalt", "Skip to content"),
    ("frame.navigation", "Hauptnavigation", "Main navigation"),
    ("frame.applications", "Bewerbungen", "Applications"),
    ("frame.states", "Systemstatus", "System status"),
    ("frame.inbox", "Eingang", "Inbox"),
    ("frame.one_waits", "E-Mail wartet", "e-mail waiting"),
    ("frame.waits", "E-Mails warten", "e-mails waiting"),
    ("frame.sign_out", "Abmelden", "Sign out"),
    ("frame.sign_out_everywhere", "Überall abmelden", "Sign out everywhere"),
    ("fault.home", "Zur Startseite", "To the start page"),
    ("fault.not_found", "Nicht gefunden", "Not found"),
    (
        "fault.not_found.text",
        "Diese Seite gibt es nicht, oder Sie haben keinen Zugriff darauf. Vielleicht wurde der Inhalt gelöscht, oder die \
         Adresse ist unvollständig.",
        "This page does not exist, or you have no access to it. Its content may have been erased, or the address is \
         incomplete.",
    ),
    ("fault.forbidden", "Kein Zugriff", "No access"),
    (
        "fault.forbidden.text",
        "Diese Seite ist für Ihre Rolle nicht vorgesehen. Falls Sie gerade etwas abgeschickt haben, ist vielleicht \
         das Formular abgelaufen: Dann gehen Sie bitte zurück und laden die Seite neu.",
        "This page is not meant for your role. If you have just sent a form, it may have expired: then please go back and \
         reload the page.",
    ),
    ("fault.malformed", "Ungültige Eingabe", "Invalid input"),
    (
        "fault.malformed.text",
        "Die Eingabe konnte nicht verarbeitet werden. Bitte gehen Sie zurück und versuchen Sie es noch einmal.",
        "Your input could not be processed. Please go back and try again.",
    ),
    ("fault.too_many", "Zu viele Versuche", "Too many attempts"),
    (
        "fault.too_many.text",
        "Bitte warten Sie einige Minuten und versuchen Sie es dann noch einmal.",
        "Please wait a few minutes, then try again.",
    ),
    ("fault.unavailable", "Zurzeit nicht erreichbar", "Not available at the moment"),
    (
        "fault.unavailable.text",
        "Die Datenbank antwortet nicht. Bitte versuchen Sie es in einer Minute noch einmal.",
        "The database does not answer. Please try again in a minute.",
    ),
    ("fault.files_away", "Datei zurzeit nicht erreichbar", "File not available at the moment"),
    (
        "fault.files_away.text",
        "Der Speicher, in dem die Dateien liegen, antwortet nicht. Bitte versuchen Sie es in einigen Minuten noch einmal.",
        "The storage that holds the files does not answer. Please try again in a few minutes.",
    ),
    ("fault.broken", "Es ist ein Fehler aufgetreten", "Something went wrong"),
    (
        "fault.broken.text",
        "Das liegt nicht an Ihnen: Es ist ein Fehler im Programm, und er steht im Protokoll. Bitte sagen Sie Ihrer IT, wann \
         er aufgetreten ist.",
        "This is not your fault: it is an error in the program, and it is recorded in the log. Please tell your IT \
         department when it happened.",
    ),
];
