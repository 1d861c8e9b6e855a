-- migrate:up

-- How it began, where a course on the referral says so at its opening; what is counted keeps it when all else is gone.
create function count_source(its_referral uuid) returns void language sql volatile
security definer set search_path = public as $$
    update counted c set source = said.source
    from counted_link l, (
        select s.said ->> 'source' as source from course join course_step s using (course_id)
        where course.referral_id = its_referral and s.position = 0 and s.said ? 'source'
        order by course.opened_at limit 1) said
    where l.referral_id = its_referral and c.counted_id = l.counted_id and c.source = ''
$$;

-- migrate:down
drop function count_source;
