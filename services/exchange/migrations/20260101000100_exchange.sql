-- migrate:up

-- Exchange owns no aggregate yet: mailboxes lie in Kafka, cursors with their readers. What stands here is the chassis'.
comment on schema public is 'exchange: how outside systems reach Samvirke';

-- migrate:down

comment on schema public is null;
