-- migrate:up

-- A view looks with its reader's eyes, as everywhere.
alter view settled_key set (security_invoker = true);

-- migrate:down
alter view settled_key reset (security_invoker);
