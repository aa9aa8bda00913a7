//! The mails that arrive, and to what end each should come.

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Message, MessageBuilder, MultiPart, SinglePart};

use crate::company::IMPORT_ADDRESS;
use crate::files::pdf;

/// One mail.
pub struct Sample {
    /// What is special about it.
    pub about: &'static str,
    /// The outcome it should have, with the reason where there is one.
    pub expected: (&'static str, Option<&'static str>),
    /// The mail itself.
    pub mail: Vec<u8>,
}

const PETRA: &str = "Petra Personal <petra.personal@example.test>";
const PAULA: &str = "Paula Plus <paula.plus@example.test>";
const FRANK: &str = "Frank Fach <frank.fach@example.test>";
const JOERG: &str = "Jörg Müßiggang <joerg.muessiggang@post.test>";
const HELENE: &str = "Hélène Exemple <helene.exemple@post.test>";

/// All of them, in the order of their arrival.
pub fn samples() -> Vec<Sample> {
    let files = [("Lebenslauf_Müßiggang.pdf", pdf("Lebenslauf")), ("Anschreiben.pdf", pdf("Anschreiben"))];
    let text = forwarded(JOERG, "hier meine Unterlagen.");
    let reply = mail(PETRA, "471101 AW: Ihre Bewerbung als Gärtner", &text, &files);
    let forward = |from, subject| mail(from, subject, &forwarded(JOERG, "ich habe noch eine Frage."), &[]);
    vec![
        imported("a reply with CV and cover letter", reply.clone()),
        imported("passed on as an attachment, with umlauts in the files' names", passed_on_as_attachment()),
        imported("from the department, for its own application", from_the_department()),
        waits("a number that nobody has", "unknown_number", forward(PETRA, "999999 AW: Ihre Bewerbung")),
        waits("another customer's number", "unknown_number", forward(PETRA, "815001 AW: Ihre Bewerbung")),
        waits("no number", "no_number", forward(PETRA, "WG: Ihre Bewerbung")),
        waits("from somebody unknown", "forwarder_unknown", forward(JOERG, "471101 Meine Bewerbung")),
        waits("from a department that may only read", "not_entitled", forward(FRANK, "471101 AW: Ihre Bewerbung")),
        waits("a new application, sent here by mistake", "looks_like_new_application", new_application()),
        Sample { about: "the first mail once more", expected: ("repeated", None), mail: reply },
        Sample { about: "out of office", expected: ("automatic", Some("automatic_answer")), mail: out_of_office() },
        Sample { about: "too large", expected: ("set_aside", Some("too_large")), mail: too_large() },
    ]
}

fn imported(about: &'static str, mail: Vec<u8>) -> Sample {
    Sample { about, expected: ("imported", None), mail }
}

fn waits(about: &'static str, why: &'static str, mail: Vec<u8>) -> Sample {
    Sample { about, expected: ("unassigned", Some(why)), mail }
}

/// As Outlook forwards.
fn forwarded(candidate: &str, line: &str) -> String {
    format!(
        "Bitte zur Bewerbung nehmen.\r\n\r\nViele Grüße\r\nPersonalabteilung\r\n\r\n\
         -----Ursprüngliche Nachricht-----\r\nVon: {candidate}\r\nGesendet: Dienstag, 24. November 2026 10:15\r\n\
         An: Personalabteilung <personal@example.test>\r\nBetreff: AW: Ihre Bewerbung\r\n\r\n\
         Sehr geehrte Damen und Herren,\r\n\r\n{line}\r\n\r\nMit freundlichen Grüßen\r\n"
    )
}

fn passed_on_as_attachment() -> Vec<u8> {
    let files = [
        ("Übersicht Gehaltswünsche.pdf", pdf("Gehaltswuensche")),
        ("Zeugnis Universität Köln.pdf", pdf("Zeugnis")),
        ("Résumé.pdf", pdf("Resume")),
    ];
    let original = draft(HELENE, PETRA, "AW: Ihre Bewerbung")
        .multipart(with_files("Sehr geehrte Frau Personal,\r\n\r\nanbei die Unterlagen.\r\n", &files));
    let attached = Attachment::new("AW Ihre Bewerbung.eml".to_owned())
        .body(original.unwrap().formatted(), "message/rfc822".parse().unwrap());
    let parts = MultiPart::mixed().singlepart(SinglePart::plain("Siehe Anlage.\r\n".to_owned())).singlepart(attached);
    draft(PETRA, IMPORT_ADDRESS, "471102 WG: AW: Ihre Bewerbung").multipart(parts).unwrap().formatted()
}

fn from_the_department() -> Vec<u8> {
    let text = "FYI\r\n\r\n---------- Forwarded message ---------\r\nFrom: Hélène Exemple <helene.exemple@post.test>\r\n\
                Date: Tue, Nov 24, 2026 at 4:12 PM\r\nSubject: Interview\r\nTo: Paula Plus <paula.plus@example.test>\r\n\
                \r\n\r\nDear Paula,\r\n\r\nMonday at ten suits me well.\r\n\r\nHélène\r\n";
    mail(PAULA, "471102 Fwd: Interview", text, &[])
}

fn new_application() -> Vec<u8> {
    let files = [("Lebenslauf.pdf", pdf("Lebenslauf"))];
    let text = "Sehr geehrte Damen und Herren,\r\n\r\nhiermit bewerbe ich mich.\r\n";
    mail("Daan Voorbeeld <daan.voorbeeld@post.test>", "GA-2026-17", text, &files)
}

fn out_of_office() -> Vec<u8> {
    let text = "Ich bin bis 30. November nicht im Haus.\r\n".to_owned();
    let draft = draft(PETRA, IMPORT_ADDRESS, "Automatische Antwort: Eine Antwort zu 471101");
    let name = HeaderName::new_from_ascii_str("Auto-Submitted");
    let draft = draft.raw_header(HeaderValue::new(name, "auto-replied".to_owned()));
    draft.singlepart(SinglePart::plain(text)).unwrap().formatted()
}

fn too_large() -> Vec<u8> {
    let picture = [b"\xff\xd8\xff\xe0".to_vec(), vec![0; 100_000]].concat();
    mail(PETRA, "471101 AW: Fotos", &forwarded(JOERG, "anbei Fotos."), &[("Arbeitsproben.jpg", picture)])
}

fn mail(from: &str, subject: &str, text: &str, files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    draft(from, IMPORT_ADDRESS, subject).multipart(with_files(text, files)).unwrap().formatted()
}

fn draft(from: &str, to: &str, subject: &str) -> MessageBuilder {
    let builder = Message::builder().from(from.parse().unwrap()).to(to.parse().unwrap()).subject(subject);
    builder.message_id(None).date_now()
}

fn with_files(text: &str, files: &[(&str, Vec<u8>)]) -> MultiPart {
    let text = MultiPart::mixed().singlepart(SinglePart::plain(text.to_owned()));
    files.iter().fold(text, |parts, (name, content)| {
        let content_type = if content.starts_with(b"%PDF") { "application/pdf" } else { "image/jpeg" };
        let content_type = ContentType::parse(content_type).unwrap();
        parts.singlepart(Attachment::new((*name).to_owned()).body(content.clone(), content_type))
    })
}
