-- migrate:up

create table kredsraad (
    kredsraad_id uuid primary key,
    district text not null unique,
    in_service date not null,
    established_at timestamptz not null
);

create table kredsraad_seat (
    kredsraad_id uuid not null references kredsraad,
    place smallint not null,
    authority text not null,
    office text not null check (office in ('politidirektoer', 'borgmester')),
    chair boolean not null,
    title text not null,
    primary key (kredsraad_id, authority, office)
);
create unique index one_chair on kredsraad_seat (kredsraad_id) where chair;

-- Who held an office, and when: history is kept, so that an old plan shows those who signed it.
create table office_term (
    kredsraad_id uuid not null,
    authority text not null,
    office text not null,
    holder text not null,
    valid_from date not null,
    valid_to date check (valid_to >= valid_from),
    primary key (kredsraad_id, authority, office, valid_from),
    foreign key (kredsraad_id, authority, office) references kredsraad_seat
);

create table lokalraad (
    lokalraad_id uuid primary key,
    kredsraad_id uuid not null references kredsraad,
    kommunekode text not null unique,
    in_service date not null,
    established_at timestamptz not null
);

create table lokalraad_seat (
    lokalraad_id uuid not null references lokalraad,
    side text not null check (side in ('politi', 'kommune')),
    authority text not null,
    office text not null,
    primary key (lokalraad_id, authority, office)
);

create table samarbejdsplan (
    samarbejdsplan_id uuid primary key,
    kredsraad_id uuid not null references kredsraad,
    year integer not null unique,
    state text not null check (state in ('draft', 'discussed', 'signed', 'published')),
    document jsonb not null,
    place text,
    signed_on date,
    signed_text text,
    version bigint not null,
    drafted_at timestamptz not null
);

create table samarbejdsplan_signature (
    samarbejdsplan_id uuid not null references samarbejdsplan,
    authority text not null,
    office text not null,
    name text not null,
    signed_on date not null,
    document_sha256 text not null,
    recorded_by text not null,
    recorded_at timestamptz not null,
    primary key (samarbejdsplan_id, authority, office)
);

-- What everyone may read: the document with its signatures as they stood, so that an edition reads the same for ever.
create table samarbejdsplan_edition (
    samarbejdsplan_id uuid not null references samarbejdsplan,
    year integer not null,
    edition integer not null check (edition > 0),
    document_sha256 text not null,
    published_at timestamptz not null,
    content jsonb not null,
    primary key (year, edition)
);

create function published_stays() returns trigger language plpgsql as
$$ begin raise exception 'a published edition never changes' using errcode = '42501'; end $$;
create trigger published_stays before update or delete or truncate on samarbejdsplan_edition
    for each statement execute function published_stays();

-- migrate:down

drop table samarbejdsplan_edition;
drop function published_stays();
drop table samarbejdsplan_signature;
drop table samarbejdsplan;
drop table lokalraad_seat;
drop table lokalraad;
drop table office_term;
drop table kredsraad_seat;
drop table kredsraad;
