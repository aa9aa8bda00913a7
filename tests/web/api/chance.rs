//! What programs may send by chance: made of the description, right, nearly right and wrong. The same in each run
//! (`PROPTEST_RNG_SEED` gives others).

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

/// Texts that are something here, by the name of what holds them, so that most requests find something.
fn known(name: &str) -> &'static [&'static str] {
    match name {
        "number" | "after" => &["482137", "482138", "482555", "999111"],
        "id" => &["1", "2", "K1", "K2"],
        "candidate" => &["K1", "K2", "K3"],
        "address" | "addresses" | "responsible" => &["ruth@example.test", "nora@example.test", "karl@example.test"],
        _ => &["Erika Beispiel", "482137", "Hof"],
    }
}

/// Texts that are no good anywhere, or good for a surprise.
#[rustfmt::skip]
const ODD: &[&str] = &[
    "", " ", "\0", "a\0b", "\r\nX: y", "\u{202e}", "\u{feff}", "\u{fffd}", "\u{10ffff}", "💩", "u\u{308}", "İ", "ß", "%", "%00", "_", "\\", "'--",
    "\"", "<b>", "{}", "..", "/", "a/b", "?", "#", "&", "=", "+", "0", "-1", "1.5", "1e400", "0x10", "٣", "2147483648", "4294967296",
    "9223372036854775808", "-9223372036854775809", "99999999999999999999999", "NaN", "null", "true", "[]",
    "2024-02-30", "2024-05-31", "2024-05-31T12:00:00Z", "0000-01-01T00:00:00Z", "-4800-01-01", "-262143-01-01T00:00:00Z", "9999-12-31T23:59:60Z",
    "+262142-12-31T23:59:59Z", "2024-05-31T24:00:00Z", "2024-05-31T12:00:00.123456789+14:00", "@", "a@b", "x@example.test;y", "import@example.test",
    "a@xn--nxasmq6b", "ä@example.test",
];

/// Bodies that are no text of the kind that is wanted.
#[rustfmt::skip]
const NO_BODY: &[&[u8]] = &[
    b"", b" ", b"{", b"}", b"[]", b"null", b"1", b"\"x\"", b"{}", b"{\"name\":\"\\ud800\",\"role\":\"recruiter\"}", b"{\"name\":\"\xff\"}",
    b"{\"name\":1e999}", b"{\"name\":\"a\",\"name\":\"b\"}", b"\xef\xbb\xbf{}", b"\xff\xfe{\0}\0", b"{\"addresses\":[[[[[[]]]]]]}",
    b"{\"name\":\"\0\"}", b"{\"name\":\"a\"}{\"name\":\"b\"}", b"name=a&role=recruiter", b"\n\n\n", b"{'name':'a'}",
];

/// A request.
#[derive(Clone, Debug)]
pub struct Sent {
    /// What stands in the path, in the order of the path.
    pub path: Vec<String>,
    /// Names and values behind the `?`.
    pub query: Vec<(String, String)>,
    pub body: Option<Vec<u8>>,
}

impl Sent {
    /// The address that is asked for.
    pub fn address(&self, path: &str) -> String {
        let mut values = self.path.iter();
        let pieces = path
            .split('/')
            .map(|piece| if piece.starts_with('{') { escaped(values.next().unwrap()) } else { piece.to_owned() });
        let address = pieces.collect::<Vec<_>>().join("/");
        let query: Vec<String> =
            self.query.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
        if query.is_empty() { address } else { format!("{address}?{}", query.join("&")) }
    }
}

fn escaped(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// Requests for an operation.
pub fn requests(description: &Value, (method, path): (&str, &str)) -> BoxedStrategy<Sent> {
    let operation = &description["paths"][path][method];
    let none = Vec::new();
    let parameters = operation["parameters"].as_array().unwrap_or(&none);
    let in_path: Vec<_> = path
        .split('/')
        .filter(|piece| piece.starts_with('{'))
        .map(|piece| text(piece.trim_matches(['{', '}']), 200))
        .collect();
    let mut query: Vec<BoxedStrategy<Option<(String, String)>>> = Vec::new();
    for parameter in parameters.iter().filter(|parameter| parameter["in"] == "query") {
        let name = parameter["name"].as_str().unwrap().to_owned();
        let value = prop_oneof![3 => value(description, &name, &parameter["schema"]).prop_map(|value| shown(&value)), 1 => text(&name, 200)];
        query.push(prop::option::of(value.prop_map(move |value| (name.clone(), value))).boxed());
    }
    query.push(prop::option::weighted(0.05, (text("", 20), text("", 20))).boxed());
    (in_path, query, body(description, operation))
        .prop_map(|(path, query, body)| Sent { path, query: query.into_iter().flatten().collect(), body })
        .boxed()
}

fn body(description: &Value, operation: &Value) -> BoxedStrategy<Option<Vec<u8>>> {
    let Some(content) = operation["requestBody"]["content"].as_object() else { return Just(None).boxed() };
    let (mime, content) = content.iter().next().unwrap();
    let good = if mime == "application/json" {
        value(description, "", &content["schema"]).prop_map(|value| value.to_string().into_bytes()).boxed()
    } else {
        vec(line(description), 0..4).prop_map(|lines| lines.join("\n").into_bytes()).boxed()
    };
    let cut = (good.clone(), any::<prop::sample::Index>())
        .prop_map(|(bytes, at)| bytes[..at.index(bytes.len() + 1)].to_vec());
    let no_good =
        prop_oneof![select(NO_BODY).prop_map(<[u8]>::to_vec), vec(any::<u8>(), 0..40), cut, Just(vec![b'['; 5000])];
    prop_oneof![5 => good, 1 => no_good].prop_map(Some).boxed()
}

/// A line of a feed.
fn line(description: &Value) -> BoxedStrategy<String> {
    let of = |kind: &'static str, schema: &str, key: &'static str| {
        let row = value(description, "", &json!({"$ref": format!("#/components/schemas/{schema}")}));
        (row, text(key, 60), select(&["muster", "muster", "muster", "muster", "muster", "muster", "muster", "muster", "other", "nobody"][..])).prop_map(
            move |(mut row, id, tenant)| {
                if let Some(row) = row.as_object_mut() {
                    row.insert("kind".to_owned(), kind.into());
                    row.insert("tenant".to_owned(), tenant.into());
                    row.insert(key.to_owned(), id.into());
                }
                row.to_string()
            },
        )
    };
    prop_oneof![
        of("user", "User", "address"),
        of("candidate", "Candidate", "id"),
        of("application", "SentApplication", "number"),
    ]
    .boxed()
}

/// A value as the schema has it, in places another one.
fn value(description: &Value, name: &str, schema: &Value) -> BoxedStrategy<Value> {
    let schema = resolved(description, schema);
    let good = if let Some(words) = schema["enum"].as_array() {
        select(words.clone()).boxed()
    } else {
        match schema["type"].as_str().unwrap() {
            "string" if schema["format"] == "date-time" => {
                (any::<i32>(), 0..24_u8).prop_map(|(seconds, hour)| moment(seconds, hour).into()).boxed()
            }
            "string" => text(name, 3000).prop_map(Value::from).boxed(),
            "boolean" => any::<bool>().prop_map(Value::from).boxed(),
            "integer" => prop_oneof![0..4_i64, any::<i64>()].prop_map(Value::from).boxed(),
            "array" => vec(value(description, name, &schema["items"]), 0..4).prop_map(Value::from).boxed(),
            "object" => object(description, schema),
            other => panic!("{other}: made of what?"),
        }
    };
    prop_oneof![30 => good, 1 => anything()].boxed()
}

/// What is wanted by its name always, the rest by chance; seldom something is left out or too much.
fn object(description: &Value, schema: &Value) -> BoxedStrategy<Value> {
    let is_required =
        |name: &String| schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == name));
    let fields = schema["properties"].as_object().unwrap().iter().map(|(name, schema)| {
        let (name, likely) = (name.clone(), if is_required(name) { 0.97 } else { 0.5 });
        prop::option::weighted(
            likely,
            value(description, &name.clone(), schema).prop_map(move |value| (name.clone(), value)),
        )
    });
    let strange = prop_oneof![
        select(&["x", "kind", "tenant", "number", "id", "address", ""][..]).prop_map(str::to_owned),
        text("", 40)
    ];
    (fields.collect::<Vec<_>>(), prop::option::weighted(0.05, (strange, anything())))
        .prop_map(|(fields, strange)| Value::Object(fields.into_iter().flatten().chain(strange).collect::<Map<_, _>>()))
        .boxed()
}

/// Whatever JSON can write.
fn anything() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text("", 40).prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 16, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((text("", 20), inner), 0..4).prop_map(|of| of.into_iter().collect())
        ]
    })
    .boxed()
}

/// A text: one that is something here, an odd one, any, a long one.
fn text(name: &str, longest: usize) -> BoxedStrategy<String> {
    prop_oneof![
        30 => select(known(name)).prop_map(str::to_owned),
        3 => select(ODD).prop_map(str::to_owned),
        2 => "[a-zäöüß0-9 ]{1,12}",
        2 => "[0-9]{1,12}",
        1 => any::<String>().prop_map(move |text| text.chars().take(longest).collect()),
        1 => (1..longest, select(&['a', 'ß', '字', '\'', '%', '7'][..])).prop_map(|(count, c)| c.to_string().repeat(count)),
    ]
    .boxed()
}

fn moment(seconds: i32, hour: u8) -> String {
    let at = chrono::DateTime::from_timestamp(i64::from(seconds), 0).unwrap();
    format!("{}+{hour:02}:00", at.naive_utc().format("%Y-%m-%dT%H:%M:%S"))
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The schema itself, where another place is named.
pub fn resolved<'a>(description: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(place) => description.pointer(place.trim_start_matches('#')).unwrap(),
        None => schema,
    }
}
