//! Who is answered, and what an answer says.

use super::{advice, headline, reason, size};
use crate::application::{Language, ReferenceNumber, Role};
use crate::decision::{Decided, Decision, Known, NearMiss, WhySetAside, WhyUnassigned};
use crate::mail::{IncomingMail, NotProven, ProvenBy, SenderProof, Unreadable};
use crate::notification::tests::{address, known, mail, now, queued, received, rules};
use crate::notification::{Facts, Notification, Occasion, Renderer, TellingRules, notifications};

const UNKNOWN: Decision = Decision::KeepForAPerson { why: WhyUnassigned::UnknownNumber };
const NOT_THEIRS: Decision = Decision::KeepForAPerson { why: WhyUnassigned::NotResponsible };
const ENCRYPTED: Decision = Decision::SetAside { why: WhySetAside::Unreadable(Unreadable::EncryptedPgp) };

fn decided(decision: Decision, mail: &IncomingMail, known: &Known, rules: &TellingRules) -> Vec<Notification> {
    notifications(&Decided { decision, checks: Vec::new() }, mail, known, rules, (received(), now()))
}

/// The answer to the forwarder, if there is one.
fn answer(decision: Decision, mail: &IncomingMail, known: &Known, rules: &TellingRules) -> Option<Notification> {
    let mut told = decided(decision, mail, known, rules);
    assert!(told.iter().any(|one| one.occasion == Occasion::Waiting), "the office is told in any case: {told:?}");
    told.retain(|one| one.occasion == Occasion::NotImported);
    assert!(told.len() < 2, "{told:?}");
    told.pop()
}

fn near(number: &str) -> NearMiss {
    NearMiss { number: ReferenceNumber::from_store(number.to_owned()), post: "Florist".to_owned(), of_sender: false }
}

fn text(decision: Decision, language: Language, change: impl Fn(&mut Known, &mut TellingRules)) -> String {
    let (mut known, mut rules) = (known(vec![]), rules());
    change(&mut known, &mut rules);
    let facts = answer(decision, &mail(), &known, &rules).unwrap().facts;
    Renderer::new().unwrap().render(&queued(Occasion::NotImported, language, facts)).unwrap().text
}

#[test]
fn a_known_forwarder_is_answered_in_their_language() {
    let answer = answer(UNKNOWN, &mail(), &known(vec![]), &rules()).unwrap();
    assert_eq!((answer.recipient.address, answer.recipient.language), (address("ruth@staff.example"), Language::En));
    assert_eq!(answer.facts.answered_on, chrono::NaiveDate::from_ymd_opt(2024, 3, 14), "by the tenant's clock");
}

#[test]
fn only_those_who_decide_about_what_waits_get_a_link_to_it() {
    let url = |role| {
        let mut known = known(vec![]);
        known.forwarder.as_mut().unwrap().role = role;
        answer(UNKNOWN, &mail(), &known, &rules()).unwrap().facts.public_url
    };
    assert!(rules().public_url.is_some());
    for (role, has_link) in [
        (Role::Personalmanager, true),
        (Role::Recruiter, true),
        (Role::FachbereichPlus, false),
        (Role::Fachbereich, false),
        (Role::Administrator, false),
    ] {
        assert_eq!(url(role), rules().public_url.filter(|_| has_link), "{role:?}");
    }
}

#[test]
fn what_is_set_aside_is_answered_unless_we_failed() {
    assert!(answer(ENCRYPTED, &mail(), &known(vec![]), &rules()).is_some());
    let too_large = Decision::SetAside { why: WhySetAside::TooLarge { size: 30 << 20, max_size: 25 << 20 } };
    assert_eq!(answer(too_large, &mail(), &known(vec![]), &rules()).unwrap().facts.most_octets, Some(25 << 20));
    let failed = Decision::SetAside { why: WhySetAside::FailedTooOften { attempts: 5 } };
    assert_eq!(answer(failed, &mail(), &known(vec![]), &rules()), None);
}

#[test]
fn nobody_is_answered_who_is_unknown_or_left_or_may_not_have_sent_the_mail() {
    for decision in [UNKNOWN, NOT_THEIRS, ENCRYPTED] {
        let stranger = Known { forwarder: None, ..known(vec![]) };
        assert_eq!(answer(decision, &mail(), &stranger, &rules()), None);
        let mut left = known(vec![]);
        left.forwarder.as_mut().unwrap().active = false;
        assert_eq!(answer(decision, &mail(), &left, &rules()), None);
        let unproven = IncomingMail { proof: SenderProof::Missing(NotProven::WrongPlace), ..mail() };
        assert_eq!(answer(decision, &unproven, &known(vec![]), &rules()), None);
        let proven = IncomingMail { proof: SenderProof::Proven(ProvenBy::Dmarc), ..mail() };
        assert!(answer(decision, &proven, &known(vec![]), &rules()).is_some());
        let by_a_robot = IncomingMail { answerable: false, ..mail() };
        assert_eq!(answer(decision, &by_a_robot, &known(vec![]), &rules()), None);
    }
    let not_proven = Decision::KeepForAPerson { why: WhyUnassigned::NotProven };
    assert_eq!(answer(not_proven, &mail(), &known(vec![]), &rules()), None);
}

#[test]
fn an_application_that_is_not_theirs_reads_like_none() {
    for language in [Language::De, Language::En] {
        let unknown = text(UNKNOWN, language, |known, _| known.application = None);
        assert_eq!(text(NOT_THEIRS, language, |_, _| ()), unknown);
        assert!(unknown.contains("482137"), "the number as written: {unknown}");
    }
    let whys = [UNKNOWN, NOT_THEIRS].map(|decision| answer(decision, &mail(), &known(vec![]), &rules()).unwrap().facts);
    assert_eq!(whys[0], whys[1], "what is stored does not differ either");
    let office = decided(NOT_THEIRS, &mail(), &known(vec![]), &rules()).remove(0);
    assert_eq!(office.facts.why.as_deref(), Some("not_entitled"), "the office is told the true reason");
}

#[test]
fn near_misses_are_shown_with_the_post_only_if_the_tenant_wants_names() {
    let with_near = |names| {
        text(UNKNOWN, Language::De, |known, rules| {
            known.near_misses = vec![near("482173"), near("482138")];
            rules.names = names;
        })
    };
    assert!(with_near(false).contains("Vielleicht meinten Sie: 482173, 482138."), "{}", with_near(false));
    assert!(with_near(true).contains("Vielleicht meinten Sie: 482173 (Florist), 482138 (Florist)."));
    let no_number = Decision::KeepForAPerson { why: WhyUnassigned::NoNumber };
    let none = text(no_number, Language::De, |known, _| known.near_misses = vec![near("482173")]);
    assert!(!none.contains("482173"), "{none}");
}

#[test]
fn nothing_of_the_candidate_is_in_an_answer_whatever_the_tenant_wants() {
    for decision in [UNKNOWN, NOT_THEIRS, ENCRYPTED] {
        let rules = TellingRules { names: true, ..rules() };
        let facts = answer(decision, &mail(), &known(vec![]), &rules).unwrap().facts;
        let told = serde_json::to_string(&facts).unwrap();
        for secret in ["Erika", "Beispiel", "Lagerist", "Meine Unterlagen"] {
            assert!(!told.contains(secret), "{told}");
        }
    }
}

#[test]
fn an_answer_says_that_it_is_the_only_one_of_the_day() {
    let told = text(UNKNOWN, Language::De, |_, _| ());
    assert!(
        told.contains("Werden am 14.03.2024 weitere E-Mails") && told.contains("keine weitere Nachricht"),
        "{told}"
    );
    let told = text(UNKNOWN, Language::En, |_, _| ());
    assert!(told.contains("on 14 March 2024, you will get no further message"), "{told}");
}

#[test]
fn who_forgot_the_number_is_shown_how_to_write_it() {
    let facts = Facts { why: Some("no_number".to_owned()), example: Some("BEW-12345".to_owned()), ..Facts::default() };
    let mail = Renderer::new().unwrap().render(&queued(Occasion::NotImported, Language::De, facts)).unwrap();
    assert!(mail.text.contains("„BEW-12345 WG: Ihre Bewerbung“"), "{}", mail.text);
}

#[test]
fn an_answer_says_which_mail_it_is_about_and_its_subject_what_is_wrong() {
    let rendered = |decision, language, public_url: Option<&str>| {
        let facts = answer(decision, &mail(), &known(vec![]), &rules()).unwrap().facts;
        let facts = Facts { public_url: public_url.map(str::to_owned), ..facts };
        Renderer::new().unwrap().render(&queued(Occasion::NotImported, language, facts)).unwrap()
    };
    let german = rendered(UNKNOWN, Language::De, Some("https://recruiting.example"));
    assert_eq!(german.subject, "Nicht importiert: bitte Referenznummer 482137 prüfen");
    let first = "Ihre E-Mail vom 13.03.2024 um 22:45 Uhr an import@staff.example wurde nicht importiert.";
    assert!(german.text.contains(first), "{}", german.text);
    let themselves = "Dort können Sie sie auch selbst zuordnen:\n\nhttps://recruiting.example/mails/11\n";
    assert!(german.text.contains(themselves), "{}", german.text);
    let without_pages = rendered(UNKNOWN, Language::De, None);
    let theirs = "Sie liegt der Personalabteilung unter der Nummer 11 vor, die sie zuordnen kann.\n";
    assert!(without_pages.text.contains(theirs), "{}", without_pages.text);
    let english = rendered(ENCRYPTED, Language::En, Some("https://recruiting.example"));
    assert_eq!(english.subject, "Not imported: e-mail encrypted");
    assert!(english.text.contains("your e-mail of 13 March 2024 at 22:45 to import@"), "{}", english.text);
    assert!(!english.text.contains("assign"), "nobody can assign what was not read: {}", english.text);
}

fn facts(why: &str) -> Facts {
    Facts { why: Some(why.to_owned()), ..Facts::default() }
}

#[test]
fn every_answer_says_what_to_do_in_both_languages() {
    let unassigned = WhyUnassigned::ALL.into_iter().filter_map(WhyUnassigned::answer);
    let set_aside = WhySetAside::ALL.into_iter().filter_map(WhySetAside::answer);
    // Of what is no mail at all nobody can say what to do, and it names no forwarder.
    for word in unassigned.chain(set_aside).filter(|word| *word != "unreadable") {
        for language in [Language::De, Language::En] {
            assert_ne!(reason(&facts(word), language), word);
            assert_ne!(headline(&facts(word), language), word);
            assert!(!advice(&facts(word), language).is_empty(), "{word}");
        }
    }
}

#[test]
fn the_number_written_and_the_size_allowed_stand_in_the_answer() {
    let unknown = Facts { reference: Some("482999".to_owned()), ..facts("unknown_number") };
    assert!(
        reason(&unknown, Language::De).starts_with("Zur Referenznummer 482999 gibt es keine Bewerbung, für die Sie")
    );
    let too_large = Facts { most_octets: Some(25 << 20), ..facts("too_large") };
    assert!(reason(&too_large, Language::En).starts_with("The e-mail is too large. At most 25 MB are accepted;"));
}

#[test]
fn whose_role_may_not_import_assigns_it_in_the_pages_or_tells_the_hr_department() {
    let told = |public_url: Option<&str>| {
        let facts = Facts { public_url: public_url.map(str::to_owned), ..facts("not_entitled") };
        Renderer::new().unwrap().render(&queued(Occasion::NotImported, Language::De, facts)).unwrap().text
    };
    let (themselves, hr) = ("Dort können Sie sie auch selbst zuordnen:", "Bitte sagen Sie der Personalabteilung");
    let (with_pages, without) = (told(Some("https://recruiting.example")), told(None));
    assert!(with_pages.contains(themselves) && !with_pages.contains(hr), "{with_pages}");
    assert!(!without.contains(themselves) && without.contains(hr), "{without}");
}

#[test]
fn sizes_are_written_as_people_write_them() {
    for (octets, de, en) in
        [(100 << 10, "100 kB", "100 kB"), (1 << 20, "1 MB", "1 MB"), ((5 << 20) + (1 << 19), "5,5 MB", "5.5 MB")]
    {
        assert_eq!((size(octets, Language::De).as_str(), size(octets, Language::En).as_str()), (de, en));
    }
}

#[test]
fn a_question_asks_for_nothing_that_will_be_refused_again() {
    let renderer = Renderer::new().unwrap();
    let asked = |why: &str| {
        let facts = Facts { example: Some("123456".to_owned()), ..facts(why) };
        renderer.render(&queued(Occasion::Asked, Language::De, facts)).unwrap().text
    };
    let number = "Bitte nennen Sie der Personalabteilung die Referenznummer.";
    for why in ["not_entitled", "not_proven", "own_notice", "reverted", "failed_too_often", "unreadable"] {
        let text = asked(why);
        assert!(text.contains(number) && !text.contains("noch einmal"), "{why}: {text}");
        assert!(!text.contains("gibt es keine Bewerbung"), "{why}: {text}");
    }
    for (why, wanted) in [
        ("no_number", "noch einmal weiter und setzen Sie die Referenznummer ganz an den Anfang des Betreffs"),
        ("unknown_number", "prüfen Sie die Nummer im Kandidatenprofil"),
        ("too_large", "mit weniger oder kleineren Anlagen weiter. Setzen Sie dabei die Referenznummer an den Anfang"),
        ("encrypted", "„Optionen“ das Verschlüsseln aus. Setzen Sie dabei die Referenznummer an den Anfang"),
        ("too_nested", "nur die E-Mail weiter, um die es geht"),
    ] {
        let text = asked(why);
        assert!(text.contains(wanted) && !text.contains(number), "{why}: {text}");
        assert!(text.contains("dann sagen Sie das bitte der Personalabteilung"), "{why}: {text}");
    }
}
