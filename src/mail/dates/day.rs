//! The calendar day in a printed date, once the time of day is taken out.

use super::month_names::MONTHS;
use super::tokens::Token;
use super::weekday_names::weekday;
use crate::mail::forward::languages::Language;
use chrono::{Datelike, NaiveDate};
use std::sync::LazyLock;

/// The day, if day, month and year stand there and exist together.
pub(super) fn read(tokens: &[Token], languages: &[Language], month_first: bool) -> Option<NaiveDate> {
    in_numbers(tokens, month_first).or_else(|| with_month_name(tokens, languages))
}

/// `13.03.2024`, `2024-03-13`, `03/13/2024`, `13. 3. 2024`, `2024年3月13日`, `2024년 3월 13일`: three numbers with single marks between.
fn in_numbers(tokens: &[Token], month_first: bool) -> Option<NaiveDate> {
    tokens.windows(5).find_map(|window| {
        let [first, mark, second, other, third] = window else { return None };
        let separated = |mark: &Token| match mark {
            Token::Mark(mark) => matches!(mark, '.' | '/' | '-' | '\u{2010}'..='\u{2013}'),
            Token::Word { small, .. } => matches!(small.as_str(), "年" | "月" | "년" | "월"),
            _ => false,
        };
        if !separated(mark) || !separated(other) {
            return None;
        }
        let (a, b, c) = (first.number()?, second.number()?, third.number()?);
        if first.digits() == Some(4) {
            return day(a, b, c);
        }
        if !matches!(third.digits(), Some(2 | 4)) {
            return None;
        }
        let month_leads = b > 12 || (month_first && mark.is_mark('/') && a <= 12);
        if month_leads { day(year(c, third), a, b) } else { day(year(c, third), b, a) }
    })
}

/// `13. März 2024`, `March 13, 2024`, `2024. március 13.`
///
/// The month's name stands directly behind the day or directly before it; elsewhere the same letters may be a weekday
/// (`mar 12 nov` is a Tuesday in Italian).
fn with_month_name(tokens: &[Token], languages: &[Language]) -> Option<NaiveDate> {
    let numbers: Vec<(usize, &Token)> =
        tokens.iter().enumerate().filter(|(_, token)| token.number().is_some()).take(4).collect();
    let (year_at, year_token) = numbers
        .iter()
        .find(|(_, token)| token.digits() == Some(4))
        .or_else(|| numbers.get(1).filter(|(_, token)| token.digits() == Some(2)))?;
    let (day_at, day_token) =
        numbers.iter().find(|(at, token)| at != year_at && token.digits().is_some_and(|digits| digits <= 2))?;
    let words = |from: usize, to: usize| {
        let pieces = tokens.get(from..to).unwrap_or_default().iter();
        pieces.filter_map(Token::word).filter(|word| !CONNECTING.contains(word))
    };
    let before = words(0, *day_at).next_back();
    // Where the year leads, the month stands behind it, and behind the comma behind the day the weekday
    // (`2024. márc. 13., Sze`).
    let between = words(year_at + 1, *day_at).next_back();
    let comma = tokens.iter().skip(day_at + 1).position(|token| token.is_mark(',')).map(|place| day_at + 1 + place);
    let end = comma.filter(|_| between.is_some()).unwrap_or(tokens.len());
    let behind = words(day_at + 1, end).next();
    let words = if between.is_some() { [between, behind] } else { [behind, before] };
    let months =
        words.into_iter().flatten().map(|word| months_named(word, languages)).find(|months| !months.is_empty())?;
    let year = year(year_token.number()?, year_token);
    let number = day_token.number()?;
    let days: Vec<(Language, NaiveDate)> =
        months.into_iter().filter_map(|(language, month)| Some((language, day(year, month, number)?))).collect();
    the_one(&days).or_else(|| the_one(&on_the_printed_weekday(&days, tokens)))
}

/// The day, if all are the same.
fn the_one(days: &[(Language, NaiveDate)]) -> Option<NaiveDate> {
    let (_, first) = days.first()?;
    days.iter().all(|(_, day)| day == first).then_some(*first)
}

/// The days that fall on the weekday printed beside them, by the month's language or in English.
fn on_the_printed_weekday(days: &[(Language, NaiveDate)], tokens: &[Token]) -> Vec<(Language, NaiveDate)> {
    let printed = |language: Language, date: &NaiveDate| {
        let mut words = tokens.iter().filter_map(Token::word);
        words.any(|word| [language, Language::English].iter().any(|&l| weekday(word, l) == Some(date.weekday())))
    };
    days.iter().filter(|(language, date)| printed(*language, date)).copied().collect()
}

/// Words between day, month and year.
const CONNECTING: [&str; 16] =
    ["de", "di", "of", "den", "d", "du", "th", "st", "nd", "rd", "do", "er", "re", "e", "º", "ª"];

/// A form of a month's name, and which language and month it is of.
struct Form {
    letters: &'static str,
    language: Language,
    /// Counted from 0.
    month: usize,
}

/// All forms of all languages in the order of their letters.
static FORMS: LazyLock<Vec<Form>> = LazyLock::new(|| {
    let mut forms = Vec::new();
    for &(language, quarters) in &MONTHS {
        for (month, names) in quarters.iter().flat_map(|months| months.split(", ")).enumerate() {
            forms.extend(names.split(' ').map(|letters| Form { letters, language, month }));
        }
    }
    forms.sort_by_key(|form| form.letters);
    forms
});

/// The months that a word names, counted from 1, in the languages at hand if it names one there. They differ where
/// languages do, or where the word is too short (Croatian June and Polish July begin with the same letters).
fn months_named(word: &str, languages: &[Language]) -> Vec<(Language, u32)> {
    let from = FORMS.get(FORMS.partition_point(|form| form.letters < word)..).unwrap_or_default();
    let is_long = word.chars().count() >= 3;
    let exact = from.iter().take_while(|form| form.letters == word);
    let begun = || from.iter().take_while(|form| is_long && form.letters.starts_with(word));
    // English abbreviations before the labels' language: dates are copied from the mail's header (`Mar` under Finnish
    // labels is no marraskuu).
    let english = begun().filter(|form| form.language == Language::English);
    let mut ways = [exact.collect::<Vec<_>>(), english.collect(), begun().collect()].into_iter();
    let mut forms = ways.find(|forms| !forms.is_empty()).unwrap_or_default();
    if forms.iter().any(|form| languages.contains(&form.language)) {
        forms.retain(|form| languages.contains(&form.language));
    }
    forms.into_iter().filter_map(|form| Some((form.language, u32::try_from(form.month + 1).ok()?))).collect()
}

/// The word is a month's name in some language.
pub(super) fn is_month(word: &str) -> bool {
    !months_named(word, &[]).is_empty()
}

/// Two digits are of this century up to 69 and of the last from 70, as POSIX has it.
fn year(value: u32, token: &Token) -> u32 {
    match token.digits() {
        Some(2) if value < 70 => 2000 + value,
        Some(2) => 1900 + value,
        _ => value,
    }
}

fn day(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    let year = i32::try_from(year).ok().filter(|year| (1900..=9999).contains(year))?;
    NaiveDate::from_ymd_opt(year, month, day)
}
