insert into event (id, type, topic, aggregate_id, aggregate_version, correlation_id, shard, headers, value)
    values (gen_random_uuid(), 't', 't', gen_random_uuid(), 1, gen_random_uuid(), 0, '{}', '{}');
insert into mailbox_sequence values (gen_random_uuid(), 'm', 1);
insert into outbox (shard, event_id, topic, key, headers, value) values (9, gen_random_uuid(), 't', 'k', '{}', '{}');
insert into outbox_parked_key values ('t', 'k', 'r');
insert into inbox (day, consumer, event_id, state, topic) values (clock()::date, 'c', gen_random_uuid(), 'handled', 't');
insert into parked_key values ('c', 't', 'k', 'x');
insert into parked_message (consumer, topic, partition, "offset", cause, reason, headers) values ('c', 't', 0, 0, 'x', 'r', '{}');
insert into parked_decision (consumer, topic, decision, reason, decided_by) values ('c', 't', 'skipped', 'r', 'o');
insert into deadline values ('acknowledgement', gen_random_uuid(), clock() + interval '1 year');
insert into idempotency (scope, body_hash, authority)
    select code, 'h', 'kommune-' || code from municipality union all values ('p', 'h', 'politi-mvj');
insert into day_closing values ('2026-03-02', 1, 0, 0, 'd');
insert into tombstone (kind, id, reason, rule) values ('case', gen_random_uuid(), 'r', 'r');
