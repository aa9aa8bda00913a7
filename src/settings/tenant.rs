//! One customer.

use super::{DocumentsTab, FachbereichPlusScope, Webhook};
use crate::application::{DocumentKind, EmailAddress, Language, ReferenceShape, Role};
use crate::decision::DecisionRules;
use crate::mail::TrustedReceiver;
use crate::retention::RetentionRules;

/// One customer with its own import addresses; every look-up stays inside one.
#[derive(Clone, Debug)]
pub struct Tenant {
    /// The name that mailboxes and the directory feed use.
    pub name: String,
    /// Language of texts to the office.
    pub language: Language,
    /// Clock for printed dates without a zone.
    pub timezone: chrono_tz::Tz,
    /// How reference numbers look.
    pub shapes: Vec<ReferenceShape>,
    /// Domains of the tenant's own people, in small letters.
    pub staff_domains: Vec<String>,
    /// Which files stand under Dokumente too.
    pub documents_tab: DocumentsTab,
    /// Roles whose mail is imported.
    pub import_roles: Vec<Role>,
    /// For which applications a Fachbereich Plus may import.
    pub fachbereich_plus: FachbereichPlusScope,
    /// Who is told of mail that waits for a person.
    pub office: Vec<EmailAddress>,
    /// Who must have proven the From of a mail; `None` where no proof is asked for.
    pub sender_proof: Option<TrustedReceiver>,
    /// How long its data are kept.
    pub retention: RetentionRules,
    /// Programs that are told what comes of its mail.
    pub webhooks: Vec<Webhook>,
}

impl Tenant {
    /// What the rule that decides needs to know of this tenant.
    pub fn decision_rules(&self) -> DecisionRules {
        DecisionRules {
            import_roles: self.import_roles.clone(),
            fachbereich_plus_everywhere: self.fachbereich_plus == FachbereichPlusScope::All,
        }
    }

    /// A number of the tenant's first shape, to show people how one is written.
    pub fn example_number(&self) -> Option<String> {
        self.shapes.first().map(ReferenceShape::example)
    }
}

impl DocumentsTab {
    /// Whether a file of this kind stands under Dokumente too.
    pub fn shows(self, kind: DocumentKind) -> bool {
        match self {
            Self::None => false,
            Self::Unrecognised => kind == DocumentKind::Other,
            Self::All => true,
        }
    }
}
