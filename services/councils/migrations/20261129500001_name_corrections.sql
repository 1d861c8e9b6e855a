-- migrate:up

-- A misspelt name that was put right: it is the same person, so nobody's time on a council begins or ends.
create table name_correction (
    correction_id uuid primary key,
    member_id uuid not null,
    body_id uuid not null references body,
    was text not null check (length(was) between 1 and 200),
    holder text not null check (length(holder) between 1 and 200 and holder <> was),
    reason text not null check (length(reason) between 1 and 200),
    public_office boolean not null,
    authority text not null,
    corrected_by text not null,
    corrected_at timestamptz not null default clock()
);
create index name_correction_of on name_correction (body_id, corrected_at);
create index name_correction_was on name_correction (was);

select secure('name_correction');
select admit('public', 'name_correction', 'select', 'public_office');
select admit('seated', 'name_correction', 'select',
    'body_id in (select seated_bodies()) or body_id in (select kept_bodies())');
select admit('correct', 'name_correction', 'insert', null, 'body_id in (select kept_bodies())');
select admit('own_deputy', 'name_correction', 'insert', null,
    $$authority = current_secretariat() and member_id in
        (select m.member_id from council_member m where m.kind = 'deputy' and m.authority = current_secretariat())$$);

-- migrate:down
drop table name_correction;
