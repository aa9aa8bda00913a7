//! A trusted reverse proxy says who somebody is.

use crate::harness::ports::Port;
use crate::harness::wait_for;
use crate::house::{House, SOON, plan};
use crate::visitor::Visitor;

const TRUSTED: &str = "sign_in = \"proxy_header\"\nproxy_header = \"X-Remote-User\"\ntrusted_proxies = [\"127.0.0.1\"]";
const NOT_US: &str = "sign_in = \"proxy_header\"\ntrusted_proxies = [\"127.0.0.2\"]";

fn vouched_for(house: &House, address: &str) -> Visitor {
    house.visitor().with("X-Remote-User", address)
}

#[test]
fn who_comes_by_the_proxy_is_signed_in_and_still_needs_our_forms() {
    let house = plan().pages_only().web(TRUSTED).open();
    let mut ruth = vouched_for(&house, "Ruth@Example.test");
    assert_eq!(ruth.get("/").leads_to(), "/applications");
    let page = vouched_for(&house, "ruth.privat@example.test").get("/no-such-place");
    assert!(page.body.contains("Ruth Muster, muster"), "{page:?}");
    let [cookie] = page.all("set-cookie").try_into().unwrap();
    assert!(cookie.starts_with("__Host-browser=") && cookie.ends_with("; HttpOnly; Secure; SameSite=Lax"), "{cookie}");
    assert_eq!(ruth.get("/sign-in?next=/entries/7").leads_to(), "/entries/7");
    let csrf = ruth.csrf("/no-such-place");
    assert_eq!(ruth.post("/sign-out", &[("csrf", "x")]).status, 403);
    let left = ruth.post("/sign-out", &[("csrf", &csrf)]);
    assert!(left.status == 200 && left.body.contains("melden Sie sich auch dort ab"), "{left:?}");
    // The mark is the person's as well as the browser's.
    let browser = ruth.cookie("__Host-browser").unwrap();
    let mut karl = vouched_for(&house, "karl@example.test");
    karl.keep("__Host-browser", browser);
    assert_eq!(karl.post("/sign-out", &[("csrf", &csrf)]).status, 403);
}

#[test]
fn whom_nobody_or_the_wrong_one_vouches_for_is_told_so_and_not_signed_in() {
    let house = plan().pages_only().web(TRUSTED).open();
    for (address, told) in [
        ("left@example.test", "kein aktiver Benutzer"),
        ("nobody@example.test", "kein aktiver Benutzer"),
        ("both@example.test", "mehrerer Mandanten"),
        ("ruth", "deren Anmeldung ist hier nicht angekommen"),
        ("", "deren Anmeldung ist hier nicht angekommen"),
    ] {
        let mut visitor = vouched_for(&house, address);
        assert_eq!(visitor.get("/").leads_to(), "/sign-in?next=%2F", "{address}");
        let page = visitor.get("/sign-in");
        assert!(page.status == 403 && page.body.contains(told), "{address}: {page:?}");
        assert!(page.all("set-cookie").is_empty(), "{address}");
    }
    let mut twice = vouched_for(&house, "ruth@example.test").with("X-Remote-User", "karl@example.test");
    assert_eq!(twice.get("/").leads_to(), "/sign-in?next=%2F", "a browser's own header beside the proxy's");
    let mut nobody = house.visitor();
    assert_eq!(nobody.get("/").leads_to(), "/sign-in?next=%2F");
    assert_eq!(
        nobody.post("/sign-in", &[("address", "ruth@example.test")]).status,
        404,
        "no links where none are used"
    );
}

#[test]
fn a_header_from_elsewhere_counts_for_nothing() {
    let house = plan().pages_only().web(NOT_US).open();
    let mut anybody = vouched_for(&house, "ruth@example.test").with("X-Forwarded-For", "127.0.0.2");
    assert_eq!(anybody.get("/").leads_to(), "/sign-in?next=%2F");
    assert_eq!(anybody.get("/sign-in").status, 403);
}

#[test]
fn where_links_are_used_a_header_counts_for_nothing() {
    let house = plan().pages_only().web("trusted_proxies = [\"127.0.0.1\"]").open();
    assert_eq!(vouched_for(&house, "ruth@example.test").get("/").leads_to(), "/sign-in?next=%2F");
}

#[test]
fn a_proxy_that_the_settings_do_not_name_is_warned_of() {
    let (house, port) = (plan().pages_only().open(), Port::claim());
    let settings = std::fs::read_to_string(house.service.join("reply-import.toml")).unwrap();
    let before = settings.split("[web]").next().unwrap();
    let listen = format!("listen = \"127.0.0.1:{}\"\npublic_url = \"https://pages.example.test\"\n", port.number());
    house.service.set_settings(&format!("{before}[web]\n{listen}"));
    let note = "`[web] trusted_proxies` is empty";
    let said = house.service.succeed(&["check", "--settings-only"]);
    assert!(said.contains(&format!("note  {note}")), "{said}");
    let pages = house.service.start(&["web"]);
    wait_for("the warning", SOON, || pages.stderr().contains(note).then_some(()));
    house.service.set_settings(&format!("{before}[web]\n{listen}trusted_proxies = [\"127.0.0.1\"]\n"));
    assert!(!house.service.succeed(&["check", "--settings-only"]).contains(note));
}
