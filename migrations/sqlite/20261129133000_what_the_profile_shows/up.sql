-- What the profile in the browser needs: a list in the order of the newest mail, a search, marks of what is new, and
-- document kinds that a person corrected.

-- The newest entry of each application: a page of the list needs no look at all entries.
create table application_news (
    application_id integer not null constraint pk_application_news primary key, -- which application; each has a row
    tenant_id      integer not null, -- a list stays inside one tenant
    last_entry_id  integer not null, -- its newest entry, 0 if it has none. Triggers keep it
    constraint fk_application_news_application
        foreign key (tenant_id, application_id) references applications (tenant_id, id) on delete cascade,
    constraint ck_application_news_entry check (last_entry_id >= 0)
) strict;
insert into application_news (application_id, tenant_id, last_entry_id)
    select id, tenant_id, coalesce((select max(entry.id) from history_entries as entry where entry.application_id = applications.id), 0)
    from applications;
-- The list, newest mail first.
create index ix_application_news_order on application_news (tenant_id, last_entry_id, application_id);

create trigger tr_applications_news after insert on applications
begin
    insert into application_news (application_id, tenant_id, last_entry_id) values (new.id, new.tenant_id, 0);
end;
create trigger tr_history_entries_news_in after insert on history_entries
begin
    update application_news set last_entry_id = new.id
    where application_id = new.application_id and last_entry_id < new.id;
end;
create trigger tr_history_entries_news_out after delete on history_entries
begin
    update application_news set last_entry_id =
        coalesce((select max(id) from history_entries where application_id = old.application_id), 0)
    where application_id = old.application_id and last_entry_id = old.id;
end;

-- Up to where a user saw an application's history: what came in since is marked as new.
create table seen_entries (
    tenant_id      integer not null, -- user and application belong to the same tenant
    user_id        integer not null, -- who looked
    application_id integer not null, -- at whose history
    entry_id       integer not null, -- its newest entry then; that one may be gone, so it is no foreign key
    seen_at        text    not null, -- when, for whoever asks whether a mail was seen
    constraint pk_seen_entries primary key (user_id, application_id),
    constraint fk_seen_entries_user
        foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade,
    constraint fk_seen_entries_application
        foreign key (tenant_id, application_id) references applications (tenant_id, id) on delete cascade,
    constraint ck_seen_entries_entry check (entry_id > 0)
) strict;
-- Who saw an application: deleted with it.
create index ix_seen_entries_application on seen_entries (application_id);

alter table users add column
    began_after integer not null default 0 -- the newest entry of all when the user came: nothing up to it is new to them
    constraint ck_users_began_after check (began_after >= 0);
update users set began_after = coalesce((select max(id) from history_entries), 0);

alter table applications add column
    sought text; -- number, candidate's name and post in the form in which they are searched; null: to be filled in
-- Those that the program has to fill in: letters beyond ASCII are its matter.
create index ix_applications_unsought on applications (id) where sought is null;

alter table files add column
    corrected_at text; -- when a person last corrected its kind; null: it has the kind that kind_rule gave
alter table files add column
    corrected_by integer -- who did; null: nobody, or a user who is gone
    constraint fk_files_corrected_by references users (id) on delete set null
    constraint ck_files_corrected check (corrected_by is null or corrected_at is not null);
-- The corrections of a user: deleting a user.
create index ix_files_corrected_by on files (corrected_by) where corrected_by is not null;
