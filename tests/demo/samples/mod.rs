//! The mails that arrive, and to what end each should come.

mod letters;
mod replies;

use std::time::{Duration, SystemTime};

use lettre::message::SinglePart;
use lettre::message::header::{HeaderName, HeaderValue};

use self::letters::{Reply, as_outlook, draft, mail};
use crate::company::IMPORT_ADDRESS;
use crate::files::{page, pdf};

/// One mail.
pub struct Sample {
    /// What is special about it.
    pub about: &'static str,
    /// The outcome it should have, with the reason where there is one.
    pub expected: (&'static str, Option<&'static str>),
    /// When it arrives.
    pub arrival: SystemTime,
    /// The mail itself.
    pub mail: Vec<u8>,
}

const PETRA: &str = "Petra Personal <petra.personal@example.test>";
const PAULA: &str = "Paula Plus <paula.plus@example.test>";
const FRANK: &str = "Frank Fach <frank.fach@example.test>";
const JOERG: &str = "Jörg Müßiggang <joerg.muessiggang@post.test>";
const HELENE: &str = "Hélène Exemple <helene.exemple@post.test>";
const AYLIN: &str = "Aylin Örnek <aylin.oernek@post.test>";
const STAFF: &str = "Personalabteilung <personal@example.test>";

/// When candidates wrote what was passed on later.
const BEFORE: Duration = Duration::from_mins(95);

/// What makes a mail that arrives at this time.
type Writer<'a> = &'a dyn Fn(SystemTime) -> Vec<u8>;

/// What is special about a mail, what should come of it, and what makes it: nothing for the mail before once more.
type Outcome<'a> = (&'static str, (&'static str, Option<&'static str>), Writer<'a>);

/// All of them, in the order of their arrival, which is said of each by its number.
pub fn samples(arrival: impl Fn(u32) -> SystemTime) -> Vec<Sample> {
    // Taken once: midnight may pass between the two mails that pass on what was written then.
    let written = replies::day_before(arrival(0));
    let from_the_department = |at| replies::from_the_department(written, at);
    let once_more = |at| replies::once_more(written, at);
    let outcomes: [Outcome; 20] = [
        imported("a reply with CV and cover letter", &replies::with_cv),
        imported("passed on as an attachment, with umlauts in the files' names", &replies::as_attachment),
        imported("from the department, for its own application", &from_the_department),
        ("the same reply, passed on by somebody else too", ("repeated", None), &once_more),
        imported("a short question", &replies::question),
        imported("a page with a picture in it, and one on a foreign server", &replies::with_pictures),
        imported("from an address that is not known of the candidate", &replies::from_another_address),
        imported("a program in disguise, an archive, and a file cut short", &replies::with_dangerous_files),
        imported("a portfolio", &replies::with_portfolio),
        waits("a number that nobody has", "unknown_number", &|at| forward(PETRA, "999999 AW: Ihre Bewerbung", at)),
        waits("two digits swapped", "unknown_number", &|at| forward(PETRA, "417101 AW: Ihre Bewerbung", at)),
        waits("another customer's number", "unknown_number", &|at| forward(PETRA, "815001 AW: Ihre Bewerbung", at)),
        waits("no number", "no_number", &|at| forward(PETRA, "WG: Ihre Bewerbung", at)),
        waits("from somebody unknown", "forwarder_unknown", &|at| forward(JOERG, "471101 Meine Bewerbung", at)),
        waits("from a department that may only read", "not_entitled", &|at| {
            forward(FRANK, "471101 AW: Ihre Bewerbung", at)
        }),
        waits("a new application, sent here by mistake", "looks_like_new_application", &new_application),
        ("another mail, delivered twice", ("imported", None), &replies::delivered_twice),
        ("the same mail once more", ("repeated", None), &|_| Vec::new()),
        ("out of office", ("automatic", Some("automatic_answer")), &out_of_office),
        ("too large", ("set_aside", Some("too_large")), &too_large),
    ];
    let mut samples: Vec<Sample> = Vec::new();
    for ((about, expected, write), number) in outcomes.into_iter().zip(0..) {
        let arrival = arrival(number);
        let mail = match (write(arrival), samples.last()) {
            (empty, Some(before)) if empty.is_empty() => before.mail.clone(),
            (mail, _) => mail,
        };
        samples.push(Sample { about, expected, arrival, mail });
    }
    samples
}

fn imported<'a>(about: &'static str, write: Writer<'a>) -> Outcome<'a> {
    (about, ("imported", None), write)
}

fn waits<'a>(about: &'static str, why: &'static str, write: Writer<'a>) -> Outcome<'a> {
    (about, ("unassigned", Some(why)), write)
}

/// A short question of Jörg's, passed on.
fn forward(from: &str, subject: &str, at: SystemTime) -> Vec<u8> {
    let text = "Sehr geehrte Damen und Herren,\r\n\r\nich habe noch eine Frage: bis wann brauchen Sie mein \
                Führungszeugnis?\r\n\r\nMit freundlichen Grüßen\r\nJörg Müßiggang\r\n";
    let reply = Reply { from: JOERG, to: STAFF, subject: "AW: Ihre Bewerbung", written: at - BEFORE, text };
    mail(from, subject, at, &as_outlook("Bitte zur Bewerbung nehmen.\r\n\r\nViele Grüße", &reply), &[])
}

fn new_application(at: SystemTime) -> Vec<u8> {
    let files = [("Lebenslauf.pdf", pdf(&[page("Lebenslauf", &["Daan Voorbeeld", "Hovenier"])]))];
    let text = "Sehr geehrte Damen und Herren,\r\n\r\nhiermit bewerbe ich mich als Gärtner.\r\n\r\nDaan Voorbeeld\r\n";
    mail("Daan Voorbeeld <daan.voorbeeld@post.test>", "GA-2026-17", at, text, &files)
}

fn out_of_office(at: SystemTime) -> Vec<u8> {
    let text = "Ich bin bis 30. November nicht im Haus.\r\n".to_owned();
    let draft = draft(PETRA, IMPORT_ADDRESS, "Automatische Antwort: Eine Antwort zu 471101", at);
    let name = HeaderName::new_from_ascii_str("Auto-Submitted");
    let draft = draft.raw_header(HeaderValue::new(name, "auto-replied".to_owned()));
    draft.singlepart(SinglePart::plain(text)).unwrap().formatted()
}

fn too_large(at: SystemTime) -> Vec<u8> {
    let picture = [b"\xff\xd8\xff\xe0".to_vec(), vec![0; 600_000]].concat();
    let reply = Reply { from: JOERG, to: STAFF, subject: "AW: Fotos", written: at - BEFORE, text: "anbei Fotos.\r\n" };
    mail(PETRA, "471101 AW: Fotos", at, &as_outlook("Zur Akte.", &reply), &[("Arbeitsproben.jpg", picture)])
}
