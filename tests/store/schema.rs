//! The database itself refuses what must not be, whoever writes it.

use crate::world::World;

on_both! {
    fn a_state_that_does_not_fit_its_times_is_refused(world) {
        world.recorded(&world.imported(1, "first", "2024-00123"));
        for sql in [
            "update outbox set state = 'sent'",
            "update outbox set sent_at = created_at",
            "update outbox set state = 'failed'",
            "update outbox set state = 'lost'",
            "update outbox set state = 'sent', sent_at = created_at, claimed_until = created_at",
            "update outbox set occasion = 'birthday'",
            "update outbox set occasion = 'waiting_digest'",
            "update outbox set mail_id = null",
            "update outbox set bundle = id",
            "update outbox set held = true, hour_ends = created_at",
            "update mails set outcome = 'unassigned'",
            "update mails set why = 'no_number'",
            "update mails set outcome = 'lost'",
            "update mails set repeat_of = id",
            "update mails set adds_to = (select min(id) from history_entries)",
            "update reply_keys set position = -1",
            "update mails set uid = null",
            "update mails set folder = null",
            "update mails set discarded_at = received_at",
            "update mails set discarded_by = (select min(id) from users)",
            "update mails set decided_by = 'chance'",
            "update mails set refile_since = received_at",
            "update users set role = 'king'",
            "update users set language = 'tlh'",
            "update applications set state = 'lost'",
            "update files set kind = 'letter'",
            "update files set danger = 'sharp'",
            "update files set withheld = 'infected'",
            "update files set sha256 = null",
            "update files set virus = 'found'",
            "update files set withheld_sha256 = sha256",
            "update files set withheld_size = 1",
            "update files set sha256 = null, withheld = 'disliked', withheld_sha256 = '', withheld_size = 1",
            "update files set sha256 = null, withheld = 'infected', withheld_sha256 = '', withheld_size = 1",
            "update files set sha256 = null, withheld = 'too_large_to_scan', withheld_sha256 = '', withheld_size = -1",
            "update blobs set size = size + 1",
            "update history_entries set sender = 'maybe'",
            "insert into audit (at, what, actor) select created_at, 'mail_viewed', 'ruth' from mailboxes",
            "insert into holds (tenant_id, application_id, since, file_number) select tenant_id, id, created_at, '' from applications",
            "insert into mailbox_leases (mailbox_id, token) select id, -1 from mailboxes",
            "insert into mailbox_leases (mailbox_id, token, worker) select id, 1, 'nobody knows since when' from mailboxes",
            "insert into mailbox_workers (mailbox_id, worker, expires_at) select id, '', created_at from mailboxes",
            "update users set began_after = -1",
            "update application_news set last_entry_id = -1",
            "update files set corrected_by = (select min(id) from users)",
            "insert into seen_entries (tenant_id, user_id, application_id, entry_id, seen_at) \
             select r.tenant_id, r.user_id, r.application_id, 0, a.created_at \
             from responsibilities r join applications a on a.id = r.application_id",
            "insert into removals (mailbox_id, mail_id, folder, uid, is_filed, size, received_at, processed_at, digest, since, attempts, next_at) \
             select id, 1, 'INBOX', 5, 1 = 0, 1, created_at, created_at, '', created_at, 0, created_at from mailboxes",
            "insert into removals (mailbox_id, mail_id, folder, is_filed, size, received_at, processed_at, digest, since, attempts, next_at) \
             select id, 1, 'INBOX', 1 = 0, 1, created_at, created_at, '', created_at, -1, created_at from mailboxes",
        ] {
            let error = world.sql(sql).expect_err(sql);
            assert!(error.to_lowercase().contains("check constraint"), "{sql}: {error}");
        }
    }

    fn rows_that_others_need_cannot_be_removed(world) {
        let recorded = world.recorded(&world.imported(1, "first", "2024-00123"));
        let decision = reply_import::decision::Decision::SkipRepeat { earlier: recorded.mail };
        world.recorded(&world.record(2, crate::world::mail("first"), decision));
        for sql in [
            "delete from tenants",
            "delete from mailboxes",
            "delete from applications where number = '2024-00123'",
            "delete from candidates where external_id = 'K1'",
            "delete from blobs",
            "delete from mails where repeat_of is null",
        ] {
            let error = world.sql(sql).expect_err(sql);
            assert!(error.to_lowercase().contains("foreign key"), "{sql}: {error}");
        }
    }

    fn a_mail_takes_what_belongs_to_it_along(world) {
        world.recorded(&world.imported(1, "first", "2024-00123"));
        world.sql("delete from mails").unwrap();
        for table in ["mail_contents", "files", "pictures", "history_entries", "outbox"] {
            assert_eq!(world.rows(table), 0, "{table}");
        }
        assert_eq!(world.rows("blobs"), 2, "contents may be another mail's too");
    }

    fn the_audit_can_only_grow(world) {
        world.recorded(&world.imported(1, "first", "2024-00123"));
        let rows = world.rows("audit");
        assert!(rows > 0);
        for sql in ["update audit set what = 'nothing'", "delete from audit"] {
            let error = world.sql(sql).expect_err(sql);
            assert!(error.contains("append-only"), "{sql}: {error}");
        }
        assert_eq!(world.rows("audit"), rows);
    }

    fn a_user_who_is_removed_leaves_their_entries(world) {
        world.recorded(&world.imported(1, "first", "2024-00123"));
        world.sql("delete from users where address = 'ruth@alpha.example' and name = 'Ruth Muster'").unwrap();
        assert_eq!(world.number("select count(*) from history_entries where forwarder_id is null"), 1);
        assert_eq!(world.number("select count(*) from mails where forwarder_id is null"), 1);
    }

    fn one_address_cannot_be_two_users_of_a_tenant(world) {
        let sql = format!(
            "insert into user_addresses (tenant_id, address, user_id, position) \
             select {}, 'ruth@alpha.example', id, 9 from users where address = 'karl@alpha.example'",
            world.alpha
        );
        assert!(world.sql(&sql).unwrap_err().to_lowercase().contains("unique"));
    }

    fn an_application_cannot_have_another_tenants_candidate_or_user(world) {
        for sql in [
            "update applications set candidate_id = \
             (select min(id) from candidates where tenant_id <> applications.tenant_id)",
            "update responsibilities set user_id = \
             (select min(id) from users where tenant_id <> responsibilities.tenant_id) \
             where user_id = (select min(user_id) from responsibilities)",
        ] {
            assert!(world.sql(sql).unwrap_err().to_lowercase().contains("foreign key"), "{sql}");
        }
    }
}

#[test]
fn the_audit_cannot_be_truncated() {
    let world = World::on_postgres();
    assert!(world.sql("truncate audit").unwrap_err().contains("append-only"));
}
