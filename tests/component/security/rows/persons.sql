insert into person (person_id) values (gen_random_uuid());
insert into number (hash, person_id, key_id, sealed) select sha256('1'), person_id, person_id, 'x' from person;
insert into text (text_id, person_id, sealed) select gen_random_uuid(), person_id, 'x' from person;
insert into person_hold (person_id, service, renewed_at) select person_id, 'concerns', clock() from person;
