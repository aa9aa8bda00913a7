//! Files in a folder instead of the database, and what people are told when it is away.

use crate::harness::Folder;
use crate::house::plan;
use crate::mails::forward;
use crate::visitor::Visitor;
use std::fs;

#[test]
fn a_file_whose_storage_is_away_is_told_of_in_words_and_comes_when_it_is_back() {
    let attic = Folder::create();
    let (place, hidden) = (attic.join("attic"), attic.join("hidden"));
    let lines = format!(
        "sign_in = \"proxy_header\"\ntrusted_proxies = [\"127.0.0.1\"]\n[files]\nstore = \"file://{}\"",
        place.display()
    );
    let house = plan().without_mail_servers().web(&lines).open();
    let mail = forward("482137 Unterlagen").file("Lebenslauf.pdf", "%PDF-1.4 Quittengelee\n");
    house.take("import", mail.bytes());
    assert_eq!(house.ids("SELECT COUNT(*) AS id FROM blobs WHERE content IS NULL"), [1]);
    let file = house.id("SELECT id FROM files");
    let mut ruth = Visitor::at(&house.at("")).with("X-Remote-User", "ruth@example.test");
    let mut rita = Visitor::at(&house.at("")).with("X-Remote-User", "rita@example.test");
    for kind in ["", "/preview"] {
        let page = ruth.get(&format!("/files/{file}{kind}"));
        assert_eq!((page.status, page.body.as_str()), (200, "%PDF-1.4 Quittengelee\n"), "{kind}");
    }
    fs::rename(&place, &hidden).unwrap();
    fs::write(&place, "no folder").unwrap();
    for kind in ["", "/preview"] {
        let page = ruth.get(&format!("/files/{file}{kind}"));
        assert!(page.status == 503 && page.body.contains("Der Speicher, in dem die Dateien liegen"), "{page:?}");
        let page = rita.get(&format!("/files/{file}{kind}"));
        assert!(page.status == 503 && page.body.contains("The storage that holds the files"), "{page:?}");
    }
    // What the mail says is in the database.
    let mail = house.id("SELECT id FROM mails");
    assert_eq!(ruth.get(&format!("/mails/{mail}/content")).status, 200);
    fs::remove_file(&place).unwrap();
    fs::rename(&hidden, &place).unwrap();
    assert_eq!(ruth.get(&format!("/files/{file}")).status, 200);
}
