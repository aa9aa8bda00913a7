//! The applications to which a mail that waits may belong: shown to a person, and never chosen for them.

use crate::application::{ReferenceNumber, ReferenceShape, near_numbers};
use crate::store::Viewer;
use crate::store::connection::AnyConnection;
use crate::store::error::Work;
use crate::store::schema::{applications, candidate_addresses, candidates};
use crate::store::viewer::seen_by;
use diesel::dsl::exists;
use diesel::prelude::*;

/// So many are shown: more would be a list to choose from by guessing.
const SHOWN: usize = 8;

/// So many applications of one person are looked at, the latest.
const OF_SENDER: i64 = 20;

/// An application to which a mail may belong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meant {
    /// Its reference number.
    pub number: String,
    /// The post applied for.
    pub post: String,
    /// The candidate's name.
    pub candidate: String,
    /// Whether the sender of the forwarded mail is its candidate.
    pub of_sender: bool,
    /// Whether its number is the claimed one or one slip away from it.
    pub like_claimed: bool,
}

/// Of the applications that this person sees: the one with the claimed number, those with a number one slip away, and those
/// of the candidate who wrote the original. Those that are both come first, then the likelier slips.
pub(super) fn meant(
    connection: &mut AnyConnection,
    viewer: Viewer,
    (claimed, shapes): (Option<&str>, &[ReferenceShape]),
    sender: Option<&str>,
) -> Work<Vec<Meant>> {
    let claimed = claimed.map(|number| ReferenceNumber::from_store(number.to_owned()));
    let numbers: Vec<ReferenceNumber> =
        claimed.iter().flat_map(|number| std::iter::once(number.clone()).chain(near_numbers(number, shapes))).collect();
    let sender = sender.unwrap_or_default();
    let is_of_sender = || {
        exists(
            candidate_addresses::table
                .filter(candidate_addresses::candidate_id.eq(applications::candidate_id))
                .filter(candidate_addresses::address.eq(sender)),
        )
    };
    let like_claimed: Vec<(String, String, String, bool)> = applications::table
        .inner_join(candidates::table)
        .filter(seen_by(viewer))
        .filter(applications::number.eq_any(numbers.iter().map(ReferenceNumber::as_str)))
        .select((applications::number, applications::post, candidates::name, is_of_sender()))
        .load(connection)?;
    let mut of_sender: Vec<(String, String, String)> = Vec::new();
    if !sender.is_empty() {
        of_sender = applications::table
            .inner_join(candidates::table)
            .filter(seen_by(viewer))
            .filter(is_of_sender())
            .order(applications::id.desc())
            .limit(OF_SENDER)
            .select((applications::number, applications::post, candidates::name))
            .load(connection)?;
    }
    let mut found: Vec<Meant> = like_claimed
        .into_iter()
        .map(|(number, post, candidate, of_sender)| Meant { number, post, candidate, of_sender, like_claimed: true })
        .collect();
    found.sort_by_key(|meant| (!meant.of_sender, numbers.iter().position(|number| number.as_str() == meant.number)));
    for (number, post, candidate) in of_sender {
        if found.iter().all(|there| there.number != number) {
            found.push(Meant { number, post, candidate, of_sender: true, like_claimed: false });
        }
    }
    // What is only like the number comes behind what is the sender's, however many there are.
    found.sort_by_key(|meant| !meant.of_sender);
    found.truncate(SHOWN);
    Ok(found)
}
