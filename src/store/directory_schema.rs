//! The tables of the directory, as Diesel sees them: users, candidates and applications; the reason of every column
//! stands in `migrations/`.

diesel::table! {
    users (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        address -> Text,
        name -> Text,
        role -> Text,
        language -> Text,
        active -> Bool,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        began_after -> BigInt,
    }
}

diesel::table! {
    user_addresses (tenant_id, address) {
        tenant_id -> BigInt,
        address -> Text,
        user_id -> BigInt,
        position -> Integer,
    }
}

diesel::table! {
    candidates (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        external_id -> Text,
        name -> Text,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    candidate_addresses (candidate_id, position) {
        candidate_id -> BigInt,
        position -> Integer,
        address -> Text,
    }
}

diesel::table! {
    applications (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        candidate_id -> BigInt,
        number -> Text,
        number_folded -> Text,
        post -> Text,
        state -> Text,
        state_since -> Timestamp,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        blocked_since -> Nullable<Timestamp>,
        sought -> Nullable<Text>,
    }
}

diesel::table! {
    responsibilities (application_id, user_id) {
        tenant_id -> BigInt,
        application_id -> BigInt,
        user_id -> BigInt,
    }
}
