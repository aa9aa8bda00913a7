//! The link in a mail: who gets one, what it does, how often.

use crate::harness::wait_for;
use crate::house::{House, SOON, plan};
use crate::visitor::{Page, Visitor};

/// From the first page to the one that somebody wanted, and the mail between them.
fn whole_way(house: &House) {
    let mut ruth = house.visitor();
    assert_eq!(ruth.get("/").leads_to(), "/sign-in?next=%2F");
    let form = ruth.get("/sign-in?next=%2Fentries%2F7");
    assert!(form.status == 200 && form.body.contains("name=\"next\" value=\"&#x2f;entries&#x2f;7\""), "{form:?}");
    let link = house.link_for(&mut ruth, "ruth", "/entries/7");
    let mail = house.mails("ruth", 1).remove(0);
    for there in ["Auto-Submitted: auto-generated", "X-Loop: import@example.test", "Kennung: RI-", "Ruth Muster"] {
        assert!(mail.contains(there), "{there}: {mail}");
    }
    let offered = ruth.get(&link);
    assert!(offered.status == 200 && offered.all("set-cookie").is_empty(), "{offered:?}");
    assert_eq!((offered.header("cache-control"), offered.header("referrer-policy")), ("no-store", "no-referrer"));
    assert_eq!(ruth.get("/").leads_to(), "/sign-in?next=%2F", "looking at a link signs nobody in");
    let entered = ruth.post(&link, &[]);
    assert_eq!(entered.leads_to(), "/entries/7");
    let [cookie] = entered.all("set-cookie").try_into().unwrap();
    let (session, attributes) = cookie.split_once("; ").unwrap();
    assert!(session.starts_with("__Host-session=") && session.len() == "__Host-session=".len() + 43, "{session}");
    assert_eq!(attributes, "Path=/; Max-Age=604800; HttpOnly; Secure; SameSite=Lax");
    assert_eq!(ruth.get("/").leads_to(), "/applications");
    assert_eq!(ruth.get("/sign-in?next=/mails").leads_to(), "/mails", "who is signed in need not do it again");
    let page = ruth.get("/no-such-place");
    assert!(page.status == 404 && page.body.contains("Ruth Muster, muster"), "{page:?}");
    let log = house.log();
    for secret in [link.trim_start_matches("/sign-in/"), ruth.cookie("__Host-session").unwrap(), "ruth@", "Ruth"] {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
}

#[test]
fn somebody_signs_in_by_the_link_in_a_mail_and_comes_to_the_page_they_wanted() {
    whole_way(&plan().pages_only().open());
}

#[test]
fn the_service_itself_serves_the_pages_on_postgresql_too() {
    whole_way(&plan().on_postgres().open());
}

#[test]
fn a_link_is_good_once_and_for_a_quarter_of_an_hour() {
    let house = plan().pages_only().open();
    let mut ruth = house.visitor();
    let used = house.link_for(&mut ruth, "ruth", "/");
    assert_eq!(ruth.post(&used, &[]).status, 303);
    let mut thief = house.visitor();
    let old = house.link_for(&mut thief, "karl", "/");
    house.execute("update sign_in_links set created_at = '2024-01-01 00:00:00', expires_at = '2024-01-01 00:15:00'");
    for link in [used.as_str(), &old, "/sign-in/short", &format!("/sign-in/{}", "A".repeat(43))] {
        for page in [thief.get(link), thief.post(link, &[])] {
            assert!(page.status == 410 && page.all("set-cookie").is_empty(), "{link}: {page:?}");
            assert!(page.body.contains("gilt nicht mehr"), "{}", page.body);
            assert!(page.body.contains("Neuen Link anfordern"), "{}", page.body);
        }
    }
    let again = ruth.get(&used);
    assert!(again.status == 410 && again.body.contains("Sie sind schon angemeldet"), "{again:?}");
    assert!(!again.body.contains("Neuen Link anfordern"), "who is signed in need not do it again: {again:?}");
    assert_eq!(thief.get("/").leads_to(), "/sign-in?next=%2F");
}

#[test]
fn who_has_the_same_address_at_two_tenants_gets_a_link_for_each() {
    let house = plan().pages_only().open();
    let mut berta = house.visitor();
    berta.post("/sign-in", &[("address", "both@example.test")]);
    let mails = house.mails("both", 2);
    // The other tenant has no role in what follows but to be another one.
    for tenant in ["muster", "other"] {
        let mail = mails.iter().find(|mail| mail.contains(&format!("({tenant})"))).unwrap();
        let link = house.link_in(mail).unwrap();
        assert_eq!(berta.post(&link, &[]).status, 303);
        let page = berta.get("/no-such-place");
        assert!(page.body.contains(&format!("Berta Beides, {tenant}")), "{page:?}");
    }
}

#[test]
fn nobody_sees_whether_an_address_is_known() {
    let house = plan().pages_only().open();
    let mut anybody = house.visitor();
    let mut ask = |address: &str| anybody.post("/sign-in", &[("address", address), ("next", "/mails")]);
    let known = ask("ruth@example.test");
    let of = |page: &Page| {
        let mut headers: Vec<String> = page.headers.iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
        headers.retain(|header| !header.starts_with("date"));
        (page.status, headers, page.body.clone())
    };
    for unknown in ["nobody@example.test", "left@example.test", "erika@example.org", "ruth@elsewhere.example"] {
        assert_eq!(of(&ask(unknown)), of(&known), "{unknown}");
    }
    // Ruth's is there, and what was asked for before it is done: the next one comes after all of them.
    house.mails("ruth", 1);
    ask("rita@example.test");
    house.mails("rita", 1);
    assert_eq!(house.dovecot().messages("left", "INBOX").len(), 0);
    let malformed = ask("ruth");
    assert!(malformed.status == 400 && malformed.body.contains("keine vollständige E-Mail-Adresse"), "{malformed:?}");
}

#[test]
fn links_lead_to_no_foreign_host() {
    let house = plan().pages_only().open();
    let search = "/applications?q=J%C3%B6rg&page=2";
    assert_eq!(house.visitor().get(search).leads_to(), format!("/sign-in?next={}", escaped(search)));
    for (wanted, place) in [
        (search, search),
        ("//evil.example/x", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example?q=x", "/"),
        ("//evil.example?q=/applications", "/"),
    ] {
        let mut ruth = house.visitor();
        let form = ruth.get(&format!("/sign-in?next={}", escaped(wanted)));
        assert!(form.status == 200 && !form.body.contains("evil"), "{wanted}: {form:?}");
        let link = house.link_for(&mut ruth, "ruth", wanted);
        assert_eq!(ruth.post(&link, &[]).leads_to(), place, "{wanted}");
        let again = ruth.get(&format!("/sign-in?next={}", escaped(wanted)));
        assert_eq!(again.leads_to(), place, "{wanted}");
    }
}

fn escaped(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

#[test]
fn who_asks_too_often_waits_and_no_mailbox_is_filled() {
    let house = plan().pages_only().web("trusted_proxies = [\"127.0.0.1\"]").open();
    let from = |address: &str| house.visitor().with("X-Forwarded-For", address);
    let ask = |visitor: &mut Visitor, whose: &str| visitor.post("/sign-in", &[("address", whose)]).status;
    let mut first = from("203.0.113.1");
    // The minute in which tries are counted may end while they are made: then they are made again.
    wait_for("somebody to be told to wait", SOON, || {
        (0..21).any(|_| ask(&mut first, "nobody@example.test") == 429).then_some(())
    });
    let mut second = from("203.0.113.1, 203.0.113.2");
    for _ in 0..7 {
        assert_eq!(ask(&mut second, "ruth@example.test"), 200, "another address is told nothing else");
    }
    house.mails("ruth", 5);
    assert_eq!(ask(&mut second, "rita@example.test"), 200);
    house.mails("rita", 1);
    assert_eq!(house.dovecot().messages("ruth", "INBOX").len(), 5);
}
