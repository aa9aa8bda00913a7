//! A mail for a bug report, with nobody's words in it.

use crate::house::house;
use crate::mails::forward;

#[test]
fn the_original_comes_scrubbed_from_its_archive_folder_and_is_understood_alike() {
    let house = house();
    house.deliver(&forward("482137 WG: Unterlagen").pdf("Lebenslauf Erika.pdf"));
    house.once();
    let id = house.only_mail()["id"].to_string();
    let finished = house.service.command(&["export", &id]);
    assert_eq!(finished.code, Some(2), "nothing is exported as it is: {finished:#?}");
    let scrubbed = house.service.succeed(&["export", &id, "--scrubbed"]);
    for word in ["Erika", "Beispiel", "erika@", "Ruth", "ruth@", "482137", "Akte"] {
        assert!(!scrubbed.contains(word), "{word} in {scrubbed}");
    }
    let file = house.service.write("scrubbed.eml", &scrubbed);
    let explained = ["explain", "--json", "--tenant", "muster", file.to_str().unwrap()];
    let explained: serde_json::Value = serde_json::from_str(&house.service.succeed(&explained)).unwrap();
    assert_eq!(explained["reference"].as_str().map(str::len), Some(6), "another number of that shape: {explained:#}");
    assert!(explained["original"]["from_address"].is_string(), "{explained:#}");
    assert_eq!(explained["attachments"][0]["kind"], "cv", "{explained:#}");
    let audit = house.service.succeed(&["audit", "--mail", &id]);
    assert!(audit.contains("mail_viewed"), "{audit}");
    assert_eq!(house.service.command(&["export", "4711", "--scrubbed"]).code, Some(1));
}
