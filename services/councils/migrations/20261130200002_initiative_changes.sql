-- migrate:up

-- What a fact of an initiative said before and after, who changed it, when and why; while its plan is a draft without why.
create table initiative_change (
    initiative_id uuid not null references initiative,
    -- The version of the initiative that the change made.
    number bigint not null,
    fact text not null check (fact in ('owner', 'indicator', 'target', 'lower_is_better', 'target_on', 'legal_basis')),
    body_id uuid not null references body,
    was text not null,
    became text not null,
    reason text not null,
    authority text not null,
    changed_by text not null,
    changed_at timestamptz not null default clock(),
    primary key (initiative_id, number, fact)
);
create index initiative_change_of_body on initiative_change (body_id);

select secure('initiative_change');
select admit('seated', 'initiative_change', 'select', 'body_id in (select seated_bodies()) or body_id in (select kept_bodies())');
select admit('keep', 'initiative_change', 'insert', null, 'body_id in (select kept_bodies())');

-- migrate:down
drop table initiative_change;
