//! The tables of the mailboxes and of the work at them, as Diesel sees them; the reason of every column stands in
//! `migrations/`.

diesel::table! {
    mailboxes (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        address -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    mailbox_rounds (mailbox_id) {
        mailbox_id -> BigInt,
        finished_at -> Timestamp,
        last_good_at -> Nullable<Timestamp>,
        state -> Text,
        error -> Nullable<Text>,
        waiting -> BigInt,
        stranded -> BigInt,
        login_ends_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    mailbox_leases (mailbox_id) {
        mailbox_id -> BigInt,
        token -> BigInt,
        worker -> Nullable<Text>,
        taken_at -> Nullable<Timestamp>,
        renewed_at -> Nullable<Timestamp>,
        expires_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    mail_attempts (mailbox_id, uid_validity, uid) {
        mailbox_id -> BigInt,
        uid_validity -> BigInt,
        uid -> BigInt,
        attempts -> Integer,
        first_at -> Timestamp,
        last_at -> Timestamp,
        size -> Nullable<BigInt>,
        unfetched -> Integer,
        withheld -> Integer,
    }
}
