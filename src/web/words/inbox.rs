//! The Eingang.

use super::word::Word;

pub(super) const WORDS: &[Word] = &[
    ("inbox.title", "Eingang", "Inbox"),
    ("inbox.views", "Ansichten des Eingangs", "Views of the inbox"),
    ("inbox.view.waiting", "Offen", "Waiting"),
    ("inbox.view.discarded", "Verworfen", "Discarded"),
    ("inbox.no_subject", "(ohne Betreff)", "(no subject)"),
    ("inbox.number_of_mail", "E-Mail {mail}", "E-mail {mail}"),
    ("inbox.original_by", "ursprünglich von {name}", "originally from {name}"),
    ("inbox.claimed", "angegebene Referenznummer {number}", "reference number given: {number}"),
    ("inbox.asked_mark", "gefragt am {day}", "asked on {day}"),
    ("inbox.discarded_by", "Verworfen von {name}, {moment}.", "Discarded by {name}, {moment}."),
    ("inbox.discarded_at", "Verworfen, {moment}.", "Discarded, {moment}."),
    (
        "inbox.discarded_means",
        "Sie gehört zu keiner Bewerbung und wartet nicht mehr. Um sie zuzuordnen, nehmen Sie das Verwerfen zurück.",
        "It belongs to no application and is no longer waiting. To assign it, move it back to waiting.",
    ),
    (
        "inbox.nothing_waits",
        "Zurzeit wartet keine E-Mail. Hier erscheint, was keiner Bewerbung zugeordnet werden konnte.",
        "No e-mail is waiting at the moment. What could not be assigned to an application appears here.",
    ),
    (
        "inbox.nothing_discarded",
        "Zurzeit ist keine E-Mail verworfen. Was Sie verwerfen, finden Sie hier wieder.",
        "No e-mail is discarded at the moment. What you discard can be found here.",
    ),
    ("inbox.back", "Zurück zum Eingang", "Back to the inbox"),
    ("inbox.heading", "Eingang: E-Mail {mail}", "Inbox: e-mail {mail}"),
    ("inbox.why", "Warum sie wartet", "Why it is waiting"),
    ("inbox.why_it_waited", "Warum sie gewartet hat", "Why it was waiting"),
    ("inbox.claimed_number", "Angegebene Referenznummer", "Reference number given"),
    ("inbox.original_of", "Ursprünglich von", "Originally from"),
    ("inbox.asked", "Rückfrage gestellt", "Forwarder asked"),
    ("inbox.asking_failed", "Die Rückfrage konnte nicht zugestellt werden.", "The question could not be delivered."),
    ("inbox.checks", "Was geprüft wurde", "What was checked"),
    ("inbox.decide", "Was soll damit geschehen?", "What should be done with it?"),
    ("inbox.assign", "Einer Bewerbung zuordnen", "Assign to an application"),
    (
        "inbox.meant",
        "Vielleicht gehört sie zu einer dieser Bewerbungen. Bitte prüfen Sie das am Inhalt unten.",
        "It may belong to one of these applications. Please check that by the content below.",
    ),
    ("inbox.meant.of_sender", "Absenderadresse passt", "sender's address matches"),
    ("inbox.meant.claimed", "Nummer wie angegeben", "number as given"),
    ("inbox.meant.like_claimed", "ähnliche Nummer", "similar number"),
    ("inbox.assign_to", "Zuordnen zu {number}", "Assign to {number}"),
    ("inbox.number", "Referenznummer", "Reference number"),
    ("inbox.other_number", "Andere Referenznummer", "Other reference number"),
    ("inbox.assign_button", "Zuordnen", "Assign"),
    ("inbox.example", "Zum Beispiel: {number}", "For example: {number}"),
    (
        "inbox.not_whole.beginning",
        "So kann sie nicht zugeordnet werden: Sie ist zu groß, und nur ihr Anfang wurde gelesen. Bitten Sie darum, sie mit \
         weniger oder kleineren Anlagen noch einmal weiterzuleiten. Oder bitten Sie Ihre IT, „max_size“ zu erhöhen und sie \
         neu zu verarbeiten („reply-import reprocess {mail}“): Ganz liegt sie im Archivordner des Postfachs {address}.",
        "It cannot be assigned as it is: it is too large, and only its beginning was read. Ask for it to be forwarded again \
         with fewer or smaller attachments. Or ask your IT to raise “max_size” and to process it again (“reply-import \
         reprocess {mail}”): the whole of it is in the archive folder of the mailbox {address}.",
    ),
    (
        "inbox.not_whole.limit",
        "So kann sie nicht zugeordnet werden: Sie konnte nicht vollständig gelesen werden, und in der Historie würde etwas \
         fehlen. Bitten Sie darum, nur die E-Mail weiterzuleiten, um die es geht, mit den Anlagen, die gebraucht werden. \
         Oder bitten Sie Ihre IT, die Grenze unter „[limits]“ zu erhöhen und sie neu zu verarbeiten („reply-import \
         reprocess {mail}“): Ganz liegt sie im Archivordner des Postfachs {address}.",
        "It cannot be assigned as it is: it could not be read completely, and something would be missing in the history. Ask \
         for just the e-mail in question to be forwarded, with the attachments that are needed. Or ask your IT to raise \
         the limit under “[limits]” and to process it again (“reply-import reprocess {mail}”): the whole of it is in the \
         archive folder of the mailbox {address}.",
    ),
    (
        "inbox.not_whole.part",
        "So kann sie nicht zugeordnet werden: Sie konnte nicht vollständig gelesen werden, und in der Historie würde etwas \
         fehlen. Bitten Sie darum, sie noch einmal so weiterzuleiten, dass sie lesbar ist, also ohne Verschlüsselung und \
         Signatur. Ganz liegt sie im Archivordner des Postfachs {address}.",
        "It cannot be assigned as it is: it could not be read completely, and something would be missing in the history. Ask \
         for it to be forwarded again in a form that can be read, without encryption and signature. The whole of it is in \
         the archive folder of the mailbox {address}.",
    ),
    (
        "inbox.not_whole.nothing",
        "Sie kann nicht zugeordnet werden: Die Verarbeitung ist mehrmals gescheitert, und nichts von ihr wurde gelesen. Bitte \
         informieren Sie Ihre IT: Ist die Ursache behoben, verarbeitet sie die E-Mail mit „reply-import reprocess {mail}“ \
         neu. Sie liegt im Archivordner des Postfachs {address}.",
        "It cannot be assigned: processing it failed several times, and nothing of it was read. Please inform your IT: once \
         the cause is fixed, they process it again with “reply-import reprocess {mail}”. It is in the archive folder of \
         the mailbox {address}.",
    ),
    (
        "inbox.read.beginning",
        "Hier steht nur ihr Anfang: Text und Dateien können fehlen.",
        "This is only its beginning: text and files may be missing.",
    ),
    (
        "inbox.read.part",
        "Sie konnte nicht vollständig gelesen werden: Text und Dateien können fehlen.",
        "It could not be read completely: text and files may be missing.",
    ),
    ("inbox.read.nothing", "Sie wurde nicht gelesen.", "It was not read."),
    ("inbox.unread", "(nicht gelesen)", "(not read)"),
    ("inbox.ask", "Nachfragen", "Ask"),
    (
        "inbox.ask.hint",
        "{name} bekommt eine E-Mail an {address} mit der Frage, zu welcher Bewerbung die weitergeleitete E-Mail gehört. Über \
         die Bewerberin oder den Bewerber steht nichts darin.",
        "{name} gets an e-mail at {address} asking to which application the forwarded e-mail belongs. It contains \
         nothing about the candidate.",
    ),
    ("inbox.ask.button", "{name} fragen", "Ask {name}"),
    (
        "inbox.ask.today",
        "{name} wurde heute schon gefragt. Morgen können Sie wieder fragen.",
        "{name} has already been asked today. You can ask again tomorrow.",
    ),
    ("inbox.ask.yourself", "Sie haben diese E-Mail selbst weitergeleitet.", "You forwarded this e-mail yourself."),
    (
        "inbox.ask.inactive",
        "Die weiterleitende Person ist nicht mehr aktiv und kann nicht gefragt werden.",
        "The forwarder is no longer active and cannot be asked.",
    ),
    (
        "inbox.ask.unknown",
        "Die Absenderadresse gehört hier zu keinem bekannten Benutzer; deshalb kann niemand gefragt werden. Hat jemand aus \
         Ihrem Haus sie geschickt, lassen Sie die Adresse im Bewerbungssystem hinterlegen.",
        "The sender's address belongs to no user known here, so nobody can be asked. If somebody of your organisation sent \
         it, have the address added in the recruiting system.",
    ),
    (
        "inbox.ask.unread",
        "Wer sie weitergeleitet hat, ist nicht bekannt, denn sie wurde nicht gelesen.",
        "Who forwarded it is not known, because it was not read.",
    ),
    ("inbox.discard", "Verwerfen", "Discard"),
    (
        "inbox.discard.hint",
        "Gehört sie zu keiner Bewerbung, können Sie sie verwerfen; dann wartet sie nicht mehr. Gelöscht wird dadurch \
         nichts, und Sie können es zurücknehmen.",
        "If it belongs to no application, you can discard it; then it is no longer waiting. Nothing is erased, and you \
         can undo this.",
    ),
    ("inbox.discard.button", "E-Mail verwerfen", "Discard the e-mail"),
    ("inbox.take_back", "Verwerfen zurücknehmen", "Move back to waiting"),
    ("inbox.mail", "Die E-Mail", "The e-mail"),
    ("inbox.files", "Dateien der E-Mail", "Files of the e-mail"),
    ("inbox.to_entry", "Zum Eintrag", "To the entry"),
    ("inbox.to_mail", "Zur E-Mail", "To the e-mail"),
    ("inbox.said.assigned", "E-Mail {mail} ist zugeordnet.", "E-mail {mail} is assigned."),
    (
        "inbox.said.discarded",
        "E-Mail {mail} ist verworfen und wartet nicht mehr.",
        "E-mail {mail} is discarded and no longer waiting.",
    ),
    ("inbox.said.taken_back", "E-Mail {mail} wartet wieder.", "E-mail {mail} is waiting again."),
    ("inbox.said.asked", "Die Frage wird verschickt.", "The question is being sent."),
    (
        "inbox.said.decided",
        "Über E-Mail {mail} wurde inzwischen schon entschieden; Ihre Entscheidung wurde nicht ausgeführt.",
        "E-mail {mail} has already been decided about; your decision was not carried out.",
    ),
    (
        "inbox.said.no_such_number",
        "Es gibt keine Bewerbung mit der Nummer „{number}“. Es wurde nichts geändert.",
        "There is no application with the number “{number}”. Nothing was changed.",
    ),
    (
        "inbox.said.not_whole",
        "Sie wurde nicht vollständig gelesen und kann so nicht zugeordnet werden. Es wurde nichts geändert.",
        "It was not read completely and cannot be assigned as it is. Nothing was changed.",
    ),
    (
        "inbox.said.nobody_to_ask",
        "Die weiterleitende Person kann nicht gefragt werden. Es wurde keine Frage verschickt.",
        "The forwarder cannot be asked. No question was sent.",
    ),
    (
        "inbox.said.asked_already",
        "Danach wurde heute schon gefragt. Es wurde keine zweite Frage verschickt.",
        "This has already been asked today. No second question was sent.",
    ),
    (
        "inbox.stands.entry",
        "Sie steht in der Historie von {candidate}, {number}.",
        "It is in the history of {candidate}, {number}.",
    ),
    ("inbox.stands.discarded", "Sie ist verworfen.", "It is discarded."),
    ("inbox.stands.discarded_by", "{name} hat sie verworfen.", "{name} discarded it."),
    ("inbox.stands.waiting", "Sie wartet.", "It is waiting."),
    ("inbox.check.processed.passed", "Sie kann verarbeitet werden.", "It can be processed."),
    ("inbox.check.processed.failed", "Sie kann nicht verarbeitet werden.", "It cannot be processed."),
    ("inbox.check.repeated.passed", "Sie ist zum ersten Mal eingegangen.", "It came in for the first time."),
    ("inbox.check.repeated.failed", "Sie ist schon einmal eingegangen.", "It came in before."),
    ("inbox.check.written.passed", "Sie wurde nicht automatisch verschickt.", "It was not sent automatically."),
    ("inbox.check.written.failed", "Sie wurde automatisch verschickt.", "It was sent automatically."),
    ("inbox.check.readable.passed", "Sie ist lesbar.", "It can be read."),
    ("inbox.check.readable.failed", "Sie ist nicht lesbar.", "It cannot be read."),
    (
        "inbox.check.own_notice.passed",
        "Sie ist keine unserer eigenen Mitteilungen.",
        "It is none of our own notifications.",
    ),
    (
        "inbox.check.own_notice.failed",
        "Sie ist eine unserer eigenen Mitteilungen oder antwortet auf eine.",
        "It is one of our own notifications, or an answer to one.",
    ),
    (
        "inbox.check.reply.passed",
        "Sie ist eine Antwort und keine neue Bewerbung.",
        "It is a reply and not a new application.",
    ),
    ("inbox.check.reply.failed", "Sie sieht nach einer neuen Bewerbung aus.", "It looks like a new application."),
    ("inbox.check.forwarder.passed", "Ein aktiver Benutzer hat sie weitergeleitet.", "An active user forwarded it."),
    (
        "inbox.check.forwarder.failed",
        "Die Adresse, von der sie geschickt wurde, gehört zu keinem aktiven Benutzer.",
        "The address that it was sent from belongs to no active user.",
    ),
    (
        "inbox.check.proof.passed",
        "Es ist nachgewiesen, dass sie von der angegebenen Absenderadresse kommt.",
        "It is proven that it comes from the sender's address given.",
    ),
    (
        "inbox.check.proof.failed",
        "Es ist nicht nachgewiesen, dass sie wirklich von der angegebenen Absenderadresse kommt.",
        "It is not proven that it really comes from the sender's address given.",
    ),
    (
        "inbox.check.role.passed",
        "Die weiterleitende Person darf mit ihrer Rolle importieren.",
        "The forwarder's role may import.",
    ),
    (
        "inbox.check.role.failed",
        "Die weiterleitende Person darf mit ihrer Rolle nicht importieren.",
        "The forwarder's role may not import.",
    ),
    (
        "inbox.check.number.passed",
        "Der Betreff beginnt mit einer Referenznummer.",
        "The subject begins with a reference number.",
    ),
    (
        "inbox.check.number.failed",
        "Der Betreff beginnt nicht mit genau einer Referenznummer.",
        "The subject does not begin with exactly one reference number.",
    ),
    (
        "inbox.check.application.passed",
        "Es gibt eine Bewerbung mit dieser Nummer.",
        "There is an application with this number.",
    ),
    (
        "inbox.check.application.failed",
        "Es gibt keine Bewerbung mit dieser Nummer.",
        "There is no application with this number.",
    ),
    (
        "inbox.check.access.passed",
        "Die weiterleitende Person darf zu dieser Bewerbung importieren.",
        "The forwarder may import for this application.",
    ),
    (
        "inbox.check.access.failed",
        "Die weiterleitende Person ist für diese Bewerbung nicht zuständig.",
        "The forwarder is not responsible for this application.",
    ),
    (
        "inbox.check.sender.passed",
        "Die ursprüngliche Adresse wurde mit denen der Bewerberin oder des Bewerbers verglichen.",
        "The original's address was compared with those of the candidate.",
    ),
    (
        "inbox.check.sender.failed",
        "Die ursprüngliche Adresse ist keine der Bewerberin oder des Bewerbers.",
        "The original's address is none of the candidate's.",
    ),
    (
        "inbox.check.again.passed",
        "Die Antwort stand noch nicht in der Historie.",
        "The reply was not in the history before.",
    ),
    ("inbox.check.again.failed", "Die Antwort stand schon in der Historie.", "The reply was in the history before."),
    ("inbox.check.answer.passed", "Wer sie weitergeleitet hat, erfährt es.", "Whoever forwarded it is told."),
    ("inbox.check.answer.failed", "Wer sie weitergeleitet hat, erfährt es nicht.", "Whoever forwarded it is not told."),
    ("inbox.check.person.passed", "Jemand hat sie zugeordnet.", "Somebody assigned it."),
    ("inbox.check.person.failed", "Jemand hat die Zuordnung zurückgenommen.", "Somebody took the assignment back."),
];
