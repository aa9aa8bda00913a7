//! What every operation may answer.

use std::collections::BTreeMap;
use utoipa::IntoResponses;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response as Described, ResponseBuilder};

/// What every request may be answered with.
pub(super) struct Usual;

impl IntoResponses for Usual {
    fn responses() -> BTreeMap<String, RefOr<Described>> {
        [
            ("400", "A parameter or the text is none"),
            ("401", "No token in use"),
            ("404", "There is no such thing for this token"),
            ("413", "The text is too long"),
            ("422", "What was sent cannot be used"),
            ("429", "Too many requests by this token"),
            ("503", "The database is away; try again later"),
        ]
        .into_iter()
        .map(|(status, text)| {
            let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
            let response =
                ResponseBuilder::new().description(text).content("application/problem+json", content).build();
            (status.to_owned(), RefOr::T(response))
        })
        .collect()
    }
}
