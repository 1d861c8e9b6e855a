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
insert into forum (forum_id, programme, kommune, authority, office, seats)
    select gen_random_uuid(), 'psp', code, 'politi-mvj', '', array['politi-mvj.'] from municipality;
insert into forum_frequency select forum_id, clock(), 28, 'r', '2026-01-01', 'a' from forum;
insert into deputy (deputy_id, programme, kommune, authority, office, subject, until, named_by)
    select gen_random_uuid(), 'psp', code, 'politi-mvj', '', 'b', clock(), 'a' from municipality;
insert into meeting (meeting_id, forum_id, programme, kommune, authority, office, convened_by, starts_at, place, circle, state, version)
    select gen_random_uuid(), forum_id, programme, kommune, authority, office, 'a', clock(), 'video', seats, 'open', 1 from forum;
insert into group_case (group_case_id, referral_id, case_id, programme, kommune, person_id, circle)
    select gen_random_uuid(), referral_id, case_id, 'psp', kommune, person_id, array['politi-mvj.'] from referral;
insert into meeting_case select meeting_id, group_case_id from meeting join group_case using (kommune);
insert into action_owner select group_case_id, 'politi-mvj', '', 'a', clock() from group_case;
insert into actor (actor_id, group_case_id, authority, office, standing, scope, until, circle)
    select gen_random_uuid(), group_case_id, 'kommune-' || kommune, 'ssp', 'authority', '{advice}', clock(), circle from group_case;
insert into contribution (contribution_id, group_case_id, authority, office, profession, necessity)
    select gen_random_uuid(), group_case_id, 'politi-mvj', '', 'police', 'n' from group_case;
insert into sharing_answer select group_case_id, 'politi-mvj', '', 'shares', clock() from group_case;
insert into group_decision (decision_id, group_case_id, meeting_id, code)
    select gen_random_uuid(), group_case_id, meeting_id, 'followed' from meeting_case;
insert into group_task (task_id, group_case_id, meeting_id, authority, office, code, due_at)
    select gen_random_uuid(), group_case_id, meeting_id, 'politi-mvj', '', 'other', clock() from meeting_case;
insert into group_update (update_id, group_case_id, authority, office)
    select gen_random_uuid(), group_case_id, 'politi-mvj', '' from group_case;
insert into question (question_id, group_case_id, authority, office, asked_authority, asked_office, answer_by)
    select gen_random_uuid(), group_case_id, 'politi-mvj', '', 'politi-mvj', 'raad', clock() from group_case;
insert into escalation (escalation_id, from_case_id, to_referral_id)
    select gen_random_uuid(), group_case_id, referral_id from group_case;
insert into course (course_id, kind, programme, referral_id, case_id, person_id, parties, state, version)
    select gen_random_uuid(), 'konfliktraad', 'konfliktraad', referral_id, case_id, person_id, array['politi-mvj.', 'politi-mvj-fnt.konfliktraad'],
    'visitation', 1 from referral;
insert into course_step (course_id, position, step, seats, taken_by, taken_at)
    select course_id, 0, 'opening', array['coordinator'], 'anna', clock() from course;
insert into practitioner (practitioner_id, role, subject, person_id, authority, office)
    values (gen_random_uuid(), 'mediator', 'anna', gen_random_uuid(), 'politi-mvj', '');
insert into outreach (outreach_id, unit, held_on, recorded_by, authority)
    values (gen_random_uuid(), 'herning', current_date, 'somebody', 'politi-mvj-fnt');
