-- migrate:up

-- What was erased: id, kind, when, why, by which rule. No content, and never changed.
create table tombstone (
    kind text not null,
    id uuid not null,
    case_id uuid,
    reason text not null check (reason <> ''),
    rule text not null check (rule <> ''),
    erased_at timestamptz not null default clock(),
    primary key (kind, id)
);
create index tombstone_by_time on tombstone (kind, erased_at);
create index tombstone_of_case on tombstone (case_id);
select secure('tombstone');

-- The history allows no delete to anybody. This deletes what a tombstone of the same transaction names: a whole case, or one
-- thing of it. Records of access stay: they are kept for the control of lawfulness, and name ids only.
create function erase_history(its_kind text, its_id uuid) returns bigint language plpgsql security definer
set search_path = public as $$
declare gone bigint;
begin
    if not exists (select from tombstone t where t.kind = its_kind and t.id = its_id and t.xmin = pg_current_xact_id()::xid) then
        raise exception 'history goes under a tombstone of the same transaction only' using errcode = 'insufficient_privilege';
    end if;
    delete from event e where topic not like 'samvirke.audit.%'
        and case when its_kind = 'case' then e.correlation_id = its_id else e.aggregate_id = its_id end;
    get diagnostics gone = row_count;
    return gone;
end $$;

do $$
declare users text := format('%I, %I', current_database() || '_api', current_database() || '_worker');
begin
    execute 'revoke update, delete on tombstone from ' || users;
    execute format('grant update (reason, rule, erased_at) on tombstone to %I', current_database() || '_worker');
    execute 'revoke execute on function erase_history from public, ' || users;
    execute format('grant execute on function erase_history to %I', current_database() || '_worker');
end $$;

-- migrate:down
drop function erase_history;
drop table tombstone;
