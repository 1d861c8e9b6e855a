-- migrate:up

-- Who has the role that convenes the group now; none: it is vacant, which everybody in the group sees.
alter table forum add column holder text;

-- migrate:down
alter table forum drop column holder;
