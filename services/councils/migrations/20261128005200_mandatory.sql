-- migrate:up

-- What plan §4 obliges a lokalraad to take up in its year.
create table mandatory_item (
    mandatory_item_id uuid primary key,
    body_id uuid not null references body,
    year integer not null check (year between 2000 and 2999),
    paragraph text not null,
    kind text not null,
    title text not null,
    area_id uuid references area,
    matter_id uuid references matter,
    state text not null check (state in ('open', 'treated', 'put_off', 'breached', 'withdrawn', 'history')),
    put_off_to date,
    outcome text,
    decision_id uuid,
    assigned_at timestamptz not null default clock(),
    treated_at timestamptz,
    breached_at timestamptz,
    version bigint not null default 0
);
create unique index one_mandatory_item on mandatory_item (body_id, year, paragraph, area_id) nulls not distinct;
create table checklist_answer (
    mandatory_item_id uuid not null references mandatory_item,
    question text not null,
    yes boolean,
    text text,
    parties text[] not null default '{}',
    groups text[] not null default '{}',
    paper_sha256 text,
    answered_at timestamptz not null default clock(),
    answered_by text not null,
    primary key (mandatory_item_id, question, answered_at)
);

-- Counts of reports per municipality and quarter; a correction replaces the figure, and names the file it came in.
create table indicator (
    indicator_id uuid primary key,
    code text not null unique,
    version bigint not null default 0
);
create table indicator_figure (
    code text not null,
    kommunekode text not null,
    year integer not null check (year between 2000 and 2999),
    quarter smallint not null check (quarter between 1 and 4),
    count integer not null check (count >= 0),
    figure_import_id uuid not null,
    primary key (code, kommunekode, year, quarter)
);
create table figure_import (
    figure_import_id uuid primary key,
    code text not null,
    source text not null,
    sha256 text not null,
    figures integer not null,
    imported_by text not null,
    imported_at timestamptz not null default clock()
);
alter table indicator_figure add foreign key (figure_import_id) references figure_import;

create table trend (
    trend_id uuid primary key,
    body_id uuid not null references body,
    code text not null,
    kommunekode text not null,
    year integer not null,
    quarter smallint not null,
    rule text not null,
    count integer not null,
    compared integer not null,
    signalled_at timestamptz not null default clock(),
    acts boolean,
    reason text,
    answered_at timestamptz,
    overdue_at timestamptz,
    version bigint not null default 0,
    unique (code, kommunekode, year, quarter)
);

select secure(closed::regclass) from unnest(array['mandatory_item', 'checklist_answer', 'indicator', 'indicator_figure',
    'figure_import', 'trend']) closed;
select admit('public', open::regclass, 'select', 'true') from unnest(array['indicator', 'indicator_figure']) open;
select admit('import', own::regclass, 'all', 'keeps_kredsraad()', 'keeps_kredsraad()')
    from unnest(array['indicator', 'indicator_figure', 'figure_import']) own;
select admit('seated', own::regclass, 'select',
    'body_id in (select seated_bodies()) or body_id in (select kept_bodies())') from unnest(array['mandatory_item', 'trend']) own;
select admit('assign', own::regclass, 'insert', null, 'body_id in (select kept_bodies())')
    from unnest(array['mandatory_item', 'trend']) own;
select admit('follow', own::regclass, 'update', 'body_id in (select kept_bodies())')
    from unnest(array['mandatory_item', 'trend']) own;
select admit('seated', 'checklist_answer', 'select', 'mandatory_item_id in (select mandatory_item_id from mandatory_item)');
select admit('answer', 'checklist_answer', 'insert', null,
    'mandatory_item_id in (select mandatory_item_id from mandatory_item where body_id in (select kept_bodies()))');

-- migrate:down
drop table trend, indicator_figure, figure_import, indicator, checklist_answer, mandatory_item;
