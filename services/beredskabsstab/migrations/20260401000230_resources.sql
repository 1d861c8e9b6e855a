-- migrate:up

-- One board over all authorities: what they offer and what they ask for.
create table resource_line (
    line_id uuid primary key,
    activation_id uuid not null references activation,
    side text not null check (side in ('offer', 'request')),
    authority text not null,
    kind text not null,
    amount int not null check (amount > 0),
    allocated int not null default 0,
    what text not null check (what <> ''),
    place text not null default '',
    from_at timestamptz,
    until_at timestamptz,
    priority int check (priority between 1 and 9),
    state text not null check (state in ('open', 'wanted_back', 'withdrawn')),
    entered_by text not null,
    entered_by_authority text not null,
    entered_at timestamptz not null,
    withdrawn_reason text not null default '',
    version bigint not null,
    constraint never_twice check (allocated between 0 and amount),
    check (state <> 'withdrawn' or allocated = 0)
);
create index line_of_activation on resource_line (activation_id);

create table resource_allocation (
    allocation_id uuid primary key,
    activation_id uuid not null references activation,
    offer_id uuid not null references resource_line,
    request_id uuid not null references resource_line,
    amount int not null check (amount >= 0),
    reason text not null check (reason <> ''),
    allocated_by text not null,
    allocated_at timestamptz not null,
    released_by text,
    released_at timestamptz,
    released_reason text,
    check ((amount = 0) = (released_at is not null))
);
create index allocation_of_activation on resource_allocation (activation_id);
create index allocation_of_offer on resource_allocation (offer_id);
create index allocation_of_request on resource_allocation (request_id);

-- What a line has out or has got is counted here, whoever writes: more than it has cannot be stored.
create function count_allocated() returns trigger language plpgsql security definer set search_path = public as $$
declare more int := new.amount - case when tg_op = 'UPDATE' then old.amount else 0 end;
begin
    update resource_line set allocated = allocated + more where line_id in (new.offer_id, new.request_id);
    return null;
end $$;
create trigger count_allocated after insert or update of amount on resource_allocation
    for each row execute function count_allocated();

-- A receiver lets go what is another's offer: the line's state and version change by its id alone, for the staff only.
create function put_line(its_id uuid, its_state text) returns bigint language plpgsql security definer set search_path = public as $$
declare counted bigint;
begin
    update resource_line set state = its_state, version = version + 1
        where line_id = its_id and (is_party(activation_id) or is_police()) returning version into counted;
    return counted;
end $$;

select secure(closed::regclass) from unnest(array['resource_line', 'resource_allocation']) closed;
select admit('staff', 'resource_line', 'select', $$is_party(activation_id) or is_police()$$);
select admit('own', 'resource_line', 'insert', null,
    $$is_police() or authority = current_authority() and is_party(activation_id)$$);
select admit('own_line', 'resource_line', 'update', $$is_own(authority) or is_police()$$);
select admit('staff', 'resource_allocation', 'select', $$is_party(activation_id) or is_police()$$);
select admit('police', 'resource_allocation', 'insert', null, $$is_police()$$);
select admit('police_moves', 'resource_allocation', 'update', $$is_police()$$);
select admit('receiver', 'resource_allocation', 'update', $$exists (select from resource_line
    where line_id = request_id and is_own(authority))$$);
do $$ begin
    execute format('revoke delete, truncate on resource_line, resource_allocation from %I', current_database() || '_api');
end $$;

-- migrate:down
drop table resource_allocation, resource_line;
drop function put_line, count_allocated;
