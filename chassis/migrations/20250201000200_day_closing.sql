-- migrate:up

-- What this service has said of its days: how many accesses and refusals it told, and one digest over them. A day that
-- grew after it was closed is closed again, in another edition; nothing is taken back.
create table day_closing (
    day date not null,
    edition int not null,
    records bigint not null,
    refusals bigint not null,
    digest text not null,
    closed_at timestamptz not null default clock(),
    primary key (day, edition)
);

-- Only the service's own work closes days.
select secure('day_closing');
do $$
begin
    execute format('revoke insert, update, delete on day_closing from %I', current_database() || '_api');
    execute format('revoke update, delete on day_closing from %I', current_database() || '_worker');
end $$;

-- migrate:down
drop table day_closing;
