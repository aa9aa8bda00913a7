//! Who is told of a mail.

use super::{Facts, Notification, Occasion, Recipient, Suggestion, TellingRules, may_be_answered, withheld};
use crate::application::Role;
use crate::decision::{Decided, Decision, Known, KnownApplication, KnownUser, WhySetAside, WhyUnassigned};
use crate::mail::{Attachment, IncomingMail, NumberReading};
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

/// The notifications that a mail asks for that came in at the first time and is decided at the second, one per person.
pub fn notifications(
    decided: &Decided,
    mail: &IncomingMail,
    known: &Known,
    rules: &TellingRules,
    (received_at, now): (DateTime<Utc>, DateTime<Utc>),
) -> Vec<Notification> {
    let received_at = rules.local(received_at);
    let facts = Facts { received_at: Some(received_at), ..facts(decided.decision, mail, known, rules) };
    let told = |occasion, recipient| Notification { occasion, recipient, facts: facts.clone() };
    let mut notifications: Vec<Notification> = match decided.decision {
        Decision::AddToHistory { .. } => {
            responsible_or_office(known, rules).into_iter().map(|person| told(Occasion::Reply, person)).collect()
        }
        Decision::AddForwarder { .. } => {
            let forwarder = known.forwarder.iter().filter(|user| may_be_answered(mail, user));
            let forwarder: Vec<Recipient> = forwarder.map(Recipient::from).collect();
            let mut others = if facts.further_files > 0 { responsible_or_office(known, rules) } else { Vec::new() };
            others.retain(|person| forwarder.iter().all(|forwarder| forwarder.address != person.address));
            let others = others.into_iter().map(|person| told(Occasion::FilesAdded, person));
            forwarder.into_iter().map(|person| told(Occasion::ForwardedBefore, person)).chain(others).collect()
        }
        // A notice about a notice that came back would come back too. It stands in the digest of what waits.
        Decision::KeepForAPerson { why: WhyUnassigned::OwnNotice }
        | Decision::SkipRepeat { .. }
        | Decision::IgnoreAutomatic { .. } => Vec::new(),
        Decision::KeepForAPerson { .. } | Decision::SetAside { .. } => {
            let office = office(rules).map(|person| told(Occasion::Waiting, person));
            let times = (received_at, rules.local(now).date());
            office.chain(answer(decided.decision, mail, known, rules, times)).collect()
        }
    };
    withheld::tell(&mut notifications, decided.decision, mail, known, rules);
    notifications.retain(|told| !rules.is_own(&told.recipient.address));
    notifications
}

/// What the office is told of a mail that waits again for this reason (its stored word): the same as when it came in at
/// this time. `claimed` is the number it claims, `mail` what is kept of it, `forwarder` the name of the user who passed it
/// on.
pub fn waits(
    (why, received_at): (&str, DateTime<Utc>),
    claimed: Option<String>,
    mail: Option<&IncomingMail>,
    forwarder: Option<String>,
    rules: &TellingRules,
) -> Vec<Notification> {
    // As above: such a notice would come back too.
    if why == WhyUnassigned::OwnNotice.as_str() {
        return Vec::new();
    }
    let mail = mail.filter(|_| rules.names);
    let facts = Facts {
        tenant: rules.tenant.clone(),
        reference: claimed,
        why: Some(why.to_owned()),
        example: rules.example.clone(),
        import_address: rules.import_address.as_str().to_owned(),
        kinds: mail.iter().flat_map(|mail| &mail.attachments).map(|file| file.kind.as_str().to_owned()).collect(),
        forwarder: forwarder.filter(|_| rules.names),
        received_at: Some(rules.local(received_at)),
        subject: mail.map(|mail| mail.subject.rest.clone()).filter(|subject| !subject.is_empty()),
        public_url: rules.public_url.clone(),
        ..Facts::default()
    };
    office(rules)
        .filter(|person| !rules.is_own(&person.address))
        .map(|recipient| Notification { occasion: Occasion::Waiting, recipient, facts: facts.clone() })
        .collect()
}

/// What the forwarder is told of a mail that was not imported: what was wrong and what to do. Nothing of the candidate is
/// in it, whatever the tenant chose; the number is the one that the forwarder wrote.
fn answer(
    decision: Decision,
    mail: &IncomingMail,
    known: &Known,
    rules: &TellingRules,
    (received_at, day): (NaiveDateTime, NaiveDate),
) -> Option<Notification> {
    let forwarder = known.forwarder.as_ref().filter(|user| may_be_answered(mail, user))?;
    let why = decision.answer()?;
    let suggestions = known.near_misses.iter().filter(|_| decision.found_no_application()).map(|near| Suggestion {
        number: near.number.to_string(),
        post: Some(near.post.clone()).filter(|post| rules.names && !post.is_empty()),
    });
    let facts = Facts {
        tenant: rules.tenant.clone(),
        reference: claimed(mail).filter(|_| decision.found_no_application()),
        why: Some(why.to_owned()),
        example: rules.example.clone(),
        import_address: rules.import_address.as_str().to_owned(),
        suggestions: suggestions.collect(),
        most_octets: match decision {
            Decision::SetAside { why: WhySetAside::TooLarge { max_size, .. } } => Some(max_size),
            _ => None,
        },
        received_at: Some(received_at),
        answered_on: Some(day),
        // Others have no business where it waits, and would find nothing behind the link.
        public_url: rules.public_url.clone().filter(|_| decides(forwarder.role)),
        ..Facts::default()
    };
    Some(Notification { occasion: Occasion::NotImported, recipient: forwarder.into(), facts })
}

/// Whether users with this role decide about mail that waits.
fn decides(role: Role) -> bool {
    matches!(role, Role::Personalmanager | Role::Recruiter)
}

/// A reply to an application that nobody is responsible for is the office's: somebody must be told.
fn responsible_or_office(known: &Known, rules: &TellingRules) -> Vec<Recipient> {
    let responsible = known.application.iter().flat_map(|application| &application.responsible);
    let mut people: Vec<Recipient> = responsible
        .map(|user| Recipient {
            user: Some(user.id),
            name: Some(user.name.clone()),
            address: user.address.clone(),
            language: user.language,
        })
        .filter(|person| !rules.is_own(&person.address))
        .collect();
    if people.is_empty() {
        people = office(rules).collect();
    }
    people
}

fn office(rules: &TellingRules) -> impl Iterator<Item = Recipient> {
    rules.office.iter().map(|address| Recipient {
        user: None,
        name: None,
        address: address.clone(),
        language: rules.language,
    })
}

fn facts(decision: Decision, mail: &IncomingMail, known: &Known, rules: &TellingRules) -> Facts {
    let assigned = matches!(decision, Decision::AddToHistory { .. } | Decision::AddForwarder { .. });
    let application = known.application.as_ref().filter(|_| assigned);
    let before = known.same_reply.as_ref().filter(|_| matches!(decision, Decision::AddForwarder { .. }));
    let is_new = |file: &&Attachment| before.is_none_or(|reply| reply.further_files.contains(&file.sha256));
    let sender = match decision {
        Decision::AddToHistory { sender, .. } => Some(sender),
        _ => None,
    };
    let named = |name: &dyn Fn(&KnownApplication) -> String| application.filter(|_| rules.names).map(name);
    Facts {
        tenant: rules.tenant.clone(),
        reference: application.map(|application| application.number.to_string()).or_else(|| claimed(mail)),
        why: decision.why().map(str::to_owned),
        example: rules.example.clone(),
        import_address: rules.import_address.as_str().to_owned(),
        kinds: mail
            .attachments
            .iter()
            .filter(|file| rules.names && is_new(file))
            .map(|file| file.kind.as_str().to_owned())
            .collect(),
        sender,
        forwarder: known.forwarder.as_ref().filter(|_| rules.names).map(|user| user.name.clone()),
        candidate: named(&|application| application.candidate_name.clone()),
        post: named(&|application| application.post.clone()),
        subject: Some(mail.subject.rest.clone()).filter(|subject| rules.names && !subject.is_empty()),
        imported_on: before.map(|reply| reply.imported_at.with_timezone(&rules.timezone).date_naive()),
        earlier_forwarder: before.filter(|_| rules.names).and_then(|reply| reply.forwarder.clone()),
        further_files: before.map_or(0, |reply| reply.further_files.len()),
        public_url: rules.public_url.clone(),
        ..Facts::default()
    }
}

/// The one number that the subject begins with.
fn claimed(mail: &IncomingMail) -> Option<String> {
    match &mail.subject.number {
        NumberReading::One(number) => Some(number.to_string()),
        NumberReading::None | NumberReading::Several(_) => None,
    }
}

impl From<&KnownUser> for Recipient {
    fn from(user: &KnownUser) -> Self {
        Self {
            user: Some(user.id),
            name: Some(user.name.clone()),
            address: user.address.clone(),
            language: user.language,
        }
    }
}
