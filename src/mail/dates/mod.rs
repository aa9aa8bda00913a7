//! Dates as mail programs print them, in every language and order, without guessing.
//!
//! A date is read from its letters in one pass: first the time of day, then the zone behind it, then day, month and
//! year. What is not complete or not possible is no date: an unreadable date is unknown, never today.

mod day;
mod month_names;
mod sentence;
mod tokens;
mod weekday_names;
mod zone_names;

use crate::mail::forward::languages::Language;
use chrono::{DateTime, FixedOffset, LocalResult, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone};
use chrono_tz::Tz;
pub(crate) use sentence::rest_of_time;
use tokens::Token;

/// Largest distance from Greenwich that any clock has.
const MOST_HOURS: u32 = 14;

/// Words that turn the clock to the afternoon, without dots.
const AFTERNOON: [&str; 5] = ["pm", "nachm", "μμ", "ös", "odp"];
/// Words that keep it in the morning.
const FORENOON: [&str; 5] = ["am", "vorm", "πμ", "öö", "dop"];
/// The same in East Asia, where the weekday may stand before it without a blank.
const AFTERNOON_ENDINGS: [&str; 4] = ["午後", "下午", "晚上", "오후"];
const FORENOON_ENDINGS: [&str; 4] = ["午前", "上午", "凌晨", "오전"];

/// How to read what the letters leave open.
#[derive(Clone, Copy)]
pub(crate) struct DateRules<'a> {
    /// The clock for dates without a zone.
    pub(crate) zone: Tz,
    /// The languages of the labels around the date, for month names that mean different months.
    pub(crate) languages: &'a [Language],
}

/// Reads a printed date with its time. Two numbers with a dot are day and month; with a slash too, unless the labels
/// are English or the clock has twelve hours.
pub(crate) fn read(text: &str, rules: DateRules<'_>) -> Option<DateTime<FixedOffset>> {
    let mut tokens = tokens::split(text);
    let (time, twelve_hours) = take_time(&mut tokens)?;
    let offset = match take_zone(&mut tokens) {
        Zone::Unnamed => None,
        Zone::Offset(minutes) => Some(minutes),
        Zone::Unknown => return None,
    };
    let english = rules.languages == [Language::English];
    let day = day::read(&tokens, rules.languages, twelve_hours || english)?;
    at(day.and_time(time), offset, rules.zone)
}

/// The instant of a local time; by the zone's own clock where the text named no offset.
fn at(local: NaiveDateTime, offset: Option<i32>, zone: Tz) -> Option<DateTime<FixedOffset>> {
    if let Some(minutes) = offset {
        return FixedOffset::east_opt(minutes * 60)?.from_local_datetime(&local).single();
    }
    let fixed = |time: DateTime<Tz>| time.with_timezone(&time.offset().fix());
    match zone.from_local_datetime(&local) {
        LocalResult::Single(time) | LocalResult::Ambiguous(time, _) => Some(fixed(time)),
        // The hour that is skipped in spring: no clock showed it, the one before did.
        LocalResult::None => zone
            .from_local_datetime(&(local - TimeDelta::hours(1)))
            .earliest()
            .map(|time| fixed(time + TimeDelta::hours(1))),
    }
}

/// Takes the time of day out of the tokens and leaves a [`Token::Time`] in its place.
fn take_time(tokens: &mut Vec<Token>) -> Option<(NaiveTime, bool)> {
    let start = time_start(tokens)?;
    let number = |tokens: &[Token], index: usize| tokens.get(index).and_then(Token::number);
    let (hour, minute) = (number(tokens, start)?, number(tokens, start + 2)?);
    let separator = tokens.get(start + 1).cloned()?;
    let mut end = start + 3;
    let mut second = 0;
    if tokens.get(end) == Some(&separator) && (separator.is_mark(':') || dotted_second(tokens, start, end)) {
        second = number(tokens, end + 1)?.min(59);
        end += 2;
        if tokens.get(end).is_some_and(|token| token.is_mark('.')) && number(tokens, end + 1).is_some() {
            end += 2;
        }
    }
    let (half_day, end) = half_of_day(tokens, start, end);
    let hour = match half_day {
        None => hour,
        Some(_) if hour > 12 => return None,
        Some(afternoon) => hour % 12 + if afternoon { 12 } else { 0 },
    };
    tokens.splice(start..end, [Token::Time]);
    Some((NaiveTime::from_hms_opt(hour, minute, second)?, half_day.is_some()))
}

/// `09.12.08`: the point at `end` is before a second, if the day is done with and no date begins there.
fn dotted_second(tokens: &[Token], start: usize, end: usize) -> bool {
    let is_point = |index: usize| tokens.get(index).is_some_and(|token| token.is_mark('.'));
    let number = |index: usize| tokens.get(index).and_then(Token::number);
    let fits = tokens.get(end + 1).is_some_and(|token| token.digits() == Some(2)) && number(end + 1) <= Some(60);
    let day_before = tokens.iter().take(start).any(|token| token.number().is_some());
    is_point(end) && fits && day_before && !(is_point(end + 2) && number(end + 3).is_some())
}

/// Where `9:12` stands; else `9h12`, else `9.12` behind a word (`kl. 9.12`, `klo 9.12`), behind the year
/// (`13. maaliskuuta 2024 9.12`) or before its own word (`9.12 Uhr`).
fn time_start(tokens: &[Token]) -> Option<usize> {
    let short = |token: &Token| token.digits().is_some_and(|digits| digits <= 2);
    let find = |fits: &dyn Fn(usize, &Token) -> bool| {
        tokens.windows(3).enumerate().find_map(|(index, window)| match window {
            [hour, separator, minute] if short(hour) && minute.digits() == Some(2) && fits(index, separator) => {
                Some(index)
            }
            _ => None,
        })
    };
    let in_place = |index: usize| {
        let before = index.checked_sub(1).and_then(|before| tokens.get(before));
        let is_uhr = |index: usize| tokens.get(index).and_then(Token::word) == Some("uhr");
        let before_uhr = is_uhr(index + 3) || (dotted_second(tokens, index, index + 3) && is_uhr(index + 5));
        if before.and_then(Token::digits) == Some(4) || before_uhr {
            return true;
        }
        let before = match before {
            Some(token) if token.is_mark('.') => index.checked_sub(2).and_then(|before| tokens.get(before)),
            other => other,
        };
        before.and_then(Token::word).is_some_and(|word| ["kl", "klo", "um", "at", "ore", "ob", "o"].contains(&word))
    };
    find(&|_, separator| separator.is_mark(':'))
        .or_else(|| find(&|_, separator| separator.word().is_some_and(|word| word == "h")))
        .or_else(|| find(&|index, separator| separator.is_mark('.') && in_place(index)))
}

/// Whether a word says afternoon or forenoon.
fn half(word: &str) -> Option<bool> {
    let says =
        |words: &[&str], endings: &[&str]| words.contains(&word) || endings.iter().any(|ending| word.ends_with(ending));
    if says(&AFTERNOON, &AFTERNOON_ENDINGS) { Some(true) } else { says(&FORENOON, &FORENOON_ENDINGS).then_some(false) }
}

/// `AM` or `PM` around the time, with or without dots; gives whether it is the afternoon and where the time ends.
fn half_of_day(tokens: &[Token], start: usize, end: usize) -> (Option<bool>, usize) {
    let word = |index: usize| tokens.get(index).and_then(Token::word);
    let is_point = |index: usize| tokens.get(index).is_some_and(|token| token.is_mark('.'));
    if let Some(half) = word(end).and_then(half) {
        return (Some(half), end + 1);
    }
    let second = end + 1 + usize::from(is_point(end + 1));
    let half_in_letters = match (word(end), word(second)) {
        (Some("a"), Some("m")) | (Some("π"), Some("μ")) => Some(false),
        (Some("p"), Some("m")) | (Some("μ"), Some("μ")) => Some(true),
        _ => None,
    };
    match half_in_letters {
        Some(half) => (Some(half), second + 1 + usize::from(is_point(second + 1))),
        None => (start.checked_sub(1).and_then(word).and_then(half), end),
    }
}

/// What stands behind the time of day.
enum Zone {
    /// Nothing: the reader's own clock is meant.
    Unnamed,
    /// Minutes east of Greenwich.
    Offset(i32),
    /// A distance that no clock has, or a name that is not known.
    Unknown,
}

/// Takes the zone behind the time out of the tokens.
fn take_zone(tokens: &mut Vec<Token>) -> Zone {
    let time = behind_time(tokens);
    if let Some(minutes) = zone_of_notes(tokens.get(time..).unwrap_or_default()) {
        tokens.drain(time..time + 2);
        return Zone::Offset(minutes);
    }
    let index = zone_start(tokens);
    let named = tokens.get(index).and_then(zone_named);
    let sign_at = index + usize::from(named.is_some());
    let sign = match tokens.get(sign_at) {
        Some(Token::Mark('+')) => 1,
        Some(Token::Mark('-' | '−' | '–')) => -1,
        _ => 0,
    };
    let distance = if sign == 0 { None } else { distance(tokens, sign_at + 1, named.is_some()) };
    match (distance, named) {
        (Some(zone), _) => {
            tokens.drain(index..(sign_at + 2).min(tokens.len()));
            if let Zone::Offset(minutes) = zone { Zone::Offset(sign * minutes) } else { Zone::Unknown }
        }
        (None, Some(named)) => {
            tokens.remove(index);
            Zone::Offset(named)
        }
        (None, None) if names_unknown_zone(tokens) => Zone::Unknown,
        (None, None) => Zone::Unnamed,
    }
}

/// The first token behind the time that may be a zone: "um 09:12 Uhr MEZ", "9:12 a.m. EST" and "09:12 (GMT+01:00)" have
/// words and marks without meaning between.
fn zone_start(tokens: &[Token]) -> usize {
    let skipped = |token: &&Token| {
        matches!(token, Token::Mark('(' | ',' | '.')) || (token.word().is_some() && zone_named(token).is_none())
    };
    let behind_time = behind_time(tokens);
    behind_time + tokens.iter().skip(behind_time).take_while(skipped).count()
}

/// Notes counts the zones to the east and to the west of Greenwich: `ZE2`, `ZW5`.
fn zone_of_notes(tokens: &[Token]) -> Option<i32> {
    let [direction, Token::Number(hours, 1 | 2), rest @ ..] = tokens else { return None };
    let east = match direction.capitals()? {
        "ze" => 1,
        "zw" => -1,
        _ => return None,
    };
    let is_whole = *hours <= MOST_HOURS && rest.first().and_then(Token::word).is_none();
    is_whole.then(|| i32::try_from(hours * 60).ok().map(|minutes| east * minutes)).flatten()
}

fn behind_time(tokens: &[Token]) -> usize {
    tokens.iter().position(|token| *token == Token::Time).map_or(tokens.len(), |time| time + 1)
}

/// A short word in capitals stands in a zone's place and is neither a weekday nor a month nor another word of the time.
fn names_unknown_zone(tokens: &[Token]) -> bool {
    let time = behind_time(tokens);
    let of_time = |word: &str| zone_names::NO_ZONES.contains(&word) || half(word).is_some();
    let skipped = |token: &&Token| matches!(token, Token::Mark('(' | ',' | '.')) || token.word().is_some_and(of_time);
    let day_before = tokens.iter().take(time).any(|token| token.number().is_some());
    let next = tokens.iter().skip(time).find(|token| !skipped(token));
    day_before
        && next.and_then(Token::capitals).is_some_and(|word| {
            word.is_ascii() && (2..=5).contains(&word.len()) && !weekday_names::is_weekday(word) && !day::is_month(word)
        })
}

/// The offset of a zone's name.
fn zone_named(token: &Token) -> Option<i32> {
    let word = token.word()?;
    let printed_so = token.capitals().is_some() || zone_names::IN_SMALL_LETTERS.contains(&word);
    offset_of(word).filter(|_| printed_so)
}

fn offset_of(name: &str) -> Option<i32> {
    zone_names::ZONES.iter().find(|(zone, _)| *zone == name).map(|&(_, minutes)| minutes)
}

/// `0100`, `01:00`; behind a zone's name also `1` and `01`, which elsewhere may be a day.
fn distance(tokens: &[Token], index: usize, behind_name: bool) -> Option<Zone> {
    let first = tokens.get(index)?;
    let value = first.number()?;
    let (hours, minutes) = match (first.digits()?, tokens.get(index + 1), tokens.get(index + 2)) {
        (1 | 2, Some(Token::Mark(':')), Some(&Token::Number(minutes, 2))) => (value, minutes),
        (1 | 2, Some(Token::Mark(':')), Some(Token::Number(..))) => return Some(Zone::Unknown),
        (1 | 2, ..) if behind_name => (value, 0),
        (4, ..) => (value / 100, value % 100),
        _ => return None,
    };
    let on_a_clock = hours <= MOST_HOURS && minutes < 60 && (hours < MOST_HOURS || minutes == 0);
    let minutes = i32::try_from(hours * 60 + minutes).ok().filter(|_| on_a_clock);
    Some(minutes.map_or(Zone::Unknown, Zone::Offset))
}

/// All names of months and time zones.
pub(crate) fn words() -> Vec<&'static str> {
    let months = month_names::MONTHS.iter().flat_map(|(_, quarters)| quarters);
    months.copied().chain(zone_names::ZONES.iter().map(|(name, _)| *name)).collect()
}

#[cfg(test)]
mod tests;
