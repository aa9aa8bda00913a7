//! The decision table, a row for each way a mail can go.

use super::{
    Decision, DecisionRules, Earlier, ImportOutcome, Known, KnownApplication, KnownUser, Responsible, SameReply,
    SenderMatch, Unfiled, WhySetAside, WhyUnassigned, decide,
};
use crate::application::id::{ApplicationId, HistoryEntryId, MailId, MailboxId, UserId};
use crate::application::{DocumentKind, EmailAddress, Language, ReferenceNumber, Role};
use crate::mail::{
    Attachment, AutomaticKind, Finding, IncomingMail, NotProven, NumberReading, Original, Person, ProvenBy,
    SenderProof, Topic, Unreadable,
};
use chrono::DateTime;

const APPLICATION: ApplicationId = ApplicationId(7);
const USER: UserId = UserId(3);

fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

fn number(text: &str) -> ReferenceNumber {
    ReferenceNumber::from_store(text.to_owned())
}

/// A forwarded reply that names its number.
fn mail() -> IncomingMail {
    let mut mail = IncomingMail::unread(b"");
    mail.subject.whole = "482137 WG: Unterlagen".to_owned();
    mail.subject.number = NumberReading::One(number("482137"));
    mail.forwarder = Some(Person { name: None, address: address("ruth@staff.example") });
    mail.original = Some(Original { from_address: Some(address("erika@example.org")), ..Original::default() });
    mail
}

fn cv() -> Attachment {
    Attachment {
        name: "Lebenslauf.pdf".to_owned(),
        kind: DocumentKind::Cv,
        kind_rule: String::new(),
        mime: "application/pdf".to_owned(),
        content: Vec::new(),
        sha256: String::new(),
        danger: None,
        damaged: false,
        withheld: None,
    }
}

fn user(role: Role) -> KnownUser {
    KnownUser {
        id: USER,
        name: "Ruth Muster".to_owned(),
        address: address("ruth@staff.example"),
        role,
        language: Language::De,
        active: true,
    }
}

fn application(responsible: &[UserId]) -> KnownApplication {
    KnownApplication {
        id: APPLICATION,
        number: number("482137"),
        candidate_name: "Erika Beispiel".to_owned(),
        candidate_addresses: vec![address("erika@example.org")],
        post: "Lagerist".to_owned(),
        responsible: responsible
            .iter()
            .map(|id| Responsible {
                id: *id,
                name: String::new(),
                address: address("x@staff.example"),
                language: Language::De,
            })
            .collect(),
    }
}

fn known() -> Known {
    Known { forwarder: Some(user(Role::Personalmanager)), application: Some(application(&[])), ..Known::default() }
}

fn rules() -> DecisionRules {
    DecisionRules {
        import_roles: vec![Role::Personalmanager, Role::FachbereichPlus],
        fachbereich_plus_everywhere: false,
    }
}

fn decision(mail: &IncomingMail, known: &Known) -> Decision {
    decide(mail, known, &rules()).decision
}

fn kept(why: WhyUnassigned) -> Decision {
    Decision::KeepForAPerson { why }
}

#[test]
fn a_reply_with_a_known_number_from_an_entitled_user_is_imported() {
    assert_eq!(
        decision(&mail(), &known()),
        Decision::AddToHistory { application: APPLICATION, sender: SenderMatch::Matches }
    );
}

#[test]
fn what_is_not_proven_waits_only_where_a_proof_is_asked_for() {
    let mut mail = mail();
    mail.proof = SenderProof::Missing(NotProven::WrongPlace);
    let decided = decide(&mail, &known(), &rules());
    assert_eq!(decided.decision, kept(WhyUnassigned::NotProven));
    let names: Vec<&str> = decided.checks.iter().map(|check| check.check.as_str()).collect();
    assert_eq!(names.last_chunk(), Some(&["forwarder", "sender proven"]));
    // Nobody learns from the answer whether a number exists, or who is a user.
    assert_eq!(decision(&mail, &Known { application: None, ..known() }), kept(WhyUnassigned::NotProven));
    assert_eq!(decision(&mail, &Known { forwarder: None, ..known() }), kept(WhyUnassigned::ForwarderUnknown));
    mail.proof = SenderProof::Proven(ProvenBy::Dmarc);
    assert!(matches!(decision(&mail, &known()), Decision::AddToHistory { .. }));
}

#[test]
fn the_same_mail_again_is_skipped_whatever_it_says() {
    let earlier = Earlier { mail: MailId(9), outcome: ImportOutcome::Imported, unfiled: None };
    let known = Known { earlier: Some(earlier), ..known() };
    let mut automatic = mail();
    automatic.automatic = Some(AutomaticKind::Bounce);
    assert_eq!(decision(&mail(), &known), Decision::SkipRepeat { earlier: MailId(9) });
    assert_eq!(decision(&automatic, &known), Decision::SkipRepeat { earlier: MailId(9) });
}

#[test]
fn a_reply_forwarded_before_adds_its_forwarder_if_they_may_import() {
    let reply = SameReply {
        entry: HistoryEntryId(4),
        mail: MailId(9),
        imported_at: DateTime::UNIX_EPOCH,
        forwarder: None,
        further_files: vec!["a".to_owned(), "b".to_owned()],
    };
    let known = Known { same_reply: Some(reply), ..known() };
    let decided = decide(&mail(), &known, &rules());
    let adds = Decision::AddForwarder { application: APPLICATION, entry: HistoryEntryId(4), earlier: MailId(9) };
    assert_eq!((decided.decision, decided.decision.outcome()), (adds, ImportOutcome::Repeated));
    let last = decided.checks.last().unwrap();
    assert_eq!(last.saw, "the same reply as mail 9, and brings further files: 2");
    let may_not = Known { forwarder: Some(user(Role::Fachbereich)), ..known.clone() };
    assert_eq!(decision(&mail(), &may_not), kept(WhyUnassigned::NotEntitled));
    assert!(matches!(decision(&mail(), &known.without(MailId(9))), Decision::AddToHistory { .. }), "its own entry");
}

#[test]
fn what_no_program_can_read_is_set_aside() {
    let mut mail = mail();
    mail.unreadable = Some(Unreadable::EncryptedPgp);
    let why = WhySetAside::Unreadable(Unreadable::EncryptedPgp);
    assert_eq!(decision(&mail, &known()), Decision::SetAside { why });
}

#[test]
fn a_robots_mail_is_ignored_even_with_a_known_number() {
    let mut mail = mail();
    mail.automatic = Some(AutomaticKind::AutomaticAnswer);
    assert_eq!(decision(&mail, &known()), Decision::IgnoreAutomatic { kind: AutomaticKind::AutomaticAnswer });
}

#[test]
fn without_one_number_a_person_decides() {
    let mut none = mail();
    none.subject.number = NumberReading::None;
    assert_eq!(decision(&none, &known()), kept(WhyUnassigned::NoNumber));
    let mut several = mail();
    several.subject.number = NumberReading::Several(vec![number("482137"), number("482138")]);
    assert_eq!(decision(&several, &known()), kept(WhyUnassigned::SeveralNumbers));
}

#[test]
fn a_number_without_an_application_is_unknown() {
    assert_eq!(decision(&mail(), &Known { application: None, ..known() }), kept(WhyUnassigned::UnknownNumber));
}

#[test]
fn only_an_active_user_of_the_tenant_forwards() {
    let stranger = Known { forwarder: None, ..known() };
    assert_eq!(decision(&mail(), &stranger), kept(WhyUnassigned::ForwarderUnknown));
    let left = Known { forwarder: Some(KnownUser { active: false, ..user(Role::Personalmanager) }), ..known() };
    assert_eq!(decision(&mail(), &left), kept(WhyUnassigned::ForwarderUnknown));
    let mut nobody = mail();
    nobody.forwarder = None;
    assert_eq!(decision(&nobody, &Known { forwarder: None, ..known() }), kept(WhyUnassigned::ForwarderUnknown));
}

#[test]
fn the_role_decides_who_may_import() {
    let responsible = application(&[USER]);
    for (role, application, imported) in [
        (Role::Personalmanager, application(&[]), true),
        (Role::FachbereichPlus, application(&[]), false),
        (Role::FachbereichPlus, responsible.clone(), true),
        (Role::Recruiter, responsible.clone(), false),
        (Role::Fachbereich, responsible.clone(), false),
        (Role::Administrator, responsible, false),
    ] {
        let known = Known { forwarder: Some(user(role)), application: Some(application), ..Known::default() };
        let decision = decision(&mail(), &known);
        assert_eq!(matches!(decision, Decision::AddToHistory { .. }), imported, "{role}: {decision:?}");
        let why =
            if role == Role::FachbereichPlus { WhyUnassigned::NotResponsible } else { WhyUnassigned::NotEntitled };
        assert!(imported || decision == kept(why), "{role}: {decision:?}");
    }
}

#[test]
fn a_tenant_may_open_all_applications_to_fachbereich_plus() {
    let known = Known { forwarder: Some(user(Role::FachbereichPlus)), ..known() };
    let rules = DecisionRules { fachbereich_plus_everywhere: true, ..rules() };
    assert!(matches!(decide(&mail(), &known, &rules).decision, Decision::AddToHistory { .. }));
}

#[test]
fn who_may_not_import_does_not_learn_whether_the_number_exists() {
    let forwarder = Some(user(Role::Fachbereich));
    let exists = Known { forwarder: forwarder.clone(), ..known() };
    let does_not = Known { forwarder, application: None, ..known() };
    assert_eq!(decision(&mail(), &exists), decision(&mail(), &does_not));
}

#[test]
fn a_new_application_sent_here_by_mistake_says_so() {
    let mut mail = mail();
    mail.subject.number = NumberReading::None;
    mail.attachments = vec![cv()];
    mail.subject.whole = "Bewerbung als Lagerist".to_owned();
    let from_outside = Known::default();
    assert_eq!(decision(&mail, &from_outside), kept(WhyUnassigned::LooksLikeNewApplication));
    let from_a_user = Known { application: None, ..known() };
    assert_eq!(decision(&mail, &from_a_user), kept(WhyUnassigned::NoNumber), "a user may have forgotten the number");
    mail.subject.whole = "K-2024/17".to_owned();
    assert_eq!(decision(&mail, &from_a_user), kept(WhyUnassigned::LooksLikeNewApplication), "a job's Kennziffer alone");
}

#[test]
fn another_sender_than_the_candidate_does_not_block_but_is_marked() {
    let mut mail = mail();
    mail.original = Some(Original { from_address: Some(address("other@example.org")), ..Original::default() });
    let differs = Decision::AddToHistory { application: APPLICATION, sender: SenderMatch::Differs };
    assert_eq!(decision(&mail, &known()), differs);
    mail.original = None;
    let unknown = Decision::AddToHistory { application: APPLICATION, sender: SenderMatch::Unknown };
    assert_eq!(decision(&mail, &known()), unknown);
}

#[test]
fn the_record_ends_with_the_check_that_decided() {
    let decided = decide(&mail(), &Known { application: None, ..known() }, &rules());
    let last = decided.checks.last().unwrap();
    assert_eq!((last.check.as_str(), last.passed), ("application", false));
    assert!(decided.checks.iter().rev().skip(1).all(|check| check.passed));
}

#[test]
fn the_record_says_what_was_cut() {
    let mut mail = mail();
    mail.findings = vec![Finding::new(Topic::Repaired, "a name"), Finding::new(Topic::Cut, "the text is too long")];
    let decided = decide(&mail, &known(), &rules());
    let readable = decided.checks.iter().find(|check| check.check == "readable").unwrap();
    assert_eq!((readable.saw.as_str(), readable.passed), ("yes; the text is too long", true));
}

#[test]
fn a_recorded_mail_is_told_from_a_second_copy_by_its_place() {
    let unfiled = Some(Unfiled { mailbox: MailboxId(1), place: Some((10, 5)) });
    let earlier = Earlier { mail: MailId(9), outcome: ImportOutcome::Imported, unfiled };
    assert!(earlier.is_unfiled_at(MailboxId(1), Some((10, 5))), "the very place");
    assert!(earlier.is_unfiled_at(MailboxId(1), Some((11, 1))), "the inbox was renumbered");
    assert!(!earlier.is_unfiled_at(MailboxId(1), Some((10, 6))), "a second copy beside it");
    assert!(!earlier.is_unfiled_at(MailboxId(2), Some((11, 1))), "another mailbox");
    let lost_place = Some(Unfiled { mailbox: MailboxId(1), place: None });
    assert!(
        Earlier { unfiled: lost_place, ..earlier }.is_unfiled_at(MailboxId(1), Some((10, 6))),
        "its UID is another's"
    );
    assert!(!Earlier { unfiled: lost_place, ..earlier }.is_unfiled_at(MailboxId(2), Some((10, 6))), "another mailbox");
    assert!(!Earlier { unfiled: None, ..earlier }.is_unfiled_at(MailboxId(1), Some((11, 1))), "it was filed away");
}
