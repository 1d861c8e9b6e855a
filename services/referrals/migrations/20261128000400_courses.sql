-- migrate:up

-- A course of a programme: on a referral, or alone where nobody is named. Its parties stand in it as `authority.office`,
-- with a star where the authority as such is the party, so that one condition says who sees it.
create table course (
    course_id uuid primary key,
    kind text not null,
    programme text not null,
    referral_id uuid references referral on delete cascade,
    case_id uuid not null,
    person_id uuid,
    counterpart_id uuid,
    sealed_under uuid,
    kommune text not null default '',
    parties text[] not null check (cardinality(parties) > 0),
    state text not null,
    due_at timestamptz,
    code text not null default '',
    stopped boolean not null default false,
    assigned_to text not null default '',
    once_key text,
    opened_at timestamptz not null default clock(),
    ended_at timestamptz,
    version bigint not null,
    check ((referral_id is null) <= (person_id is null and counterpart_id is null))
);
create unique index course_open_once on course (kind, referral_id) where referral_id is not null and ended_at is null;
create unique index course_once_for on course (kind, kommune, once_key) where once_key is not null;
create index course_of_party on course using gin (parties);
create index course_of_referral on course (referral_id) where referral_id is not null;
create index course_of_person on course (person_id) where person_id is not null;
create index course_of_counterpart on course (counterpart_id) where counterpart_id is not null;

-- What was said with each step, but for the words, which persons keeps under the ids in `text_ids`.
create table course_step (
    course_id uuid not null references course on delete cascade,
    position integer not null,
    step text not null,
    seats text[] not null,
    said jsonb not null default '{}',
    text_ids jsonb not null default '{}',
    authority text not null default current_authority(),
    taken_by text not null,
    taken_at timestamptz not null,
    primary key (course_id, position)
);

select secure(closed::regclass) from unnest(array['course', 'course_step']) closed;

select admit('open', 'course', 'insert', null, $$ parties && array[current_seat(), nullif(current_authority(), '') || '.*'] $$);
select admit('parties', 'course', 'select', $$ parties && array[current_seat(), nullif(current_authority(), '') || '.*'] $$);
select admit('decide', 'course', 'update', $$ parties && array[current_seat(), nullif(current_authority(), '') || '.*'] $$);
select admit('take', 'course_step', 'insert', null, $$ exists (select from course c
    where c.course_id = course_step.course_id) $$);
select admit('parties', 'course_step', 'select', $$ exists (select from course c
    where c.course_id = course_step.course_id) $$);

-- A referral that ends, however it ends, stops what is open on it in the same transaction: not one word more is shared.
-- Whoever ends it need not see its courses.
create function stop_courses() returns trigger language plpgsql security definer set search_path = public as $$
declare its record;
begin
    for its in update course set stopped = true
        where referral_id = new.referral_id and ended_at is null and not stopped returning course_id, case_id
    loop
        perform put_deadline('course_stopped', its.course_id, clock(), its.case_id);
    end loop;
    return null;
end $$;
create trigger stops_its_courses after update of state on referral for each row
    when (new.state in ('rejected', 'completed', 'failed', 'cancelled', 'withdrawn', 'expired', 'entered_in_error'))
    execute function stop_courses();

-- A referral that names nobody any more leaves nothing in its courses that says who it was.
create function forget_courses() returns trigger language plpgsql security definer set search_path = public as $$
begin
    update course set person_id = null, counterpart_id = null, sealed_under = null where referral_id = new.referral_id;
    update course_step set said = '{}', text_ids = '{}'
        where course_id in (select course_id from course where referral_id = new.referral_id);
    return null;
end $$;
create trigger forgets_its_courses after update of person_id on referral for each row
    when (new.person_id is null and old.person_id is not null) execute function forget_courses();

-- migrate:down
drop trigger forgets_its_courses on referral;
drop function forget_courses;
drop trigger stops_its_courses on referral;
drop function stop_courses;
drop table course_step, course;
