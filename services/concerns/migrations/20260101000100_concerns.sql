-- migrate:up

-- The predefined codes; a version is released by two approvers and never changes afterwards.
create table code_list (
    number int primary key check (number > 0),
    code_list_id uuid not null unique,
    valid_from date not null,
    reason text not null check (reason <> ''),
    entries jsonb not null,
    matched_last_quarter int not null,
    approvers text[] not null default '{}',
    released_at timestamptz,
    version bigint not null,
    check ((released_at is not null) = (cardinality(approvers) > 1)),
    check (cardinality(approvers) < 2 or approvers[1] <> approvers[2])
);

-- The search in service: the first week that it answers for. What occurred before is history, never current.
create table service_start (
    only_row boolean primary key default true check (only_row),
    first_monday date not null check (extract(isodow from first_monday) = 1)
);

-- One delivery of registrations, resumable: the next line is the only place where it goes on.
create table import (
    import_id uuid primary key,
    authority text not null,
    next_line bigint not null default 1 check (next_line > 0),
    accepted bigint not null default 0,
    repeated bigint not null default 0,
    dropped bigint not null default 0,
    refused bigint not null default 0,
    ended_at timestamptz,
    version bigint not null default 0
);

create table import_refused_line (
    import_id uuid not null references import,
    line bigint not null,
    reason text not null,
    field text,
    primary key (import_id, line)
);

-- Registrations with codes outside the list: counted, and nothing else is kept of them.
create table dropped_count (
    monday date not null,
    code text not null,
    count bigint not null check (count > 0),
    primary key (monday, code)
);

-- One row a revision. A later revision whose code is on no list leaves its number and nothing about a person.
create table registration (
    registration text not null,
    revision int not null check (revision > 0),
    person_id uuid,
    code text,
    role text check (role in ('G', 'F', 'I')),
    occurred_on date,
    registered_at timestamptz,
    district text,
    status text not null check (status in ('valid', 'withdrawn', 'disputed', 'hold', 'unlisted')),
    children_present uuid[] not null default '{}',
    child_unknown boolean not null default false,
    pregnant boolean not null default false,
    incident text,
    source_system text,
    source_reference text,
    stood_alone boolean not null default false,
    import_id uuid not null,
    received_at timestamptz not null default clock(),
    seen_by int,
    claimed_by int,
    primary key (registration, revision),
    check ((status = 'unlisted') = (person_id is null)),
    check (status = 'unlisted' or (code is not null and role is not null and occurred_on is not null
        and registered_at is not null and district is not null
        and source_system is not null and source_reference <> '')),
    check (claimed_by is null or seen_by <= claimed_by)
);
create index registration_unseen on registration (registration) where seen_by is null;
create index registration_unclaimed on registration (registration) where claimed_by is null;
create index registration_claimed on registration (claimed_by) where claimed_by > 0;
create index registration_of_person on registration (person_id);
create index registration_with_child on registration using gin (children_present) where children_present <> '{}';

-- One run a week; its number is its place in the order of runs. Number 0 is the history before the first week.
create table search (
    search_id uuid primary key,
    number int not null unique check (number > 0),
    monday date not null unique check (extract(isodow from monday) = 1),
    state text not null check (state in ('due', 'claimed', 'asked', 'judged', 'complete')),
    due_at timestamptz not null,
    started_at timestamptz,
    completed_at timestamptz,
    code_list int references code_list,
    seen int,
    dropped jsonb,
    result_sha256 text,
    version bigint not null default 1,
    check ((state = 'due') = (started_at is null)),
    check ((state = 'complete') = (completed_at is not null))
);

-- The household facts that a run was answered, as they were; a replay reads these.
create table search_fact (
    search_id uuid not null references search,
    person_id uuid not null,
    fact jsonb not null,
    primary key (search_id, person_id, fact)
);

-- The current registrations whose families have been asked about: where the run goes on after a crash.
create table search_asked (
    search_id uuid not null references search,
    registration text not null,
    primary key (search_id, registration)
);

-- Which current registration concerns which child, and those with whom the child's rules must be asked.
create table search_scope (
    search_id uuid not null references search,
    child text not null,
    registration text not null,
    family uuid[] not null,
    primary key (search_id, child, registration)
);

create table search_excluded (
    search_id uuid not null references search,
    registration text not null,
    reason text not null,
    primary key (search_id, registration, reason)
);

-- What became of each child that a run asked about; written once, so a crash between steps doubles nothing.
create table search_child (
    search_id uuid not null references search,
    child text not null,
    background jsonb not null,
    ties text[] not null,
    outcome jsonb not null,
    primary key (search_id, child)
);

create table candidate (
    candidate_id uuid primary key,
    search_id uuid not null references search,
    child text not null,
    person_id uuid not null,
    unborn boolean not null,
    rules text[] not null check (cardinality(rules) > 0),
    current text[] not null check (cardinality(current) > 0),
    history text[] not null,
    known text[] not null,
    merges uuid[] not null,
    turns_18 boolean not null,
    explanation text[] not null,
    family_id uuid not null,
    state text not null
        check (state in ('found', 'in_review', 'reviewed', 'rejected', 'approved', 'ground_fell', 'merged')),
    merged_into uuid references candidate deferrable initially deferred,
    reviewed_by text,
    outcome text,
    reason text,
    assessment jsonb,
    approved_by text,
    acute boolean,
    found_at timestamptz not null,
    decided_at timestamptz,
    version bigint not null,
    unique (search_id, child),
    check (approved_by is null or approved_by <> reviewed_by),
    check ((state = 'merged') = (merged_into is not null)),
    check (state <> 'approved' or (approved_by is not null and acute is not null))
);
-- Before it is sent a child has one candidate: a later one takes the earlier with it.
create unique index candidate_unsent on candidate (child) where state in ('found', 'in_review', 'reviewed');
create index candidate_of_child on candidate (child, state);
create index candidate_of_person on candidate (person_id);

create table underretning (
    underretning_id uuid primary key,
    candidate_id uuid unique references candidate,
    case_id uuid not null,
    child text not null,
    person_id uuid not null,
    unborn boolean not null,
    source text not null check (source in ('socialsoeg', 'direkte')),
    kind text not null check (kind in ('new', 'supplement', 'correction', 'retraction')),
    registrations text[] not null check (cardinality(registrations) > 0),
    refers_to uuid[] not null,
    receiver text,
    undecided text,
    protected_address boolean not null,
    acute boolean not null,
    law text not null,
    content jsonb not null,
    state text not null
        check (state in ('needs_receiver', 'sent', 'delivered', 'acknowledged', 'feedback', 'closed')),
    approved_at timestamptz not null,
    sent_at timestamptz,
    delivered_at timestamptz,
    acknowledge_by timestamptz,
    acknowledged_at timestamptz,
    feedback_kind text,
    closed_at timestamptz,
    version bigint not null,
    -- The same registrations are never told twice about the same child.
    unique (child, registrations),
    check ((state = 'needs_receiver') = (receiver is null)),
    check ((receiver is null) = (sent_at is null)),
    check (receiver is not null or undecided is not null),
    check ((state in ('needs_receiver', 'sent')) = (delivered_at is null)),
    check (delivered_at is null or acknowledge_by is not null)
);
create index underretning_of_child on underretning (child);
create index underretning_of_receiver on underretning (receiver, state);
create index underretning_of_person on underretning (person_id);

-- The checksums of what was served: a receipt must name one of them.
create table underretning_served (
    underretning_id uuid not null references underretning,
    sha256 text not null,
    served_at timestamptz not null,
    primary key (underretning_id, sha256)
);

-- migrate:down
drop table underretning_served, underretning, candidate, search_child, search_excluded, search_scope, search_asked,
    search_fact, search, registration, dropped_count, import_refused_line, import, service_start, code_list;
