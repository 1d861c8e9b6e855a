-- migrate:up

-- Pages of signed-in people: sessions and sealed codes.
select provide_web_sessions();

-- migrate:down
drop table web_session, emergency_code, emergency_try;
