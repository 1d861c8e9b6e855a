-- migrate:up

-- Whether the asker keeps the kredsraad's papers: the district's own secretariat.
create function keeps_kredsraad() returns boolean language sql stable as
$$ select exists (select from body where kind = 'kredsraad' and body_id in (select kept_bodies())) $$;

-- The ministry's lists. A correction is a new edition; the old one stays, and an ended list is history.
create table area_list (
    area_list_id uuid primary key,
    kind text not null check (kind in ('parallelsamfund', 'udsat', 'omdannelse', 'forebyggelse')),
    year integer not null check (year between 2000 and 2999),
    version bigint not null,
    unique (kind, year)
);
create table area_list_edition (
    area_list_id uuid not null references area_list,
    edition integer not null check (edition > 0),
    issuer text not null,
    source text not null,
    reason text,
    imported_by text not null,
    imported_at timestamptz not null default clock(),
    primary key (area_list_id, edition),
    check (edition = 1 or reason is not null)
);
create table area (
    area_id uuid primary key,
    title text,
    kommunekode text,
    version bigint not null default 0,
    check (title is null or kommunekode is not null)
);
create unique index one_named_area on area (kommunekode, title) where title is not null;
create table listed_area (
    area_list_id uuid not null,
    edition integer not null,
    area_id uuid not null references area,
    crime_criterion boolean,
    primary key (area_list_id, edition, area_id),
    foreign key (area_list_id, edition) references area_list_edition
);
create index listed_area_of on listed_area (area_id);

-- Published figures of an area that was on the list when they were entered, and what the law gives.
create table area_criteria (
    criteria_id uuid primary key,
    area_id uuid not null,
    area_list_id uuid not null,
    edition integer not null,
    year integer not null,
    source text not null,
    law text not null,
    law_source text not null,
    met boolean not null,
    lines jsonb not null,
    evaluated_at timestamptz not null default clock(),
    evaluated_by text not null,
    foreign key (area_list_id, edition, area_id) references listed_area (area_list_id, edition, area_id)
);
create index area_criteria_of on area_criteria (area_id, evaluated_at);

create table area_monitoring (
    monitoring_id uuid primary key,
    area_id uuid not null references area,
    scope text not null,
    every_days integer not null check (every_days between 1 and 366),
    review_on date not null,
    end_condition text not null,
    finding text,
    started_at timestamptz not null default clock(),
    reviewed_at timestamptz,
    ended_at timestamptz,
    ended_because text,
    check ((ended_at is null) = (ended_because is null))
);
create unique index one_monitoring on area_monitoring (area_id) where ended_at is null;

create table area_assessment (
    assessment_id uuid primary key,
    area_id uuid not null references area,
    verdict text not null check (verdict in ('egnet', 'ikke_egnet')),
    reason text not null,
    assessed_at timestamptz not null default clock(),
    assessed_by text not null
);
create index area_assessment_of on area_assessment (area_id, assessed_at);

-- Counts of reports per area, for the screening alone: no person, case or candidate is counted by area.
create table screening_count (
    year integer not null,
    quarter smallint not null check (quarter between 1 and 4),
    kommunekode text not null,
    title text not null,
    count integer not null check (count >= 0),
    primary key (year, quarter, kommunekode, title)
);
create table crime_screening (
    crime_screening_id uuid primary key,
    year integer not null,
    quarter smallint not null check (quarter between 1 and 4),
    version bigint not null default 0,
    sha256 text,
    found jsonb,
    completed_at timestamptz,
    unique (year, quarter)
);

select secure(closed::regclass) from unnest(array['area_list', 'area_list_edition', 'area', 'listed_area', 'area_criteria',
    'area_monitoring', 'area_assessment', 'screening_count', 'crime_screening']) closed;
select admit('public', open::regclass, 'select', 'true') from unnest(array['area_list', 'area_list_edition', 'area',
    'listed_area', 'area_criteria', 'area_monitoring', 'area_assessment']) open;
select admit('import', own::regclass, 'insert', null, 'keeps_kredsraad()') from unnest(array['area_list',
    'area_list_edition', 'area', 'listed_area', 'area_criteria', 'area_monitoring', 'area_assessment']) own;
select admit('change', own::regclass, 'update', 'keeps_kredsraad()') from unnest(array['area_list', 'area',
    'area_monitoring']) own;
select admit('count', own::regclass, 'all', 'keeps_kredsraad()', 'keeps_kredsraad()')
    from unnest(array['screening_count', 'crime_screening']) own;
select admit('seated', 'crime_screening', 'select', 'exists (select from seated_bodies())');

-- migrate:down
drop table crime_screening, screening_count, area_assessment, area_monitoring, area_criteria, listed_area, area,
    area_list_edition, area_list;
drop function keeps_kredsraad;
