-- Legal holds: of these applications, and of their candidates, nothing is erased, neither by time nor by hand.
create table holds (
    id             bigint generated always as identity,
    tenant_id      bigint not null, -- hold and application belong to the same tenant
    application_id bigint not null, -- what is held
    since          timestamp not null, -- since when, for whoever wants to erase it
    file_number    text, -- under which the matter is looked after; null: not said. It goes with the hold
    constraint pk_holds primary key (id),
    constraint uq_holds_application unique (application_id), -- it is held or not
    -- What is held cannot be erased, whoever tries.
    constraint fk_holds_application
        foreign key (tenant_id, application_id) references applications (tenant_id, id) on delete restrict,
    constraint ck_holds_file_number check (file_number <> '')
);

alter table applications add column
    blocked_since timestamp; -- since when nobody is shown what is kept of it; null: it is not blocked
-- What may be due, by state and time: asked by the pass that erases and blocks.
create index ix_applications_state on applications (tenant_id, state, state_since);

alter table audit add column
    actor text not null default 'service' -- whose hand it was: the service's own, or a person's at the command line
    constraint ck_audit_actor check (actor in ('service', 'cli', 'web'));
-- The deeds on one mail.
create index ix_audit_mail on audit (mail_id) where mail_id is not null;
-- Mail that belongs to no application, by age: what may be due.
create index ix_mails_recorded on mails (tenant_id, outcome, recorded_at) where outcome <> 'imported';
