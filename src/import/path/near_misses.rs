//! What a forwarder may have meant whose number led nowhere.

use crate::application::near_numbers;
use crate::decision::{Decision, Known, NearMiss, Reach};
use crate::import::importer::Importer;
use crate::mail::{IncomingMail, NumberReading};
use crate::notification::may_be_answered;
use crate::store::StoreError;

/// So many are shown: more would be a list to choose from by guessing.
const SHOWN: usize = 3;

impl Importer {
    /// Applications with a number like the claimed one, the likeliest first, of those that the forwarder may import for.
    /// The same look-up is made whether there is no application of the number or only none for this forwarder.
    pub(super) fn near_misses(
        &self,
        decision: Decision,
        mail: &IncomingMail,
        known: &Known,
    ) -> Result<Vec<NearMiss>, StoreError> {
        let (NumberReading::One(number), Some(forwarder)) = (&mail.subject.number, &known.forwarder) else {
            return Ok(Vec::new());
        };
        let responsible = match self.deciding.reach(forwarder.role) {
            Reach::None => return Ok(Vec::new()),
            Reach::TheirOwn => Some(forwarder.id),
            Reach::All => None,
        };
        if !decision.found_no_application() || !may_be_answered(mail, forwarder) {
            return Ok(Vec::new());
        }
        let numbers = near_numbers(number, &self.reading.rules.shapes);
        let sender = mail.original.as_ref().and_then(|original| original.from_address.as_ref());
        let mut near = self.store.near_misses(self.tenant, &numbers, responsible, sender)?;
        // What the sender of the forwarded mail applied for first, then the likelier slips.
        near.sort_by_key(|near| (!near.of_sender, numbers.iter().position(|number| *number == near.number)));
        near.truncate(SHOWN);
        Ok(near)
    }
}
