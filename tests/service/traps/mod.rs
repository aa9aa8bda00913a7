//! The whole path against servers that refuse, break off, fall silent, talk nonsense or change mail under our hands: no mail
//! is lost, none is recorded twice, nobody waits for ever, and a person is told.

mod breaks;
mod changes;
mod erased;
mod held_up;
mod marked;
mod moved_on;
mod outages;
pub mod peer_house;
mod poison;
mod real;
mod refusals;
mod silence;
