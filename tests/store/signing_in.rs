//! Links to sign in and sessions: how long they last, how often, and what ends them.

use crate::world::{World, address, later, shapes, start};
use reply_import::application::{Language, Role};
use reply_import::store::directory::read_json_lines;
use reply_import::store::{AuditFilter, SecretToken, SignInLink, Store};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

on_both! {
    fn a_link_is_made_for_each_active_user_of_the_address_and_for_nobody_else(world) {
        let links = made(world, "ruth@alpha.example", 0);
        let whose: Vec<(&str, &str)> = links.iter().map(|link| (link.user.tenant_name.as_str(), link.user.name.as_str())).collect();
        assert_eq!(whose, [("alpha", "Ruth Muster"), ("beta", "Ruth Fremd")]);
        assert_ne!(links[0].token, links[1].token);
        let [by_another] = made(world, "r.m@alpha.example", 0).try_into().unwrap();
        assert_eq!(by_another.user.address.as_str(), "ruth@alpha.example", "mail goes to the first address");
        assert_eq!(by_another.user.language, Language::De);
        for nobody in ["gone@alpha.example", "erika@example.org", "nobody@alpha.example"] {
            assert!(made(world, nobody, 0).is_empty(), "{nobody}");
        }
        assert_eq!(world.rows("sign_in_links"), 3);
    }

    fn a_link_signs_in_once(world) {
        let link = one(world, "karl@alpha.example", "/entries/7?q=Erika", 0);
        for _ in 0..2 {
            assert!(world.store.sign_in_link_is_good(&link.token, later(1)).unwrap(), "looking uses nothing up");
        }
        let signed_in = world.store.use_sign_in_link(&link.token, later(2)).unwrap().unwrap();
        assert_eq!(signed_in.next_path, "/entries/7?q=Erika");
        assert!(world.store.use_sign_in_link(&link.token, later(3)).unwrap().is_none());
        assert!(!world.store.sign_in_link_is_good(&link.token, later(3)).unwrap());
        let session = world.store.session(&signed_in.session, later(3)).unwrap().unwrap();
        assert_eq!((session.name.as_str(), session.tenant.as_str(), session.language), ("Karl Probe", "alpha", Language::En));
        assert_eq!((session.viewer.tenant, session.viewer.role), (world.alpha, Role::FachbereichPlus));
        assert_eq!((session.viewer.user, session.is_to_be_renewed), (link.user.user, false));
        let deed = world.store.audit(&AuditFilter::default()).unwrap().pop().unwrap();
        assert_eq!((deed.what.as_str(), deed.who.as_str(), deed.user), ("signed_in", "web", Some(link.user.user)));
        assert_eq!((deed.tenant, deed.detail), (Some(world.alpha), None));
    }

    fn of_two_that_use_a_link_at_once_one_is_signed_in(world) {
        for round in 0..3 {
            let link = one(world, "karl@alpha.example", "/", round);
            let used = |store: &Store| store.use_sign_in_link(&link.token, later(round + 1)).unwrap().is_some();
            let both = std::thread::scope(|scope| {
                let threads = [(); 4].map(|()| scope.spawn(|| used(&world.store.clone())));
                threads.into_iter().map(|thread| usize::from(thread.join().unwrap())).sum::<usize>()
            });
            assert_eq!((both, world.rows("sessions")), (1, round + 1));
        }
    }

    fn a_link_is_good_for_a_quarter_of_an_hour(world) {
        let (early, late) = (one(world, "karl@alpha.example", "/", 0), one(world, "karl@alpha.example", "/", 0));
        assert!(world.store.use_sign_in_link(&early.token, later(899)).unwrap().is_some());
        assert!(!world.store.sign_in_link_is_good(&late.token, later(900)).unwrap());
        assert!(world.store.use_sign_in_link(&late.token, later(900)).unwrap().is_none());
    }

    fn what_somebody_searched_for_goes_with_what_is_erased(world) {
        let link = one(world, "karl@alpha.example", "/applications?q=Erika", 0);
        assert!(world.store.leave_no_traces().unwrap());
        assert_eq!(world.number("select count(*) from sign_in_links where next_path like '%Erika%'"), 0);
        assert_eq!(world.store.use_sign_in_link(&link.token, later(1)).unwrap().unwrap().next_path, "/");
    }

    fn what_is_good_for_nothing_any_more_is_swept(world) {
        let early = signed_in(world, "karl@alpha.example", 0);
        one(world, "karl@alpha.example", "/", 1);
        let late = signed_in(world, "karl@alpha.example", 3000);
        world.store.sweep_sign_ins(later(3599)).unwrap();
        assert_eq!((world.rows("sign_in_links"), world.rows("sessions")), (1, 2));
        world.store.sweep_sign_ins(later(12 * 3600)).unwrap();
        assert_eq!((world.rows("sign_in_links"), world.rows("sessions")), (0, 1), "a link counts for an hour");
        assert!(world.store.session(&late, later(12 * 3600)).unwrap().is_some());
        assert!(world.store.session(&early, later(12 * 3600)).unwrap().is_none());
    }

    fn the_database_has_no_secret(world) {
        let link = one(world, "karl@alpha.example", "/", 0);
        let of_link = format!("select count(*) from sign_in_links where token_hash = '{}'", link.token.expose());
        assert_eq!(world.number(&of_link), 0);
        let session = signed_in(world, "karl@alpha.example", 1);
        let of_session = format!("select count(*) from sessions where token_hash = '{}'", session.expose());
        assert_eq!((world.number(&of_session), world.rows("sessions")), (0, 1));
    }

    fn a_user_is_sent_five_links_an_hour(world) {
        for second in 0..5 {
            assert_eq!(made(world, "karl@alpha.example", second).len(), 1, "{second}");
        }
        assert!(made(world, "karl@alpha.example", 5).is_empty());
        assert_eq!(made(world, "r.m@alpha.example", 5).len(), 1, "others are sent theirs");
        assert_eq!(made(world, "karl@alpha.example", HOUR).len(), 1, "the first one counts no longer");
        assert!(made(world, "karl@alpha.example", HOUR).is_empty());
        assert_eq!(made(world, "karl@alpha.example", 2 * HOUR + 1).len(), 1);
        assert_eq!(world.rows("sign_in_links"), 1, "what counts no longer is removed");
    }

    fn those_who_ask_at_once_get_no_more(world) {
        let made: usize = std::thread::scope(|scope| {
            let threads = [(); 8].map(|()| scope.spawn(|| made(world, "karl@alpha.example", 0).len()));
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(made, 5);
    }

    fn all_together_are_sent_sixty_a_minute(world) {
        let user = world.ruth();
        for number in 0..59 {
            world.sql(&format!(
                "insert into sign_in_links (tenant_id, user_id, token_hash, next_path, created_at, expires_at) \
                 select {}, min(users.id), '{number:064}', '/', '2024-05-01 10:00:00', '2024-05-01 10:15:00' from users where id <> {user} and tenant_id = {}",
                world.alpha, world.alpha
            )).unwrap();
        }
        assert_eq!(made(world, "r.m@alpha.example", 1).len(), 1);
        assert!(made(world, "r.m@alpha.example", 2).is_empty());
        assert_eq!(made(world, "r.m@alpha.example", 62).len(), 1);
    }

    fn a_session_ends_half_a_day_after_its_last_use(world) {
        let token = signed_in(world, "karl@alpha.example", 0);
        let found = |at| world.store.session(&token, later(at)).unwrap();
        assert!(found(12 * HOUR - 1).is_some_and(|session| session.is_to_be_renewed));
        assert!(found(12 * HOUR).is_none());
        assert!(!found(299).unwrap().is_to_be_renewed);
        assert!(found(300).unwrap().is_to_be_renewed);
        world.store.renew_session(&token, later(10 * HOUR)).unwrap();
        assert!(!found(10 * HOUR + 1).unwrap().is_to_be_renewed);
        assert!(found(22 * HOUR - 1).is_some() && found(22 * HOUR).is_none());
        world.store.renew_session(&token, later(22 * HOUR)).unwrap();
        assert!(found(22 * HOUR).is_none(), "what has ended is not renewed");
        world.store.renew_session(&token, later(5 * HOUR)).unwrap();
        assert!(found(22 * HOUR - 1).is_some(), "a use that comes late takes nothing back");
    }

    fn a_session_ends_after_a_week_however_much_it_is_used(world) {
        let token = signed_in(world, "karl@alpha.example", 0);
        for hours in (6..7 * 24).step_by(6) {
            world.store.renew_session(&token, later(hours * HOUR)).unwrap();
        }
        assert!(world.store.session(&token, later(7 * DAY - 1)).unwrap().is_some());
        assert!(world.store.session(&token, later(7 * DAY)).unwrap().is_none());
    }

    fn who_is_deactivated_is_signed_out_and_a_new_role_counts_at_once(world) {
        let token = signed_in(world, "karl@alpha.example", 0);
        let open_link = one(world, "karl@alpha.example", "/", 1);
        let fed = |role: &str, active: bool| {
            let line = format!(
                r#"{{"kind": "user", "tenant": "alpha", "address": "karl@alpha.example", "addresses": [], "name": "Karl Neu", "role": "{role}", "language": "de", "active": {active}}}"#
            );
            let lines = read_json_lines(line.as_bytes()).unwrap();
            world.store.import_directory(&lines, &shapes(), later(10)).unwrap();
        };
        fed("administrator", true);
        let session = world.store.session(&token, later(11)).unwrap().unwrap();
        assert_eq!((session.viewer.role, session.name.as_str()), (Role::Administrator, "Karl Neu"));
        fed("administrator", false);
        assert!(world.store.session(&token, later(12)).unwrap().is_none());
        assert!(world.store.vouched_for(&address("karl@alpha.example")).unwrap().is_empty());
        assert!(!world.store.sign_in_link_is_good(&open_link.token, later(12)).unwrap());
        assert!(world.store.use_sign_in_link(&open_link.token, later(12)).unwrap().is_none());
    }

    fn a_session_is_ended_alone_or_with_all_others_of_the_user(world) {
        let [first, second, third] = [0, 1, 2].map(|at| signed_in(world, "karl@alpha.example", at));
        let others = signed_in(world, "r.m@alpha.example", 0);
        let link = one(world, "karl@alpha.example", "/", 3);
        let is_open = |token: &SecretToken| world.store.session(token, later(20)).unwrap().is_some();
        assert!(world.store.end_session(&first).unwrap());
        assert!(!world.store.end_session(&first).unwrap());
        assert_eq!([&first, &second, &third].map(is_open), [false, true, true]);
        let viewer = world.store.session(&second, later(20)).unwrap().unwrap().viewer;
        assert_eq!(world.store.end_sessions_of(viewer, later(20)).unwrap(), 2);
        assert_eq!([&second, &third, &others].map(is_open), [false, false, true]);
        assert!(world.store.use_sign_in_link(&link.token, later(21)).unwrap().is_none());
        let deed = world.store.audit(&AuditFilter::default()).unwrap().pop().unwrap();
        assert_eq!((deed.what.as_str(), deed.who.as_str()), ("signed_out_everywhere", "web"));
        assert_eq!((deed.user, deed.detail.as_deref()), (Some(viewer.user), Some("2 sessions")));
    }

    fn sessions_that_have_ended_are_removed_when_somebody_signs_in(world) {
        signed_in(world, "karl@alpha.example", 0);
        signed_in(world, "r.m@alpha.example", 13 * HOUR);
        assert_eq!(world.rows("sessions"), 1);
    }

    fn a_user_who_is_removed_takes_sessions_and_links_along(world) {
        signed_in(world, "karl@alpha.example", 0);
        one(world, "karl@alpha.example", "/", 1);
        world.sql("delete from responsibilities").unwrap();
        world.sql("delete from users where address = 'karl@alpha.example'").unwrap();
        assert_eq!((world.rows("sessions"), world.rows("sign_in_links")), (0, 0));
    }

    fn who_is_vouched_for_is_one_user_of_each_tenant(world) {
        let vouched = world.store.vouched_for(&address("ruth@alpha.example")).unwrap();
        let whose: Vec<(&str, Role)> = vouched.iter().map(|session| (session.tenant.as_str(), session.viewer.role)).collect();
        assert_eq!(whose, [("alpha", Role::Personalmanager), ("beta", Role::Administrator)]);
        assert!(vouched.iter().all(|session| !session.is_to_be_renewed));
        assert_eq!(world.store.vouched_for(&address("r.m@alpha.example")).unwrap().len(), 1);
        assert!(world.store.vouched_for(&address("gone@alpha.example")).unwrap().is_empty());
    }

    fn what_makes_no_sense_is_refused_by_the_database(world) {
        signed_in(world, "karl@alpha.example", 0);
        one(world, "karl@alpha.example", "/", 1);
        for sql in [
            "update sessions set expires_at = last_seen_at",
            "update sessions set last_seen_at = '2023-01-01 00:00:00'",
            "update sessions set token_hash = 'short'",
            "update sign_in_links set expires_at = '2023-01-01 00:00:00'",
            "update sign_in_links set next_path = '//evil.example'",
            "update sign_in_links set next_path = 'https://evil.example'",
            "update sign_in_links set token_hash = 'short'",
        ] {
            let error = world.sql(sql).expect_err(sql);
            assert!(error.to_lowercase().contains("check constraint"), "{sql}: {error}");
        }
        let foreign = format!("update sessions set tenant_id = {}", world.beta);
        assert!(world.sql(&foreign).unwrap_err().to_lowercase().contains("foreign key"));
    }
}

fn made(world: &World, whose: &str, second: i64) -> Vec<SignInLink> {
    world.store.make_sign_in_links(&address(whose), "/", later(second)).unwrap()
}

fn one(world: &World, whose: &str, next: &str, second: i64) -> SignInLink {
    let links = world.store.make_sign_in_links(&address(whose), next, later(second)).unwrap();
    let [link] = links.try_into().unwrap();
    link
}

fn signed_in(world: &World, whose: &str, second: i64) -> SecretToken {
    let link = one(world, whose, "/", second);
    world.store.use_sign_in_link(&link.token, start() + chrono::TimeDelta::seconds(second)).unwrap().unwrap().session
}
