insert into entry (position, told, leaf_hash, chain_hash, event_id, kind, service, told_at, day, value_sha256, authority, subject,
                   operation, receiver)
    select row_number() over (), '{}', sha256(''), sha256(''), gen_random_uuid(), kind, 'concerns', clock(), clock()::date, sha256(''),
           authority, 's', 'o.o', receiver
    from (select 'AccessRecorded' as kind, 'kommune-' || code as authority, null as receiver from municipality
          union all select 'AccessRecorded', 'politi-mvj', 'kommune-' || code from municipality
          union all select 'DayClosed', '', null) told;
insert into entry_person select gen_random_uuid(), position from entry where kind <> 'DayClosed';
insert into log_head default values on conflict do nothing;
insert into checkpoint values (1, 1, 'n', clock());
insert into closing_finding values ('concerns', '2026-03-02', 'differs', 1, clock());
insert into merged_person values (gen_random_uuid(), gen_random_uuid());
insert into insight (insight_id, authority, person_id, state, drafted_by, drafted_at)
    select gen_random_uuid(), 'kommune-' || code, gen_random_uuid(), 'draft', 'd', clock() from municipality;
insert into insight_line (insight_id, position) select insight_id, 1 from insight;
insert into breach (breach_id, authority, discovered_at, notify_by, happened_from, happened_to, reported_by, reported_at)
    select gen_random_uuid(), 'kommune-' || code, clock(), clock(), clock(), clock(), 'r', clock() from municipality;
