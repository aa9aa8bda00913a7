//! How mails are put together: as Outlook and Gmail forward, with files, as a mail attached to a mail.

use std::time::SystemTime;

use chrono::{DateTime, Datelike, Utc};
use chrono_tz::{Europe::Berlin, Tz};
use lettre::message::header::ContentType;
use lettre::message::{Attachment, Message, MessageBuilder, MultiPart, SinglePart};

use crate::company::IMPORT_ADDRESS;

/// A file by its name.
pub type File<'a> = (&'a str, Vec<u8>);

/// What a candidate wrote.
pub struct Reply<'a> {
    pub from: &'a str,
    pub to: &'a str,
    pub subject: &'a str,
    pub written: SystemTime,
    pub text: &'a str,
}

/// As Outlook forwards in text, with a note above.
pub fn as_outlook(note: &str, reply: &Reply) -> String {
    let Reply { from, to, subject, text, .. } = reply;
    format!(
        "{note}\r\n\r\n-----Ursprüngliche Nachricht-----\r\nVon: {from}\r\nGesendet: {}\r\nAn: {to}\r\n\
         Betreff: {subject}\r\n\r\n{text}\r\n",
        german(reply.written)
    )
}

/// As Gmail forwards in text.
pub fn as_gmail(note: &str, reply: &Reply) -> String {
    let Reply { from, to, subject, text, .. } = reply;
    format!(
        "{note}\r\n\r\n---------- Forwarded message ---------\r\nFrom: {from}\r\nDate: {}\r\nSubject: {subject}\r\n\
         To: {to}\r\n\r\n\r\n{text}\r\n",
        at_berlin(reply.written).format("%a, %b %-d, %Y at %-I:%M %p")
    )
}

/// As Outlook forwards in HTML; the text of the reply is HTML.
pub fn as_outlook_in_html(note: &str, reply: &Reply) -> String {
    let plain = |text: &str| text.replace('<', "&lt;").replace('>', "&gt;");
    format!(
        "<html><body><p>{note}</p><div style=\"border-top:solid #E1E1E1 1.0pt\"><p><b>Von:</b> {}<br>\
         <b>Gesendet:</b> {}<br><b>An:</b> {}<br><b>Betreff:</b> {}</p></div>{}</body></html>",
        plain(reply.from),
        german(reply.written),
        plain(reply.to),
        reply.subject,
        reply.text
    )
}

fn at_berlin(time: SystemTime) -> DateTime<Tz> {
    DateTime::<Utc>::from(time).with_timezone(&Berlin)
}

/// `Dienstag, 24. November 2026 10:15`.
fn german(time: SystemTime) -> String {
    const DAYS: [&str; 7] = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"];
    const MONTHS: [&str; 12] = [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ];
    let time = at_berlin(time);
    let day = DAYS.get(usize::try_from(time.weekday().num_days_from_monday()).unwrap()).unwrap();
    let month = MONTHS.get(usize::try_from(time.month0()).unwrap()).unwrap();
    format!("{day}, {}. {month} {} {}", time.day(), time.year(), time.format("%H:%M"))
}

/// A mail to the import address.
pub fn mail(from: &str, subject: &str, sent: SystemTime, text: &str, files: &[File]) -> Vec<u8> {
    draft(from, IMPORT_ADDRESS, subject, sent).multipart(with_files(text, files)).unwrap().formatted()
}

/// A mail in HTML with a picture in it, named by its `cid`.
pub fn mail_in_html(
    subject: &str,
    sent: SystemTime,
    html: &str,
    cid: &str,
    picture: Vec<u8>,
    files: &[File],
) -> Vec<u8> {
    let page = SinglePart::html(html.to_owned());
    let inline = Attachment::new_inline(cid.to_owned()).body(picture, ContentType::parse("image/png").unwrap());
    let related = MultiPart::related().singlepart(page).singlepart(inline);
    let parts = attached(MultiPart::mixed().multipart(related), files);
    draft(super::PETRA, IMPORT_ADDRESS, subject, sent).multipart(parts).unwrap().formatted()
}

/// A mail that has the reply attached.
pub fn mail_around(from: &str, subject: &str, sent: SystemTime, reply: &Reply, files: &[File]) -> Vec<u8> {
    let original = draft(reply.from, reply.to, reply.subject, reply.written);
    let original = original.multipart(with_files(reply.text, files)).unwrap().formatted();
    let name = format!("{}.eml", reply.subject.replace(':', ""));
    let attached = Attachment::new(name).body(original, ContentType::parse("message/rfc822").unwrap());
    let parts = MultiPart::mixed().singlepart(SinglePart::plain("Siehe Anlage.\r\n".to_owned())).singlepart(attached);
    draft(from, IMPORT_ADDRESS, subject, sent).multipart(parts).unwrap().formatted()
}

/// The head of a mail.
pub fn draft(from: &str, to: &str, subject: &str, sent: SystemTime) -> MessageBuilder {
    let builder = Message::builder().from(from.parse().unwrap()).to(to.parse().unwrap()).subject(subject);
    builder.message_id(None).date(sent)
}

fn with_files(text: &str, files: &[File]) -> MultiPart {
    attached(MultiPart::mixed().singlepart(SinglePart::plain(text.to_owned())), files)
}

fn attached(parts: MultiPart, files: &[File]) -> MultiPart {
    files.iter().fold(parts, |parts, (name, content)| {
        let content_type = match content.get(..4) {
            Some(b"%PDF") => "application/pdf",
            Some(b"\x89PNG") => "image/png",
            _ => "application/octet-stream",
        };
        let content_type = ContentType::parse(content_type).unwrap();
        parts.singlepart(Attachment::new((*name).to_owned()).body(content.clone(), content_type))
    })
}
