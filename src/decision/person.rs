//! What a person decides about a mail that the rule left to one.

use super::sender_match::sender_match;
use super::{Check, CheckName, Decided, Decision, KnownApplication, SameReply, SenderMatch};
use crate::mail::IncomingMail;

/// A person assigned the mail to this application; `before` is what the rule saw. Where the same reply stands there
/// already the mail adds to its entry.
pub fn assigned_by_a_person(
    mail: &IncomingMail,
    application: &KnownApplication,
    same_reply: Option<&SameReply>,
    before: Vec<Check>,
) -> Decided {
    let sender = sender_match(mail, &application.candidate_addresses);
    let saw = match sender {
        SenderMatch::Matches => "; the original comes from an address of the candidate",
        SenderMatch::Differs => "; the original comes from an address that is not known of the candidate",
        SenderMatch::Unknown => "",
    };
    let mut checks = before;
    checks.push(Check::passed(CheckName::Person, format!("assigned it to application {}{saw}", application.number)));
    let decision = same_reply.map_or(Decision::AddToHistory { application: application.id, sender }, |reply| {
        checks.push(Check::failed(CheckName::ForwardedBefore, format!("the same reply as mail {}", reply.mail)));
        Decision::AddForwarder { application: application.id, entry: reply.entry, earlier: reply.mail }
    });
    Decided { decision, checks }
}

/// The decision record of a mail whose entry a person took back out of this application's history.
pub fn taken_back_by_a_person(number: &str, before: Vec<Check>) -> Vec<Check> {
    let mut checks = before;
    checks.push(Check::failed(CheckName::Person, format!("took the entry back out of application {number}")));
    checks
}
