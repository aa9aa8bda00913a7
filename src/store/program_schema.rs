//! The tables for programs, as Diesel sees them; the reason of every column stands in `migrations/`.

diesel::table! {
    api_tokens (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        name -> Text,
        sha256 -> Text,
        created_at -> Timestamp,
        last_used_at -> Nullable<Timestamp>,
        revoked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    webhook_deliveries (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        url -> Text,
        event -> Text,
        mail_id -> BigInt,
        entry_id -> Nullable<BigInt>,
        application_id -> Nullable<BigInt>,
        message_key -> Text,
        happened_at -> Timestamp,
        state -> Text,
        attempts -> Integer,
        due_at -> Timestamp,
        claimed_until -> Nullable<Timestamp>,
        sent_at -> Nullable<Timestamp>,
        failed_at -> Nullable<Timestamp>,
        last_error -> Nullable<Text>,
    }
}
