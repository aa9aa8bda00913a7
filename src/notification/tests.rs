//! Who is told, and what the texts say.

use super::{
    Facts, Notification, Occasion, QueuedNotification, Recipient, Renderer, Suggestion, TellingRules, notifications,
};
use crate::application::id::{ApplicationId, HistoryEntryId, MailId, NotificationId, UserId};
use crate::application::{EmailAddress, Language, ReferenceNumber, Role};
use crate::decision::{
    Decided, Decision, Known, KnownApplication, KnownUser, Responsible, SameReply, SenderMatch, WhyUnassigned,
};
use crate::mail::{IncomingMail, NumberReading};

pub(super) fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

pub(super) fn rules() -> TellingRules {
    TellingRules {
        tenant: "muster".to_owned(),
        language: Language::De,
        office: vec![address("office@staff.example")],
        names: false,
        example: Some("123456".to_owned()),
        import_address: address("import@staff.example"),
        public_url: Some("https://recruiting.example".to_owned()),
        own_addresses: vec![address("import@staff.example")],
        quiet_before: None,
        timezone: chrono_tz::Europe::Berlin,
    }
}

pub(super) fn responsible(id: i64, name: &str, language: Language) -> Responsible {
    Responsible { id: UserId(id), name: name.to_owned(), address: address(&format!("{name}@staff.example")), language }
}

pub(super) fn known(responsible: Vec<Responsible>) -> Known {
    Known {
        forwarder: Some(KnownUser {
            id: UserId(1),
            name: "Ruth Muster".to_owned(),
            address: address("ruth@staff.example"),
            role: Role::Personalmanager,
            language: Language::En,
            active: true,
        }),
        application: Some(KnownApplication {
            id: ApplicationId(7),
            number: ReferenceNumber::from_store("482137".to_owned()),
            candidate_name: "Erika Beispiel".to_owned(),
            candidate_addresses: Vec::new(),
            post: "Lagerist".to_owned(),
            responsible,
        }),
        ..Known::default()
    }
}

pub(super) fn mail() -> IncomingMail {
    let mut mail = IncomingMail::unread(b"");
    mail.answerable = true;
    mail.subject.rest = "Meine Unterlagen".to_owned();
    mail.subject.number = NumberReading::One(ReferenceNumber::from_store("482137".to_owned()));
    mail
}

/// Half past midnight of the 14th, by the clock of Berlin.
pub(super) fn now() -> chrono::DateTime<chrono::Utc> {
    "2024-03-13T23:30:00Z".parse().unwrap()
}

/// A quarter to eleven in the evening of the 13th, by the clock of Berlin.
pub(super) fn received() -> chrono::DateTime<chrono::Utc> {
    "2024-03-13T21:45:00Z".parse().unwrap()
}

fn told(decision: Decision, known: &Known, rules: &TellingRules) -> Vec<(Occasion, String)> {
    notifications(&Decided { decision, checks: Vec::new() }, &mail(), known, rules, (received(), now()))
        .into_iter()
        .map(|one| (one.occasion, one.recipient.address.as_str().to_owned()))
        .collect()
}

const IMPORTED: Decision = Decision::AddToHistory { application: ApplicationId(7), sender: SenderMatch::Matches };

#[test]
fn an_imported_reply_is_told_to_each_responsible_person() {
    let known = known(vec![responsible(2, "karl", Language::De), responsible(3, "vera", Language::En)]);
    assert_eq!(
        told(IMPORTED, &known, &rules()),
        [(Occasion::Reply, "karl@staff.example".to_owned()), (Occasion::Reply, "vera@staff.example".to_owned())]
    );
}

#[test]
fn a_reply_that_nobody_is_responsible_for_is_told_to_the_office() {
    assert_eq!(told(IMPORTED, &known(vec![]), &rules()), [(Occasion::Reply, "office@staff.example".to_owned())]);
}

#[test]
fn where_only_an_import_address_is_responsible_the_office_is_told() {
    let rules = TellingRules { own_addresses: vec![address("karl@staff.example")], ..rules() };
    let known = known(vec![responsible(2, "karl", Language::De)]);
    assert_eq!(told(IMPORTED, &known, &rules), [(Occasion::Reply, "office@staff.example".to_owned())]);
}

#[test]
fn a_waiting_mail_is_told_to_the_office_and_to_a_known_forwarder() {
    let decision = Decision::KeepForAPerson { why: WhyUnassigned::UnknownNumber };
    let office = (Occasion::Waiting, "office@staff.example".to_owned());
    let forwarder = (Occasion::NotImported, "ruth@staff.example".to_owned());
    assert_eq!(told(decision, &known(vec![]), &rules()), [office.clone(), forwarder]);
    let stranger = Known { forwarder: None, ..known(vec![]) };
    assert_eq!(told(decision, &stranger, &rules()), std::slice::from_ref(&office));
    let mut left = known(vec![]);
    left.forwarder.as_mut().unwrap().active = false;
    assert_eq!(told(decision, &left, &rules()), [office]);
}

#[test]
fn nobody_is_told_of_repeats_and_robots() {
    assert!(told(Decision::SkipRepeat { earlier: MailId(1) }, &known(vec![]), &rules()).is_empty());
}

/// A reply that stands in the history since the early morning of the 13th, by the clock of Berlin.
fn forwarded_before(further_files: &[&str], responsible: Vec<Responsible>) -> Known {
    let reply = SameReply {
        entry: HistoryEntryId(12),
        mail: MailId(9),
        imported_at: "2024-03-12T23:30:00Z".parse().unwrap(),
        forwarder: Some("Vera Fach".to_owned()),
        further_files: further_files.iter().map(|file| (*file).to_owned()).collect(),
    };
    Known { same_reply: Some(reply), ..known(responsible) }
}

const AGAIN: Decision =
    Decision::AddForwarder { application: ApplicationId(7), entry: HistoryEntryId(12), earlier: MailId(9) };

#[test]
fn who_forwards_a_reply_again_is_told_and_the_others_only_of_further_files() {
    let people = || vec![responsible(2, "karl", Language::De), responsible(1, "ruth", Language::De)];
    let ruth = (Occasion::ForwardedBefore, "ruth@staff.example".to_owned());
    assert_eq!(told(AGAIN, &forwarded_before(&[], people()), &rules()), std::slice::from_ref(&ruth));
    let karl = (Occasion::FilesAdded, "karl@staff.example".to_owned());
    assert_eq!(told(AGAIN, &forwarded_before(&["a"], people()), &rules()), [ruth.clone(), karl]);
    let office = (Occasion::FilesAdded, "office@staff.example".to_owned());
    assert_eq!(told(AGAIN, &forwarded_before(&["a"], vec![]), &rules()), [ruth, office]);
}

#[test]
fn the_earlier_forwarder_is_named_only_if_the_tenant_wants_it() {
    let facts = |names| {
        let decided = Decided { decision: AGAIN, checks: Vec::new() };
        let known = forwarded_before(&["a"], vec![]);
        notifications(&decided, &mail(), &known, &TellingRules { names, ..rules() }, (received(), now()))
            .remove(0)
            .facts
    };
    assert_eq!(facts(false).imported_on, chrono::NaiveDate::from_ymd_opt(2024, 3, 13));
    assert_eq!((facts(false).earlier_forwarder, facts(false).further_files), (None, 1));
    assert_eq!(facts(true).earlier_forwarder.as_deref(), Some("Vera Fach"));
}

#[test]
fn who_forwarded_second_reads_when_and_by_whom_it_was_imported() {
    let render =
        |occasion, language| Renderer::new().unwrap().render(&queued(occasion, language, full_facts())).unwrap().text;
    let german = render(Occasion::ForwardedBefore, Language::De);
    assert!(german.contains("Sie wurde am 13.03.2024 importiert, weitergeleitet von Vera Fach."), "{german}");
    assert!(german.contains("2 Dateien, die dort noch fehlten, wurden hinzugefügt."), "{german}");
    assert!(german.contains("https://recruiting.example/entries/12"), "{german}");
    let english = render(Occasion::ForwardedBefore, Language::En);
    assert!(english.contains("it was imported on 13 March 2024, forwarded by Vera Fach."), "{english}");
    let added = render(Occasion::FilesAdded, Language::De);
    assert!(added.contains("seit dem 13.03.2024 in der Historie"), "{added}");
    assert!(added.contains("Dateien: Lebenslauf, Anschreiben."), "{added}");
}

#[test]
fn names_leave_the_house_only_if_the_tenant_wants_it() {
    let facts = |names| {
        let decided = Decided { decision: IMPORTED, checks: Vec::new() };
        notifications(&decided, &mail(), &known(vec![]), &TellingRules { names, ..rules() }, (received(), now()))
            .remove(0)
            .facts
    };
    let without = facts(false);
    assert_eq!((without.candidate, without.post, without.subject, without.forwarder), (None, None, None, None));
    assert!(without.kinds.is_empty());
    let with = facts(true);
    assert_eq!(with.candidate.as_deref(), Some("Erika Beispiel"));
    assert_eq!(with.subject.as_deref(), Some("Meine Unterlagen"));
    assert_eq!(with.forwarder.as_deref(), Some("Ruth Muster"));
}

pub(super) fn queued(occasion: Occasion, language: Language, facts: Facts) -> QueuedNotification {
    QueuedNotification {
        id: NotificationId(5),
        notification: Notification {
            occasion,
            recipient: Recipient {
                user: Some(UserId(1)),
                name: Some("Ruth Muster".to_owned()),
                address: address("ruth@staff.example"),
                language,
            },
            facts,
        },
        bundle: None,
        waiting: None,
        mail: Some(MailId(11)),
        entry: Some(HistoryEntryId(12)),
        application: Some(ApplicationId(7)),
        message_key: "key".to_owned(),
        attempts: 0,
        created_at: chrono::DateTime::UNIX_EPOCH,
        claimed_until: chrono::DateTime::UNIX_EPOCH,
    }
}

pub(super) fn full_facts() -> Facts {
    Facts {
        tenant: "muster".to_owned(),
        reference: Some("482137".to_owned()),
        why: Some("no_number".to_owned()),
        example: Some("123456".to_owned()),
        import_address: "import@staff.example".to_owned(),
        kinds: vec!["cv".to_owned(), "cover_letter".to_owned()],
        sender: Some(SenderMatch::Differs),
        forwarder: Some("Karl Probe".to_owned()),
        candidate: Some("Erika <script> Beispiel".to_owned()),
        post: Some("Lagerist".to_owned()),
        subject: Some("Unterlagen\r\nBcc: x@y".to_owned()),
        imported_on: chrono::NaiveDate::from_ymd_opt(2024, 3, 13),
        earlier_forwarder: Some("Vera Fach".to_owned()),
        further_files: 2,
        withheld: 0,
        suggestions: vec![Suggestion { number: "482173".to_owned(), post: Some("Florist".to_owned()) }],
        most_octets: Some(25 << 20),
        answered_on: chrono::NaiveDate::from_ymd_opt(2024, 3, 14),
        received_at: Some(rules().local(received())),
        asked_by: Some("Petra Personal".to_owned()),
        timezone: Some("Europe/Berlin".to_owned()),
        quiet: false,
        quiet_before: None,
        public_url: Some("https://recruiting.example".to_owned()),
    }
}

#[test]
fn every_occasion_can_be_written_in_both_languages_with_few_and_with_many_facts() {
    let renderer = Renderer::new().unwrap();
    for &occasion in Occasion::ALL {
        for language in [Language::De, Language::En] {
            for facts in [Facts::default(), full_facts()] {
                let mail = renderer.render(&queued(occasion, language, facts)).unwrap();
                assert!(!mail.subject.is_empty() && !mail.subject.contains(['\r', '\n']), "{mail:?}");
                assert!(mail.text.lines().count() > 2 && mail.html.contains("</html>"), "{mail:?}");
            }
        }
    }
}

#[test]
fn a_reply_reads_in_german_as_people_write() {
    let mail = Renderer::new().unwrap().render(&queued(Occasion::Reply, Language::De, full_facts())).unwrap();
    assert_eq!(mail.subject, "[482137] Neue Antwort in der Historie – bitte prüfen: andere Absenderadresse");
    assert!(mail.text.starts_with("Guten Tag Ruth Muster,"), "{}", mail.text);
    assert!(mail.text.contains("Dateien: Lebenslauf, Anschreiben."), "{}", mail.text);
    assert!(mail.text.contains("Bitte prüfen"), "{}", mail.text);
    assert!(mail.text.contains("https://recruiting.example/entries/12"), "{}", mail.text);
    assert_eq!(mail.thread_key.as_deref(), Some("application-7"));
}

#[test]
fn what_came_from_outside_stays_text_in_the_html() {
    let mail = Renderer::new().unwrap().render(&queued(Occasion::Reply, Language::En, full_facts())).unwrap();
    assert!(!mail.html.contains("<script>") && mail.html.contains("&lt;script&gt;"), "{}", mail.html);
}

#[test]
fn without_a_web_address_there_is_no_link() {
    let facts = Facts { public_url: None, ..full_facts() };
    let mail = Renderer::new().unwrap().render(&queued(Occasion::Reply, Language::De, facts)).unwrap();
    assert!(!mail.text.contains("http") && !mail.html.contains("href"), "{}", mail.html);
}
