-- migrate:up

-- What the receiver notes of a course. Nobody else reads it: it never flows back to the criminal case.
create table step (
    referral_id uuid not null references referral on delete cascade,
    kind text not null,
    noted_on date not null,
    due_at timestamptz,
    primary key (referral_id, kind)
);

select secure('step');
select admit('own', 'step', 'all', $$ exists (select from referral r where r.referral_id = step.referral_id
    and r.receiver || '.' || r.receiver_office = current_seat()) $$, $$ exists (select from referral r
    where r.referral_id = step.referral_id and r.receiver || '.' || r.receiver_office = current_seat()) $$);

-- migrate:down
drop table step;
