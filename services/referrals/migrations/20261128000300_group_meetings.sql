-- migrate:up

-- A group that meets: a programme in a municipality, or, with an empty one, in the district.
create table forum (
    forum_id uuid primary key,
    programme text not null,
    kommune text not null check (kommune ~ '^(\d{4})?$'),
    authority text not null default current_authority(),
    office text not null default current_office(),
    seats text[] not null,
    interval_days integer check (interval_days between 1 and 366),
    founded_at timestamptz not null default clock(),
    last_held_at timestamptz,
    overdue_since timestamptz,
    version bigint not null default 0,
    unique (programme, kommune)
);

-- How often it meets at the least, each time that somebody said so, with the reason.
create table forum_frequency (
    forum_id uuid not null references forum on delete cascade,
    set_at timestamptz not null default clock(),
    interval_days integer check (interval_days between 1 and 366),
    reason text not null,
    decided_on date not null,
    set_by text not null,
    primary key (forum_id, set_at)
);

-- Who convenes while the convener is away.
create table deputy (
    deputy_id uuid primary key,
    programme text not null,
    kommune text not null check (kommune ~ '^(\d{4})?$'),
    authority text not null default current_authority(),
    office text not null default current_office(),
    subject text not null,
    until timestamptz not null,
    named_by text not null,
    named_at timestamptz not null default clock()
);
create index deputy_of_forum on deputy (programme, kommune, subject);

create table meeting (
    meeting_id uuid primary key,
    forum_id uuid not null references forum on delete cascade,
    programme text not null,
    kommune text not null check (kommune ~ '^(\d{4})?$'),
    authority text not null default current_authority(),
    office text not null default current_office(),
    convened_by text not null,
    convened_at timestamptz not null default clock(),
    starts_at timestamptz not null,
    place text not null check (place in ('in_person', 'video', 'telephone')),
    place_note text not null default '',
    circle text[] not null,
    present text[] not null default '{}',
    state text not null check (state in ('convened', 'open', 'held', 'cancelled')),
    opened_at timestamptz,
    ended_at timestamptz,
    missing text[] not null default '{}',
    told bigint not null default 0,
    version bigint not null
);
create index meeting_of_forum on meeting (forum_id, starts_at);

-- A referral that a group works on, from its receipt to its end: who of the group may see it, and how it stands there.
create table group_case (
    group_case_id uuid primary key,
    referral_id uuid not null unique references referral on delete cascade,
    case_id uuid not null,
    programme text not null,
    kommune text not null check (kommune ~ '^\d{4}$'),
    person_id uuid,
    circle text[] not null,
    grey_zone boolean not null default false,
    grey_zone_text_id uuid,
    review_at timestamptz,
    taken_up_at timestamptz not null default clock(),
    ended_at timestamptz,
    told bigint not null default 0,
    version bigint not null default 1
);
create index group_case_open on group_case (programme, kommune, taken_up_at) where ended_at is null;
create index group_case_of_person on group_case (person_id) where person_id is not null;

create table meeting_case (
    meeting_id uuid not null references meeting on delete cascade,
    group_case_id uuid not null references group_case on delete cascade,
    primary key (meeting_id, group_case_id)
);
create index meeting_case_of_case on meeting_case (group_case_id);

-- Who acts for an authority in a case.
create table action_owner (
    group_case_id uuid not null references group_case on delete cascade,
    authority text not null default current_authority(),
    office text not null default current_office(),
    owner text not null,
    named_at timestamptz not null default clock(),
    primary key (group_case_id, authority, office)
);

-- An actor that is drawn into a case for a time.
create table actor (
    actor_id uuid primary key,
    group_case_id uuid not null references group_case on delete cascade,
    authority text not null,
    office text not null,
    standing text not null check (standing in ('authority', 'self_governing', 'private')),
    scope text[] not null,
    need_text_id uuid,
    consent_id uuid references consent,
    until timestamptz not null,
    circle text[] not null,
    invited_at timestamptz not null default clock(),
    removed_at timestamptz
);
create index actor_of_case on actor (group_case_id) where removed_at is null;
create index actor_resting on actor (consent_id) where removed_at is null;

create table contribution (
    contribution_id uuid primary key,
    group_case_id uuid not null references group_case on delete cascade,
    authority text not null default current_authority(),
    office text not null default current_office(),
    profession text not null,
    necessity text not null,
    necessity_text_id uuid,
    text_id uuid,
    given_at timestamptz not null default clock()
);
create index contribution_of_case on contribution (group_case_id);

-- What an authority answered when it was asked to share; none is asked for, and a no says nothing more.
create table sharing_answer (
    group_case_id uuid not null references group_case on delete cascade,
    authority text not null default current_authority(),
    office text not null default current_office(),
    answer text not null check (answer in ('shares', 'deler_ikke')),
    answered_at timestamptz not null default clock(),
    primary key (group_case_id, authority, office)
);

create table group_decision (
    decision_id uuid primary key,
    group_case_id uuid not null references group_case on delete cascade,
    meeting_id uuid not null references meeting on delete cascade,
    code text not null,
    text_id uuid,
    review_at timestamptz,
    decided_at timestamptz not null default clock()
);
create index group_decision_of_case on group_decision (group_case_id);
create index group_decision_of_meeting on group_decision (meeting_id);

create table group_task (
    task_id uuid primary key,
    group_case_id uuid not null references group_case on delete cascade,
    meeting_id uuid not null references meeting on delete cascade,
    authority text not null,
    office text not null,
    code text not null,
    text_id uuid,
    due_at timestamptz not null,
    given_at timestamptz,
    done_at timestamptz,
    reminded_at timestamptz
);
create index group_task_of_case on group_task (group_case_id);
create index group_task_of_meeting on group_task (meeting_id);
create index group_task_of_owner on group_task (authority, office, due_at) where done_at is null;

create table group_update (
    update_id uuid primary key,
    group_case_id uuid not null references group_case on delete cascade,
    authority text not null default current_authority(),
    office text not null default current_office(),
    text_id uuid,
    posted_at timestamptz not null default clock()
);
create index group_update_of_case on group_update (group_case_id);

create table question (
    question_id uuid primary key,
    group_case_id uuid not null references group_case on delete cascade,
    authority text not null default current_authority(),
    office text not null default current_office(),
    asked_authority text not null,
    asked_office text not null,
    text_id uuid,
    answer_text_id uuid,
    asked_at timestamptz not null default clock(),
    answer_by timestamptz not null,
    answered_at timestamptz
);
create index question_of_case on question (group_case_id);

-- A case of an operativgruppe that the district's group looks at, and what it answered.
create table escalation (
    escalation_id uuid primary key,
    from_case_id uuid not null references group_case on delete cascade,
    to_referral_id uuid not null unique references referral on delete cascade,
    reason_text_id uuid,
    escalated_at timestamptz not null default clock(),
    answer text,
    answer_text_id uuid,
    answered_at timestamptz
);
create index escalation_from on escalation (from_case_id);

select secure(closed::regclass) from unnest(array['forum', 'forum_frequency', 'deputy', 'meeting', 'group_case',
    'meeting_case', 'action_owner', 'actor', 'contribution', 'sharing_answer', 'group_decision', 'group_task', 'group_update',
    'question', 'escalation']) closed;

-- A forum and a meeting are the convener's to change, and the participants' to see.
select admit('convene', named, 'insert', null, $$ authority || '.' || office = current_seat() $$)
    from unnest(array['forum', 'deputy', 'meeting']::regclass[]) named;
select admit('lead', named, 'update', $$ authority || '.' || office = current_seat() $$,
    $$ authority || '.' || office = current_seat() $$) from unnest(array['forum', 'meeting']::regclass[]) named;
select admit('members', 'forum', 'select', $$ current_seat() = any(seats) or authority || '.' || office = current_seat() $$);
select admit('circle', 'meeting', 'select', $$ current_seat() = any(circle) or authority || '.' || office = current_seat() $$);
select admit('own', 'deputy', 'select', $$ authority || '.' || office = current_seat() $$);
select admit('members', 'forum_frequency', 'select', $$ exists (select from forum f
    where f.forum_id = forum_frequency.forum_id) $$);
select admit('convene', 'forum_frequency', 'insert', null, $$ exists (select from forum f
    where f.forum_id = forum_frequency.forum_id and f.authority || '.' || f.office = current_seat()) $$);

-- Whoever is drawn in sees a case until the day on which that ends, whether or not anybody has tidied up by then.
select admit('circle', 'actor', 'select', $$ current_seat() = any(circle)
    or (authority || '.' || office = current_seat() and removed_at is null and until > clock()) $$);
select admit('circle_' || command, 'group_case', command, $$ current_seat() = any(circle) or exists (select from actor a
    where a.group_case_id = group_case.group_case_id and a.authority || '.' || a.office = current_seat()
    and a.removed_at is null and a.until > clock()) $$) from unnest(array['select', 'update']) command;

-- Only the case's own circle draws somebody in, and nobody lets themselves in.
select admit('invite', 'actor', 'insert', null, $$ exists (select from group_case c
    where c.group_case_id = actor.group_case_id and c.circle = actor.circle and current_seat() = any(c.circle)) $$);
select admit('remove', 'actor', 'update', $$ current_seat() = any(circle) $$, $$ exists (select from group_case c
    where c.group_case_id = actor.group_case_id and c.circle = actor.circle and current_seat() = any(c.circle)) $$);

-- What belongs to a case is seen with it; each says what is its own.
select admit('with_the_case', named, 'select', format($$ exists (select from group_case c
    where c.group_case_id = %I.group_case_id) $$, named::text))
    from unnest(array['meeting_case', 'action_owner', 'contribution', 'sharing_answer', 'group_decision', 'group_task',
        'group_update', 'question']::regclass[]) named;
select admit('own', named, 'insert', null, format($$ authority || '.' || office = current_seat()
    and exists (select from group_case c where c.group_case_id = %I.group_case_id) $$, named::text))
    from unnest(array['action_owner', 'contribution', 'sharing_answer', 'group_update', 'question']::regclass[]) named;
select admit('own_again', named, 'update', $$ authority || '.' || office = current_seat() $$,
    $$ authority || '.' || office = current_seat() $$)
    from unnest(array['action_owner', 'sharing_answer', 'group_task']::regclass[]) named;
select admit('answer', 'question', 'update', $$ asked_authority || '.' || asked_office = current_seat() $$,
    $$ asked_authority || '.' || asked_office = current_seat() $$);

-- What a meeting does to a case its convener writes.
select admit('lead', named, 'insert', null, format($$ exists (select from meeting m
    where m.meeting_id = %1$I.meeting_id and m.authority || '.' || m.office = current_seat())
    and exists (select from group_case c where c.group_case_id = %1$I.group_case_id) $$, named::text))
    from unnest(array['meeting_case', 'group_decision', 'group_task']::regclass[]) named;
select admit('lead_again', 'group_task', 'update', $$ exists (select from meeting m
    where m.meeting_id = group_task.meeting_id and m.authority || '.' || m.office = current_seat()) $$);

select admit('both_groups', 'escalation', 'select', $$ exists (select from group_case c
    where c.group_case_id = escalation.from_case_id or c.referral_id = escalation.to_referral_id) $$);
select admit('escalate', 'escalation', 'insert', null, $$ exists (select from group_case c
    where c.group_case_id = escalation.from_case_id) $$);
select admit('answer', 'escalation', 'update', $$ exists (select from group_case c
    where c.referral_id = escalation.to_referral_id) $$);

-- migrate:down
drop table escalation, question, group_update, group_task, group_decision, sharing_answer, contribution, action_owner,
    meeting_case, actor, group_case, meeting, deputy, forum_frequency, forum;
