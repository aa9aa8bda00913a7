//! The tables of the contents of files, as Diesel sees them; the reason of every column stands in `migrations/`.

diesel::table! {
    blobs (sha256) {
        sha256 -> Text,
        size -> BigInt,
        content -> Nullable<Binary>,
        object_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    object_store (id) {
        id -> Integer,
        mark -> Text,
        is_put -> Bool,
    }
}

diesel::table! {
    objects (id) {
        id -> BigInt,
        sha256 -> Text,
        state -> Text,
        since -> Timestamp,
        next_at -> Timestamp,
        attempts -> Integer,
        last_error -> Nullable<Text>,
    }
}
