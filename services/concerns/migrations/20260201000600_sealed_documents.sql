-- migrate:up

-- A document stands here in sealed parts only, one a person; without the child's key it cannot be opened.
create table underretning_part (
    underretning_id uuid not null references underretning on delete cascade,
    person_id uuid not null,
    is_child boolean not null,
    sealed bytea not null,
    primary key (underretning_id, person_id)
);
create unique index underretning_part_child on underretning_part (underretning_id) where is_child;

-- The one question that a municipality may ask, and its answer: persons keeps the words under the child's key.
create table underretning_question (
    underretning_id uuid primary key references underretning on delete cascade,
    question_text_id uuid not null,
    asked_by text not null,
    asked_at timestamptz not null,
    answer_text_id uuid,
    answered_by text,
    answered_at timestamptz,
    check ((answer_text_id is null) = (answered_at is null))
);

select secure(closed::regclass) from unnest(array['underretning_part', 'underretning_question']) closed;
create policy read on underretning_part for select to concerns_api
    using (exists (select from underretning u where u.underretning_id = underretning_part.underretning_id));
create policy send on underretning_part for insert to concerns_api with check (exists (select from underretning u
    where u.underretning_id = underretning_part.underretning_id and u.authority = current_police()));

-- The receiver asks, the sender answers, both read.
create policy read on underretning_question for select to concerns_api
    using (exists (select from underretning u where u.underretning_id = underretning_question.underretning_id));
create policy ask on underretning_question for insert to concerns_api with check (exists (select from underretning u
    where u.underretning_id = underretning_question.underretning_id and u.receiver = current_kommune()));
create policy answer on underretning_question for update to concerns_api using (exists (select from underretning u
    where u.underretning_id = underretning_question.underretning_id and u.authority = current_police()));

-- What stood in the clear goes. Before the first release only demonstrations had any, and those begin anew.
alter table underretning drop column content;

-- migrate:down
alter table underretning add column content jsonb not null default '{}';
drop table underretning_question, underretning_part;
