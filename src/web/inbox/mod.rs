//! The Eingang: the mails that wait for a person, why they wait, and what the person decides about them.

mod checks;
mod deciding;
mod list;
mod one;
mod said;

use super::routes::Routes;

/// The routes of this part.
pub(super) fn routes() -> Routes {
    Routes::default()
        .get("/mails", list::list)
        .get("/mails/{id}", one::one)
        .post("/mails/{id}/assign", deciding::assign)
        .post("/mails/{id}/ask", deciding::ask)
        .post("/mails/{id}/discard", deciding::discard)
        .post("/mails/{id}/take-back", deciding::take_back)
}

#[cfg(test)]
mod tests;
