//! Files and their marks.

use super::Word;

pub(super) const WORDS: &[Word] = &[
    ("files.one", "1 Datei", "1 file"),
    ("files.count", "{count} Dateien", "{count} files"),
    ("files.none.files", "Noch gibt es keine Dateien.", "There are no files yet."),
    (
        "files.none.documents",
        "Unter Dokumente steht nichts; alle Dateien stehen unter Dateien.",
        "Nothing stands under Documents; all files stand under Files.",
    ),
    ("files.preview", "Vorschau", "Preview"),
    ("files.download", "Herunterladen", "Download"),
    ("files.kind_of", "Art der Datei {name}", "Kind of the file {name}"),
    ("files.correct", "Art ändern", "Change kind"),
    ("files.corrected", "Art von Hand berichtigt", "kind corrected by hand"),
    ("files.damaged", "Unvollständig oder beschädigt angekommen.", "Arrived incomplete or damaged."),
    (
        "files.danger.program",
        "Vorsicht: ein Programm. Öffnen Sie die Datei nicht.",
        "Caution: a program. Do not open this file.",
    ),
    (
        "files.danger.archive",
        "Vorsicht: ein Archiv, dessen Inhalt niemand geprüft hat.",
        "Caution: an archive whose content nobody has checked.",
    ),
    (
        "files.danger.misleading_name",
        "Vorsicht: der Name verbirgt, was die Datei ist. Öffnen Sie sie nicht.",
        "Caution: the name hides what the file is. Do not open it.",
    ),
    (
        "files.danger.misleading_type",
        "Vorsicht: der Inhalt ist von anderer Art, als der Name sagt.",
        "Caution: the content is of another type than the name says.",
    ),
    (
        "files.danger.macros",
        "Vorsicht: ein Dokument mit Makros. Lassen Sie die Makros nicht ausführen.",
        "Caution: a document with macros. Do not let the macros run.",
    ),
    (
        "files.withheld.infected",
        "Nicht aufbewahrt: der Virenscanner fand {virus}.",
        "Not kept: the virus scanner found {virus}.",
    ),
    (
        "files.withheld.too_large_to_scan",
        "Nicht aufbewahrt: zu groß für den Virenscanner. Die Datei liegt nur in der archivierten E-Mail.",
        "Not kept: too large for the virus scanner. The file is in the archived e-mail only.",
    ),
    (
        "files.withheld.not_scannable",
        "Nicht aufbewahrt: der Virenscanner scheitert daran. Die Datei liegt nur in der archivierten E-Mail.",
        "Not kept: the virus scanner fails at it. The file is in the archived e-mail only.",
    ),
];
