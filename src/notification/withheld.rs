//! That files of a mail were withheld: whoever is told of the mail reads it there, and its forwarder hears of it.

use super::{Facts, Notification, Occasion, Recipient, TellingRules, may_be_answered};
use crate::decision::{Decision, Known};
use crate::mail::IncomingMail;

/// Adds to what is told of a mail that files of it were withheld, and tells its forwarder if nobody else of that address is
/// told. Their names are not said, and neither is what was found.
pub(super) fn tell(
    told: &mut Vec<Notification>,
    decision: Decision,
    mail: &IncomingMail,
    known: &Known,
    rules: &TellingRules,
) {
    let withheld = mail.withheld();
    if withheld == 0 {
        return;
    }
    for one in told.iter_mut().filter(|one| one.occasion != Occasion::NotImported) {
        one.facts.withheld = withheld;
    }
    let is_imported = matches!(decision, Decision::AddToHistory { .. } | Decision::AddForwarder { .. });
    let forwarder =
        known.forwarder.iter().filter(|user| is_imported && may_be_answered(mail, user)).map(Recipient::from);
    let unaware: Vec<Recipient> =
        forwarder.filter(|person| told.iter().all(|one| one.recipient.address != person.address)).collect();
    told.extend(unaware.into_iter().map(|recipient| Notification {
        occasion: Occasion::FilesRefused,
        recipient,
        facts: Facts {
            tenant: rules.tenant.clone(),
            reference: known.application.as_ref().map(|application| application.number.to_string()),
            import_address: rules.import_address.as_str().to_owned(),
            public_url: rules.public_url.clone(),
            withheld,
            ..Facts::default()
        },
    }));
}

#[cfg(test)]
mod tests {
    use crate::application::id::ApplicationId;
    use crate::application::{DocumentKind, Language, Withheld};
    use crate::decision::{Decided, Decision, SenderMatch, WhyUnassigned};
    use crate::mail::{Attachment, InlinePicture};
    use crate::notification::tests::{known, mail, now, received, responsible, rules};
    use crate::notification::{Occasion, notifications};

    #[test]
    fn who_is_told_of_a_mail_hears_how_many_files_were_withheld_and_its_forwarder_hears_of_it_once() {
        let mut mail = mail();
        let file = Attachment {
            name: "Lebenslauf.pdf".to_owned(),
            kind: DocumentKind::Cv,
            kind_rule: String::new(),
            mime: "application/pdf".to_owned(),
            content: Vec::new(),
            sha256: "a".to_owned(),
            danger: None,
            damaged: false,
            withheld: Some(Withheld::TooLargeToScan),
        };
        let picture = |sha256: &str| InlinePicture {
            content_id: String::new(),
            mime: "image/png".to_owned(),
            content: Vec::new(),
            sha256: sha256.to_owned(),
            withheld: Some(Withheld::NotScannable),
        };
        mail.attachments = vec![file.clone(), Attachment { withheld: None, sha256: "b".to_owned(), ..file }];
        mail.pictures = vec![picture("a"), picture("c")];
        let decided = |decision| Decided { decision, checks: Vec::new() };
        let imported = decided(Decision::AddToHistory { application: ApplicationId(7), sender: SenderMatch::Matches });
        let told = notifications(
            &imported,
            &mail,
            &known(vec![responsible(2, "karl", Language::De)]),
            &rules(),
            (received(), now()),
        );
        let heard: Vec<_> =
            told.iter().map(|one| (one.occasion, one.recipient.address.as_str(), one.facts.withheld)).collect();
        let expected = [(Occasion::Reply, "karl@staff.example", 2), (Occasion::FilesRefused, "ruth@staff.example", 2)];
        assert_eq!(heard, expected, "the file that the text shows too counts once");
        let as_both = notifications(
            &imported,
            &mail,
            &known(vec![responsible(1, "ruth", Language::De)]),
            &rules(),
            (received(), now()),
        );
        assert_eq!(as_both.iter().map(|one| one.occasion).collect::<Vec<_>>(), [Occasion::Reply]);
        let waits = decided(Decision::KeepForAPerson { why: WhyUnassigned::NoNumber });
        let told = notifications(&waits, &mail, &known(Vec::new()), &rules(), (received(), now()));
        assert!(
            told.iter().all(|one| one.occasion == Occasion::NotImported
                || (one.occasion, one.facts.withheld) == (Occasion::Waiting, 2)),
            "{told:#?}"
        );
        mail.attachments.iter_mut().for_each(|file| file.withheld = None);
        mail.pictures.clear();
        let told = notifications(&imported, &mail, &known(Vec::new()), &rules(), (received(), now()));
        assert!(told.iter().all(|one| one.facts.withheld == 0 && one.occasion != Occasion::FilesRefused), "{told:#?}");
    }
}
