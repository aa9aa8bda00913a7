//! The calendar day in a printed date, once the time of day is taken out.

use super::month_names::MONTHS;
use super::tokens::Token;
use crate::mail::forward::languages::Language;
use chrono::NaiveDate;
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
            Token::Word(word) => matches!(word.as_str(), "年" | "月" | "년" | "월"),
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
    let behind = tokens.iter().skip(day_at + 1).filter_map(Token::word).find(|word| !CONNECTING.contains(word));
    let before = tokens.iter().take(*day_at).rev().filter_map(Token::word).find(|word| !CONNECTING.contains(word));
    let month = [behind, before].into_iter().flatten().find_map(|word| month_named(word, languages))?;
    day(year(year_token.number()?, year_token), month, day_token.number()?)
}

/// Words between day, month and year.
const CONNECTING: [&str; 11] = ["de", "di", "of", "den", "d", "du", "th", "st", "nd", "rd", "do"];

/// A form of a month's name, and which language and month it is of.
struct Form {
    letters: &'static str,
    language: Language,
    /// The language's place in the table.
    place: usize,
    /// Counted from 0.
    month: usize,
}

/// All forms of all languages in the order of their letters.
static FORMS: LazyLock<Vec<Form>> = LazyLock::new(|| {
    let mut forms = Vec::new();
    for (place, &(language, quarters)) in MONTHS.iter().enumerate() {
        for (month, names) in quarters.iter().flat_map(|months| months.split(", ")).enumerate() {
            forms.extend(names.split(' ').map(|letters| Form { letters, language, place, month }));
        }
    }
    forms.sort_by_key(|form| form.letters);
    forms
});

/// The month that a word names, in the languages at hand first.
fn month_named(word: &str, languages: &[Language]) -> Option<u32> {
    let from = FORMS.get(FORMS.partition_point(|form| form.letters < word)..)?;
    let is_long = word.chars().count() >= 3;
    let begun = || from.iter().take_while(|form| is_long && form.letters.starts_with(word));
    let first = |form: &&Form| (!languages.contains(&form.language), form.place, form.month);
    let exact = from.iter().take_while(|form| form.letters == word).min_by_key(first);
    // English abbreviations before the labels' language: dates are copied from the mail's header (`Mar` under Finnish
    // labels is no marraskuu).
    let english = || begun().filter(|form| form.language == Language::English).min_by_key(first);
    let form = exact.or_else(english).or_else(|| begun().min_by_key(first))?;
    u32::try_from(form.month + 1).ok()
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
