//! The replies that get into a history.

use std::time::SystemTime;

use super::letters::{Reply, as_gmail, as_outlook, as_outlook_in_html, mail, mail_around, mail_in_html};
use super::{AYLIN, BEFORE, HELENE, JOERG, PAULA, PETRA, STAFF};
use crate::files::{Page, garden, page, pdf};

pub(super) fn with_cv(at: SystemTime) -> Vec<u8> {
    let cv = pdf(&[
        Page { title: "Lebenslauf", lines: &["Jörg Müßiggang", "Gärtnergeselle"], picture: Some(garden(1)) },
        page("Berufserfahrung", &["2019-2026  Grünanlagen Beispiel, Köln", "2014-2019  Baumschule Muster, Bonn"]),
    ]);
    let letter = pdf(&[page("Anschreiben", &["Sehr geehrte Frau Personal,", "gern arbeite ich in Ihren Gärten."])]);
    let text = "Sehr geehrte Frau Personal,\r\n\r\nvielen Dank für Ihre Nachricht. Wie gewünscht sende ich Ihnen meinen \
                Lebenslauf und das Anschreiben.\r\n\r\nMit freundlichen Grüßen\r\nJörg Müßiggang\r\n";
    let reply = Reply { from: JOERG, to: STAFF, subject: "AW: Ihre Bewerbung", written: at - BEFORE, text };
    let text =
        as_outlook("Bitte zur Bewerbung nehmen, macht einen guten Eindruck.\r\n\r\nViele Grüße\r\nPetra", &reply);
    let files = [("Lebenslauf_Müßiggang.pdf", cv), ("Anschreiben.pdf", letter)];
    mail(PETRA, "471101 AW: Ihre Bewerbung als Gärtner", at, &text, &files)
}

pub(super) fn as_attachment(at: SystemTime) -> Vec<u8> {
    let files = [
        ("Übersicht Gehaltswünsche.pdf", pdf(&[page("Gehaltswünsche", &["Nach Vereinbarung."])])),
        ("Zeugnis Universität Köln.pdf", pdf(&[page("Zeugnis", &["Landschaftsarchitektur, Note 1,3"])])),
        ("Résumé.pdf", pdf(&[page("Résumé", &["Hélène Exemple, landscape architect"])])),
    ];
    let text = "Sehr geehrte Frau Personal,\r\n\r\nanbei die Unterlagen.\r\n\r\nHélène Exemple\r\n";
    let reply = Reply { from: HELENE, to: PETRA, subject: "AW: Ihre Bewerbung", written: at - BEFORE, text };
    mail_around(PETRA, "471102 WG: AW: Ihre Bewerbung", at, &reply, &files)
}

/// Hélène's answer, written at one moment whoever passes it on.
fn monday(written: SystemTime) -> Reply<'static> {
    let text = "Dear Paula,\r\n\r\nMonday at ten suits me well. Is there anything that I should bring along?\r\n\r\n\
                Hélène\r\n";
    Reply { from: HELENE, to: PAULA, subject: "Re: Interview", written, text }
}

/// When Hélène wrote, if the first of all mails arrives at `first`: ten in the morning, UTC, of the day before.
pub(super) fn day_before(first: SystemTime) -> SystemTime {
    let second = first.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(second - second % 86_400 - 14 * 3_600)
}

/// Passes on what was written then.
pub(super) fn from_the_department(written: SystemTime, at: SystemTime) -> Vec<u8> {
    mail(PAULA, "471102 Fwd: Interview", at, &as_gmail("FYI, I booked the small room.", &monday(written)), &[])
}

/// Passes on the same, which was written at the same moment: that is how it is known.
pub(super) fn once_more(written: SystemTime, at: SystemTime) -> Vec<u8> {
    let note = "Habe ich auch bekommen; der Plan für den Besuch liegt bei.";
    let files =
        [("Besuchsplan.pdf", pdf(&[page("Besuchsplan", &["10:00 Empfang", "10:15 Rundgang", "11:00 Gespräch"])]))];
    mail(PETRA, "471102 WG: Interview", at, &as_gmail(note, &monday(written)), &files)
}

pub(super) fn question(at: SystemTime) -> Vec<u8> {
    let text = "Guten Tag,\r\n\r\nkann ich zum Gespräch auch mit der Bahn anreisen, und übernehmen Sie die \
                Kosten?\r\n\r\nAylin Örnek\r\n";
    let reply = Reply { from: AYLIN, to: STAFF, subject: "AW: Einladung zum Gespräch", written: at - BEFORE, text };
    mail(PETRA, "471103 WG: Einladung zum Gespräch", at, &as_outlook("", &reply), &[])
}

pub(super) fn with_pictures(at: SystemTime) -> Vec<u8> {
    let text = "<p>Guten Tag Frau Personal,</p><p>wie besprochen einige <b>Fotos meiner Arbeiten</b>. Das Staudenbeet habe \
                ich im Frühjahr selbst geplant und angelegt:</p><p><img src=\"cid:staudenbeet\" alt=\"Staudenbeet\" \
                width=\"480\"></p><table border=\"1\" cellpadding=\"6\"><tr><th>Jahr</th><th>Anlage</th><th>Fläche</th></tr>\
                <tr><td>2024</td><td>Teichanlage Musterweiler</td><td>420&nbsp;m²</td></tr>\
                <tr><td>2026</td><td>Staudenbeet Beispielstadt</td><td>180&nbsp;m²</td></tr></table>\
                <p>Mit freundlichen Grüßen<br>Jörg Müßiggang</p>\
                <p><img src=\"https://zaehler.example/gelesen.gif?an=personal\" alt=\"\"></p>";
    let reply = Reply { from: JOERG, to: STAFF, subject: "AW: Arbeitsproben", written: at - BEFORE, text };
    let html = as_outlook_in_html("Fotos wie besprochen, bitte zur Akte.<br><br>Petra", &reply);
    let files = [
        ("Arbeitsprobe Staudenbeet.png", garden(2).png()),
        ("Arbeitsprobe Teichanlage.png", garden(5).png()),
        (
            "Übersicht_der_bisherigen_Tätigkeiten_und_Projekte_im_Garten-_und_Landschaftsbau_2014-2026_überarbeitet (2).pdf",
            pdf(&[page("Übersicht", &["2024  Teichanlage Musterweiler", "2026  Staudenbeet Beispielstadt"])]),
        ),
    ];
    mail_in_html("471101 WG: Arbeitsproben", at, &html, "staudenbeet", garden(2).png(), &files)
}

pub(super) fn from_another_address(at: SystemTime) -> Vec<u8> {
    let text = "Hallo,\r\n\r\nich schreibe von der Adresse meiner Schwester, mein Telefon ist defekt. Ich bin unter der \
                Nummer 0221 000000 zu erreichen.\r\n\r\nJörg\r\n";
    let from = "Erika Beispiel <erika.beispiel@anderswo.test>";
    let reply = Reply { from, to: STAFF, subject: "Neue Telefonnummer", written: at - BEFORE, text };
    mail(PETRA, "471101 WG: Neue Telefonnummer", at, &as_outlook("Ist das wirklich er?", &reply), &[])
}

pub(super) fn with_dangerous_files(at: SystemTime) -> Vec<u8> {
    let zip = [&b"PK\x03\x04\x14\0\0\0\0\0"[..], &[0; 600], b"PK\x05\x06", &[0; 18]].concat();
    let certificate = pdf(&[Page { title: "Zeugnis", lines: &["Meisterschule"], picture: Some(garden(3)) }]);
    let text = "Guten Tag,\r\n\r\nhier noch die Zeugnisse.\r\n\r\nJörg Müßiggang\r\n";
    let reply = Reply { from: JOERG, to: STAFF, subject: "Zeugnisse", written: at - BEFORE, text };
    let files = [
        ("Gesellenbrief.pdf.exe", [&b"MZ\x90\0"[..], &[0; 900]].concat()),
        ("Zeugnisse.zip", zip),
        ("Zeugnis_Meisterschule.pdf", certificate),
    ];
    let mail = mail(PETRA, "471101 WG: Zeugnisse", at, &as_outlook("Vorsicht bei den Anhängen!", &reply), &files);
    // The connection was cut while the mail was on its way.
    mail.get(..mail.len() - 1_500).unwrap().to_vec()
}

pub(super) fn with_portfolio(at: SystemTime) -> Vec<u8> {
    let pages = [
        Page { title: "Mappe", lines: &["Aylin Örnek", "Baumschule und Gehölze"], picture: Some(garden(7)) },
        Page { title: "Obstgehölze", lines: &["Hochstämme, 2025"], picture: Some(garden(11)) },
        page("Lehrgänge", &["Baumpflege", "Pflanzenschutz, Sachkundenachweis"]),
    ];
    let text = "Guten Tag,\r\n\r\nanbei meine Mappe.\r\n\r\nAylin Örnek\r\n";
    let reply = Reply { from: AYLIN, to: STAFF, subject: "AW: Ihre Unterlagen", written: at - BEFORE, text };
    let files = [("Portfolio_Örnek.pdf", pdf(&pages)), ("Foto.png", garden(13).png())];
    mail(PETRA, "471103 WG: Ihre Unterlagen", at, &as_outlook("Zur Akte, bitte.", &reply), &files)
}

pub(super) fn delivered_twice(at: SystemTime) -> Vec<u8> {
    let text = "Guten Tag,\r\n\r\nich bestätige den Termin am Donnerstag.\r\n\r\nAylin Örnek\r\n";
    let reply = Reply { from: AYLIN, to: STAFF, subject: "AW: Einladung zum Gespräch", written: at - BEFORE, text };
    mail(PETRA, "471103 WG: Termin bestätigt", at, &as_outlook("", &reply), &[])
}
