//! Programs times languages: marker, order of labels and printed date as the programs' own.

use super::found_in;
use crate::application::EmailAddress;

/// Marker, then the labels with the values' places, then the printed date.
struct Program {
    name: &'static str,
    marker: &'static str,
    /// Lines of the head: `{S}` sender, `{D}` date, `{T}` to, `{B}` subject.
    head: &'static [&'static str],
    date: &'static str,
    /// The printed date has seconds.
    seconds: bool,
    /// Everything from the marker on is quoted.
    quoted: bool,
}

const fn program(
    name: &'static str,
    marker: &'static str,
    head: &'static [&'static str],
    date: &'static str,
) -> Program {
    Program { name, marker, head, date, seconds: false, quoted: false }
}

const fn with_seconds(program: Program) -> Program {
    Program { seconds: true, ..program }
}

const fn quoted(program: Program) -> Program {
    Program { quoted: true, ..program }
}

const OUTLOOK_RULE: &str = "________________________________";
const GMAIL: &str = "---------- Forwarded message ---------";

const PROGRAMS: [Program; 70] = [
    program(
        "Outlook de",
        "",
        &["Von: {S} ", "Gesendet: {D}", "An: {T}", "Betreff: {B}"],
        "Mittwoch, 13. März 2024 09:12",
    ),
    program(
        "Outlook en",
        "",
        &["From: {S} ", "Sent: {D}", "To: {T}", "Subject: {B}"],
        "Wednesday, March 13, 2024 9:12 AM",
    ),
    program(
        "Outlook en-GB",
        OUTLOOK_RULE,
        &["From: {S} ", "Sent: {D}", "To: {T}", "Subject: {B}"],
        "13 March 2024 09:12",
    ),
    program("Outlook fr", "", &["De : {S} ", "Envoyé : {D}", "À : {T}", "Objet : {B}"], "mercredi 13 mars 2024 09:12"),
    program(
        "Outlook es",
        "",
        &["De: {S} ", "Enviado el: {D}", "Para: {T}", "Asunto: {B}"],
        "miércoles, 13 de marzo de 2024 9:12",
    ),
    program("Outlook it", "", &["Da: {S} ", "Inviato: {D}", "A: {T}", "Oggetto: {B}"], "mercoledì 13 marzo 2024 09:12"),
    program(
        "Outlook nl",
        "",
        &["Van: {S} ", "Verzonden: {D}", "Aan: {T}", "Onderwerp: {B}"],
        "woensdag 13 maart 2024 09:12",
    ),
    program("Outlook pl", "", &["Od: {S} ", "Wysłano: {D}", "Do: {T}", "Temat: {B}"], "środa, 13 marca 2024 09:12"),
    program(
        "Outlook pt",
        OUTLOOK_RULE,
        &["De: {S}", "Enviado: {D}", "Para: {T}", "Assunto: {B}"],
        "quarta-feira, 13 de março de 2024 09:12",
    ),
    program(
        "Outlook cs",
        OUTLOOK_RULE,
        &["Od: {S}", "Odesláno: {D}", "Komu: {T}", "Předmět: {B}"],
        "středa 13. března 2024 9:12",
    ),
    program(
        "Outlook sk",
        OUTLOOK_RULE,
        &["Od: {S}", "Odoslané: {D}", "Komu: {T}", "Predmet: {B}"],
        "streda 13. marca 2024 9:12",
    ),
    program(
        "Outlook hu",
        OUTLOOK_RULE,
        &["Feladó: {S}", "Elküldve: {D}", "Címzett: {T}", "Tárgy: {B}"],
        "2024. március 13., szerda 9:12",
    ),
    program(
        "Outlook ro",
        OUTLOOK_RULE,
        &["De la: {S}", "Trimis: {D}", "Către: {T}", "Subiect: {B}"],
        "miercuri, 13 martie 2024 09:12",
    ),
    program(
        "Outlook hr",
        OUTLOOK_RULE,
        &["Šalje: {S}", "Datum: {D}", "Prima: {T}", "Predmet: {B}"],
        "13. ožujka 2024. 09:12",
    ),
    program("Outlook da", OUTLOOK_RULE, &["Fra: {S}", "Sendt: {D}", "Til: {T}", "Emne: {B}"], "13. marts 2024 09:12"),
    program(
        "Outlook no",
        OUTLOOK_RULE,
        &["Fra: {S}", "Sendt: {D}", "Til: {T}", "Emne: {B}"],
        "onsdag 13. mars 2024 09:12",
    ),
    program(
        "Outlook sv",
        OUTLOOK_RULE,
        &["Från: {S}", "Skickat: {D}", "Till: {T}", "Ämne: {B}"],
        "den 13 mars 2024 09:12",
    ),
    program(
        "Outlook fi",
        OUTLOOK_RULE,
        &["Lähettäjä: {S}", "Lähetetty: {D}", "Vastaanottaja: {T}", "Aihe: {B}"],
        "keskiviikko 13. maaliskuuta 2024 9.12 klo 9.12",
    ),
    program(
        "Outlook tr",
        OUTLOOK_RULE,
        &["Kimden: {S}", "Gönderilen: {D}", "Kime: {T}", "Konu: {B}"],
        "13 Mart 2024 Çarşamba 09:12",
    ),
    program(
        "Outlook ru",
        OUTLOOK_RULE,
        &["От: {S}", "Отправлено: {D}", "Кому: {T}", "Тема: {B}"],
        "13 марта 2024 г. 9:12",
    ),
    program(
        "Outlook uk",
        OUTLOOK_RULE,
        &["Від: {S}", "Відправлено: {D}", "Кому: {T}", "Тема: {B}"],
        "13 березня 2024 р. 9:12",
    ),
    program(
        "Outlook ja",
        OUTLOOK_RULE,
        &["送信元： {S}", "日付： {D}", "送信先： {T}", "件名： {B}"],
        "2024年3月13日 9:12",
    ),
    program(
        "Outlook plain de",
        "-----Ursprüngliche Nachricht-----",
        &["Von: {S}", "Gesendet: {D}", "An: {T}", "Betreff: {B}"],
        "Mittwoch, 13. März 2024 09:12",
    ),
    program(
        "Outlook plain es",
        "-----Mensaje original-----",
        &["De: {S}", "Enviado el: {D}", "Para: {T}", "Asunto: {B}"],
        "miércoles, 13 de marzo de 2024 9:12",
    ),
    program(
        "Outlook plain fr",
        "-----Message d'origine-----",
        &["De : {S}", "Envoyé : {D}", "À : {T}", "Objet : {B}"],
        "mercredi 13 mars 2024 09:12",
    ),
    program(
        "Outlook Mac de",
        "",
        &["Von: {S}", "Datum: {D}", "An: {T}", "Betreff: {B}"],
        "Mittwoch, 13. März 2024 um 09:12",
    ),
    program(
        "Outlook Mac en",
        "",
        &["From: {S}", "Date: {D}", "To: {T}", "Subject: {B}"],
        "Wednesday, 13 March 2024 at 09:12",
    ),
    program(
        "Outlook stars",
        "",
        &["*Von:* {S}", "*Gesendet:* {D}", "*An:* {T}", "*Betreff:* {B}"],
        "Mittwoch, 13. März 2024 09:12",
    ),
    program(
        "Gmail de",
        GMAIL,
        &["Von: {S}", "Date: {D}", "Subject: {B}", "To: {T}", ""],
        "Mi., 13. März 2024 um 09:12 Uhr",
    ),
    program(
        "Gmail en",
        GMAIL,
        &["From: {S}", "Date: {D}", "Subject: {B}", "To: {T}", ""],
        "Wed, Mar 13, 2024 at 9:12\u{202f}AM",
    ),
    program("Gmail fr", GMAIL, &["De : {S}", "Date: {D}", "Subject: {B}", "To: {T}", ""], "mer. 13 mars 2024 à 09:12"),
    program("Gmail es", GMAIL, &["De: {S}", "Date: {D}", "Subject: {B}", "To: {T}", ""], "mié, 13 mar 2024 a las 9:12"),
    program(
        "Gmail it",
        GMAIL,
        &["Da: {S}", "Date: {D}", "Subject: {B}", "To: {T}", ""],
        "mer 13 mar 2024 alle ore 09:12",
    ),
    program("Gmail nl", GMAIL, &["Van: {S}", "Date: {D}", "Subject: {B}", "To: {T}", ""], "wo 13 mrt 2024 om 09:12"),
    program("Gmail pl", GMAIL, &["Od: {S}", "Date: {D}", "Subject: {B}", "To: {T}", ""], "śr., 13 mar 2024 o 09:12"),
    program(
        "Gmail tr",
        GMAIL,
        &["Gönderen: {S}", "Date: {D}", "Subject: {B}", "To: {T}", ""],
        "13 Mar 2024 Çar, saat 09:12",
    ),
    program(
        "Gmail et",
        GMAIL,
        &["Saatja: {S}", "Date: {D}", "Subject: {B}", "To: {T}", ""],
        "K, 13. märts 2024 kell 09:12",
    ),
    program(
        "Gmail uk",
        GMAIL,
        &["Від: {S}", "Date: {D}", "Subject: {B}", "To: {T}", ""],
        "ср, 13 бер. 2024 р. о 09:12",
    ),
    program(
        "Gmail older",
        "---------- Forwarded message ----------",
        &["From: {S}", "Date: {D}", "Subject: {B}", "To: {T}", ""],
        "2024-03-13 9:12 GMT+01:00",
    ),
    quoted(with_seconds(program(
        "Apple de",
        "Anfang der weitergeleiteten Nachricht:",
        &["", "Von: {S}", "Betreff: {B}", "Datum: {D}", "An: {T}"],
        "13. März 2024 um 09:12:08 MEZ",
    ))),
    quoted(with_seconds(program(
        "Apple iOS de",
        "Anfang der weitergeleiteten E\u{2011}Mail:",
        &["", "Von: {S}", "Datum: {D}", "An: {T}", "Betreff: {B}"],
        "13. März 2024 um 09:12:08 MEZ",
    ))),
    quoted(with_seconds(program(
        "Apple en",
        "Begin forwarded message:",
        &["", "From: {S}", "Subject: {B}", "Date: {D}", "To: {T}"],
        "March 13, 2024 at 9:12:08 AM GMT+1",
    ))),
    quoted(with_seconds(program(
        "Apple fr",
        "Début du message réexpédié :",
        &["", "De: {S}", "Objet: {B}", "Date: {D}", "À: {T}"],
        "13 mars 2024 à 09:12:08 UTC+1",
    ))),
    quoted(with_seconds(program(
        "Apple es",
        "Inicio del mensaje reenviado:",
        &["", "De: {S}", "Asunto: {B}", "Fecha: {D}", "Para: {T}"],
        "13 de marzo de 2024, 9:12:08 CET",
    ))),
    quoted(with_seconds(program(
        "Apple it",
        "Inizio messaggio inoltrato:",
        &["", "Da: {S}", "Oggetto: {B}", "Data: {D}", "A: {T}"],
        "13 marzo 2024 alle ore 09:12:08 CET",
    ))),
    quoted(with_seconds(program(
        "Apple pl",
        "Początek przekazywanej wiadomości:",
        &["", "Od: {S}", "Temat: {B}", "Data: {D}", "Do: {T}"],
        "13 marca 2024 o 09:12:08 CET",
    ))),
    quoted(with_seconds(program(
        "Apple ru",
        "Начало переадресованного сообщения:",
        &["", "От: {S}", "Тема: {B}", "Дата: {D}", "Кому: {T}"],
        "13 марта 2024 г. в 09:12:08 GMT+1",
    ))),
    quoted(with_seconds(program(
        "Apple without marker",
        "",
        &["Von: {S}", "Betreff: {B}", "Datum: {D}", "An: {T}"],
        "13. März 2024 um 09:12:08 MEZ",
    ))),
    with_seconds(program(
        "Thunderbird de",
        "-------- Weitergeleitete Nachricht --------",
        &["Betreff: \t{B}", "Datum: \t{D}", "Von: \t{S}", "An: \t{T}"],
        "Wed, 13 Mar 2024 09:12:08 +0100",
    )),
    with_seconds(program(
        "Thunderbird en",
        "-------- Forwarded Message --------",
        &["Subject: \t{B}", "Date: \t{D}", "From: \t{S}", "Organization: \tFoo", "To: \t{T}"],
        "Wed, 13 Mar 2024 09:12:08 +0100",
    )),
    with_seconds(program(
        "Thunderbird fr",
        "-------- Message transféré --------",
        &["Sujet : \t{B}", "Date : \t{D}", "De : \t{S}", "Pour : \t{T}"],
        "Wed, 13 Mar 2024 09:12:08 +0100",
    )),
    with_seconds(program(
        "Thunderbird it",
        "-------- Messaggio Inoltrato --------",
        &["Oggetto: \t{B}", "Data: \t{D}", "Mittente: \t{S}", "A: \t{T}"],
        "Wed, 13 Mar 2024 09:12:08 +0100",
    )),
    with_seconds(program(
        "Thunderbird pl",
        "--- Treść przekazanej wiadomości ---",
        &["Temat: \t{B}", "Data: \t{D}", "Nadawca: \t{S}", "Adresat: \t{T}"],
        "Wed, 13 Mar 2024 09:12:08 +0100",
    )),
    with_seconds(program(
        "Thunderbird fi",
        "-------- Välitetty viesti / Fwd.Msg --------",
        &["Aihe: \t{B}", "Päiväys: \t{D}", "Lähettäjä: \t{S}", "Vastaanottaja: \t{T}"],
        "Wed, 13 Mar 2024 09:12:08 +0100",
    )),
    with_seconds(program(
        "Thunderbird tr",
        "-------- İletilen İleti --------",
        &["Konu: \t{B}", "Tarih: \t{D}", "Kimden: \t{S}", "Kime: \t{T}"],
        "Wed, 13 Mar 2024 09:12:08 +0100",
    )),
    program(
        "GMX",
        "",
        &["Gesendet:\u{a0}{D}", "Von:\u{a0}{S}", "An:\u{a0}{T}", "Betreff:\u{a0}{B}"],
        "Mittwoch, 13. März 2024 um 09:12 Uhr",
    ),
    with_seconds(program(
        "T-Online",
        "-----Original-Nachricht-----",
        &["Betreff: {B}", "Datum: {D}", "Von: {S}", "An: {T}"],
        "2024-03-13T09:12:08+0100",
    )),
    with_seconds(program(
        "Zimbra",
        "----- Weitergeleitete Nachricht -----",
        &["Von: {S}", "An: {T}", "Gesendet: {D}", "Betreff: {B}"],
        "Mittwoch, 13. März 2024 09:12:08",
    )),
    program(
        "Notes",
        "----- Weitergeleitet von Ruth Muster/PERS/Firma am 13.03.2024 10:01 -----",
        &["", "Von:        {S}", "An:        {T}", "Datum:        {D}", "Betreff:        {B}"],
        "13.03.2024 09:12",
    ),
    program(
        "Notes with Thema",
        "----- Forwarded by Ruth Muster/PERS/Firma on 13.03.2024 10:01 -----",
        &["", "Von:        {S}", "An:        {T}", "Kopie:", "Datum:        {D}", "Thema:        {B}"],
        "13.03.2024 09:12",
    ),
    program(
        "Roundcube de",
        "-------- Originalnachricht --------",
        &["Betreff: {B}", "Datum: {D}", "Von: {S}", "An: {T}"],
        "13.03.2024 09:12",
    ),
    program(
        "Roundcube en",
        "-------- Original Message --------",
        &["Subject: {B}", "Date: {D}", "From: {S}", "To: {T}"],
        "2024-03-13 09:12",
    ),
    with_seconds(program(
        "K-9 de",
        "-------- Ursprüngliche Nachricht --------",
        &["Von: {S}", "Gesendet: {D}", "An: {T}", "Betreff: {B}"],
        "13. März 2024 09:12:08 MEZ",
    )),
    program(
        "Samsung",
        "-------- Ursprüngliche Nachricht --------",
        &["Von: {S} ", "Datum: {D} ", "An: {T} ", "Betreff: {B} "],
        "13.03.24  09:12  (GMT+01:00)",
    ),
    program(
        "SOGo",
        "-------- Original E-Mail --------",
        &["Betreff: {B}", "Datum: {D}", "Sender: {S}", "Antwort an: x@example.org", "Organisation: Foo", "An: {T}"],
        "Mittwoch, März 13, 2024 09:12 CET",
    ),
    quoted(program(
        "IONOS",
        "---------- Ursprüngliche Nachricht ----------",
        &["Von: {S}", "An: {T}", "Datum: {D}", "Betreff: {B}"],
        "13.03.2024 09:12 CET",
    )),
    quoted(program(
        "Open-Xchange en",
        "---------- Original Message ----------",
        &["From: {S}", "To: {T}", "Date: {D}", "Subject: {B}"],
        "03/13/2024 9:12 AM CET",
    )),
    with_seconds(program(
        "HubSpot de",
        "---------- Weitergeleitete Nachricht ---------",
        &["Von: {S}", "Datum: {D}", "Betreff: {B}", "An: {T}"],
        "Mittwoch, 13. März 2024, 09:12:08 +0100",
    )),
    with_seconds(program(
        "HubSpot es",
        "---------- Forwarded message ---------",
        &["De: {S}", "Fecha: {D}", "Asunto: {B}", "A: {T}"],
        "miércoles, 13 de marzo de 2024, 09:12:08 +0100",
    )),
    with_seconds(program(
        "MailMate",
        "Forwarded message:",
        &["", "From: {S}", "To: {T}", "Subject: {B}", "Date: {D}"],
        "Wed, 13 Mar 2024 9:12:08 +0100",
    )),
];

/// The sender as programs print it; all mean the same person.
const SENDERS: [&str; 5] = [
    "Erika Beispiel <erika@example.org>",
    "\"Erika Beispiel\" <erika@example.org>",
    "Erika Beispiel [mailto:erika@example.org]",
    "Erika Beispiel <erika@example.org<mailto:erika@example.org>>",
    "'Erika Beispiel' <erika@example.org>",
];

#[test]
fn the_forward_of_every_program_is_found() {
    for program in &PROGRAMS {
        for sender in SENDERS {
            check(program, sender);
        }
    }
}

fn check(program: &Program, sender: &str) {
    let name = program.name;
    let mut lines = vec![program.marker.to_owned()];
    let fill = |line: &&str| {
        line.replace("{S}", sender)
            .replace("{D}", program.date)
            .replace("{T}", "Ruth Muster <ruth@firma.example>")
            .replace("{B}", "Re: Ihre Einladung")
    };
    lines.extend(program.head.iter().map(fill));
    lines.extend(["", "Guten Tag,", "", "anbei das Zeugnis.", "Erika"].map(str::to_owned));
    if program.quoted {
        lines.iter_mut().skip(1).for_each(|line| *line = format!("> {line}"));
    }
    let text = format!("Bitte zur Akte.\n\n{}", lines.join("\n"));
    let found = found_in(&text).unwrap_or_else(|| panic!("{name}: nothing found in\n{text}"));
    let original = found.original;
    assert_eq!(original.from_name.as_deref(), Some("Erika Beispiel"), "{name}");
    assert_eq!(original.from_address.as_ref().map(EmailAddress::as_str), Some("erika@example.org"), "{name}");
    assert_eq!(original.subject.as_deref(), Some("Re: Ihre Einladung"), "{name}");
    let date = original.date.map(|date| date.to_utc().to_rfc3339());
    let right = if program.seconds { "2024-03-13T08:12:08+00:00" } else { "2024-03-13T08:12:00+00:00" };
    assert_eq!(date.as_deref(), Some(right), "{name}: {}", program.date);
    assert_eq!(found.note.trim(), "Bitte zur Akte.", "{name}");
    assert_eq!(found.body.trim(), "Guten Tag,\n\nanbei das Zeugnis.\nErika", "{name}");
}
