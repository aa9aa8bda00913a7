//! Numbers that a person may have meant who mistyped one.

use super::{ReferenceNumber, ReferenceShape};
use std::collections::HashSet;

/// The numbers of these shapes that are one slip away from `number`, the likelier slips first: two neighbouring digits
/// exchanged, a digit missing or too many, one digit another. At most some hundreds, since no number is longer than
/// [`ReferenceShape::MAX_LENGTH`]; the number itself is not among them.
#[must_use]
pub fn near_numbers(number: &ReferenceNumber, shapes: &[ReferenceShape]) -> Vec<ReferenceNumber> {
    let written: Vec<char> = number.as_str().chars().collect();
    let digits: Vec<usize> = (0..written.len()).filter(|&at| is_digit(&written, at)).collect();
    let mut seen = HashSet::from([number.clone()]);
    let mut near = Vec::new();
    let slips =
        exchanged(&written, &digits).chain(missing_or_too_many(&written, &digits)).chain(other(&written, &digits));
    for slip in slips {
        let text: String = slip.into_iter().collect();
        // Only in its own form: a shape that reads more than it prints would let one slip be two.
        let read = shapes.iter().find_map(|shape| shape.read_whole(&text)).filter(|read| read.as_str() == text);
        near.extend(read.filter(|read| seen.insert(read.clone())));
    }
    near
}

fn is_digit(written: &[char], at: usize) -> bool {
    written.get(at).is_some_and(char::is_ascii_digit)
}

/// Two digits that follow each other, also across a hyphen.
fn exchanged<'a>(written: &'a [char], digits: &'a [usize]) -> impl Iterator<Item = Vec<char>> + 'a {
    digits.iter().zip(digits.iter().skip(1)).map(|(&one, &next)| {
        let mut slip = written.to_vec();
        slip.swap(one, next);
        slip
    })
}

/// A digit left out, or one put in before or behind another.
fn missing_or_too_many<'a>(written: &'a [char], digits: &'a [usize]) -> impl Iterator<Item = Vec<char>> + 'a {
    let without = digits.iter().map(|&at| {
        let mut slip = written.to_vec();
        slip.remove(at);
        slip
    });
    let places = (0..=written.len())
        .filter(|&at| is_digit(written, at) || at.checked_sub(1).is_some_and(|at| is_digit(written, at)));
    let with = places.flat_map(move |at| {
        ('0'..='9').map(move |digit| {
            let mut slip = written.to_vec();
            slip.insert(at, digit);
            slip
        })
    });
    without.chain(with)
}

/// One digit instead of another.
fn other<'a>(written: &'a [char], digits: &'a [usize]) -> impl Iterator<Item = Vec<char>> + 'a {
    digits.iter().flat_map(move |&at| {
        ('0'..='9').map(move |digit| {
            let mut slip = written.to_vec();
            if let Some(place) = slip.get_mut(at) {
                *place = digit;
            }
            slip
        })
    })
}

#[cfg(test)]
mod tests {
    use super::near_numbers;
    use crate::application::{ReferenceNumber, ReferenceShape};

    fn near(number: &str, shapes: &[&str]) -> Vec<String> {
        let shapes: Vec<ReferenceShape> = shapes.iter().map(|shape| ReferenceShape::parse(shape).unwrap()).collect();
        let number = ReferenceNumber::from_store(number.to_owned());
        near_numbers(&number, &shapes).iter().map(|number| number.as_str().to_owned()).collect()
    }

    #[test]
    fn one_slip_makes_another_number_of_the_shape() {
        let six_or_seven = near("482137", &["{6-7}"]);
        for meant in ["428137", "482173", "482138", "982137", "4821377", "0482137", "4882137"] {
            assert!(six_or_seven.contains(&meant.to_owned()), "{meant}");
        }
        for other in ["482137", "48213", "482175", "713284", "48213799"] {
            assert!(!six_or_seven.contains(&other.to_owned()), "{other}");
        }
        assert!(near("4821377", &["{6-7}"]).contains(&"482137".to_owned()), "a digit too many");
    }

    #[test]
    fn likelier_slips_come_first_and_each_number_once() {
        let near = near("482137", &["{6-7}"]);
        // 5 exchanges, 64 with a digit more, 54 with another digit of which 2 are exchanges of nothing.
        assert_eq!(near.first().map(String::as_str), Some("842137"));
        let at = |number: &str| near.iter().position(|near| near == number).unwrap();
        assert!(at("482173") < at("4821377") && at("4821377") < at("482138"));
        let mut once = near.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), near.len());
        assert!(near.len() < 200, "{}", near.len());
    }

    #[test]
    fn the_letters_and_signs_of_a_shape_stay() {
        let near = near("2024-00123", &["{4}-{5}", "BEW-{5-7}"]);
        for meant in ["2024-00132", "2020-40123", "2023-00123", "2024-01023"] {
            assert!(near.contains(&meant.to_owned()), "{meant}");
        }
        assert!(near.iter().all(|near| near.len() == 10 && near.as_bytes().get(4) == Some(&b'-')), "{near:?}");
        assert!(self::near("BEW-12345", &["BEW-{5-7}"]).contains(&"BEW-123456".to_owned()));
    }

    #[test]
    fn the_longest_number_has_some_hundreds_of_neighbours() {
        let near = near(&"1".repeat(40), &["{39-40}"]);
        assert!(near.len() < 1000, "{}", near.len());
        assert!(near.contains(&"1".repeat(39)));
    }
}
