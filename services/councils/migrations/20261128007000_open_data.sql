-- migrate:up

-- When something came and last changed: whoever reads our open data asks for what is new since then.
create function changed() returns trigger language plpgsql as
$$ begin new.changed_at = clock(); return new; end $$;

alter table meeting add column created_at timestamptz not null default clock(),
    add column changed_at timestamptz not null default clock();
alter table office_term add column created_at timestamptz not null default clock(),
    add column changed_at timestamptz not null default clock();
alter table council_member add column created_at timestamptz not null default clock(),
    add column changed_at timestamptz not null default clock();

create trigger changed before update on meeting for each row execute function changed();
create trigger changed before update on office_term for each row execute function changed();
create trigger changed before update on council_member for each row execute function changed();

-- migrate:down
drop trigger changed on council_member;
drop trigger changed on office_term;
drop trigger changed on meeting;
alter table council_member drop column created_at, drop column changed_at;
alter table office_term drop column created_at, drop column changed_at;
alter table meeting drop column created_at, drop column changed_at;
drop function changed;
