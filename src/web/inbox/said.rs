//! What is said on the page after a decision: it stands in the address to which the form leads on.

use crate::application::id::MailId;
use crate::web::acts::{Done, Refused};
use crate::web::fault::Fault;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use strum::IntoStaticStr;

/// More letters of what was taken for a number are not shown again.
const LONGEST_NUMBER: usize = 64;

/// What came of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub(super) enum Said {
    Assigned,
    Discarded,
    TakenBack,
    Asked,
    /// Somebody else decided meanwhile.
    Decided,
    NoSuchNumber,
    NotWhole,
    NobodyToAsk,
    AskedAlready,
}

impl Said {
    /// What is said of a decision; a fault where the page of one is shown instead.
    pub(super) fn of(done: Result<Done, Refused>) -> Result<Self, Fault> {
        Ok(match done {
            Ok(Done::Assigned { .. }) => Self::Assigned,
            Ok(Done::Asked) => Self::Asked,
            Ok(Done::Discarded) => Self::Discarded,
            Ok(Done::TakenBack) => Self::TakenBack,
            Err(Refused::NotThere) => return Err(Fault::NotFound),
            Err(Refused::NoSuchNumber) => Self::NoSuchNumber,
            Err(Refused::Decided) => Self::Decided,
            Err(Refused::NotWhole) => Self::NotWhole,
            Err(Refused::NobodyToAsk) => Self::NobodyToAsk,
            Err(Refused::AskedAlready) => Self::AskedAlready,
            Err(Refused::Trouble(error)) => {
                return Err(error.downcast().map_or_else(Fault::Broken, Fault::Unavailable));
            }
        })
    }

    pub(super) fn as_str(self) -> &'static str {
        self.into()
    }

    /// Whether nothing was done.
    pub(super) fn is_refusal(self) -> bool {
        !matches!(self, Self::Assigned | Self::Discarded | Self::TakenBack | Self::Asked)
    }

    /// Where it is said: on the list, where the mail waits no longer, else on the mail's page. `number` is what was
    /// taken for a number.
    pub(super) fn address(self, mail: MailId, number: &str) -> String {
        let said = self.as_str();
        match self {
            Self::Assigned | Self::Discarded | Self::Decided => format!("/mails?said={said}&mail={mail}"),
            Self::NoSuchNumber => {
                let number: String = number.chars().take(LONGEST_NUMBER).collect();
                let number = utf8_percent_encode(&number, NON_ALPHANUMERIC);
                format!("/mails/{mail}?said={said}&number={number}")
            }
            _ => format!("/mails/{mail}?said={said}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Said;
    use crate::application::id::MailId;
    use crate::store::StoreError;
    use crate::web::acts::{Done, Refused};
    use crate::web::fault::Fault;

    #[test]
    fn what_is_said_leads_to_where_the_mail_is() {
        let said = |done| Said::of(done).unwrap().address(MailId(12), "48 &x");
        assert_eq!(said(Ok(Done::Assigned { number: "482137".to_owned() })), "/mails?said=assigned&mail=12");
        assert_eq!(said(Ok(Done::Discarded)), "/mails?said=discarded&mail=12");
        assert_eq!(said(Ok(Done::TakenBack)), "/mails/12?said=taken_back");
        assert_eq!(said(Ok(Done::Asked)), "/mails/12?said=asked");
        assert_eq!(said(Err(Refused::Decided)), "/mails?said=decided&mail=12");
        assert_eq!(said(Err(Refused::NoSuchNumber)), "/mails/12?said=no_such_number&number=48%20%26x");
        assert_eq!(said(Err(Refused::AskedAlready)), "/mails/12?said=asked_already");
        assert_eq!(said(Err(Refused::NobodyToAsk)), "/mails/12?said=nobody_to_ask");
        assert_eq!(said(Err(Refused::NotWhole)), "/mails/12?said=not_whole");
        assert!(matches!(Said::of(Err(Refused::NotThere)), Err(Fault::NotFound)));
        let trouble = |error| Said::of(Err(Refused::Trouble(error)));
        assert!(matches!(trouble(anyhow::anyhow!("x")), Err(Fault::Broken(_))));
        let away = StoreError::Missing { wanted: "Cannot assign a mail" };
        assert!(matches!(trouble(away.into()), Err(Fault::Unavailable(_))));
    }
}
