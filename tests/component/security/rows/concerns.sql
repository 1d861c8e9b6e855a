insert into service_start (first_monday, authority) values ('2026-01-05', 'politi-mvj');
insert into code_list (number, code_list_id, valid_from, reason, entries, matched_last_quarter, approvers, released_at, version,
    authority)
    values (1, gen_random_uuid(), '2026-01-01', 'r', '{}', 0, '{a,b}', clock(), 1, 'politi-mvj'),
           (2, gen_random_uuid(), '2026-01-01', 'r', '{}', 0, '{a}', null, 0, 'politi-mvj');
insert into import (import_id, authority) select gen_random_uuid(), 'politi-mvj';
insert into import_refused_line select import_id, 1, 'r' from import;
insert into dropped_count values ('2026-01-05', 'G02', 3, 'politi-mvj');
insert into registration (registration, revision, status, import_id, authority)
    select 'r' || code, 1, 'unlisted', gen_random_uuid(), 'politi-mvj' from municipality;
insert into search (search_id, number, monday, state, due_at) values (gen_random_uuid(), 1, '2026-01-05', 'due', clock());
insert into search_fact select search_id, gen_random_uuid(), '{}' from search;
insert into search_asked select search_id, 'r' from search;
insert into search_scope select search_id, 'c', 'r', '{}' from search;
insert into search_excluded select search_id, 'r', 'x' from search;
insert into search_child select search_id, 'c', '{}', '{}', '{}' from search;
insert into candidate (candidate_id, search_id, case_id, child, person_id, unborn, rules, current, history, known, merges,
    turns_18, explanation, family_id, state, found_at, version)
    select gen_random_uuid(), search_id, gen_random_uuid(), code, gen_random_uuid(), false, '{R1}', '{r}', '{}', '{}', '{}',
    false, '{}', gen_random_uuid(), 'found', clock(), 1 from search, municipality;
insert into underretning (underretning_id, case_id, child, person_id, unborn, source, kind, registrations, refers_to, receiver,
    protected_address, acute, law, state, approved_at, sent_at, version)
    select gen_random_uuid(), gen_random_uuid(), code, gen_random_uuid(), false, 'socialsoeg', 'new', '{r}', '{}', code, false,
    false, 'l', 'sent', clock(), clock(), 1 from municipality;
insert into underretning_served select underretning_id, receiver, clock() from underretning;
insert into underretning_part select underretning_id, gen_random_uuid(), true, '\x00' from underretning;
insert into underretning_question (underretning_id, question_text_id, asked_by, asked_at)
    select underretning_id, gen_random_uuid(), 'a', clock() from underretning;
insert into told_revision select underretning_id, 'r', 1, 1 from underretning;
insert into correction (correction_id, underretning_id, case_id, kind, because, changes, state, found_at, version)
    select gen_random_uuid(), underretning_id, case_id, 'correction', '{b}', '{}', 'found', clock(), 1 from underretning;
insert into let_go (person_id) values (gen_random_uuid());
insert into erasure_order (case_id, authority, reason, ordered_by) values (gen_random_uuid(), 'politi-mvj', 'retracted', 'a');
