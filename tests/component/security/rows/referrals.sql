insert into charge (charge_id, person_id, kind, charged_at, kommune, programme, state, inform_by, authority, office)
    select gen_random_uuid(), gen_random_uuid(), 'drink_driving', clock(), code, 'rusmiddel', 'offered', clock(), 'politi-mvj', ''
    from municipality;
insert into consent (consent_id, person_id, programme, consenter, state, authority, office)
    select gen_random_uuid(), gen_random_uuid(), 'rusmiddel', 'person', 'given', 'politi-mvj', '' from municipality;
insert into referral (referral_id, case_id, programme, person_id, sender, sender_office, receiver, receiver_office, kommune,
    age_band, state, verdict, version)
    select gen_random_uuid(), gen_random_uuid(), 'rusmiddel', gen_random_uuid(), 'politi-mvj', '', 'kommune-' || code, 'rusmiddel',
    code, '25-64', 'received', '{}', 1 from municipality;
insert into referral_consent select referral_id, consent_id from
    (select referral_id, row_number() over (order by kommune) as place from referral) r join
    (select consent_id, row_number() over (order by consent_id) as place from consent) c using (place);
insert into counted (mark, programme, kommune, circle, yes_on)
    select gen_random_uuid(), 'rusmiddel', code, '{}', clock()::date from municipality;
insert into counted_fact select counted_id, 'received', interval '1 hour' from counted;
insert into counted_link select referral_id, counted_id, clock() from referral join counted using (kommune);
insert into declined select 'rusmiddel', code, clock()::date, 1 from municipality;
insert into report (report_id, programme, first_day, last_day, figures, authority, published_by)
    select gen_random_uuid(), 'rusmiddel', '2021-01-01', date '2021-01-31' + code::integer, '{}', 'kommune-' || code, 'nobody'
    from municipality;
insert into step select referral_id, 'conversation', clock()::date, clock() from referral;
insert into evaluation (evaluation_id, programme, first_day, last_day, cells, authority, exported_by)
    select gen_random_uuid(), 'rusmiddel', '2021-03-01', '2021-12-31', '[]', 'politi-mvj', 'nobody' from municipality;
insert into capacity (programme, authority, office, state, stated_by, version)
    select 'rusmiddel', 'kommune-' || code, 'rusmiddel', 'open', 'planted', 1 from municipality;
insert into team_staffing (team, authority, filled, stated_by, version)
    values ('traumeteam', 'politi-mvj-fnt', '{"psykolog": 0}', 'planted', 1);
insert into rule_table (rule_table_id, name, valid_from, text, sha256, state, authority, proposed_by, decided_by, decided_at)
    values (gen_random_uuid(), 'rusmiddel', '2099-01-01', 'x', repeat('0', 64), 'released', 'politi-mvj', 'one', 'other', clock());
insert into course (course_id, kind, programme, referral_id, case_id, person_id, parties, state, version)
    select gen_random_uuid(), 'konfliktraad', 'konfliktraad', referral_id, case_id, person_id, array['politi-mvj.', 'politi-mvj-fnt.konfliktraad'],
    'visitation', 1 from referral;
insert into course_step (course_id, position, step, seats, taken_by, taken_at)
    select course_id, 0, 'opening', array['coordinator'], 'anna', clock() from course;
insert into practitioner (practitioner_id, role, subject, person_id, authority, office)
    values (gen_random_uuid(), 'mediator', 'anna', gen_random_uuid(), 'politi-mvj', '');
