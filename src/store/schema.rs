//! The tables as Diesel sees them; the reason of every column stands in `migrations/`.

pub(super) use super::content_schema::{blobs, object_store, objects};
pub(super) use super::directory_schema::{
    applications, candidate_addresses, candidates, responsibilities, user_addresses, users,
};
pub(super) use super::mailbox_schema::{mail_attempts, mailbox_leases, mailbox_rounds, mailboxes};
pub(super) use super::program_schema::{api_tokens, webhook_deliveries};
pub(super) use super::sign_in_schema::{sessions, sign_in_links};

diesel::table! {
    tenants (id) {
        id -> BigInt,
        name -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    application_news (application_id) {
        application_id -> BigInt,
        tenant_id -> BigInt,
        last_entry_id -> BigInt,
    }
}

diesel::table! {
    seen_entries (user_id, application_id) {
        tenant_id -> BigInt,
        user_id -> BigInt,
        application_id -> BigInt,
        entry_id -> BigInt,
        seen_at -> Timestamp,
    }
}

diesel::table! {
    holds (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        application_id -> BigInt,
        since -> Timestamp,
        file_number -> Nullable<Text>,
    }
}

diesel::table! {
    mails (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        mailbox_id -> BigInt,
        message_id -> Nullable<Text>,
        digest -> Text,
        identity -> Text,
        repeat_of -> Nullable<BigInt>,
        folder -> Nullable<Text>,
        uid_validity -> Nullable<BigInt>,
        uid -> Nullable<BigInt>,
        size -> BigInt,
        received_at -> Timestamp,
        recorded_at -> Timestamp,
        processed_at -> Timestamp,
        filed_at -> Nullable<Timestamp>,
        outcome -> Text,
        why -> Nullable<Text>,
        claimed_number -> Nullable<Text>,
        forwarder_id -> Nullable<BigInt>,
        attempts -> Integer,
        took_ms -> BigInt,
        checks -> Text,
        adds_to -> Nullable<BigInt>,
        decided_by -> Text,
        refile_since -> Nullable<Timestamp>,
        discarded_at -> Nullable<Timestamp>,
        discarded_by -> Nullable<BigInt>,
        outcome_since -> Nullable<Timestamp>,
    }
}

diesel::table! {
    mail_contents (mail_id) {
        mail_id -> BigInt,
        subject -> Text,
        subject_rest -> Text,
        forwarder_name -> Nullable<Text>,
        forwarder_address -> Nullable<Text>,
        sent_at -> Nullable<Timestamp>,
        original_from_name -> Nullable<Text>,
        original_from_address -> Nullable<Text>,
        original_date -> Nullable<Timestamp>,
        original_subject -> Nullable<Text>,
        original_message_id -> Nullable<Text>,
        note -> Text,
        text -> Text,
        html -> Nullable<Text>,
        ignored_parts -> Text,
    }
}

diesel::table! {
    files (id) {
        id -> BigInt,
        mail_id -> BigInt,
        position -> Integer,
        name -> Text,
        kind -> Text,
        kind_rule -> Text,
        mime -> Text,
        sha256 -> Nullable<Text>,
        danger -> Nullable<Text>,
        damaged -> Bool,
        withheld -> Nullable<Text>,
        virus -> Nullable<Text>,
        withheld_sha256 -> Nullable<Text>,
        withheld_size -> Nullable<BigInt>,
        corrected_at -> Nullable<Timestamp>,
        corrected_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    pictures (mail_id, position) {
        mail_id -> BigInt,
        position -> Integer,
        content_id -> Text,
        mime -> Text,
        sha256 -> Text,
    }
}

diesel::table! {
    history_entries (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        mail_id -> BigInt,
        application_id -> BigInt,
        sender -> Text,
        forwarder_id -> Nullable<BigInt>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    reply_keys (application_id, key, position) {
        application_id -> BigInt,
        key -> Text,
        position -> Integer,
        entry_id -> BigInt,
    }
}

diesel::table! {
    outbox (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        mail_id -> Nullable<BigInt>,
        entry_id -> Nullable<BigInt>,
        application_id -> Nullable<BigInt>,
        occasion -> Text,
        user_id -> Nullable<BigInt>,
        recipient_name -> Nullable<Text>,
        address -> Text,
        language -> Text,
        facts -> Text,
        message_key -> Text,
        state -> Text,
        attempts -> Integer,
        created_at -> Timestamp,
        due_at -> Timestamp,
        claimed_until -> Nullable<Timestamp>,
        sent_at -> Nullable<Timestamp>,
        failed_at -> Nullable<Timestamp>,
        last_error -> Nullable<Text>,
        hour_ends -> Nullable<Timestamp>,
        held -> Bool,
        bundle -> Nullable<BigInt>,
    }
}

diesel::table! {
    removals (id) {
        id -> BigInt,
        mailbox_id -> BigInt,
        mail_id -> BigInt,
        folder -> Text,
        uid_validity -> Nullable<BigInt>,
        uid -> Nullable<BigInt>,
        is_filed -> Bool,
        size -> BigInt,
        received_at -> Timestamp,
        processed_at -> Timestamp,
        message_id -> Nullable<Text>,
        digest -> Text,
        since -> Timestamp,
        attempts -> Integer,
        next_at -> Timestamp,
        last_error -> Nullable<Text>,
    }
}

diesel::table! {
    audit (id) {
        id -> BigInt,
        at -> Timestamp,
        what -> Text,
        tenant_id -> Nullable<BigInt>,
        user_id -> Nullable<BigInt>,
        mail_id -> Nullable<BigInt>,
        entry_id -> Nullable<BigInt>,
        application_id -> Nullable<BigInt>,
        outcome -> Nullable<Text>,
        detail -> Nullable<Text>,
        actor -> Text,
    }
}

diesel::joinable!(user_addresses -> users (user_id));
diesel::joinable!(applications -> candidates (candidate_id));
diesel::joinable!(application_news -> applications (application_id));
diesel::joinable!(holds -> applications (application_id));
diesel::joinable!(responsibilities -> users (user_id));
diesel::joinable!(responsibilities -> applications (application_id));
diesel::joinable!(mails -> mailboxes (mailbox_id));
diesel::joinable!(mail_contents -> mails (mail_id));
diesel::joinable!(history_entries -> mails (mail_id));
diesel::joinable!(history_entries -> applications (application_id));
diesel::joinable!(reply_keys -> history_entries (entry_id));
diesel::joinable!(files -> blobs (sha256));
diesel::joinable!(removals -> mailboxes (mailbox_id));
diesel::joinable!(mailbox_rounds -> mailboxes (mailbox_id));
diesel::joinable!(mailbox_leases -> mailboxes (mailbox_id));
diesel::joinable!(mailboxes -> tenants (tenant_id));
diesel::joinable!(api_tokens -> tenants (tenant_id));
diesel::joinable!(webhook_deliveries -> tenants (tenant_id));
diesel::joinable!(sign_in_links -> users (user_id));
diesel::joinable!(sessions -> users (user_id));

diesel::allow_tables_to_appear_in_same_query!(
    application_news,
    api_tokens,
    applications,
    audit,
    blobs,
    candidate_addresses,
    candidates,
    files,
    history_entries,
    holds,
    mail_attempts,
    mail_contents,
    mailbox_leases,
    mailbox_rounds,
    mailboxes,
    mails,
    object_store,
    objects,
    outbox,
    pictures,
    removals,
    reply_keys,
    responsibilities,
    seen_entries,
    sessions,
    sign_in_links,
    tenants,
    user_addresses,
    users,
    webhook_deliveries,
);
