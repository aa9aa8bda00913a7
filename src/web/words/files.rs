//! Files and their marks.

use super::word::Word;

pub(super) const WORDS: &[Word] = &[
    ("files.one", "1 Datei", "1 file"),
    ("files.count", "{count} Dateien", "{count} files"),
    (
        "files.none.files",
        "Noch gibt es keine Dateien. Die Dateien weitergeleiteter Antworten erscheinen hier von selbst.",
        "There are no files yet. The files of forwarded replies appear here by themselves.",
    ),
    (
        "files.none.documents",
        "Hier gibt es keine Dokumente. Alle Dateien finden Sie unter „Dateien“.",
        "There are no documents here. You find all files under “Files”.",
    ),
    ("files.preview", "Vorschau", "Preview"),
    ("files.download", "Herunterladen", "Download"),
    ("files.kind_of", "Art der Datei {name}", "Kind of the file {name}"),
    ("files.correct", "Art ändern", "Change kind"),
    ("files.corrected", "Art von Hand berichtigt", "kind corrected by hand"),
    ("files.damaged", "Unvollständig oder beschädigt angekommen.", "Arrived incomplete or damaged."),
    (
        "files.danger.program",
        "Vorsicht: Das ist ein Programm. Öffnen Sie die Datei nicht.",
        "Caution: this is a program. Do not open this file.",
    ),
    (
        "files.danger.archive",
        "Vorsicht: Das ist eine gepackte Datei (zum Beispiel ZIP). Öffnen Sie daraus nur, was Sie erwarten.",
        "Caution: this is a packed file (such as ZIP). Open only what you expect in it.",
    ),
    (
        "files.danger.misleading_name",
        "Vorsicht: Der Name verbirgt, was für eine Datei das ist. Öffnen Sie sie nicht.",
        "Caution: the name hides what kind of file this is. Do not open it.",
    ),
    (
        "files.danger.misleading_type",
        "Vorsicht: Der Inhalt passt nicht zum Namen der Datei.",
        "Caution: the content does not match the name of the file.",
    ),
    (
        "files.danger.macros",
        "Vorsicht: Das ist ein Dokument mit Makros. Führen Sie die Makros nicht aus.",
        "Caution: this document contains macros. Do not run them.",
    ),
    (
        "files.withheld.infected",
        "Nicht übernommen: Der Virenscanner hat {virus} gefunden.",
        "Left out: the virus scanner has found {virus}.",
    ),
    (
        "files.withheld.too_large_to_scan",
        "Nicht übernommen: zu groß für den Virenscanner. Die Datei liegt nur in der archivierten E-Mail.",
        "Left out: too large for the virus scanner. The file is in the archived e-mail only.",
    ),
    (
        "files.withheld.not_scannable",
        "Nicht übernommen: Der Virenscanner kann sie nicht prüfen. Die Datei liegt nur in der archivierten E-Mail.",
        "Left out: the virus scanner cannot check it. The file is in the archived e-mail only.",
    ),
];
