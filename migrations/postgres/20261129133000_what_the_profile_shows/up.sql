-- What the profile in the browser needs: a list in the order of the newest mail, a search, marks of what is new, and
-- document kinds that a person corrected.

-- The newest entry of each application: a page of the list needs no look at all entries.
create table application_news (
    application_id bigint not null, -- which application; each has a row
    tenant_id      bigint not null, -- a list stays inside one tenant
    last_entry_id  bigint not null, -- its newest entry, 0 if it has none. Triggers keep it
    constraint pk_application_news primary key (application_id),
    constraint fk_application_news_application
        foreign key (tenant_id, application_id) references applications (tenant_id, id) on delete cascade,
    constraint ck_application_news_entry check (last_entry_id >= 0)
);
insert into application_news (application_id, tenant_id, last_entry_id)
    select id, tenant_id, coalesce((select max(entry.id) from history_entries as entry where entry.application_id = applications.id), 0)
    from applications;
-- The list, newest mail first.
create index ix_application_news_order on application_news (tenant_id, last_entry_id, application_id);

create function note_applications() returns trigger language plpgsql as $$
begin
    insert into application_news (application_id, tenant_id, last_entry_id) select id, tenant_id, 0 from new_rows;
    return null;
end $$;
create trigger tr_applications_news after insert on applications
    referencing new table as new_rows for each statement execute function note_applications();

-- Rows are locked in one order, so that two workers with mail for the same applications do not block each other.
create function note_new_entries() returns trigger language plpgsql as $$
begin
    perform from application_news where application_id in (select application_id from new_rows)
        order by application_id for no key update;
    update application_news as news set last_entry_id = newest.id
        from (select application_id, max(id) as id from new_rows group by application_id) as newest
        where news.application_id = newest.application_id and news.last_entry_id < newest.id;
    return null;
end $$;
create trigger tr_history_entries_news_in after insert on history_entries
    referencing new table as new_rows for each statement execute function note_new_entries();

create function note_gone_entries() returns trigger language plpgsql as $$
begin
    perform from application_news where application_id in (select application_id from old_rows)
        order by application_id for no key update;
    update application_news as news set last_entry_id =
        coalesce((select max(id) from history_entries as entry where entry.application_id = news.application_id), 0)
        from (select application_id, max(id) as id from old_rows group by application_id) as gone
        where news.application_id = gone.application_id and news.last_entry_id <= gone.id;
    return null;
end $$;
create trigger tr_history_entries_news_out after delete on history_entries
    referencing old table as old_rows for each statement execute function note_gone_entries();

-- Up to where a user saw an application's history: what came in since is marked as new.
create table seen_entries (
    tenant_id      bigint    not null, -- user and application belong to the same tenant
    user_id        bigint    not null, -- who looked
    application_id bigint    not null, -- at whose history
    entry_id       bigint    not null, -- its newest entry then; that one may be gone, so it is no foreign key
    seen_at        timestamp not null, -- when, for whoever asks whether a mail was seen
    constraint pk_seen_entries primary key (user_id, application_id),
    constraint fk_seen_entries_user
        foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade,
    constraint fk_seen_entries_application
        foreign key (tenant_id, application_id) references applications (tenant_id, id) on delete cascade,
    constraint ck_seen_entries_entry check (entry_id > 0)
);
-- Who saw an application: deleted with it.
create index ix_seen_entries_application on seen_entries (application_id);

alter table users add column
    began_after bigint not null default 0 -- the newest entry of all when the user came: nothing up to it is new to them
    constraint ck_users_began_after check (began_after >= 0);
update users set began_after = coalesce((select max(id) from history_entries), 0);

alter table applications add column
    sought text; -- number, candidate's name and post in the form in which they are searched; null: to be filled in
-- Those that the program has to fill in: letters beyond ASCII are its matter.
create index ix_applications_unsought on applications (id) where sought is null;

alter table files add column
    corrected_at timestamp; -- when a person last corrected its kind; null: it has the kind that kind_rule gave
alter table files add column
    corrected_by bigint -- who did; null: nobody, or a user who is gone
    constraint fk_files_corrected_by references users (id) on delete set null
    constraint ck_files_corrected check (corrected_by is null or corrected_at is not null);
-- The corrections of a user: deleting a user.
create index ix_files_corrected_by on files (corrected_by) where corrected_by is not null;
