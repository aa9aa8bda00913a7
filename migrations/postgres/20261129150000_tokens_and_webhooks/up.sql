-- What lets a program, such as the recruiting system, see and change a tenant's data by /api/v1.
create table api_tokens (
    id           bigint generated always as identity,
    tenant_id    bigint    not null, -- a token acts inside one tenant
    name         text      not null, -- what it is for, given by whoever made it
    sha256       text      not null, -- of the token, in hex: who reads the database cannot use it
    created_at   timestamp not null, -- when it was made
    last_used_at timestamp,          -- when it was last used, to the minute; null: never
    revoked_at   timestamp,          -- since when it is of no use any more; null: it is of use
    constraint pk_api_tokens primary key (id),
    constraint uq_api_tokens_sha256 unique (sha256), -- how a token is found
    constraint fk_api_tokens_tenant foreign key (tenant_id) references tenants (id) on delete restrict,
    constraint ck_api_tokens_name check (name <> '')
);
-- Two tokens in use at the same time are told apart by their names.
create unique index uq_api_tokens_name on api_tokens (tenant_id, name) where revoked_at is null;

-- What a webhook is to be told, and what became of it. Written in the transaction of what it tells of. Ids only: the text
-- is made of them when it is sent, so that nothing leaves that was erased meanwhile.
create table webhook_deliveries (
    id             bigint generated always as identity,
    tenant_id      bigint    not null, -- whose webhook it is
    url            text      not null, -- where it goes: the webhook's name in the settings
    event          text      not null, -- what happened
    mail_id        bigint    not null, -- to which mail; it goes with the mail
    entry_id       bigint,             -- the history entry that was made, if one was; null once it is taken back
    application_id bigint,             -- in whose history
    message_key    text      not null, -- right side of the webhook-id: the same however often it is sent
    happened_at    timestamp not null, -- when
    state          text      not null, -- pending until sent or given up
    attempts       integer   not null, -- how often sending failed
    due_at         timestamp not null, -- not to be tried before
    claimed_until  timestamp,          -- a sender has it in hand until then; a dead sender's row comes back
    sent_at        timestamp,          -- when the receiver took it
    failed_at      timestamp,          -- when it was given up
    last_error     text,               -- why sending failed last, without what the receiver wrote
    constraint pk_webhook_deliveries primary key (id),
    constraint uq_webhook_deliveries_message_key unique (message_key), -- the same is told once
    constraint fk_webhook_deliveries_tenant foreign key (tenant_id) references tenants (id) on delete restrict,
    constraint fk_webhook_deliveries_mail foreign key (mail_id) references mails (id) on delete cascade,
    constraint fk_webhook_deliveries_entry foreign key (entry_id) references history_entries (id) on delete set null,
    constraint fk_webhook_deliveries_application
        foreign key (tenant_id, application_id) references applications (tenant_id, id) on delete cascade,
    constraint ck_webhook_deliveries_event check (event in ('mail.imported', 'mail.unassigned')),
    constraint ck_webhook_deliveries_application check ((event = 'mail.imported') = (application_id is not null)),
    constraint ck_webhook_deliveries_state check (state in ('pending', 'sent', 'failed')),
    constraint ck_webhook_deliveries_sent check ((state = 'sent') = (sent_at is not null)),
    constraint ck_webhook_deliveries_failed check ((state = 'failed') = (failed_at is not null)),
    constraint ck_webhook_deliveries_claimed check (claimed_until is null or state = 'pending'),
    constraint ck_webhook_deliveries_attempts check (attempts >= 0)
);
-- What may be sent to a webhook now, and when the next may.
create index ix_webhook_deliveries_pending on webhook_deliveries (tenant_id, url, due_at) where state = 'pending';
-- How many are in which state: asked by every look at the status.
create index ix_webhook_deliveries_state on webhook_deliveries (tenant_id, url, state);
-- What is told of a mail: withdrawn, and deleted with it.
create index ix_webhook_deliveries_mail on webhook_deliveries (mail_id);
-- What is told of an entry: kept when it is taken back.
create index ix_webhook_deliveries_entry on webhook_deliveries (entry_id) where entry_id is not null;
-- What is told of an application: deleted with it.
create index ix_webhook_deliveries_application on webhook_deliveries (application_id) where application_id is not null;
