//! What ends a session.

use crate::house::{House, plan};
use crate::visitor::Visitor;

fn is_signed_in(visitor: &mut Visitor) -> bool {
    visitor.get("/").leads_to() != "/sign-in?next=%2F"
}

fn leave(visitor: &mut Visitor, path: &str) {
    let csrf = visitor.csrf("/no-such-place");
    let left = visitor.post(path, &[("csrf", &csrf)]);
    assert_eq!(left.leads_to(), "/sign-in");
    let forgotten = "__Host-session=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax";
    assert_eq!(left.all("set-cookie"), [forgotten]);
    assert_eq!(visitor.cookie("__Host-session"), None);
}

/// The same session in a copy of the browser.
fn copy(house: &House, of: &Visitor) -> Visitor {
    let mut copy = house.visitor();
    copy.keep("__Host-session", of.cookie("__Host-session").unwrap());
    copy
}

#[test]
fn who_signs_out_is_out_here_or_everywhere() {
    let house = plan().pages_only().open();
    let [mut office, mut home] = [house.signed_in("ruth"), house.signed_in("ruth")];
    let mut karl = house.signed_in("karl");
    let mut stolen = copy(&house, &office);
    assert!(is_signed_in(&mut stolen));
    leave(&mut office, "/sign-out");
    assert!(!is_signed_in(&mut stolen), "the session itself has ended, not only the browser's cookie");
    assert!(is_signed_in(&mut home));
    let mut office = house.signed_in("ruth");
    leave(&mut home, "/sign-out-everywhere");
    assert!(!is_signed_in(&mut office) && is_signed_in(&mut karl));
    let audit = house.service.succeed(&["audit", "--json"]);
    assert_eq!((audit.matches("\"signed_in\"").count(), audit.matches("\"signed_out_everywhere\"").count()), (4, 1));
}

#[test]
fn who_signs_in_anew_leaves_no_old_session() {
    let house = plan().pages_only().open();
    let mut ruth = house.signed_in("ruth");
    let mut old = copy(&house, &ruth);
    let link = house.link_for(&mut ruth, "karl", "/");
    assert_eq!(ruth.post(&link, &[]).status, 303);
    assert!(ruth.get("/no-such-place").body.contains("Karl Probe"));
    assert!(!is_signed_in(&mut old));
}

#[test]
fn who_is_deactivated_is_out_at_the_next_click() {
    let house = plan().pages_only().open();
    let mut ruth = house.signed_in("ruth");
    let line = |role: &str, active: bool| {
        format!(
            "{{\"kind\": \"user\", \"tenant\": \"muster\", \"address\": \"ruth@example.test\", \"name\": \"Ruth Neu\", \
             \"role\": \"{role}\", \"language\": \"en\", \"active\": {active}}}\n"
        )
    };
    house.feed(&line("administrator", true));
    assert_eq!(ruth.get("/applications").status, 403, "a new role counts at once");
    assert!(ruth.get("/no-such-place").body.contains("Not found"), "so does the language");
    house.feed(&line("administrator", false));
    assert!(!is_signed_in(&mut ruth));
}

#[test]
fn a_session_ends_by_itself() {
    let house = plan().pages_only().open();
    let mut ruth = house.signed_in("ruth");
    house.execute(
        "update sessions set created_at = '2024-01-01 00:00:00', last_seen_at = '2024-01-01 00:00:00', \
         expires_at = '2024-01-01 12:00:00'",
    );
    assert!(!is_signed_in(&mut ruth));
}

#[test]
fn what_is_no_session_is_none() {
    let house = plan().pages_only().open();
    let mut anybody = house.visitor();
    for made_up in ["", "x", &"A".repeat(43), "' or 1=1 --", "../../etc/passwd"] {
        anybody.keep("__Host-session", made_up);
        assert!(!is_signed_in(&mut anybody), "{made_up}");
    }
}
