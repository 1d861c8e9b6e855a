-- migrate:up

-- A child's next candidate goes on with the case of its latest underretning, so that operators follow one id.
alter table candidate add column case_id uuid;
update candidate set case_id = candidate_id;
alter table candidate alter column case_id set not null;

-- migrate:down
alter table candidate drop column case_id;
