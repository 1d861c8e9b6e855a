-- migrate:up

-- What a paper holds, once for each content, in pieces of a megabyte so that no process holds it whole.
create table paper_content (
    sha256 text primary key check (sha256 ~ '^[0-9a-f]{64}$'),
    media_type text not null,
    size bigint not null check (size between 1 and 52428800),
    pages integer,
    sent_by text not null default current_authority(),
    sent_at timestamptz not null default clock()
);
create table paper_piece (
    sha256 text not null references paper_content on delete cascade,
    place integer not null,
    piece bytea not null,
    primary key (sha256, place)
);
alter table paper_piece alter column piece set storage external;

create table paper (
    paper_id uuid primary key,
    body_id uuid not null references body,
    item_id uuid,
    title text not null,
    sha256 text not null references paper_content,
    confidential boolean not null,
    supplement boolean not null,
    signed_sheet boolean not null,
    entered_by text not null,
    entered_at timestamptz not null default clock(),
    withdrawn_at timestamptz,
    withdrawn_why text,
    check ((withdrawn_at is null) = (withdrawn_why is null))
);
create index paper_of_body on paper (body_id, entered_at);
create index paper_of_item on paper (item_id) where item_id is not null;
create index paper_by_content on paper (sha256);

select secure(closed::regclass) from unnest(array['paper_content', 'paper_piece', 'paper']) closed;
select admit('seated', 'paper', 'select', 'body_id in (select seated_bodies()) or body_id in (select kept_bodies())');
select admit('enter', 'paper', 'insert', null, 'body_id in (select kept_bodies())');
select admit('withdraw', 'paper', 'update', 'body_id in (select kept_bodies())');
-- A content is reached by whoever sees a paper that holds it, and until it is entered by the authority that sent it.
select admit('held', 'paper_content', 'select',
    'sent_by = current_secretariat() or exists (select from paper where paper.sha256 = paper_content.sha256)');
select admit('send', 'paper_content', 'insert', null, 'sent_by = current_secretariat()');
select admit('held', 'paper_piece', 'select', 'exists (select from paper_content where paper_content.sha256 = paper_piece.sha256)');
select admit('send', 'paper_piece', 'insert', null,
    'exists (select from paper_content where paper_content.sha256 = paper_piece.sha256 and sent_by = current_secretariat())');

-- migrate:down
drop table paper, paper_piece, paper_content;
