//! The weekdays by language, in the forms that mail programs print.

use crate::mail::forward::languages::Language;
use chrono::Weekday;

/// Per language the days from Monday on, separated by `, `; forms of one day are separated by a blank. Any beginning of
/// at least two letters counts as well, if it is of one day only.
const WEEKDAYS: [(Language, &str); 23] = [
    (Language::German, "montag, dienstag, mittwoch, donnerstag, freitag, samstag sonnabend, sonntag"),
    (Language::English, "monday, tuesday, wednesday, thursday, friday, saturday, sunday"),
    (Language::French, "lundi, mardi, mercredi, jeudi, vendredi, samedi, dimanche"),
    (Language::Spanish, "lunes, martes, miércoles, jueves, viernes, sábado, domingo"),
    (Language::Italian, "lunedì, martedì, mercoledì, giovedì, venerdì, sabato, domenica"),
    (Language::Dutch, "maandag, dinsdag, woensdag, donderdag, vrijdag, zaterdag, zondag"),
    (Language::Polish, "poniedziałek pn, wtorek, środa, czwartek, piątek pt, sobota sb, niedziela nd"),
    (Language::Portuguese, "segunda, terça, quarta, quinta, sexta, sábado, domingo"),
    (Language::Czech, "pondělí, úterý, středa, čtvrtek, pátek, sobota, neděle"),
    (Language::Slovak, "pondelok, utorok, streda, štvrtok, piatok, sobota, nedeľa"),
    (Language::Hungarian, "hétfő, kedd, szerda, csütörtök, péntek, szombat, vasárnap"),
    (Language::Romanian, "luni, marți, miercuri, joi, vineri, sâmbătă, duminică"),
    (Language::Croatian, "ponedjeljak, utorak, srijeda, četvrtak, petak, subota, nedjelja"),
    (Language::Danish, "mandag, tirsdag, onsdag, torsdag, fredag, lørdag, søndag"),
    (Language::Norwegian, "mandag, tirsdag, onsdag, torsdag, fredag, lørdag, søndag"),
    (Language::Swedish, "måndag, tisdag, onsdag, torsdag, fredag, lördag, söndag"),
    (Language::Finnish, "maanantai, tiistai, keskiviikko, torstai, perjantai, lauantai, sunnuntai"),
    (Language::Turkish, "pazartesi pzt, salı, çarşamba, perşembe, cuma, cumartesi cmt, pazar paz"),
    (Language::Russian, "понедельник пн, вторник, среда, четверг чт, пятница пт, суббота сб, воскресенье"),
    (Language::Ukrainian, "понеділок пн, вівторок вт, середа ср, четвер чт, пт, субота сб, неділя нд"),
    (Language::Slovenian, "ponedeljek, torek, sreda, četrtek, petek, sobota, nedelja"),
    (
        Language::Lithuanian,
        "pirmadienis, antradienis, trečiadienis, ketvirtadienis, penktadienis, šeštadienis, sekmadienis",
    ),
    (Language::Greek, "δευτέρα, τρίτη, τετάρτη, πέμπτη, παρασκευή, σάββατο, κυριακή"),
];

const FROM_MONDAY: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

/// The word is a weekday in some language.
pub(super) fn is_weekday(word: &str) -> bool {
    WEEKDAYS.iter().any(|&(language, _)| weekday(word, language).is_some())
}

/// The weekday that a word, in small letters, names in a language.
pub(super) fn weekday(word: &str, language: Language) -> Option<Weekday> {
    let (_, names) = WEEKDAYS.iter().find(|(known, _)| *known == language)?;
    let days = || names.split(", ").zip(FROM_MONDAY);
    let exact = days().find(|(forms, _)| forms.split(' ').any(|form| form == word));
    if let Some((_, day)) = exact {
        return Some(day);
    }
    let is_begun = |forms: &str| forms.split(' ').any(|form| form.starts_with(word));
    let mut begun = days().filter(|(forms, _)| word.chars().count() >= 2 && is_begun(forms));
    let (_, day) = begun.next()?;
    begun.next().is_none().then_some(day)
}
