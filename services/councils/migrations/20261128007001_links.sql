-- migrate:up

-- Whoever holds a personal link sees the one thing that it is about, and answers for the member whose link it is.
select admit('linked', 'minutes', 'select', $$meeting_id = linked_subject('approve_minutes')$$);
select admit('linked', 'minutes_answer', 'select', $$meeting_id = linked_subject('approve_minutes')$$);
select admit('linked_answer', 'minutes_answer', 'insert', null,
    $$meeting_id = linked_subject('approve_minutes') and authority = linked_authority()
    and subject = 'member:' || linked_member()$$);

select admit('linked', 'local_plan', 'select', $$local_plan_id = linked_subject('approve_plan')$$);
select admit('linked_change', 'local_plan', 'update', $$local_plan_id = linked_subject('approve_plan')$$);
drop policy approve on local_plan_approval;
select admit('approve', 'local_plan_approval', 'insert', null, $$current_authority() <> 'link'
    and local_plan_id in (select local_plan_id from local_plan)
    and side = case when current_authority() like 'kommune-%' then 'kommune' else 'politi' end$$);
select admit('linked_approve', 'local_plan_approval', 'insert', null,
    $$local_plan_id = linked_subject('approve_plan') and subject = 'member:' || linked_member()
    and side = case when linked_authority() like 'kommune-%' then 'kommune' else 'politi' end$$);
drop policy publish on local_plan_edition;
select admit('publish', 'local_plan_edition', 'insert', null, $$current_authority() <> 'link'
    and local_plan_id in (select local_plan_id from local_plan)$$);

select admit('linked', 'chair_involvement', 'select', $$chair_involvement_id = linked_subject('respond_plan')$$);
select admit('linked_respond', 'chair_involvement', 'update', $$chair_involvement_id = linked_subject('respond_plan')$$);

-- migrate:down
drop policy linked_respond on chair_involvement;
drop policy linked on chair_involvement;
drop policy publish on local_plan_edition;
select admit('publish', 'local_plan_edition', 'insert', null, 'local_plan_id in (select local_plan_id from local_plan)');
drop policy linked_approve on local_plan_approval;
drop policy approve on local_plan_approval;
select admit('approve', 'local_plan_approval', 'insert', null, 'local_plan_id in (select local_plan_id from local_plan)
    and side = case when current_authority() like ''kommune-%'' then ''kommune'' else ''politi'' end');
drop policy linked_change on local_plan;
drop policy linked on local_plan;
drop policy linked_answer on minutes_answer;
drop policy linked on minutes_answer;
drop policy linked on minutes;
