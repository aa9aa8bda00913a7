//! Nothing that is asked for or sent breaks a page: odd words in every place of every route, on PostgreSQL, which takes less
//! than SQLite does.

use super::things::Things;
use crate::house::plan;
use crate::visitor::{Page, Visitor};
use reply_import::web;

/// As they stand in an address or a form.
#[rustfmt::skip]
const ODD: &[&str] = &[
    "%00", "a%00b", "%FF", "%C3%28", "%ED%A0%80", "-1", "0", "4294967295", "4294967296", "9223372036854775807", "99999999999999999999",
    "1e9", "1.5", "x", "%F0%9F%92%A9", "%27--", "%25_%5C", "..%2F..%2F", "%0D%0AX-Odd:%20y", "%2F%2Fevil.example", "%2F%5Cevil.example",
    "https:%2F%2Fevil.example", "javascript:alert(1)", "%3Cscript%3Ealert(1)%3C%2Fscript%3E", "%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "ruth%00@example.test", "%E2%80%AE", "cv", "+", "%7B%7B%201%20%7D%7D",
];

/// Queries that are none.
const NO_QUERY: &[&str] =
    &["&&&", "=", "q", "q=1&q=2", "page=1&page=2", "%", "%zz=%zz", "[]=1", "q=%", ";", "?", "csrf=x"];

/// Forms that are none.
const NO_FORM: &[&[u8]] = &[b"", b"&", b"=", b"%", b"csrf", b"csrf=&csrf=", b"\xff\xfe", b"{\"csrf\":\"x\"}", b"\0"];

/// The names under which pages and forms are asked for something.
const NAMES: [&str; 9] = ["q", "part", "next", "address", "kind", "tab", "number", "view", "note"];

fn all(names: &[&str], value: &str) -> String {
    names.iter().map(|name| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

/// Fails if this answer shows that something broke, or does what somebody else wanted.
fn look_at(asked: &str, told: &Page) {
    assert!(told.status < 500, "{asked}: {told:?}");
    assert!(told.headers.get("x-odd").is_none(), "{asked}: {told:?}");
    assert!(!told.body.contains("<script>alert"), "{asked}: {told:?}");
    if told.status == 303 {
        let there = told.leads_to();
        assert!(there.starts_with('/') && !there.starts_with("//") && !there.starts_with("/\\"), "{asked}: {told:?}");
    }
}

#[test]
fn odd_words_in_any_place_of_any_route_break_nothing() {
    let house = plan().pages_only().on_postgres().web("trusted_proxies = [\"127.0.0.1\"]").open();
    let things = Things::brought_to(&house);
    let ruth = house.signed_in("ruth");
    let mut number = 0_u8;
    let mut ask = |method: &str, address: &str, headers: &[(&str, &str)], body: Option<&[u8]>| {
        // From many places, since tries to sign in are counted by them.
        number = number.wrapping_add(1);
        let from = format!("198.51.100.{number}");
        let told = ruth.clone().send(method, address, &[&[("x-forwarded-for", from.as_str())], headers].concat(), body);
        look_at(&format!("{method} {address}"), &told);
        told.status
    };
    let csrf = ruth.clone().csrf("/there-is-no-such-page");
    let mut statuses = std::collections::BTreeMap::<u16, u32>::new();
    for route in web::routes().iter().filter(|route| !route.path.starts_with("/sign-out")) {
        let fill = |value: &str| {
            ["{id}", "{token}", "{name}"].iter().fold(route.path.to_owned(), |path, name| path.replace(name, value))
        };
        let area = route.path.split('/').nth(1).unwrap();
        let good = if route.path.contains("{id}") { fill(&things.ids(area, "own")[0]) } else { fill("style.css") };
        let mut count = |status: u16| *statuses.entry(status).or_default() += 1;
        if route.method == "GET" {
            for odd in ODD {
                count(ask("GET", &format!("{good}?{}", all(&NAMES, odd)), &[], None));
                count(ask("GET", &format!("{good}?page={odd}"), &[], None));
                if route.path.contains('{') {
                    count(ask("GET", &fill(odd), &[], None));
                }
            }
            for query in NO_QUERY {
                count(ask("GET", &format!("{good}?{query}"), &[], None));
            }
            continue;
        }
        let form = [("content-type", "application/x-www-form-urlencoded")];
        for odd in ODD {
            for names in [&NAMES[..], &["application"], &["next"]] {
                let usual = "kind=cv&application=1&number=482137&address=nobody@example.test";
                let sent = format!("csrf={csrf}&{}", all(names, odd));
                let missing = usual.split('&').filter(|pair| !names.contains(&pair.split('=').next().unwrap()));
                let sent = std::iter::once(sent.as_str()).chain(missing).collect::<Vec<_>>().join("&");
                count(ask("POST", &good, &form, Some(sent.as_bytes())));
            }
            if route.path.contains('{') {
                count(ask("POST", &fill(odd), &form, Some(format!("csrf={csrf}").as_bytes())));
            }
        }
        for body in NO_FORM {
            count(ask("POST", &good, &form, Some(body)));
            count(ask("POST", &good, &[("content-type", "application/json")], Some(body)));
        }
        let long = format!("csrf={csrf}&number={}", "7".repeat(70_000));
        assert!((400..500).contains(&ask("POST", &good, &form, Some(long.as_bytes()))), "{good}: a form is small");
    }
    println!("{statuses:?}");
    assert!(statuses.len() > 5, "{statuses:?}");
    let mut still: Visitor = ruth.clone();
    assert_eq!(still.get("/applications").status, 200);
}
