insert into staff (staff_id, authority, office, role, name, added_by, added_at, version)
    select gen_random_uuid(), 'kommune-' || code, 'boern', 'vagt', 'n', 'a', clock(), 1 from municipality;
insert into contact_route (route_id, staff_id, channel, address, rank, state, version)
    select gen_random_uuid(), staff_id, 'sms', authority, 1, 'unverified', 1 from staff;
insert into roster (roster_id, authority, office, role, name, hours, line, feed_key_sha256, in_service, version)
    select gen_random_uuid(), authority, office, role, 'n', 'always', 1, '', '2026-01-01', 1 from staff;
insert into rotation select roster_id, '2026-01-01', 'fixed', '08:00', array[staff_id], authority, clock()
    from roster join staff using (authority);
insert into swap (swap_id, roster_id, starts_at, ends_at, offered_by, state, version)
    select gen_random_uuid(), roster_id, clock(), clock() + interval '1 hour', staff_id, 'offered', 1
    from roster join staff using (authority);
insert into roster_override (override_id, roster_id, starts_at, ends_at, reason, made_by, made_at)
    select gen_random_uuid(), roster_id, clock(), clock() + interval '1 hour', 'r', authority, clock() from roster;
insert into alert (alert_id, raised_by, raised_by_office, raised_by_subject, source_event_id, template, urgency, fields, case_id,
    wanted, policy, state, raised_at, version)
    select gen_random_uuid(), 'politi-mvj', 'boern', 's', code, 't', 'prompt', '{}', gen_random_uuid(), 'first', '[]', 'open',
    clock(), 1 from municipality;
insert into escalation (escalation_id, alert_id, raised_by, raised_by_office, authority, office, role, state)
    select gen_random_uuid(), alert_id, raised_by, raised_by_office, 'kommune-' || source_event_id, 'boern', 'vagt', 'running'
    from alert;
insert into call (call_id, alert_id, escalation_id, staff_id, raised_by, raised_by_office, authority, office, role, name, letter,
    state, called_at)
    select gen_random_uuid(), alert_id, escalation_id, staff_id, raised_by, raised_by_office, e.authority, e.office, e.role, 'n',
    'A', 'called', clock() from escalation e join staff using (authority);
insert into answer (call_id, number, answer, source, answered_at) select call_id, 1, 'seen', authority, clock() from call;
insert into delivery (delivery_id, alert_id, call_id, route_id, raised_by, raised_by_office, authority, office, channel, wave, key,
    urgency, state)
    select gen_random_uuid(), alert_id, call_id, route_id, raised_by, raised_by_office, authority, office, channel, 1,
    'live-' || authority, 1, 'queued' from call join contact_route using (staff_id);
insert into callback (provider, message_id, kind, body) values ('p', 'm', 'receipt', '{}');
insert into provider_state (provider) values ('p');
insert into staff_role (staff_id, role, since) select staff_id, authority, clock() from staff;
insert into route_test (alert_id, route_id, staff_id, asked_by, raised_at)
    select alert_id, route_id, staff_id, c.authority, clock() from call c join contact_route using (staff_id);
insert into roster_gap (roster_id) select roster_id from roster;
insert into call_list values (1, clock(), '{}', '', '', '');
insert into merged_ledger select alert_id, 1, 1, '', clock() from alert limit 1;
insert into watch_finding (finding_id, kind, alert_id, expected_by, found_at)
    select gen_random_uuid(), 'overdue', alert_id, clock(), clock() from alert limit 1;
insert into ended_source values ('e', clock());
insert into staff_plan values (true, gen_random_uuid(), 1, clock(), clock(), '[]');
