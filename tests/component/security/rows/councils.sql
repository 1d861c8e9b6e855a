insert into kredsraad values (gen_random_uuid(), 'd', '2026-01-01', clock(), 'politi-mvj');
insert into kredsraad_seat select kredsraad_id, 1, 'politi-mvj', 'politidirektoer', true, 't' from kredsraad;
insert into office_term select kredsraad_id, 'politi-mvj', 'politidirektoer', 'h', '2026-01-01' from kredsraad;
insert into lokalraad select gen_random_uuid(), kredsraad_id, code, '2026-01-01', clock() from kredsraad, municipality;
insert into lokalraad_seat select lokalraad_id, 'politi', 'politi-mvj', 'o' from lokalraad;
insert into samarbejdsplan select gen_random_uuid(), kredsraad_id, 2026, 'draft', '{}', null, null, null, 1, clock() from kredsraad;
insert into samarbejdsplan_signature select samarbejdsplan_id, 'a', 'o', 'n', '2026-01-01', 's', 'r', clock() from samarbejdsplan;
insert into samarbejdsplan_edition select samarbejdsplan_id, 2026, 1, 's', clock(), '{}' from samarbejdsplan;
