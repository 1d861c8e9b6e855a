-- migrate:up

-- When whoever owes an evaluation was told that its time has passed: once.
alter table evaluation add column overdue_at timestamptz;

-- migrate:down
alter table evaluation drop column overdue_at;
