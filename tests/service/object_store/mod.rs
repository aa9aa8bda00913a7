//! Contents of files in a real server that speaks S3: put before the record, read and removed, whoever is away or dies.

mod trouble;

use crate::harness::{ObjectStore, Proxy};
use crate::house::{Builder, House, builder, house};
use crate::mails::{Mail, forward};
use serde_json::Value;

impl House {
    /// Adds `[files]` to the settings, or changes it.
    pub fn keep_files_at(&self, port: u16, more: &str) {
        self.service.write("files-key", "not looked at\n");
        let settings = self.settings();
        let before = settings.split("\n[files]").next().unwrap();
        self.service.set_settings(&format!(
            "{before}\n[files]\nstore = \"s3://files/of/ours\"\nendpoint = \"http://127.0.0.1:{port}\"\naccess_key_id = \"me\"\n\
             secret_access_key_file = \"files-key\"\n{more}\n"
        ));
    }

    /// The settings as they were before [`House::keep_files_at`].
    pub fn keep_files_in_the_database(&self) {
        let settings = self.settings();
        self.service.set_settings(settings.split("\n[files]").next().unwrap());
    }
}

/// What the command says of where contents lie: in the database, and in the store.
pub fn places(house: &House) -> (u64, u64) {
    let said: Value = serde_json::from_str(&house.service.succeed(&["files", "places", "--json"])).unwrap();
    (said["database"]["contents"].as_u64().unwrap(), said["store"]["contents"].as_u64().unwrap())
}

pub fn documents() -> Mail {
    forward("482137 Unterlagen")
        .file("Lebenslauf.pdf", "%PDF-1.4 Quittengelee\n")
        .file("Zeugnis.pdf", "%PDF-1.4 Zeugnis\n")
}

/// A house whose new contents go into an object store behind a proxy.
pub fn house_with_store(change: impl FnOnce(Builder) -> Builder) -> (House, ObjectStore, Proxy) {
    let (house, store) = (change(builder()).build(), ObjectStore::start());
    let proxy = Proxy::to(store.port());
    house.keep_files_at(proxy.port(), "timeout = \"5s\"");
    (house, store, proxy)
}

fn from_the_inbox_to_the_store_and_out_again(on_postgres: bool) {
    let (house, store, _proxy) = house_with_store(|builder| builder.on_postgres(on_postgres));
    assert!(house.service.succeed(&["check"]).contains("ok    object store s3://files/of/ours"));
    assert_eq!(store.names(), Vec::<String>::new(), "nothing is left of the check");
    house.deliver(&documents());
    house.deliver(&forward("482138 dasselbe Zeugnis").file("Zeugnis.pdf", "%PDF-1.4 Zeugnis\n"));
    house.once();
    assert_eq!(house.count("Archive/Imported"), 2);
    assert_eq!((places(&house), store.names().len()), ((0, 2), 2), "each content once");
    assert!(store.names().iter().all(|name| name.starts_with("of/ours/sha256/")), "{:?}", store.names());
    assert_eq!((store.with("Quittengelee").len(), store.with("Zeugnis").len()), (1, 1));
    if !on_postgres {
        let database = std::fs::read(house.service.join("test.db")).unwrap();
        assert!(!database.windows(21).any(|part| part == b"%PDF-1.4 Quittengelee"), "it is in the database, too");
    }
    // What the mail brings now is the same.
    let mails = house.mails();
    house.service.succeed(&["reprocess", &mails[0]["id"].to_string()]);
    assert_eq!((places(&house), store.names().len()), ((0, 2), 2));
    let erased = house.service.succeed(&["erase", "--application", "482137", "--yes", "--json"]);
    let erased: Value = serde_json::from_str(&erased).unwrap();
    assert_eq!(erased["object_store"]["removed"], 1, "{erased:#}");
    assert_eq!(
        (store.with("Quittengelee").len(), store.with("Zeugnis").len()),
        (0, 1),
        "another mail has the other one"
    );
    house.service.succeed(&["erase", "--application", "482138", "--yes"]);
    assert_eq!((store.names().len(), places(&house)), (0, (0, 0)));
}

#[test]
fn from_the_inbox_to_the_store_and_out_again_on_sqlite() {
    from_the_inbox_to_the_store_and_out_again(false);
}

#[test]
fn from_the_inbox_to_the_store_and_out_again_on_postgres() {
    from_the_inbox_to_the_store_and_out_again(true);
}

#[test]
fn contents_are_moved_into_the_store_and_back_and_a_lost_one_is_named() {
    let (house, store) = (house(), ObjectStore::start());
    house.deliver(&documents());
    house.once();
    assert_eq!(places(&house), (2, 0));
    house.keep_files_at(store.port(), "");
    let said = house.service.succeed(&["files", "move"]);
    assert!(said.contains("2 contents moved to the object store"), "{said}");
    assert_eq!((places(&house), store.names().len()), ((0, 2), 2));
    let database = std::fs::read(house.service.join("test.db")).unwrap();
    assert!(!database.windows(21).any(|part| part == b"%PDF-1.4 Quittengelee"), "it is in the database, too");
    assert!(house.service.succeed(&["files", "move"]).starts_with("0 contents"), "there is nothing left to do");
    // Without the section it is said that one is missing.
    house.keep_files_in_the_database();
    let checked = house.service.command(&["check"]);
    assert!(checked.code == Some(1) && checked.stdout.contains("name it in [files]"), "{checked:#?}");
    house.keep_files_at(store.port(), "place = \"database\"");
    let lost = store.with("Zeugnis").remove(0);
    store.lose(&lost);
    let finished = house.service.command(&["files", "move"]);
    assert!(
        finished.code == Some(1) && finished.stderr.contains("is not in the object store any more"),
        "{finished:#?}"
    );
    assert_eq!((places(&house), store.names().len()), ((1, 1), 0));
    let database = std::fs::read(house.service.join("test.db")).unwrap();
    let log = std::fs::read(house.service.join("test.db-wal")).unwrap_or_default();
    assert!([database, log].concat().windows(21).any(|part| part == b"%PDF-1.4 Quittengelee"));
}
