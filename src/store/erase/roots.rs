//! The mails of an erasure: those that stand in a history or wait, and the repeats of each.

use super::scope::Scope;
use crate::store::connection::AnyConnection;
use crate::store::error::{Trouble, Work};
use crate::store::schema::{history_entries, mail_contents, mails};
use diesel::prelude::*;
use std::collections::BTreeSet;

/// So many mails are erased in one transaction.
pub(super) const AT_ONCE: i64 = 100;

/// Ids that one statement names.
const NAMED: usize = 500;

/// Repeats of repeats of a mail: no deeper chain comes about.
const DEEPEST: usize = 1_000;

/// Mail that stands in no history and repeats no other.
const WAITING: [&str; 3] = ["unassigned", "set_aside", "automatic"];

/// Mails to begin with, at most `most`: those of the history first.
pub(super) fn roots(connection: &mut AnyConnection, scope: &Scope, most: i64) -> Work<Vec<i64>> {
    let in_history = in_history(connection, scope, most)?;
    if !in_history.is_empty() {
        return Ok(in_history);
    }
    let mut waiting = waiting(connection, scope)?;
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    Ok(std::iter::from_fn(|| waiting.pop_first()).take(most).collect())
}

/// The mails that made the entries of the applications.
pub(super) fn in_history(connection: &mut AnyConnection, scope: &Scope, most: i64) -> Work<Vec<i64>> {
    if scope.applications.is_empty() {
        return Ok(Vec::new());
    }
    Ok(history_entries::table
        .filter(history_entries::application_id.eq_any(&scope.applications))
        .order(history_entries::id)
        .limit(most)
        .select(history_entries::mail_id)
        .load(connection)?)
}

/// The mails that wait for a person or were ignored, and belong here: by the number that they claim, by whom they come
/// from, or because they are named.
pub(super) fn waiting(connection: &mut AnyConnection, scope: &Scope) -> Work<BTreeSet<i64>> {
    let mut found = BTreeSet::new();
    for claim in &scope.claims {
        let rows: Vec<(i64, Option<String>)> = mails::table
            .filter(mails::tenant_id.eq(scope.tenant))
            .filter(mails::outcome.eq_any(WAITING))
            .filter(mails::claimed_number.like(format!("%{}", escaped(tail(&claim.folded)))).escape('\\'))
            .select((mails::id, mails::claimed_number))
            .load(connection)?;
        let ours = rows.into_iter().filter(|(_, claimed)| claimed.as_deref().is_some_and(|it| claim.is_meant_by(it)));
        found.extend(ours.map(|(id, _)| id));
    }
    if !scope.addresses.is_empty() {
        // What a known user passed on under their own address is not theirs, though they may be a candidate too.
        let written = mail_contents::original_from_address.eq_any(&scope.addresses);
        let sent = mail_contents::forwarder_address.eq_any(&scope.addresses).and(mails::forwarder_id.is_null());
        let rows: Vec<i64> = mails::table
            .inner_join(mail_contents::table)
            .filter(mails::tenant_id.eq(scope.tenant))
            .filter(mails::outcome.eq_any(WAITING))
            .filter(written.or(sent))
            .select(mails::id)
            .load(connection)?;
        found.extend(rows);
    }
    for part in scope.mails.chunks(1000) {
        let rows: Vec<i64> = mails::table
            .filter(mails::id.eq_any(part))
            .filter(mails::outcome.ne("imported"))
            .filter(mails::adds_to.is_null())
            .select(mails::id)
            .load(connection)?;
        found.extend(rows);
    }
    Ok(found)
}

/// The repeats of these mails, and what adds to their entries; at most `most` of each.
pub(super) fn children(connection: &mut AnyConnection, of: &[i64], most: i64) -> Work<Vec<i64>> {
    let repeats: Vec<i64> = mails::table
        .filter(mails::repeat_of.eq_any(of))
        .order(mails::id)
        .limit(most)
        .select(mails::id)
        .load(connection)?;
    let entries: Vec<i64> = history_entries::table
        .filter(history_entries::mail_id.eq_any(of))
        .select(history_entries::id)
        .load(connection)?;
    let further: Vec<i64> = mails::table
        .filter(mails::adds_to.eq_any(entries))
        .order(mails::id)
        .limit(most)
        .select(mails::id)
        .load(connection)?;
    let all: BTreeSet<i64> = repeats.into_iter().chain(further).collect();
    Ok(all.into_iter().collect())
}

/// These mails and all that repeat them: what is erased with them.
pub(in crate::store) fn with_repeats(connection: &mut AnyConnection, mut mails: BTreeSet<i64>) -> Work<BTreeSet<i64>> {
    let mut level: Vec<i64> = mails.iter().copied().collect();
    for _ in 0..DEEPEST {
        let mut next = Vec::new();
        for part in level.chunks(NAMED) {
            next.extend(children(connection, part, i64::MAX)?);
        }
        next.retain(|id| mails.insert(*id));
        if next.is_empty() {
            return Ok(mails);
        }
        level = next;
    }
    Err(Trouble::Unreadable("mails that repeat each other, something"))
}

/// Of these mails and all that repeat them some that nothing repeats, lowest id first: those go first.
pub(super) fn leaves(connection: &mut AnyConnection, roots: Vec<i64>) -> Work<Vec<i64>> {
    let mut level = roots;
    for _ in 0..DEEPEST {
        let next = children(connection, &level, AT_ONCE)?;
        if next.is_empty() {
            level.sort_unstable();
            return Ok(level);
        }
        level = next;
    }
    Err(Trouble::Unreadable("mails that repeat each other, something"))
}

/// The end of a folded number that no other way of writing it changes: its last digits, or what stands behind them.
fn tail(folded: &str) -> &str {
    let end = folded.trim_end_matches(|c: char| c.is_ascii_digit());
    match folded.strip_prefix(end) {
        Some(digits) if !digits.is_empty() => digits,
        _ => folded.rsplit(|c: char| c.is_ascii_digit()).next().unwrap_or_default(),
    }
}

/// A text in which LIKE takes every letter as it is.
pub(super) fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

#[cfg(test)]
mod tests {
    use super::{escaped, tail};

    #[test]
    fn the_end_of_a_number_is_the_same_however_many_zeros_stand_before_it() {
        for (folded, end) in [("482137", "482137"), ("2024-123", "123"), ("BEW-7-X", "-X"), ("0", "0"), ("A", "A")] {
            assert_eq!(tail(folded), end);
        }
        assert_eq!(escaped("50%_\\"), "50\\%\\_\\\\");
    }
}
