//! A newer program brings the database up to date while this one, by then the older, still runs: it goes on, also with new
//! settings, and shares the mailboxes with newer ones. Started anew it is refused, and says what to do.

use crate::harness::postgres::query;
use crate::harness::process::Signal;
use crate::harness::service::Running;
use crate::harness::wait_for;
use crate::house::{House, SOON, builder};
use crate::mails::forward;
use diesel::connection::SimpleConnection;
use diesel::sql_types::BigInt;
use diesel::{Connection as _, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};
use std::sync::atomic::{AtomicBool, Ordering};

/// The version of a migration of the future.
const NEWER: &str = "29990101000000";

/// What a later version adds, in the one transaction that it takes.
const WIDENED: &str = "\
    alter table mails add column later_note text;
    alter table mails add column later_count integer not null default 3;
    alter table history_entries add column later_note text;
    alter table history_entries add column later_count integer not null default 3;
    alter table files add column later_note text;
    alter table files add column later_count integer not null default 3;
    alter table outbox add column later_note text;
    alter table outbox add column later_count integer not null default 3;
    alter table mailboxes add column later_note text;
    alter table mailboxes add column later_count integer not null default 3;
    create table later_things (
        mail_id bigint not null,
        constraint fk_later_things_mail foreign key (mail_id) references mails (id) on delete cascade
    );
    insert into later_things select id from mails;
    create index ix_mails_later on mails (later_count, id);
    insert into __diesel_schema_migrations (version) values ('29990101000000');
    commit";

const REFUSED: &str =
    "this program is older than the database: install the newer one (the database has 29990101000000,";

/// The migration of a newer program, which tries again where a table is in use.
fn widen(house: &House) {
    if house.postgres.is_none() {
        return house.execute(&format!("begin immediate; {WIDENED}"));
    }
    let mut connection = PgConnection::establish(&house.database_url()).unwrap();
    wait_for("the tables to be free", SOON, || {
        let done = connection.batch_execute(&format!("begin; set local lock_timeout = '1s'; {WIDENED}"));
        if done.is_err() {
            connection.batch_execute("rollback").unwrap();
        }
        done.ok()
    });
}

/// The number that one SQL statement gives: the program's own commands do not look into a newer database.
fn number(house: &House, sql: &str) -> i64 {
    #[derive(QueryableByName)]
    struct Number {
        #[diesel(sql_type = BigInt)]
        number: i64,
    }
    let sql = sql_query(format!("select cast(({sql}) as bigint) as number"));
    let row: Number = if house.postgres.is_some() {
        sql.get_result(&mut PgConnection::establish(&house.database_url()).unwrap()).unwrap()
    } else {
        let mut connection = SqliteConnection::establish(house.service.join("test.db").to_str().unwrap()).unwrap();
        connection.batch_execute("pragma busy_timeout = 10000").unwrap();
        sql.get_result(&mut connection).unwrap()
    };
    row.number
}

fn deliver(house: &House, user: &str, mails: usize) {
    for _ in 0..mails {
        house.dovecot.deliver(user, forward("482137 Unterlagen").pdf("Lebenslauf.pdf").bytes());
    }
}

fn filed(house: &House, user: &str) -> usize {
    house.dovecot.messages(user, "Archive/Imported").len()
}

fn wait_for_filed(house: &House, user: &str, mails: usize) {
    wait_for(&format!("{mails} mails of {user} to be filed"), SOON, || (filed(house, user) >= mails).then_some(()));
}

fn says(service: &Running, text: &str) {
    wait_for(text, SOON, || service.stderr().contains(text).then_some(()));
}

/// Ends it in good order; its log names no fault but connections that were cut, by a test or by a mail server.
fn end(mut service: Running) {
    service.terminate();
    let finished = service.wait(SOON).unwrap();
    assert_eq!(finished.code, Some(0), "{finished:#?}");
    let expected = [
        "has no `office`",
        "The service goes on with the newer database",
        "server closed the connection",
        "terminating connection",
    ];
    let is_fault = |line: &&str| {
        line.contains("ERROR") || line.contains("WARN") && !expected.iter().any(|text| line.contains(text))
    };
    assert_eq!(finished.stderr.lines().find(is_fault), None, "{}", finished.stderr);
}

/// Each mail has one record, one entry and one file, and lies in the archive.
fn each_was_imported_once(house: &House, users: &[&str], mails: usize) {
    let wanted = i64::try_from(mails).unwrap();
    for sql in [
        "select count(*) from mails",
        "select count(distinct identity) from mails where outcome = 'imported' and filed_at is not null",
        "select count(distinct mail_id) from history_entries",
        "select count(distinct mail_id) from files",
    ] {
        assert_eq!(number(house, sql), wanted, "{sql}");
    }
    assert_eq!(users.iter().map(|user| filed(house, user)).sum::<usize>(), mails);
    assert_eq!(users.iter().map(|user| house.dovecot.messages(user, "INBOX").len()).sum::<usize>(), 0);
}

/// Delivers mail from before this begins until after it has ended, and says how many.
fn meanwhile(house: &House, done: impl FnOnce()) -> usize {
    let (dovecot, is_done) = (&house.dovecot, AtomicBool::new(false));
    std::thread::scope(|scope| {
        let delivering = scope.spawn(|| {
            let mut mails = 0;
            let mut deliver = || {
                dovecot.deliver("import", forward("482137 Unterlagen").pdf("Lebenslauf.pdf").bytes());
                mails += 1;
            };
            while !is_done.load(Ordering::Relaxed) {
                deliver();
                let waiting = || dovecot.messages("import", "INBOX").len();
                wait_for("the mails before", SOON, || (waiting() < 10).then_some(()));
            }
            (0..20).for_each(|_| deliver());
            mails
        });
        done();
        is_done.store(true, Ordering::Relaxed);
        delivering.join().unwrap()
    })
}

/// Mail comes in before, while and after the database is widened; a mailbox comes along by a reload.
fn an_older_worker_goes_on(on_postgres: bool) {
    const MAILS: usize = 20;
    let house = builder().on_postgres(on_postgres).mailbox("poll_interval = \"1s\"").more_mailboxes(1).build();
    let all = house.settings();
    let (before, second) = all.rsplit_once("[[mailbox]]").unwrap();
    let (_, smtp) = second.split_once("\n[smtp]").unwrap();
    house.service.set_settings(&format!("{before}\n[smtp]{smtp}"));
    let service = house.service.run();
    let mut mails = meanwhile(&house, || {
        wait_for("mail to be recorded", SOON, || (number(&house, "select count(*) from mails") > 0).then_some(()));
        widen(&house);
    });
    wait_for_filed(&house, "import", mails);
    if on_postgres {
        // The connections that are made in their place see the newer database only.
        house.query(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity \
             where datname = current_database() and pid <> pg_backend_pid() and state = 'idle'",
        );
    }
    mails += MAILS;
    deliver(&house, "import", MAILS);
    wait_for_filed(&house, "import", mails);
    house.service.set_settings(&all);
    service.signal(Signal::Hup);
    says(&service, "The service goes on with the newer database until it is restarted");
    deliver(&house, "box-1", MAILS);
    wait_for_filed(&house, "box-1", MAILS);
    deliver(&house, "import", 1);
    wait_for_filed(&house, "import", mails + 1);
    mails += MAILS + 1;
    wait_for("the notifications to be sent", SOON, || {
        (number(&house, "select count(*) from outbox where state = 'pending'") == 0).then_some(())
    });
    end(service);
    each_was_imported_once(&house, &["import", "box-1"], mails);
    for user in ["karl", "vera"] {
        assert_eq!(house.notifications(user, mails).len(), mails, "{user}");
    }
    let all = i64::try_from(mails).unwrap();
    assert_eq!(number(&house, "select count(*) from outbox where state = 'sent'"), 2 * all);
    assert_eq!(number(&house, "select count(*) from mails where later_count = 3 and later_note is null"), all);
    let when_it_was_widened = number(&house, "select count(*) from later_things");
    assert!((1..all).contains(&when_it_was_widened), "{when_it_was_widened} of {all}");
}

#[test]
fn an_older_worker_goes_on_with_a_newer_database_and_new_settings_on_sqlite() {
    an_older_worker_goes_on(false);
}

#[test]
fn an_older_worker_goes_on_with_a_newer_database_and_new_settings_on_postgres() {
    an_older_worker_goes_on(true);
}

#[test]
fn a_program_that_is_older_than_the_database_does_not_start_and_says_what_to_do() {
    for on_postgres in [false, true] {
        let house = builder().on_postgres(on_postgres).build();
        widen(&house);
        house.deliver(&forward("482137 Unterlagen"));
        for (command, code) in
            [(&["run"][..], 78), (&["run", "--no-migrate"], 78), (&["once"], 1), (&["migrate"], 1), (&["status"], 1)]
        {
            let finished = house.service.command(command);
            assert_eq!(finished.code, Some(code), "{command:?}: {finished:#?}");
            assert!(finished.stderr.contains(REFUSED), "{command:?}: {finished:#?}");
        }
        let check = house.service.command(&["check"]);
        assert!(check.stdout.contains("install the newer program"), "{check:#?}");
        assert_eq!((number(&house, "select count(*) from mails"), house.count("INBOX")), (0, 1));
    }
}

/// The service never worked there: settings that name a newer database are refused, and the old ones stay.
#[test]
fn new_settings_that_name_a_newer_database_leave_the_service_where_it_is() {
    let house = builder().on_postgres(true).build();
    let good = house.settings();
    let url = house.database_url();
    let newer = house.postgres.as_ref().unwrap().fresh_database_url();
    house.service.set_settings(&good.replace(&url, &newer));
    house.service.succeed(&["migrate"]);
    query(&newer, &format!("insert into __diesel_schema_migrations (version) values ('{NEWER}')"));
    house.service.set_settings(&good);
    let mut service = house.service.run();
    says(&service, "The service runs");
    house.service.set_settings(&good.replace(&url, &newer));
    service.signal(Signal::Hup);
    says(&service, "The service cannot begin with the new settings, and goes on with the old ones");
    assert!(service.stderr().contains(REFUSED), "{service:?}");
    house.service.set_settings(&good);
    house.deliver(&forward("482137 Unterlagen"));
    wait_for_filed(&house, "import", 1);
    service.terminate();
    assert_eq!(service.wait(SOON).unwrap().code, Some(0));
}

/// How many mailboxes each worker has.
fn shares(house: &House) -> Vec<String> {
    let sql = "select count(*) from mailbox_leases where worker is not null group by worker order by 1";
    house.query(sql).split_whitespace().map(str::to_owned).collect()
}

fn wait_for_shares(house: &House, wanted: &[&str]) {
    wait_for(&format!("shares of {wanted:?} mailboxes"), SOON, || (shares(house) == wanted).then_some(()));
}

/// A worker of the newer program: to the one that stands in for it the migration is hidden until it has begun.
fn newer_worker(house: &House) -> Running {
    house.execute(&format!("delete from __diesel_schema_migrations where version = '{NEWER}'"));
    let worker = house.service.run();
    says(&worker, "The service runs");
    house.execute(&format!("insert into __diesel_schema_migrations (version) values ('{NEWER}')"));
    worker
}

#[test]
fn an_older_worker_and_a_newer_one_share_the_mailboxes_and_take_them_over_from_each_other() {
    const USERS: [&str; 4] = ["import", "box-1", "box-2", "box-3"];
    const MAILS: usize = 10;
    let house = builder().on_postgres(true).without_smtp().lease("1h").more_mailboxes(3).build();
    let (mut rounds, deliver_to_all) = (0, || USERS.iter().for_each(|user| deliver(&house, user, MAILS)));
    let mut all_come_in = |shared: &[&str]| {
        rounds += 1;
        wait_for_shares(&house, shared);
        for user in USERS {
            wait_for_filed(&house, user, rounds * MAILS);
        }
    };
    let older = house.service.run();
    wait_for_shares(&house, &["4"]);
    deliver_to_all();
    widen(&house);
    let newer = newer_worker(&house);
    all_come_in(&["2", "2"]);
    // To the older one.
    deliver_to_all();
    end(newer);
    all_come_in(&["4"]);
    let newer = newer_worker(&house);
    wait_for_shares(&house, &["2", "2"]);
    // And from it.
    deliver_to_all();
    end(older);
    all_come_in(&["4"]);
    end(newer);
    each_was_imported_once(&house, &USERS, 3 * MAILS * USERS.len());
}
