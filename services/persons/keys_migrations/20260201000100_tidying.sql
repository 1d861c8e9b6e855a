-- migrate:up

-- Rewriting the table takes what was deleted out of its file; the service does so once a day.
grant maintain on data_key to persons_keys_api, persons_keys_worker;

-- Keys whose persons are written by now if they ever will be: a key is made before its person.
create view settled_key as
select person_id from data_key where created_at < clock_timestamp() - interval '1 day';

-- migrate:down
drop view settled_key;
revoke maintain on data_key from persons_keys_api, persons_keys_worker;
