-- migrate:up
select provide_web_sessions();
create table board (only_row boolean primary key default true, version bigint not null default 0);
insert into board default values;
select secure('board');
select admit('all', 'board', 'all', 'true');

-- migrate:down
drop table board, web_session, emergency_code, emergency_try;
