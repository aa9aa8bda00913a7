//! The copy of an SQLite database while the service works.

use crate::harness::wait_for;
use crate::house::{SOON, builder, house};
use crate::mails::forward;
use std::os::unix::fs::PermissionsExt;

#[test]
fn the_copy_made_beside_a_running_service_is_whole_private_and_never_replaces_a_file() {
    let house = house();
    let mut running = house.service.run();
    house.deliver(&forward("482137 Unterlagen").pdf("Lebenslauf.pdf"));
    wait_for("the record", SOON, || (house.mails().len() == 1).then_some(()));
    let copy = house.service.join("copy.db");
    let said = house.service.succeed(&["backup", copy.to_str().unwrap()]);
    assert!(said.contains("copy.db: ") && said.contains("checked"), "{said}");
    assert_eq!(copy.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let recorded = house.mails();
    running.terminate();
    assert_eq!(running.wait(SOON).unwrap().code, Some(0));
    let again = house.service.command(&["backup", copy.to_str().unwrap()]);
    assert_eq!(again.code, Some(1), "{again:#?}");
    assert!(again.stderr.contains("there is a file already"), "{again:#?}");
    assert!(!house.service.join("copy.db.part").exists());
    house.service.write("other.db.part", "somebody's");
    let other = house.service.command(&["backup", house.service.join("other.db").to_str().unwrap()]);
    assert!(other.code == Some(1) && other.stderr.contains("other.db.part"), "{other:#?}");
    assert_eq!(std::fs::read(house.service.join("other.db.part")).unwrap(), b"somebody's");
    house.service.set_settings(&house.settings().replace("sqlite:test.db", "sqlite:copy.db"));
    assert_eq!(house.mails(), recorded, "what is in the copy");
    house.deliver(&forward("482138 Zeugnis"));
    house.once();
    assert_eq!(house.mails().len(), 2, "the service works on with the copy");
}

#[test]
fn of_postgresql_is_said_what_copies_it() {
    let house = builder().on_postgres(true).build();
    let refused = house.service.command(&["backup", "copy.db"]);
    assert_ne!(refused.code, Some(0));
    assert!(refused.stderr.contains("pg_dump"), "{refused:#?}");
    assert!(!house.service.join("copy.db").exists());
}
