-- migrate:up

-- Whether everybody may read what a council's plan of a year holds; a council's plan is public from its first edition.
create function plan_is_public(council uuid, its_year integer) returns boolean language sql stable as
$$ select exists (select from body where body_id = council and kind = 'kredsraad')
    and exists (select from samarbejdsplan_edition where year = its_year) $$;

-- --- goals (O-1-02, O-2-03) ---

create table goal (
    goal_id uuid primary key,
    body_id uuid not null references body,
    title text not null,
    horizon_year integer not null,
    indicator text not null,
    decision_id uuid not null references decision,
    state text not null default 'open' check (state in ('open', 'closed')),
    version bigint not null default 1,
    recorded_at timestamptz not null default clock()
);
create index goal_of_body on goal (body_id);

-- What a goal said before, and by which decision.
create table goal_edition (
    goal_id uuid not null references goal,
    body_id uuid not null references body,
    number bigint not null,
    title text not null,
    horizon_year integer not null,
    indicator text not null,
    decision_id uuid not null references decision,
    recorded_at timestamptz not null default clock(),
    primary key (goal_id, number)
);

create table implementation_task (
    implementation_task_id uuid primary key,
    goal_id uuid not null references goal,
    body_id uuid not null references body,
    state text not null default 'open' check (state in ('open', 'closed')),
    discussed_at uuid,
    outcome text check (outcome in ('initiatives', 'no_local_need', 'goal_closed')),
    no_local_need text,
    version bigint not null default 1,
    recorded_at timestamptz not null default clock(),
    unique (goal_id, body_id),
    check ((state = 'closed') = (outcome is not null)),
    check ((outcome = 'no_local_need') = (no_local_need is not null))
);
create index implementation_task_of_body on implementation_task (body_id);

-- --- priorities (O-1-03) ---

create table priority_list (
    priority_list_id uuid primary key,
    body_id uuid not null references body,
    year integer not null,
    version bigint not null default 0,
    recorded_at timestamptz not null default clock(),
    unique (body_id, year)
);

create table priority (
    priority_id uuid primary key,
    body_id uuid not null references body,
    year integer not null,
    kind text not null check (kind in ('aktivitet', 'metode', 'ressource')),
    title text not null,
    owner_party text not null,
    coordinated_with text[] not null,
    -- None: it is no longer on the list, and what rests on it still leads there.
    rank integer check (rank > 0),
    unique (body_id, year, rank) deferrable initially deferred
);

-- --- initiatives (O-0-03, O-2-02, O-3-03, O-6-01) ---

create table initiative (
    initiative_id uuid primary key,
    body_id uuid not null references body,
    year integer not null,
    title text not null,
    purpose text not null check (purpose in ('forebyggelse', 'bekaempelse', 'begge')),
    parties text[] not null,
    one_sided_reason text,
    scope text not null check (scope in ('generel', 'konkret')),
    local_focus boolean not null,
    focus_area text,
    level text check (level in ('individ', 'strukturel')),
    owner text not null,
    indicator text not null,
    target double precision not null,
    lower_is_better boolean not null,
    target_on date not null,
    legal_basis text not null,
    tags text[] not null,
    decision_id uuid references decision,
    state text not null default 'planned' check (state in ('planned', 'running', 'done', 'stopped')),
    version bigint not null default 1,
    recorded_at timestamptz not null default clock()
);
create index initiative_of_body on initiative (body_id, year);

create table initiative_goal (
    initiative_id uuid not null references initiative,
    goal_id uuid not null references goal,
    body_id uuid not null references body,
    primary key (initiative_id, goal_id)
);
create index initiative_goal_of_goal on initiative_goal (goal_id, body_id);

create table initiative_note (
    initiative_id uuid not null references initiative,
    number bigint not null,
    body_id uuid not null references body,
    state text not null,
    note text not null,
    noted_at timestamptz not null default clock(),
    primary key (initiative_id, number)
);

-- --- actions and what came of things ---

create table action (
    action_id uuid primary key,
    body_id uuid not null references body,
    title text not null,
    owner text not null,
    due_on date not null,
    decision_id uuid references decision,
    -- Of an action at a school (O-4.4-04): which investigation asks for it, and the school beside the police.
    investigation_id uuid,
    school text,
    police text,
    state text not null default 'open' check (state in ('open', 'done', 'stopped')),
    version bigint not null default 1,
    recorded_at timestamptz not null default clock(),
    check ((decision_id is null) = (investigation_id is not null)),
    check ((investigation_id is null) = (school is null) and (school is null) = (police is null))
);
create index action_of_body on action (body_id, due_on);
create index action_of_investigation on action (investigation_id) where investigation_id is not null;

-- Each day that an action was not done by: what a council's agenda has of it.
create table action_overdue (
    overdue_id uuid primary key,
    action_id uuid not null references action,
    body_id uuid not null references body,
    due_on date not null,
    unique (action_id, due_on)
);

create table measured_result (
    result_id uuid primary key,
    body_id uuid not null references body,
    of_kind text not null check (of_kind in ('initiative', 'action')),
    of_id uuid not null,
    value double precision,
    note text not null,
    missed boolean not null,
    measured_at timestamptz not null default clock(),
    unique (of_kind, of_id)
);
create index measured_result_of_body on measured_result (body_id);

-- --- targets (O-4.2-02) ---

create table joint_target (
    joint_target_id uuid primary key,
    body_id uuid not null references body,
    indicator text not null,
    value double precision not null,
    lower_is_better boolean not null,
    owners text[] not null,
    first_year integer not null,
    missing_year integer,
    version bigint not null default 1,
    recorded_at timestamptz not null default clock()
);
create index joint_target_of_body on joint_target (body_id);

create table target_review (
    joint_target_id uuid not null references joint_target,
    year integer not null,
    body_id uuid not null references body,
    measured double precision not null,
    missed boolean not null,
    note text not null,
    reviewed_at timestamptz not null default clock(),
    primary key (joint_target_id, year)
);

-- --- the chain ---

create table chain_link (
    from_kind text not null,
    from_id text not null,
    to_kind text not null,
    to_id text not null,
    body_id uuid not null references body,
    linked_at timestamptz not null default clock(),
    primary key (from_kind, from_id, to_kind, to_id)
);
create index chain_link_back on chain_link (to_kind, to_id);

-- --- joint efforts (O-4.1-09) ---

create table joint_effort (
    joint_effort_id uuid primary key,
    body_id uuid not null references body,
    area_id uuid not null,
    title text not null,
    parties text[] not null,
    others text[] not null,
    decision_id uuid references decision,
    state text not null default 'running' check (state in ('running', 'ended')),
    ending text,
    version bigint not null default 1,
    recorded_at timestamptz not null default clock()
);
create index joint_effort_of_body on joint_effort (body_id);
create unique index one_running_effort on joint_effort (body_id, area_id) where state = 'running';

-- --- the political agreement (O-4-01..04, O-4.3-02) ---

create table agreement (
    agreement_id uuid primary key,
    body_id uuid not null references body,
    title text not null,
    agreed_on date not null,
    first_year integer not null,
    last_year integer not null check (last_year >= first_year),
    purposes text[] not null,
    marks text[] not null,
    plan_years integer[] not null default '{}',
    version bigint not null default 1,
    recorded_at timestamptz not null default clock(),
    unique (first_year, last_year)
);

create table agreement_area (
    agreement_id uuid not null references agreement,
    place integer not null,
    body_id uuid not null references body,
    title text not null,
    chosen boolean not null default false,
    primary key (agreement_id, place)
);

create table agreement_initiative (
    agreement_initiative_id uuid primary key,
    agreement_id uuid not null references agreement,
    body_id uuid not null references body,
    mark integer not null,
    area integer,
    title text not null,
    with_municipalities boolean not null,
    is_national boolean not null,
    version bigint not null default 0,
    unique (agreement_id, title)
);

create table agreement_status (
    agreement_initiative_id uuid not null references agreement_initiative,
    year integer not null,
    body_id uuid not null references body,
    status text not null check (status in ('not_begun', 'under_way', 'realised', 'given_up')),
    note text not null,
    set_at timestamptz not null default clock(),
    primary key (agreement_initiative_id, year)
);

-- --- the samarbejdsmodel (O-3-04, O-3-05) ---

create table cooperation_model (
    cooperation_model_id uuid primary key,
    body_id uuid not null references body,
    year integer not null,
    title text not null,
    owners text[] not null,
    adopted integer not null default 0,
    overdue boolean not null default false,
    version bigint not null default 1,
    recorded_at timestamptz not null default clock(),
    unique (body_id, year, title)
);

create table model_edition (
    cooperation_model_id uuid not null references cooperation_model,
    number integer not null,
    body_id uuid not null references body,
    content text not null,
    parties text[] not null,
    override_reason text,
    adopted_at timestamptz not null default clock(),
    primary key (cooperation_model_id, number)
);

create table external_requirement (
    requirement_id uuid primary key,
    cooperation_model_id uuid not null references cooperation_model,
    body_id uuid not null references body,
    title text not null,
    source text not null,
    state text not null default 'open' check (state in ('open', 'incorporated', 'not_relevant')),
    reason text check ((state = 'not_relevant') = (reason is not null)),
    recorded_at timestamptz not null default clock()
);
create index external_requirement_of_model on external_requirement (cooperation_model_id);

-- --- activities of §4.2 to §4.4, and the yearly account ---

create table training_concept (
    training_concept_id uuid primary key,
    body_id uuid not null references body,
    title text not null,
    audience text not null,
    version bigint not null default 1,
    recorded_at timestamptz not null default clock()
);
create index training_concept_of_body on training_concept (body_id);

create table training_session (
    session_id uuid primary key,
    training_concept_id uuid not null references training_concept,
    body_id uuid not null references body,
    held_on date not null,
    attendance integer not null check (attendance >= 0)
);
create index training_session_of_concept on training_session (training_concept_id);

create table prevention_meeting (
    prevention_meeting_id uuid primary key,
    body_id uuid not null references body,
    organisation text not null,
    topic text not null,
    kommunekode text not null,
    planned_on date not null,
    tags text[] not null,
    state text not null default 'planned' check (state in ('planned', 'held', 'cancelled')),
    attendance integer check (attendance >= 0),
    report text,
    version bigint not null default 1,
    recorded_at timestamptz not null default clock(),
    check ((state = 'held') = (attendance is not null))
);
create index prevention_meeting_of_body on prevention_meeting (body_id);

create table topic_assessment (
    topic_assessment_id uuid primary key,
    body_id uuid not null references body,
    topic text not null,
    verdict text not null check (verdict in ('not_extensive', 'extensive', 'problem', 'no_problem')),
    words text not null,
    assessed_by text not null,
    assessed_on date not null,
    version bigint not null default 1,
    recorded_at timestamptz not null default clock()
);
create index topic_assessment_of_topic on topic_assessment (topic, body_id, assessed_on desc);

create table investigation (
    investigation_id uuid primary key,
    body_id uuid not null references body,
    year integer not null,
    topic text not null,
    state text not null default 'open' check (state in ('open', 'concluded')),
    method text,
    schools text[] not null default '{}',
    found text check (found in ('problem', 'no_problem')),
    words text,
    version bigint not null default 1,
    recorded_at timestamptz not null default clock(),
    unique (body_id, year, topic),
    check ((state = 'concluded') = (found is not null))
);
alter table action add constraint action_of_its_investigation foreign key (investigation_id) references investigation;

create table yearly_account (
    yearly_account_id uuid primary key,
    body_id uuid not null references body,
    year integer not null,
    account text not null,
    version bigint not null default 1,
    recorded_at timestamptz not null default clock(),
    unique (body_id, year)
);

do $$
declare its regclass;
begin
    foreach its in array array['goal', 'goal_edition', 'implementation_task', 'priority_list', 'priority', 'initiative',
        'initiative_goal', 'initiative_note', 'action', 'action_overdue', 'measured_result', 'joint_target', 'target_review',
        'chain_link', 'joint_effort', 'agreement', 'agreement_area', 'agreement_initiative', 'agreement_status',
        'cooperation_model', 'model_edition', 'external_requirement', 'training_concept', 'training_session',
        'prevention_meeting', 'topic_assessment', 'investigation', 'yearly_account']::regclass[]
    loop
        perform secure(its);
        perform admit('seated', its, 'select', 'body_id in (select seated_bodies()) or body_id in (select kept_bodies())');
        perform admit('keep', its, 'insert', null, 'body_id in (select kept_bodies())');
        perform admit('change', its, 'update', 'body_id in (select kept_bodies())');
    end loop;
    -- Everybody may read the long-term goals and the political agreement.
    foreach its in array array['goal', 'agreement', 'agreement_area', 'agreement_initiative', 'agreement_status']::regclass[]
    loop
        perform admit('public', its, 'select', 'true');
    end loop;
    foreach its in array array['priority', 'initiative']::regclass[]
    loop
        perform admit('published', its, 'select', 'plan_is_public(body_id, year)');
    end loop;
end $$;

-- The chief's account of a year is missed when the year is over (rpl § 112, stk. 2).
select put_deadline('account_missing', body_id, make_timestamptz(extract(year from greatest(clock()::date, in_service))::integer
    + 1, 1, 1, 0, 0, 0, 'Europe/Copenhagen'), body_id) from body where kind = 'kredsraad';

-- migrate:down
drop table yearly_account, action_overdue, action, investigation, topic_assessment, prevention_meeting, training_session,
    training_concept, external_requirement, model_edition, cooperation_model, agreement_status, agreement_initiative,
    agreement_area, agreement, joint_effort, chain_link, target_review, joint_target, measured_result, initiative_note,
    initiative_goal, initiative, priority, priority_list, implementation_task, goal_edition, goal;
drop function plan_is_public;
