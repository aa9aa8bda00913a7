//! Durations and sizes as people write them.

use serde::{Deserialize, Deserializer, de::Error};
use std::time::Duration;

pub(super) fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(deserializer)?;
    humantime::parse_duration(&text).map_err(|_| {
        D::Error::custom(format!("`{text}` is no duration; write for example \"30s\", \"2m\" or \"1h 30m\""))
    })
}

/// For keys that need not be there.
pub(super) fn optional_duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    duration(deserializer).map(Some)
}

pub(super) fn size<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse::<bytesize::ByteSize>()
        .map(|size| size.as_u64())
        .map_err(|_| D::Error::custom(format!("`{text}` is no size; write for example \"25MiB\" or \"500KiB\"")))
}
