//! Numbers read against shapes, and shapes that are none.

use super::ReferenceShape;

fn shape(text: &str) -> ReferenceShape {
    ReferenceShape::parse(text).unwrap()
}

fn whole(shape_text: &str, text: &str) -> Option<String> {
    shape(shape_text).read_whole(text).map(|number| number.as_str().to_owned())
}

#[test]
fn a_number_is_read_in_its_shapes_own_form() {
    for (shape_text, text, number) in [
        ("{6-7}", "482137", "482137"),
        ("{6-7}", "0482137", "0482137"),
        ("{6-7}", " 482137 ", "482137"),
        ("{6-7}", "４８２１３７", "482137"),
        ("BEW-{5-7}", "bew-48213", "BEW-48213"),
        ("BEW-{5-7}", "BEW–48213", "BEW-48213"),
        ("BEW-{5-7}", "BEW\u{a0}48213", "BEW-48213"),
        ("BEW-{5-7}", "Bew48213", "BEW-48213"),
        ("BEW-{5-7}", "ＢＥＷ－48213", "BEW-48213"),
        ("bew-{5}", "BEW-48213", "bew-48213"),
        ("{4}-{5}", "2024-00123", "2024-00123"),
        ("{4}-{5}", "2024 00123", "2024-00123"),
        ("{4}-{5}", "202400123", "2024-00123"),
        ("{2-4}-{3}", "12345", "12-345"),
        ("{2-4}-{3}", "1234567", "1234-567"),
        ("{2-4}-{3-5}", "123-4567", "123-4567"),
        ("20{2}/{4}", "2024/0815", "2024/0815"),
        ("Ä{3} {2}", "ä123\t45", "Ä123 45"),
    ] {
        assert_eq!(whole(shape_text, text).as_deref(), Some(number), "{text:?} against {shape_text}");
    }
}

#[test]
fn what_does_not_fill_the_shape_is_no_number() {
    for (shape_text, text) in [
        ("{6-7}", ""),
        ("{6-7}", "48213"),
        ("{6-7}", "48213799"),
        ("{6-7}", "482 137"),
        ("{6-7}", "٤٨٢١٣٧"),
        ("{6-7}", "482137 Rückfrage"),
        ("BEW-{5-7}", "48213"),
        ("BEW-{5-7}", "BEW--48213"),
        ("BEW-{5-7}", "BEW - 48213"),
        ("{4}-{5}", "2024-0123"),
        ("{2-4}-{3-5}", "1234567"),
    ] {
        assert_eq!(whole(shape_text, text), None, "{text:?} against {shape_text}");
    }
}

#[test]
fn a_number_at_the_start_leaves_what_stands_behind_it() {
    let (number, behind) = shape("{6-7}").read_at_start("48213799 Rückfrage").unwrap();
    assert_eq!((number.as_str(), behind), ("4821379", "9 Rückfrage"));
    assert!(shape("{6-7}").read_at_start(" 482137").is_none());
}

#[test]
fn a_bad_shape_is_refused_with_the_way_to_write_one() {
    for (text, complaint) in [
        ("", "has no digits in braces"),
        ("BEW", "has no digits in braces"),
        ("BEW-12345", "has no digits in braces"),
        ("BEW-{5", "opens a brace and does not close it"),
        ("BEW-5}", "must not hold '}' here"),
        ("{5}}", "must not hold '}' here"),
        ("{{5}}", "is no count of digits"),
        ("{}", "is no count of digits"),
        ("{0}", "is no count of digits"),
        ("{0-5}", "is no count of digits"),
        ("{7-6}", "is no count of digits"),
        ("{-5}", "is no count of digits"),
        ("{5-}", "is no count of digits"),
        ("{+5}", "is no count of digits"),
        ("{6,7}", "is no count of digits"),
        ("{99999999999999999999999}", "is no count of digits"),
        ("{41}", "allows more than 40 characters"),
        ("{18446744073709551615}{2}", "allows more than 40 characters"),
        ("BEW-{5}-", "begins or ends with a hyphen"),
        (" {5}", "begins or ends with a hyphen or a blank"),
        ("{5}\n{3}", "must not hold '\\n' here"),
        ("{2-3}{2-3}", "two groups of variable length side by side"),
        ("{2-3}0{2-3}", "two groups of variable length side by side"),
    ] {
        let error = ReferenceShape::parse(text).unwrap_err().to_string();
        assert!(error.contains(complaint), "{text:?}: {error}");
        assert!(error.ends_with("such as {6-7}, BEW-{5-7} or {4}-{5}"), "{error}");
    }
}

#[test]
fn a_shape_prints_as_it_is_written_and_has_an_example() {
    for (text, example) in
        [("{6-7}", "123456"), ("BEW-{5-7}", "BEW-12345"), ("{4}-{5}", "1234-12345"), ("{12}", "123456789012")]
    {
        assert_eq!(shape(text).to_string(), text);
        assert_eq!(shape(text).example(), example);
        assert!(shape(text).read_whole(example).is_some());
    }
    assert_eq!(shape("{6-6}").to_string(), "{6}");
}

#[test]
fn a_shape_in_the_settings_is_checked_when_it_is_read() {
    assert_eq!(serde_json::from_str::<ReferenceShape>(r#""BEW-{5-7}""#).unwrap(), shape("BEW-{5-7}"));
    let error = serde_json::from_str::<ReferenceShape>(r#""{7-6}""#).unwrap_err().to_string();
    assert!(error.contains("`{7-6}` in `{7-6}` is no count of digits; a shape is literal text"), "{error}");
}
