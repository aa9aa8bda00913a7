//! The Eingang: from the office's notice to a mail's place in a history, and everything else a person may decide.

use crate::browser::{Browser, Session};
use crate::harness::wait_for;
use crate::house::{House, SOON, house};
use crate::mails::forward;
use crate::pages::{HOSTILE, is_nowhere, looks_good};

#[test]
fn from_the_offices_notice_to_the_candidates_history() {
    let house = house();
    house.import(&forward("Unterlagen von Frau Beispiel").pdf("Lebenslauf.pdf").file("Notiz.txt", "Grüße"));
    let browser = Browser::start(house.port());
    let session = browser.session();
    house.inbox("office", 1);
    let link = house.links("office", "/mails/").pop().unwrap();
    session.open_page(&link);
    assert!(session.address().starts_with(&house.at("/sign-in?next=")), "{}", session.address());
    house.finish_sign_in(&session, "ruth");
    session.wait_for_address(&link);
    for wanted in [
        "Der Betreff beginnt nicht mit einer Referenznummer.",
        "Unterlagen von Frau Beispiel",
        "Bitte zur Akte.",
        "Guten Tag Frau Muster",
        "erika@example.org",
        "Lebenslauf.pdf",
        "Absenderadresse passt",
    ] {
        assert!(session.page_text().contains(wanted), "{wanted} in {}", session.page_text());
    }
    session.click_words("Was geprüft wurde");
    session.wait_for_text("Ein aktiver Benutzer hat sie weitergeleitet.");
    looks_good(&session);
    assert_eq!(session.attribute("#number", "value").as_deref(), Some(""), "nothing is chosen before");
    files_can_be_seen(&house, &session);

    // A number that nobody has is refused, and nothing happens.
    session.open_page(&link);
    session.wait_for_text("Guten Tag Frau Muster");
    let openings = "SELECT COUNT(*) AS id FROM audit WHERE what = 'mail_viewed'";
    let before = house.id(openings);
    session.fill("#number", "482999");
    session.click_words("Zuordnen");
    session.wait_for_text("Es gibt keine Bewerbung mit der Nummer „482999“");
    what_came_of_it_is_read_first(&session);
    assert_eq!(session.attribute("#number", "value").as_deref(), Some("482999"));
    looks_good(&session);
    assert_eq!(house.id(openings), before, "who is led back to the page has not opened the mail once more");
    assert!(house.ids("SELECT id FROM history_entries").is_empty());

    session.click_words("Zuordnen zu 482137");
    session.wait_for_address(&house.at("/mails?said=assigned"));
    session.wait_for_text("Sie steht in der Historie von Erika Beispiel, 482137.");
    what_came_of_it_is_read_first(&session);
    assert!(session.page_text().contains("Zurzeit wartet keine E-Mail."), "{}", session.page_text());
    looks_good(&session);
    session.click_words("Zum Eintrag");
    session.wait_for_text("Guten Tag Frau Muster");
    assert_eq!(session.text("h1"), "Erika Beispiel");
    assert_eq!((house.inbox("karl", 1).len(), house.inbox("vera", 1).len()), (1, 1));
    lies_in(&house, "Archive/Imported", 1);
    // The notice's link leads on to the entry now.
    session.open_page(&link);
    session.wait_for_address(&house.at(&format!("/entries/{}", house.id("SELECT id FROM history_entries"))));
    let deeds = "SELECT user_id AS id FROM audit WHERE what = 'mail_assigned' AND actor = 'web'";
    assert_eq!(house.ids(deeds), house.ids("SELECT id FROM users WHERE name = 'Ruth Muster'"));

    by_a_near_miss_and_by_a_free_number(&house, &session);
    assert_eq!(browser.requests().strangers(), []);
}

/// Who hears the page hears first what came of the decision: it begins the title, and is where the reader is put.
fn what_came_of_it_is_read_first(session: &Session) {
    let said = session.text(".notice");
    let title = session.title();
    let begin = title.split(" – ").next().unwrap();
    assert!(!begin.is_empty() && said.starts_with(begin), "{title}: {said}");
    assert_eq!(session.script("return document.activeElement.classList.contains('notice')"), true, "{said}");
}

/// Those who may decide about a mail may look at its files, and that stands in the audit.
fn files_can_be_seen(house: &House, session: &Session) {
    let file = house.id("SELECT id FROM files WHERE name = 'Notiz.txt'");
    session.open_page(&house.at(&format!("/files/{file}/preview")));
    assert_eq!(session.page_text(), "Grüße");
    assert_eq!(house.id("SELECT COUNT(*) AS id FROM audit WHERE what = 'file_viewed' AND entry_id IS NULL"), 1);
    assert!(house.id("SELECT COUNT(*) AS id FROM audit WHERE what = 'mail_viewed' AND entry_id IS NULL") > 0);
}

/// Two digits exchanged, and a number that only the reader knows; without scripts.
fn by_a_near_miss_and_by_a_free_number(house: &House, session: &Session) {
    house.import(&forward("482173 Unterlagen"));
    house.import(&forward("Noch etwas"));
    session.scripts(false);
    session.open_page(&house.at("/mails"));
    assert_eq!(session.texts(".waiting h2 a"), ["Noch etwas", "482173 Unterlagen"], "newest first");
    assert!(session.text("header nav").contains("Eingang 2"), "{}", session.text("header nav"));
    session.click_words("482173 Unterlagen");
    session.wait_for_text("ähnliche Nummer");
    session.click_words("Zuordnen zu 482137");
    session.wait_for_text("Sie steht in der Historie von Erika Beispiel, 482137.");
    session.click_words("Noch etwas");
    session.fill("#number", "482138");
    session.click_words("Zuordnen");
    session.wait_for_text("Sie steht in der Historie von Jörg Anders, 482138.");
    session.click_words("Zum Eintrag");
    session.wait_for_text("Noch etwas");
    assert_eq!(session.text("h1"), "Jörg Anders");
    session.scripts(true);
    lies_in(house, "Archive/Imported", 3);
    assert_eq!(house.inbox("karl", 2).len(), 2);
}

#[test]
fn the_forwarder_is_asked_a_mail_is_discarded_and_two_who_decide_at_once_do_it_once() {
    let house = house();
    house.import(&forward("Unterlagen von Frau Beispiel").from("Vera Fach <vera@example.test>"));
    let browser = Browser::start(house.port());
    let (ruth, rita) = (browser.session(), browser.session());
    house.sign_in(&ruth, "ruth");
    house.sign_in(&rita, "rita");
    let mail = house.at(&format!("/mails/{}", house.id("SELECT id FROM mails")));
    ruth.open_page(&mail);
    rita.open_page(&mail);
    ruth.click_words("Vera Fach fragen");
    ruth.wait_for_text("Die Frage wird verschickt.");
    assert!(ruth.page_text().contains("heute schon gefragt"), "{}", ruth.page_text());
    looks_good(&ruth);
    rita.click_words("Ask Vera Fach");
    rita.wait_for_text("This has already been asked today.");
    looks_good(&rita);
    assert_eq!(house.id("SELECT COUNT(*) AS id FROM outbox WHERE occasion = 'asked'"), 1);
    let question = "to which application does this e-mail belong?";
    wait_for("the question", SOON, || house.inbox("vera", 0).iter().any(|text| text.contains(question)).then_some(()));
    let asked = house.inbox("vera", 0).into_iter().find(|text| text.contains(question)).unwrap();
    assert!(!asked.contains("Erika") && !asked.contains("Beispiel"), "{asked}");

    // Both have the page open: one discards, the other assigns.
    ruth.click_words("E-Mail verwerfen");
    ruth.wait_for_text("ist verworfen und wartet nicht mehr");
    looks_good(&ruth);
    assert_eq!(ruth.texts("header nav a"), ["Bewerbungen", "Eingang"], "nothing waits");
    rita.click_words("Assign to 482137");
    rita.wait_for_text("your decision was not carried out");
    assert!(rita.page_text().contains("Ruth Muster discarded it."), "{}", rita.page_text());
    looks_good(&rita);
    assert!(house.ids("SELECT id FROM history_entries").is_empty());
    assert_eq!(rita.count(".waiting li"), 0);

    // It is found among what was discarded, and waits again.
    rita.click_words("Discarded");
    rita.wait_for_text("Discarded by Ruth Muster");
    looks_good(&rita);
    rita.click(".waiting a");
    rita.wait_for_text("Move back to waiting");
    looks_good(&rita);
    rita.click_words("Move back to waiting");
    rita.wait_for_text("is waiting again");
    ruth.click_words("Verwerfen zurücknehmen");
    ruth.wait_for_text("wurde inzwischen schon entschieden");
    assert!(ruth.page_text().contains("Sie wartet."), "{}", ruth.page_text());
    assert_eq!(ruth.count(".waiting li"), 1);

    // Both assign: it is done once.
    ruth.open_page(&mail);
    rita.open_page(&mail);
    rita.click_words("Assign to 482137");
    rita.wait_for_text("It is in the history of Erika Beispiel, 482137.");
    ruth.fill("#number", "482138");
    ruth.click_words("Zuordnen");
    ruth.wait_for_text("Ihre Entscheidung wurde nicht ausgeführt");
    assert!(ruth.page_text().contains("Historie von Erika Beispiel, 482137"), "{}", ruth.page_text());
    assert_eq!(house.ids("SELECT id FROM history_entries").len(), 1);
    assert_eq!(house.inbox("karl", 1).len(), 1);
    assert_eq!(browser.requests().strangers(), []);
}

#[test]
fn a_hostile_mail_in_the_eingang_does_nothing_and_is_for_those_who_may_decide() {
    let house = house();
    house.import(&forward("<script>alert(1)</script> Unterlagen").html(HOSTILE).body("Bitte zur Akte."));
    house.import_to("import2", &forward("Anderswo").from("Olga Anders <olga@example.test>"));
    let [own, foreign] = house.ids("SELECT id FROM mails ORDER BY tenant_id")[..] else { panic!("two mails") };
    let (own, foreign) = (house.at(&format!("/mails/{own}")), house.at(&format!("/mails/{foreign}")));
    let browser = Browser::start(house.port());
    let session = browser.session();
    house.sign_in(&session, "ruth");
    session.open_page(&own);
    session.wait_for("iframe.content");
    let (text, harm) = session.in_frame("iframe.content", |frame| {
        (
            frame.page_text(),
            frame.count("script, form, input, iframe, object, embed, svg, video, base[href], [style], [onload], [src]"),
        )
    });
    assert!(text.contains("Guten Tag aus dem Rahmen"), "{text}");
    assert_eq!(harm, 0, "{text}");
    assert!(session.page_text().contains("<script>alert(1)</script> Unterlagen"), "{}", session.page_text());
    assert!(session.address() == own && !session.title().contains("taken"), "{}", session.title());
    looks_good(&session);
    session.open_page(&foreign);
    assert!(is_nowhere(&session), "another office's mail");
    for user in ["karl", "vera", "adam"] {
        session.forget_cookies();
        house.sign_in(&session, user);
        assert_eq!(session.count("header nav a[href='/mails']"), 0, "{user}");
        session.open_page(&own);
        assert!(is_nowhere(&session), "{user}");
        session.open_page(&house.at("/mails"));
        assert!(["Kein Zugriff", "No access"].contains(&session.text("h1").as_str()), "{}", session.page_text());
    }
    assert_eq!(browser.requests().strangers(), []);
}

/// The mail that came in lies in this folder, so many with it.
fn lies_in(house: &House, folder: &str, number: usize) {
    wait_for(folder, SOON, || (house.dovecot().messages("import", folder).len() == number).then_some(()));
    assert!(house.dovecot().messages("import", "Archive/Unassigned").is_empty());
}
