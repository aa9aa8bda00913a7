//! Killed at every place where something is half done, and started again: the end is the same.

use crate::fifty::{MAX_SIZE, assert_all_is_done, fifty_mails};
use crate::house::{House, SOON, builder};

/// Kills the service when it reaches a place for the first time, in the middle and for the last time, over fifty mails each.
fn killed_at(point: &str, hits: [usize; 3], house: &House) {
    for (round, hit) in hits.into_iter().enumerate() {
        if round > 0 {
            house.start_over();
        }
        for mail in fifty_mails() {
            house.deliver(&mail);
        }
        let when = format!("{point}={}*off->return", hit - 1);
        let finished = house.service.start_with(&["once"], &[("FAILPOINTS", &when)]).wait(SOON).unwrap();
        assert_eq!(finished.code, None, "{when}: it was not killed: {finished:#?}");
        // What the dead process had claimed comes back after a time, which is over now.
        house.execute("UPDATE outbox SET claimed_until = NULL WHERE state = 'pending'; DELETE FROM mailbox_leases");
        house.once();
        assert_all_is_done(house, &when);
    }
}

macro_rules! killed {
    ($($name:ident: $point:literal at $hits:expr, $way:ident;)+) => {$(
        mod $name {
            use super::*;

            #[test]
            fn on_sqlite() {
                killed_at($point, $hits, &$way(false));
            }

            #[test]
            fn on_postgres() {
                killed_at($point, $hits, &$way(true));
            }
        }
    )+};
}

// Five batches; in three of them all outcomes but one, so that 14 sets are filed.
killed! {
    with_a_batch_fetched: "fetched" at [1, 3, 5], moving;
    while_a_mail_is_understood: "understanding" at [1, 25, 50], moving;
    with_the_transaction_open: "before_commit" at [1, 3, 5], moving;
    with_a_batch_recorded: "recorded" at [1, 3, 5], moving;
    with_mails_moved: "filed_away" at [1, 7, 14], moving;
    with_mails_copied: "copied" at [1, 7, 14], copying;
    with_copied_mails_marked: "marked" at [1, 7, 14], copying;
    with_a_notification_sent: "sent" at [1, 30, 64], moving;
}

fn moving(on_postgres: bool) -> House {
    builder().mailbox(MAX_SIZE).on_postgres(on_postgres).build()
}

/// The server has no MOVE, so that mails are copied, marked as deleted and expunged.
fn copying(on_postgres: bool) -> House {
    builder().mailbox(MAX_SIZE).dovecot(|dovecot| dovecot.without("MOVE")).on_postgres(on_postgres).build()
}
