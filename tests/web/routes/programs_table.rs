//! Which token is answered what by the interface for programs.
//!
//! The columns: without a token, with the tenant's own, with another tenant's, with one that was revoked. A 404 is always the
//! same answer. `HEAD` is answered as `GET`.

pub const PROGRAMS: &str = "
asked                                          of                       none  own   foreign  revoked
GET /api/v1/openapi.json                       -                        200   200   200     200
GET /api/v1/applications                       -                        401   200   200     401
GET /api/v1/mails                              -                        401   200   200     401

GET /api/v1/applications/{number}              own                      401   200   404     401
GET /api/v1/applications/{number}              other tenant             401   404   200     401
GET /api/v1/applications/{number}              blocked                  401   404   404     401
GET /api/v1/applications/{number}              unknown                  401   404   404     401
GET /api/v1/applications/{number}              no number                401   404   404     401

GET /api/v1/applications/{number}/history      own                      401   200   404     401
GET /api/v1/applications/{number}/history      other tenant             401   404   200     401
GET /api/v1/applications/{number}/history      blocked                  401   404   404     401
GET /api/v1/applications/{number}/history      unknown                  401   404   404     401
GET /api/v1/applications/{number}/history      no number                401   404   404     401

GET /api/v1/applications/{number}/files        own                      401   200   404     401
GET /api/v1/applications/{number}/files        other tenant             401   404   200     401
GET /api/v1/applications/{number}/files        blocked                  401   404   404     401
GET /api/v1/applications/{number}/files        unknown                  401   404   404     401
GET /api/v1/applications/{number}/files        no number                401   404   404     401

GET /api/v1/files/{id}/content                 own                      401   200   404     401
GET /api/v1/files/{id}/content                 other tenant             401   404   200     401
GET /api/v1/files/{id}/content                 blocked                  401   404   404     401
GET /api/v1/files/{id}/content                 waiting                  401   200   404     401
GET /api/v1/files/{id}/content                 waiting at the other     401   404   200     401
GET /api/v1/files/{id}/content                 unknown                  401   404   404     401
GET /api/v1/files/{id}/content                 no number                401   404   404     401

GET /api/v1/mails/{id}                         own                      401   200   404     401
GET /api/v1/mails/{id}                         other tenant             401   404   200     401
GET /api/v1/mails/{id}                         blocked                  401   404   404     401
GET /api/v1/mails/{id}                         waiting                  401   200   404     401
GET /api/v1/mails/{id}                         waiting at the other     401   404   200     401
GET /api/v1/mails/{id}                         unknown                  401   404   404     401
GET /api/v1/mails/{id}                         no number                401   404   404     401

PUT /api/v1/applications/{number}              own                      401   200   200     401
PUT /api/v1/applications/{number}              blocked                  401   200   200     401
PUT /api/v1/applications/{number}              unknown                  401   200   200     401
PUT /api/v1/applications/{number}              no number                401   422   422     401
PUT /api/v1/candidates/{id}                    own                      401   200   200     401
PUT /api/v1/candidates/{id}                    unknown                  401   200   200     401
PUT /api/v1/users/{address}                    own                      401   200   200     401
PUT /api/v1/users/{address}                    unknown                  401   200   200     401
PUT /api/v1/users/{address}                    no address               401   422   422     401
POST /api/v1/directory                         -                        401   200   422     401
";
