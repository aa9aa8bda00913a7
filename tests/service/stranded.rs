//! Mail that somebody opened before it was recorded, while the service runs.

use crate::harness::wait_for;
use crate::house::{SOON, builder};
use crate::mails::forward;
use serde_json::{Value, json};

#[test]
fn while_the_service_runs_it_gets_the_mail_that_somebody_opened_and_imports_each_once_on_both_databases() {
    for on_postgres in [false, true] {
        let house = builder().on_postgres(on_postgres).without_smtp().mailbox("poll_interval = \"1s\"").build();
        for _ in 0..3 {
            house.deliver(&forward("482137 Unterlagen").pdf("Lebenslauf.pdf"));
        }
        house.deliver(&forward("482999 Unterlagen"));
        house.dovecot.doveadm(&["flags", "add", "-u", "import", "\\Seen", "mailbox", "INBOX", "all"]);
        let mut service = house.service.run();
        wait_for("the mail to be counted", SOON, || (house.status()["mailboxes"][0]["stranded"] == 4).then_some(()));
        let said = if on_postgres {
            let said = house.service.succeed(&["reprocess", "--stranded", "--json"]);
            let said: Value = serde_json::from_str(&said).unwrap();
            assert_eq!(said, json!({"mailbox": "import@example.test", "result": "handed_over", "mails": 4}));
            house.service.succeed(&["reprocess", "--stranded", "--json"])
        } else {
            let said = house.service.succeed(&["reprocess", "--stranded", "--mailbox", "import@example.test"]);
            assert!(said.starts_with("import@example.test: 4 mails handed to the running service"), "{said}");
            house.service.succeed(&["reprocess", "--stranded"]).replace("import@example.test: no stranded mail\n", "")
        };
        assert_eq!(said, "", "asked again there is nothing left to hand over");
        wait_for("the mail to be filed", SOON, || {
            (["INBOX", "Archive/Imported", "Archive/Unassigned"].map(|folder| house.count(folder)) == [0, 3, 1])
                .then_some(())
        });
        service.terminate();
        assert_eq!(service.wait(SOON).unwrap().code, Some(0));
        house.once();
        let outcomes = &house.status()["outcomes"];
        assert_eq!((&outcomes["imported"], &outcomes["unassigned"], house.mails().len()), (&json!(3), &json!(1), 4));
        assert_eq!(house.status()["mailboxes"][0]["stranded"], 0);
    }
}
