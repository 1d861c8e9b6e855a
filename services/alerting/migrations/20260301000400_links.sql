-- migrate:up

-- Whose call a link is.
create function linked_staff() returns uuid language sql stable security definer set search_path = public as
$$ select staff_id from call where call_id = linked_call() $$;

-- Whoever holds a link may add their own browser as a way to reach them; it counts once a test was answered there.
select admit('subscribing', 'contact_route', 'insert', null,
    $$staff_id = linked_staff() and channel = 'push' and state = 'unverified'$$);

-- migrate:down
drop policy subscribing on contact_route;
drop function linked_staff;
