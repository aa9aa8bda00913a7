//! Forms that other sites make a browser send do nothing.

use crate::house::{House, plan};
use crate::visitor::Visitor;

const OUT: &str = "/sign-out-everywhere";

fn is_signed_in(visitor: &mut Visitor) -> bool {
    visitor.get("/").leads_to() == "/applications"
}

/// What a browser says of a form, and whether it may be one of ours.
fn words(house: &House) -> Vec<(Vec<(&'static str, String)>, bool)> {
    let url = house.at("");
    let said = |origin: &str, site: Option<&str>| {
        let origin = ("origin", origin.to_owned());
        std::iter::once(origin).chain(site.map(|site| ("sec-fetch-site", site.to_owned()))).collect()
    };
    vec![
        (said("https://evil.example", Some("cross-site")), false),
        (said("https://evil.example", None), false),
        (said(&url, Some("cross-site")), false),
        (said(&url, Some("same-site")), false),
        (said("null", None), false),
        (said("null", Some("cross-site")), false),
        (said("", None), false),
        (said(&format!("{url}.evil.example"), None), false),
        (said(&url, None), true),
        (said(&url, Some("same-origin")), true),
        // Chromium says so of our own pages, which ask it not to tell where somebody comes from.
        (said("null", Some("same-origin")), true),
    ]
}

#[test]
fn a_form_that_comes_from_elsewhere_is_refused() {
    let house = plan().pages_only().open();
    for (headers, is_ours) in words(&house) {
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let mut anybody = house.visitor();
        let asked = anybody.post_with("/sign-in", &[("address", "nobody@example.test")], &headers);
        assert_eq!(asked.status, if is_ours { 200 } else { 403 }, "{headers:?}");
    }
    let mut ruth = house.signed_in("ruth");
    let csrf = ruth.csrf("/no-such-place");
    for (headers, is_ours) in words(&house) {
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        if !is_ours {
            assert_eq!(ruth.post_with(OUT, &[("csrf", &csrf)], &headers).status, 403, "{headers:?}");
            assert!(is_signed_in(&mut ruth), "{headers:?}");
        }
    }
    let link = house.link_for(&mut house.visitor(), "karl", "/");
    let foreign = ruth.post_with(&link, &[], &[("origin", "https://evil.example")]);
    assert!(foreign.status == 403 && foreign.all("set-cookie").is_empty(), "nobody is signed in as somebody else");
    assert_eq!(house.visitor().post(&link, &[]).status, 303, "and the link is still good");
}

#[test]
fn a_form_without_the_persons_mark_is_refused() {
    let house = plan().pages_only().open();
    let [mut ruth, mut karl] = [house.signed_in("ruth"), house.signed_in("karl")];
    let of_another = karl.csrf("/no-such-place");
    let own = ruth.csrf("/no-such-place");
    let in_another_browser = house.signed_in("ruth").csrf("/no-such-place");
    let session = ruth.cookie("__Host-session").unwrap().to_owned();
    for wrong in ["", "x", &of_another, &in_another_browser, &session, &own[1..], &format!("{own}A")] {
        let refused = ruth.post(OUT, &[("csrf", wrong)]);
        assert_eq!(refused.status, 403, "{wrong}: {refused:?}");
    }
    assert_eq!(ruth.post(OUT, &[]).status, 403);
    let twice = ruth.post(OUT, &[("csrf", &own), ("csrf", &own)]);
    assert_eq!(twice.status, 403);
    assert!(is_signed_in(&mut ruth));
    assert_eq!(ruth.get(OUT).status, 405);
    assert_eq!(ruth.post(OUT, &[("csrf", &own)]).leads_to(), "/sign-in");
    assert_eq!(ruth.post(OUT, &[("csrf", &own)]).leads_to(), "/sign-in?next=%2F", "who is out must sign in first");
}
