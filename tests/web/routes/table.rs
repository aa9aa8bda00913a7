//! Who is answered what by the pages.
//!
//! The columns: somebody who is not signed in, Personalmanager, Recruiter, Fachbereich Plus, Fachbereich, administrator, and
//! a Personalmanager who signed in and then was deactivated. Fachbereich Plus and Fachbereich are responsible for what is
//! `own`; `not responsible` is another application of the same tenant.
//!
//! `sign in` is a redirection to the page for that. What was signed out is signed in again by the row below, and what was
//! discarded is taken back by it: how many mails wait stands on every page.
//! A 404 is always the same page, to the byte. `HEAD` is answered as `GET`.

pub const PAGES: &str = "
asked                                of                           nobody    PM    Recr  Plus  Fach  Admin  inactive
GET /assets/{name}                   style.css                    200       200   200   200   200   200    200
GET /assets/{name}                   nothing.css                  404       404   404   404   404   404    404

GET /                                -                            sign in   303   303   303   303   303    sign in
GET /applications                    -                            sign in   200   200   200   200   403    sign in
GET /mails                           -                            sign in   200   200   403   403   403    sign in
GET /states                          -                            sign in   403   403   403   403   200    sign in

GET /applications/{id}               own                          sign in   200   200   200   200   404    sign in
GET /applications/{id}               not responsible              sign in   200   200   404   404   404    sign in
GET /applications/{id}               other tenant                 sign in   404   404   404   404   404    sign in
GET /applications/{id}               blocked                      sign in   404   404   404   404   404    sign in
GET /applications/{id}               unknown                      sign in   404   404   404   404   404    sign in
GET /applications/{id}               no number                    sign in   404   404   404   404   404    sign in

GET /applications/{id}/files         own                          sign in   200   200   200   200   404    sign in
GET /applications/{id}/files         not responsible              sign in   200   200   404   404   404    sign in
GET /applications/{id}/files         other tenant                 sign in   404   404   404   404   404    sign in
GET /applications/{id}/files         blocked                      sign in   404   404   404   404   404    sign in
GET /applications/{id}/files         unknown                      sign in   404   404   404   404   404    sign in
GET /applications/{id}/files         no number                    sign in   404   404   404   404   404    sign in

GET /applications/{id}/documents     own                          sign in   200   200   404   404   404    sign in
GET /applications/{id}/documents     not responsible              sign in   200   200   404   404   404    sign in
GET /applications/{id}/documents     other tenant                 sign in   404   404   404   404   404    sign in
GET /applications/{id}/documents     blocked                      sign in   404   404   404   404   404    sign in
GET /applications/{id}/documents     unknown                      sign in   404   404   404   404   404    sign in
GET /applications/{id}/documents     no number                    sign in   404   404   404   404   404    sign in

GET /entries/{id}                    own                          sign in   200   200   200   200   404    sign in
GET /entries/{id}                    not responsible              sign in   200   200   404   404   404    sign in
GET /entries/{id}                    other tenant                 sign in   404   404   404   404   404    sign in
GET /entries/{id}                    blocked                      sign in   404   404   404   404   404    sign in
GET /entries/{id}                    unknown                      sign in   404   404   404   404   404    sign in
GET /entries/{id}                    no number                    sign in   404   404   404   404   404    sign in

GET /mails/{id}                      own                          sign in   303   303   303   303   404    sign in
GET /mails/{id}                      not responsible              sign in   303   303   404   404   404    sign in
GET /mails/{id}                      other tenant                 sign in   404   404   404   404   404    sign in
GET /mails/{id}                      blocked                      sign in   404   404   404   404   404    sign in
GET /mails/{id}                      unknown                      sign in   404   404   404   404   404    sign in
GET /mails/{id}                      waiting                      sign in   200   200   404   404   404    sign in
GET /mails/{id}                      waiting at the other         sign in   404   404   404   404   404    sign in
GET /mails/{id}                      no number                    sign in   404   404   404   404   404    sign in

POST /mails/{id}/assign              own                          sign in   303   303   404   404   404    sign in
POST /mails/{id}/assign              not responsible              sign in   303   303   404   404   404    sign in
POST /mails/{id}/assign              other tenant                 sign in   404   404   404   404   404    sign in
POST /mails/{id}/assign              blocked                      sign in   404   404   404   404   404    sign in
POST /mails/{id}/assign              unknown                      sign in   404   404   404   404   404    sign in
POST /mails/{id}/assign              waiting                      sign in   303   303   404   404   404    sign in
POST /mails/{id}/assign              waiting at the other         sign in   404   404   404   404   404    sign in
POST /mails/{id}/assign              no number                    sign in   404   404   404   404   404    sign in
POST /mails/{id}/assign              waiting, without our mark    sign in   403   403   403   403   403    sign in
POST /mails/{id}/assign              unknown, without our mark    sign in   403   403   403   403   403    sign in

POST /mails/{id}/ask                 own                          sign in   303   303   404   404   404    sign in
POST /mails/{id}/ask                 not responsible              sign in   303   303   404   404   404    sign in
POST /mails/{id}/ask                 other tenant                 sign in   404   404   404   404   404    sign in
POST /mails/{id}/ask                 blocked                      sign in   404   404   404   404   404    sign in
POST /mails/{id}/ask                 unknown                      sign in   404   404   404   404   404    sign in
POST /mails/{id}/ask                 waiting                      sign in   303   303   404   404   404    sign in
POST /mails/{id}/ask                 waiting at the other         sign in   404   404   404   404   404    sign in
POST /mails/{id}/ask                 no number                    sign in   404   404   404   404   404    sign in
POST /mails/{id}/ask                 waiting, without our mark    sign in   403   403   403   403   403    sign in
POST /mails/{id}/ask                 unknown, without our mark    sign in   403   403   403   403   403    sign in

POST /mails/{id}/discard             own                          sign in   303   303   404   404   404    sign in
POST /mails/{id}/discard             not responsible              sign in   303   303   404   404   404    sign in
POST /mails/{id}/discard             other tenant                 sign in   404   404   404   404   404    sign in
POST /mails/{id}/discard             blocked                      sign in   404   404   404   404   404    sign in
POST /mails/{id}/discard             unknown                      sign in   404   404   404   404   404    sign in
POST /mails/{id}/discard             waiting at the other         sign in   404   404   404   404   404    sign in
POST /mails/{id}/discard             no number                    sign in   404   404   404   404   404    sign in
POST /mails/{id}/discard             waiting, without our mark    sign in   403   403   403   403   403    sign in
POST /mails/{id}/discard             unknown, without our mark    sign in   403   403   403   403   403    sign in
POST /mails/{id}/discard             waiting                      sign in   303   303   404   404   404    sign in
POST /mails/{id}/take-back           waiting                      sign in   303   303   404   404   404    sign in
POST /mails/{id}/take-back           own                          sign in   303   303   404   404   404    sign in
POST /mails/{id}/take-back           not responsible              sign in   303   303   404   404   404    sign in
POST /mails/{id}/take-back           other tenant                 sign in   404   404   404   404   404    sign in
POST /mails/{id}/take-back           blocked                      sign in   404   404   404   404   404    sign in
POST /mails/{id}/take-back           unknown                      sign in   404   404   404   404   404    sign in
POST /mails/{id}/take-back           waiting at the other         sign in   404   404   404   404   404    sign in
POST /mails/{id}/take-back           no number                    sign in   404   404   404   404   404    sign in
POST /mails/{id}/take-back           waiting, without our mark    sign in   403   403   403   403   403    sign in
POST /mails/{id}/take-back           unknown, without our mark    sign in   403   403   403   403   403    sign in

GET /mails/{id}/content              own                          sign in   200   200   200   200   404    sign in
GET /mails/{id}/content              not responsible              sign in   200   200   404   404   404    sign in
GET /mails/{id}/content              other tenant                 sign in   404   404   404   404   404    sign in
GET /mails/{id}/content              blocked                      sign in   404   404   404   404   404    sign in
GET /mails/{id}/content              unknown                      sign in   404   404   404   404   404    sign in
GET /mails/{id}/content              waiting                      sign in   200   200   404   404   404    sign in
GET /mails/{id}/content              waiting at the other         sign in   404   404   404   404   404    sign in
GET /mails/{id}/content              no number                    sign in   404   404   404   404   404    sign in

GET /files/{id}                      own                          sign in   200   200   200   200   404    sign in
GET /files/{id}                      not responsible              sign in   200   200   404   404   404    sign in
GET /files/{id}                      other tenant                 sign in   404   404   404   404   404    sign in
GET /files/{id}                      blocked                      sign in   404   404   404   404   404    sign in
GET /files/{id}                      unknown                      sign in   404   404   404   404   404    sign in
GET /files/{id}                      waiting                      sign in   200   200   404   404   404    sign in
GET /files/{id}                      waiting at the other         sign in   404   404   404   404   404    sign in
GET /files/{id}                      no number                    sign in   404   404   404   404   404    sign in

GET /files/{id}/preview              own                          sign in   200   200   200   200   404    sign in
GET /files/{id}/preview              not responsible              sign in   200   200   404   404   404    sign in
GET /files/{id}/preview              other tenant                 sign in   404   404   404   404   404    sign in
GET /files/{id}/preview              blocked                      sign in   404   404   404   404   404    sign in
GET /files/{id}/preview              unknown                      sign in   404   404   404   404   404    sign in
GET /files/{id}/preview              waiting                      sign in   200   200   404   404   404    sign in
GET /files/{id}/preview              waiting at the other         sign in   404   404   404   404   404    sign in
GET /files/{id}/preview              no number                    sign in   404   404   404   404   404    sign in

POST /files/{id}/kind                own                          sign in   303   303   303   404   404    sign in
POST /files/{id}/kind                not responsible              sign in   303   303   404   404   404    sign in
POST /files/{id}/kind                other tenant                 sign in   404   404   404   404   404    sign in
POST /files/{id}/kind                blocked                      sign in   404   404   404   404   404    sign in
POST /files/{id}/kind                unknown                      sign in   404   404   404   404   404    sign in
POST /files/{id}/kind                waiting                      sign in   303   303   404   404   404    sign in
POST /files/{id}/kind                waiting at the other         sign in   404   404   404   404   404    sign in
POST /files/{id}/kind                no number                    sign in   404   404   404   404   404    sign in
POST /files/{id}/kind                own, without our mark        sign in   403   403   403   403   403    sign in
POST /files/{id}/kind                unknown, without our mark    sign in   403   403   403   403   403    sign in

GET /sign-in                         -                            200       303   303   303   303   303    200
POST /sign-in                        -                            200       200   200   200   200   200    200
POST /sign-in                        no address                   400       400   400   400   400   400    400
POST /sign-in                        -, without our mark          403       403   403   403   403   403    403
GET /sign-in/{token}                 good                         200       200   200   200   200   200    200
GET /sign-in/{token}                 unknown                      410       410   410   410   410   410    410
POST /sign-in/{token}                unknown                      410       410   410   410   410   410    410
POST /sign-in/{token}                good, without our mark       403       403   403   403   403   403    403
POST /sign-out                       -, without our mark          sign in   403   403   403   403   403    sign in
POST /sign-out-everywhere            -, without our mark          sign in   403   403   403   403   403    sign in
POST /sign-out                       -                            sign in   303   303   303   303   303    sign in
POST /sign-in/{token}                good                         303       303   303   303   303   303    303
POST /sign-out-everywhere            -                            303       303   303   303   303   303    303
";
