//! Routes, with the list of them: the framework tells nobody which it has.

use super::state::Web;
use axum::Router;
use axum::handler::Handler;
use axum::routing::{get, post};

/// A way in which the pages can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// `GET`, which answers `HEAD` too, or `POST`.
    pub method: &'static str,
    /// The path, with `{id}` where a number stands.
    pub path: &'static str,
}

/// Routes of a part of the pages.
#[derive(Default)]
pub(super) struct Routes {
    router: Router<Web>,
    list: Vec<Route>,
}

impl Routes {
    /// A page.
    pub(super) fn get<H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, Web>,
        T: 'static,
    {
        let Self { router, list } = self.listed("GET", path);
        Self { router: router.route(path, get(handler)), list }
    }

    /// What a form does.
    pub(super) fn post<H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, Web>,
        T: 'static,
    {
        let Self { router, list } = self.listed("POST", path);
        Self { router: router.route(path, post(handler)), list }
    }

    /// Those of another part too.
    pub(super) fn and(mut self, other: Self) -> Self {
        self.list.extend(other.list);
        Self { router: self.router.merge(other.router), list: self.list }
    }

    /// What answers.
    pub(super) fn router(self) -> Router<Web> {
        self.router
    }

    /// The list.
    pub(super) fn list(self) -> Vec<Route> {
        self.list
    }

    fn listed(mut self, method: &'static str, path: &'static str) -> Self {
        self.list.push(Route { method, path });
        self
    }
}
