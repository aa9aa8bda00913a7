//! People of each role who look at profiles.

use crate::world::{World, shapes, start};
use reply_import::application::id::TenantId;
use reply_import::store::Viewer;
use reply_import::store::directory::read_json_lines;

/// Everybody of the tenant alpha.
pub const PEOPLE: [&str; 7] = [
    "ruth@alpha.example",
    "rita@alpha.example",
    "karl@alpha.example",
    "fred@alpha.example",
    "adam@alpha.example",
    "gone@alpha.example",
    "lost@alpha.example",
];

const MORE: &str = r#"
{"kind": "user", "tenant": "alpha", "address": "rita@alpha.example", "addresses": [], "name": "Rita Recht", "role": "recruiter", "language": "de", "active": true}
{"kind": "user", "tenant": "alpha", "address": "fred@alpha.example", "addresses": [], "name": "Fred Fach", "role": "fachbereich", "language": "de", "active": true}
{"kind": "user", "tenant": "alpha", "address": "lost@alpha.example", "addresses": [], "name": "Lore Lost", "role": "fachbereich", "language": "de", "active": false}
{"kind": "user", "tenant": "alpha", "address": "adam@alpha.example", "addresses": [], "name": "Adam Amt", "role": "administrator", "language": "de", "active": true}
{"kind": "user", "tenant": "beta", "address": "bea@beta.example", "addresses": [], "name": "Bea Fremd", "role": "personalmanager", "language": "de", "active": true}
{"kind": "application", "tenant": "alpha", "number": "2024-00124", "candidate": "K1", "post": "Lager", "responsible": ["fred@alpha.example", "lost@alpha.example", "adam@alpha.example"], "state": "open"}
"#;

/// Brings a user of each role: Karl is responsible for the first application, Fred for the second.
pub fn people(world: &World) {
    let lines = read_json_lines(MORE.as_bytes()).unwrap();
    world.store.import_directory(&lines, &shapes(), start()).unwrap();
}

/// A user who looks.
pub fn viewer(world: &World, tenant: TenantId, address: &str) -> Viewer {
    let user = world.known(tenant, None, Some(address)).forwarder.unwrap();
    Viewer { user: user.id, tenant, role: user.role }
}

/// The same of the tenant alpha.
pub fn alpha(world: &World, address: &str) -> Viewer {
    viewer(world, world.alpha, address)
}
