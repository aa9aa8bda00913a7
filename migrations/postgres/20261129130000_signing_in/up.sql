-- Links by which people sign in at the pages. The link itself stands in the mail only.
create table sign_in_links (
    id         bigint generated always as identity,
    tenant_id  bigint not null, -- link and user belong to the same tenant
    user_id    bigint not null, -- who is signed in by it
    token_hash text not null, -- SHA-256 of what stands in the link: who reads the database cannot sign in
    next_path  text not null, -- where the person wanted to go: a path of ours; a search in it goes when somebody is erased
    created_at timestamp not null, -- for the bounds on how many are sent
    expires_at timestamp not null, -- from then on it is good for nothing
    constraint pk_sign_in_links primary key (id),
    constraint uq_sign_in_links_token unique (token_hash), -- how a link is found; a second use finds nothing
    constraint fk_sign_in_links_user
        foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade,
    constraint ck_sign_in_links_token check (length(token_hash) = 64),
    -- An address that begins with two slashes leads to another host.
    constraint ck_sign_in_links_next check (next_path like '/%' and next_path not like '//%'),
    constraint ck_sign_in_links_expires check (expires_at > created_at)
);
-- How many were made for a user, and deleting a user.
create index ix_sign_in_links_user on sign_in_links (tenant_id, user_id, created_at);
-- How many were made of late, and those to be swept.
create index ix_sign_in_links_created on sign_in_links (created_at);

-- Who is signed in, in which browser.
create table sessions (
    id           bigint generated always as identity,
    tenant_id    bigint not null, -- session and user belong to the same tenant
    user_id      bigint not null, -- whose it is; what they may see is looked up each time
    token_hash   text not null, -- SHA-256 of what the browser keeps: who reads the database cannot be anybody
    created_at   timestamp not null, -- it ends some days later, however much it is used
    last_seen_at timestamp not null, -- to some minutes; it ends some hours later
    expires_at   timestamp not null, -- when it ends: the earlier of both
    constraint pk_sessions primary key (id),
    constraint uq_sessions_token unique (token_hash), -- how a session is found
    constraint fk_sessions_user
        foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade,
    constraint ck_sessions_token check (length(token_hash) = 64),
    constraint ck_sessions_times check (last_seen_at >= created_at and expires_at > last_seen_at)
);
-- All sessions of a user: signing out everywhere, and deleting a user.
create index ix_sessions_user on sessions (tenant_id, user_id);
-- Those to be swept.
create index ix_sessions_expires on sessions (expires_at);
