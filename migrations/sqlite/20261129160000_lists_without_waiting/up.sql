-- What a search looks at, apart from the wide rows and in one piece; and which applications are blocked, for the list.
create index ix_applications_sought on applications (tenant_id, blocked_since, sought);
