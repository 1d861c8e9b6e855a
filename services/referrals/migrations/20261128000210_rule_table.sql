-- migrate:up

-- Versions of decision tables after the first, which come with the service: proposed by one, released by another.
create table rule_table (
    rule_table_id uuid primary key,
    name text not null,
    valid_from date not null,
    text text not null check (length(text) <= 65536),
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    state text not null default 'proposed' check (state in ('proposed', 'released', 'rejected')),
    authority text not null default current_authority() check (authority <> ''),
    proposed_by text not null,
    proposed_at timestamptz not null default clock(),
    decided_by text,
    decided_at timestamptz,
    reason text not null default '',
    version bigint not null default 1,
    constraint two_persons check (decided_by <> proposed_by),
    check ((state = 'proposed') = (decided_by is null)),
    check ((decided_by is null) = (decided_at is null)),
    check ((state = 'rejected') = (reason <> ''))
);
-- On no day do two versions hold: each ends where the next begins, and no two begin on one day.
create unique index rule_table_begins on rule_table (name, valid_from) where state = 'released';
create unique index rule_table_open on rule_table (name) where state = 'proposed';

-- Once proposed, nothing of it changes but the decision, and that is made once; a released version is followed by later ones.
create function keep_rule_table() returns trigger language plpgsql as $$
begin
    if old.state <> 'proposed' or new.state = 'proposed'
        or (old.rule_table_id, old.name, old.valid_from, old.text, old.sha256, old.authority, old.proposed_by, old.proposed_at)
        is distinct from
        (new.rule_table_id, new.name, new.valid_from, new.text, new.sha256, new.authority, new.proposed_by, new.proposed_at) then
        raise exception 'a version of a rule does not change' using errcode = 'integrity_constraint_violation';
    end if;
    if new.state = 'released' and exists (select from rule_table r
        where r.name = new.name and r.state = 'released' and r.valid_from >= new.valid_from) then
        raise exception 'a later version of the rule is released' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
create trigger keep before update on rule_table for each row execute function keep_rule_table();

select secure('rule_table');
select admit('anybody', 'rule_table', 'select', $$ state = 'released' or current_authority() in ('politi-mvj', 'politi-mvj-fnt') $$);
select admit('propose', 'rule_table', 'insert', null, $$ state = 'proposed' and authority = current_authority()
    and authority in ('politi-mvj', 'politi-mvj-fnt') $$);
select admit('decide', 'rule_table', 'update',
    $$ state = 'proposed' and current_authority() in ('politi-mvj', 'politi-mvj-fnt') $$,
    $$ state in ('released', 'rejected') and current_authority() in ('politi-mvj', 'politi-mvj-fnt') $$);
do $$
begin
    execute format('revoke delete on rule_table from %I, %I', current_database() || '_api', current_database() || '_worker');
end $$;

-- What was decided by a rule, counted over all senders and receivers: no id of anybody, and no referral.
create function verdicts_of(its_table text)
    returns table (was_row text, outcome text, points_to text, inputs jsonb, times bigint)
    language sql stable security definer set search_path = public as
$$ select verdict->>'row', verdict->>'outcome', coalesce(verdict->>'points_to', ''), coalesce(verdict->'inputs', '{}'), count(*)
    from referral where verdict->>'table' = its_table and state <> 'entered_in_error' group by 1, 2, 3, 4 $$;

-- migrate:down
drop function verdicts_of;
drop table rule_table;
drop function keep_rule_table;
