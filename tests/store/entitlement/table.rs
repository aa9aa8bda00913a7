//! The table: who writes, with which number, and what comes of it. Written by hand from the rule, not from the code.
//!
//! Every tenant has one user of each role, `ROLE@TENANT.example`, with a second address; each has a colleague of the same
//! role who left. `state` says which of them writes: `active`, `second` (from the second address), `left`, `stranger` (an
//! address of nobody), `elsewhere` (a user of the tenant `foreign` and of no other).
//!
//! `number` is what the subject begins with: `own` (all of the tenant's users are responsible for it), `other` (nobody
//! is), `foreign` (of the tenant `foreign`), `unknown` (of nobody), `none`, `several`.
//!
//! `ordinary` is a tenant as most are. `doubting` wants a proof of the sender; `proof` is what the receiving host says, or
//! what somebody else wrote (`forged`). `open` lets a Fachbereich Plus import for all applications. `wide` lets
//! Recruiter, Fachbereich and Administrator import, and nobody else.
//!
//! `answer` is what the forwarder is told: nothing, or that there is no application that they may import for (`no such`),
//! that their role may not (`role`), how to write the number (`no number`), or that there were several.

pub const TABLE: &str = "
role             | state     | tenant   | proof  | number  | becomes    | why               | answer

personalmanager  | active    | ordinary | -      | own     | imported   | -                 | -
personalmanager  | active    | ordinary | -      | other   | imported   | -                 | -
personalmanager  | active    | ordinary | -      | foreign | unassigned | unknown_number    | no such
personalmanager  | active    | ordinary | -      | unknown | unassigned | unknown_number    | no such
personalmanager  | active    | ordinary | -      | none    | unassigned | no_number         | no number
personalmanager  | active    | ordinary | -      | several | unassigned | several_numbers   | several
fachbereich_plus | active    | ordinary | -      | own     | imported   | -                 | -
fachbereich_plus | active    | ordinary | -      | other   | unassigned | not_entitled      | no such
fachbereich_plus | active    | ordinary | -      | foreign | unassigned | unknown_number    | no such
fachbereich_plus | active    | ordinary | -      | unknown | unassigned | unknown_number    | no such
fachbereich_plus | active    | ordinary | -      | none    | unassigned | no_number         | no number
fachbereich_plus | active    | ordinary | -      | several | unassigned | several_numbers   | several
recruiter        | active    | ordinary | -      | own     | unassigned | not_entitled      | role
recruiter        | active    | ordinary | -      | other   | unassigned | not_entitled      | role
recruiter        | active    | ordinary | -      | foreign | unassigned | not_entitled      | role
recruiter        | active    | ordinary | -      | unknown | unassigned | not_entitled      | role
recruiter        | active    | ordinary | -      | none    | unassigned | not_entitled      | role
recruiter        | active    | ordinary | -      | several | unassigned | not_entitled      | role
fachbereich      | active    | ordinary | -      | own     | unassigned | not_entitled      | role
fachbereich      | active    | ordinary | -      | other   | unassigned | not_entitled      | role
fachbereich      | active    | ordinary | -      | foreign | unassigned | not_entitled      | role
fachbereich      | active    | ordinary | -      | unknown | unassigned | not_entitled      | role
fachbereich      | active    | ordinary | -      | none    | unassigned | not_entitled      | role
administrator    | active    | ordinary | -      | own     | unassigned | not_entitled      | role
administrator    | active    | ordinary | -      | other   | unassigned | not_entitled      | role
administrator    | active    | ordinary | -      | unknown | unassigned | not_entitled      | role
administrator    | active    | ordinary | -      | none    | unassigned | not_entitled      | role

personalmanager  | second    | ordinary | -      | other   | imported   | -                 | -
personalmanager  | second    | ordinary | -      | unknown | unassigned | unknown_number    | no such
fachbereich_plus | second    | ordinary | -      | own     | imported   | -                 | -
fachbereich_plus | second    | ordinary | -      | other   | unassigned | not_entitled      | no such
recruiter        | second    | ordinary | -      | own     | unassigned | not_entitled      | role

personalmanager  | left      | ordinary | -      | own     | unassigned | forwarder_unknown | -
personalmanager  | left      | ordinary | -      | unknown | unassigned | forwarder_unknown | -
personalmanager  | left      | ordinary | -      | none    | unassigned | forwarder_unknown | -
fachbereich_plus | left      | ordinary | -      | own     | unassigned | forwarder_unknown | -
fachbereich_plus | left      | ordinary | -      | other   | unassigned | forwarder_unknown | -
recruiter        | left      | ordinary | -      | own     | unassigned | forwarder_unknown | -
nobody           | stranger  | ordinary | -      | own     | unassigned | forwarder_unknown | -
nobody           | stranger  | ordinary | -      | other   | unassigned | forwarder_unknown | -
nobody           | stranger  | ordinary | -      | unknown | unassigned | forwarder_unknown | -
nobody           | stranger  | ordinary | -      | several | unassigned | forwarder_unknown | -
personalmanager  | elsewhere | ordinary | -      | own     | unassigned | forwarder_unknown | -
personalmanager  | elsewhere | ordinary | -      | foreign | unassigned | forwarder_unknown | -
personalmanager  | elsewhere | ordinary | -      | unknown | unassigned | forwarder_unknown | -

personalmanager  | active    | doubting | pass   | own     | imported   | -                 | -
personalmanager  | active    | doubting | pass   | other   | imported   | -                 | -
personalmanager  | active    | doubting | pass   | foreign | unassigned | unknown_number    | no such
personalmanager  | active    | doubting | pass   | unknown | unassigned | unknown_number    | no such
personalmanager  | active    | doubting | pass   | none    | unassigned | no_number         | no number
personalmanager  | active    | doubting | -      | own     | unassigned | not_proven        | -
personalmanager  | active    | doubting | fail   | own     | unassigned | not_proven        | -
personalmanager  | active    | doubting | forged | own     | unassigned | not_proven        | -
personalmanager  | active    | doubting | fail   | unknown | unassigned | not_proven        | -
personalmanager  | active    | doubting | forged | none    | unassigned | not_proven        | -
fachbereich_plus | active    | doubting | pass   | own     | imported   | -                 | -
fachbereich_plus | active    | doubting | pass   | other   | unassigned | not_entitled      | no such
fachbereich_plus | active    | doubting | pass   | unknown | unassigned | unknown_number    | no such
fachbereich_plus | active    | doubting | fail   | own     | unassigned | not_proven        | -
fachbereich_plus | active    | doubting | forged | other   | unassigned | not_proven        | -
recruiter        | active    | doubting | pass   | own     | unassigned | not_entitled      | role
recruiter        | active    | doubting | fail   | own     | unassigned | not_proven        | -
personalmanager  | left      | doubting | pass   | own     | unassigned | forwarder_unknown | -
nobody           | stranger  | doubting | pass   | own     | unassigned | forwarder_unknown | -
nobody           | stranger  | doubting | fail   | own     | unassigned | forwarder_unknown | -

fachbereich_plus | active    | open     | -      | own     | imported   | -                 | -
fachbereich_plus | active    | open     | -      | other   | imported   | -                 | -
fachbereich_plus | active    | open     | -      | foreign | unassigned | unknown_number    | no such
fachbereich_plus | active    | open     | -      | unknown | unassigned | unknown_number    | no such
fachbereich_plus | left      | open     | -      | other   | unassigned | forwarder_unknown | -
recruiter        | active    | open     | -      | other   | unassigned | not_entitled      | role
fachbereich      | active    | open     | -      | own     | unassigned | not_entitled      | role

personalmanager  | active    | wide     | -      | own     | unassigned | not_entitled      | role
fachbereich_plus | active    | wide     | -      | own     | unassigned | not_entitled      | role
recruiter        | active    | wide     | -      | other   | imported   | -                 | -
recruiter        | active    | wide     | -      | unknown | unassigned | unknown_number    | no such
administrator    | active    | wide     | -      | other   | imported   | -                 | -
fachbereich      | active    | wide     | -      | own     | imported   | -                 | -
fachbereich      | active    | wide     | -      | other   | unassigned | not_entitled      | no such
fachbereich      | active    | wide     | -      | unknown | unassigned | unknown_number    | no such
";
