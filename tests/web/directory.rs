//! What the recruiting system says of the two offices.

/// One of each role at the first office, Lea who is there to be deactivated, and one who left before. Karl and Vera are
/// responsible for 482137, Vera and Rita read English. 482139 is there to be blocked. Olga is of another office, Berta of both.
pub const DIRECTORY: &str = r#"
{"kind": "user", "tenant": "muster", "address": "ruth@example.test", "addresses": ["ruth@example.test", "ruth.privat@example.test"], "name": "Ruth Muster", "role": "personalmanager", "language": "de", "active": true}
{"kind": "user", "tenant": "muster", "address": "rita@example.test", "addresses": ["rita@example.test"], "name": "Rita Werber", "role": "recruiter", "language": "en", "active": true}
{"kind": "user", "tenant": "muster", "address": "karl@example.test", "addresses": ["karl@example.test"], "name": "Karl Probe", "role": "fachbereich_plus", "language": "de", "active": true}
{"kind": "user", "tenant": "muster", "address": "vera@example.test", "addresses": ["vera@example.test"], "name": "Vera Fach", "role": "fachbereich", "language": "en", "active": true}
{"kind": "user", "tenant": "muster", "address": "adam@example.test", "addresses": ["adam@example.test"], "name": "Adam Amt", "role": "administrator", "language": "de", "active": true}
{"kind": "user", "tenant": "muster", "address": "lea@example.test", "addresses": ["lea@example.test"], "name": "Lea Weg", "role": "personalmanager", "language": "de", "active": true}
{"kind": "user", "tenant": "muster", "address": "left@example.test", "addresses": ["left@example.test"], "name": "Lena Left", "role": "personalmanager", "language": "de", "active": false}
{"kind": "user", "tenant": "muster", "address": "both@example.test", "addresses": ["both@example.test"], "name": "Berta Beides", "role": "recruiter", "language": "de", "active": true}
{"kind": "user", "tenant": "other", "address": "both@example.test", "addresses": ["both@example.test"], "name": "Berta Beides", "role": "personalmanager", "language": "de", "active": true}
{"kind": "user", "tenant": "other", "address": "olga@example.test", "addresses": ["olga@example.test"], "name": "Olga Anders", "role": "personalmanager", "language": "de", "active": true}
{"kind": "candidate", "tenant": "muster", "id": "K1", "name": "Erika Beispiel", "addresses": ["erika@example.org"]}
{"kind": "candidate", "tenant": "muster", "id": "K2", "name": "Jörg Anders", "addresses": ["joerg@example.org"]}
{"kind": "application", "tenant": "muster", "number": "482137", "candidate": "K1", "post": "Lagerist", "responsible": ["karl@example.test", "vera@example.test"], "state": "open", "state_since": "2024-01-02"}
{"kind": "application", "tenant": "muster", "number": "482138", "candidate": "K2", "post": "Floristin", "responsible": [], "state": "open", "state_since": "2024-01-02"}
{"kind": "application", "tenant": "muster", "number": "482139", "candidate": "K2", "post": "Gärtner", "responsible": ["karl@example.test", "vera@example.test"], "state": "open", "state_since": "2024-01-02"}
{"kind": "candidate", "tenant": "other", "id": "K1", "name": "Fremde Person", "addresses": ["fremd@example.org"]}
{"kind": "application", "tenant": "other", "number": "999111", "candidate": "K1", "post": "Anderswo", "responsible": [], "state": "open", "state_since": "2024-01-02"}
"#;
