-- Which applications are blocked: the list leaves them out without reading the others.
create index ix_applications_blocked on applications (tenant_id, id) where blocked_since is not null;
