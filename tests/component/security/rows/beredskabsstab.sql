insert into framework_plan (framework_plan_id, edition, document, state, drafted_by, drafted_at, version)
    values (gen_random_uuid(), 1, '{}', 'draft', 'a', clock(), 1);
insert into facility_status values ('f', true, '', 'a', clock(), 1);
insert into incident (incident_id, cause, title, municipalities, state, recorded_by, recorded_by_authority, recorded_at, version)
    select gen_random_uuid(), 'katastrofe', code, array[code], 'open', 'a', 'kommune-' || code, clock(), 1 from municipality;
insert into activation_request (request_id, incident_id, authority, step, reason, by_telephone, entered_by, requested_at, state)
    select gen_random_uuid(), incident_id, recorded_by_authority, 's', 'r', false, 'a', clock(), 'open' from incident;
insert into activation (activation_id, incident_id, plan, cause, municipalities, title, step, step_since, state, starts_at,
    activated_by, activated_at, version)
    select gen_random_uuid(), incident_id, '{}', cause, municipalities, title, 's', clock(), 'active', clock(), 'a', clock(), 1
    from incident;
insert into activation_party select activation_id, 'kommune-' || title, 'boern', 'kommune' from activation;
insert into facility_reservation select activation_id, title, false, clock() from activation;
insert into call_in (call_in_id, activation_id, number, kind, step, template, policy, fields, places, alert_id, requested_at)
    select gen_random_uuid(), activation_id, 1, 'step', 's', 't', 'p', '{}', '[]', gen_random_uuid(), clock() from activation;
insert into errand (errand_id, activation_id, call_in_id, kind, path, body, made_at)
    select gen_random_uuid(), activation_id, call_in_id, 'raise', '/', '{}', clock() from call_in;
insert into member (call_id, activation_id, call_in_id, authority, office, role, answer, answered_at)
    select gen_random_uuid(), activation_id, call_in_id, authority, office, 'r', 'coming', clock()
    from call_in join activation_party using (activation_id);
insert into member_contact select call_id, authority, 't' from member;
insert into quorum select activation_id, 's', false, clock(), '[]' from activation;
insert into board select activation_id, 1 from activation;
insert into log_entry (activation_id, number, kind, text, written_at, written_by, authority, automatic, previous, hash)
    select activation_id, 1, 'action', 't', clock(), 'a', authority, false, repeat('0', 64), repeat('1', 64)
    from activation_party;
insert into picture_section select activation_id, authority, '{}', 'a', clock(), 1 from activation_party;
insert into picture_version select activation_id, 1, '{}', 'a', clock() from activation;
insert into task (task_id, activation_id, title, sector, authority, state, proposed_by, proposed_by_authority, proposed_at,
    changed_by, changed_at, version)
    select gen_random_uuid(), activation_id, 't', sector, authority, 'proposed', 'a', authority, clock(), 'a', clock(), 1
    from activation_party;
insert into resource_line (line_id, activation_id, side, authority, kind, amount, what, state, entered_by, entered_by_authority,
    entered_at, version)
    select gen_random_uuid(), activation_id, side, authority, 'k', 1, 'w', 'open', 'a', authority, clock(), 1
    from activation_party cross join unnest(array['offer', 'request']) side;
insert into resource_allocation (allocation_id, activation_id, offer_id, request_id, amount, reason, allocated_by, allocated_at)
    select gen_random_uuid(), o.activation_id, o.line_id, r.line_id, 1, 'r', 'a', clock()
    from resource_line o join resource_line r using (activation_id) where o.side = 'offer' and r.side = 'request';
insert into warning (warning_id, sender, identifier, sent, msg_type, title, event, severity, urgency, certainty, areas,
    municipalities, media_type, document, document_sha256, state, received_by, received_at, version)
    values (gen_random_uuid(), 's', 'i', clock(), 'Alert', 't', 'e', 's', 'u', 'c', '{}', '{}', 'm', 'd', 'h', 'in_force', 'a',
    clock(), 1);
insert into warning_reference select warning_id, 's', 'i', clock() from warning;
insert into evaluation (activation_id, owner, due_at, state, opened_at)
    select activation_id, authority, clock(), 'open', clock() from activation_party;
insert into finding (finding_id, activation_id, words, state, recorded_by, recorded_by_authority, recorded_at)
    select gen_random_uuid(), activation_id, 'w', 'open', 'a', authority, clock() from activation_party;
insert into relief_shift (shift_id, activation_id, authority, role, starts_at, ends_at, planned_by, planned_at)
    select gen_random_uuid(), activation_id, authority, 'r', clock(), clock() + interval '1 hour', 'a', clock()
    from activation_party;
insert into planning_event (planning_id, kind, title, held_at, authorities, recorded_by, recorded_at, version)
    values (gen_random_uuid(), 'meeting', 't', clock(), '{}', 'a', clock(), 1);
insert into lesson (planning_id, learned_at, words, owner, due_at, state, recorded_by, recorded_at, version)
    select gen_random_uuid(), planning_id, 'w', 'kommune-0001', clock(), 'open', 'a', clock(), 1 from planning_event;
insert into roster_line values (gen_random_uuid(), 'kommune-0001', 'beredskab', 'r', 1, null, clock());
insert into information_line select activation_id, 1 from activation;
insert into information (information_id, activation_id, number, form, audiences, danish, authority, written_by, sectors, state,
    drafted_at, changed_at, version)
    select gen_random_uuid(), activation_id, 1, 'information', array['internal'], '{}', authority, array['a'], array[authority],
    'draft', clock(), clock(), 1 from activation_party;
insert into information_clearance (information_id, round, authority, cleared, person, said_at)
    select information_id, 1, authority, true, 'a', clock() from information;
insert into information_warned (warned_id, information_id, channel, warned_at, receipt, recorded_by, recorded_at)
    select gen_random_uuid(), information_id, 'c', clock(), 'r', 'a', clock() from information;
insert into publication (information_id, identifier, number, form, danish, sent_at, state, changed_at)
    select information_id, information_id::text, 1, 'information', '{}', clock(), 'sent', clock() from information limit 1;
insert into standard_text (standard_id, title, danish, state, drafted_by, authority, drafted_at, version)
    values (gen_random_uuid(), 't', '{}', 'draft', 'a', 'kommune-0001', clock(), 1);
insert into standard_clearance select standard_id, 'kommune-0001', 'a', clock() from standard_text;
