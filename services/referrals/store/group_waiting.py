"""What waits in groups, for the asking office and for others: tasks, questions, preparations, and meetings not held."""

from typing import Any

from chassis.database import Tx

_TASK = """
select 'task' as kind, t.meeting_id, c.group_case_id, c.programme, c.kommune, t.code,
    t.authority || '.' || t.office as seat, t.given_at as waits_since, t.due_at
from group_task t join group_case c using (group_case_id)
where t.given_at is not null and t.done_at is null and c.ended_at is null
"""
_QUESTION = """
select 'question', (select m.meeting_id from meeting_case a join meeting m using (meeting_id)
        where a.group_case_id = q.group_case_id and m.state <> 'cancelled' order by m.starts_at desc limit 1),
    c.group_case_id, c.programme, c.kommune, '', q.asked_authority || '.' || q.asked_office, q.asked_at, q.answer_by
from question q join group_case c using (group_case_id)
where q.answered_at is null and c.ended_at is null
"""
_PREPARATION = """
select 'preparation', m.meeting_id, c.group_case_id, c.programme, c.kommune, '', $1 || '.' || $2,
    greatest(m.convened_at, c.taken_up_at), m.starts_at
from meeting m join meeting_case using (meeting_id) join group_case c using (group_case_id)
where m.state = 'convened' and c.ended_at is null and $1 || '.' || $2 = any(c.circle)
    and not exists (select from sharing_answer s where s.group_case_id = c.group_case_id
        and s.authority = $1 and s.office = $2)
"""
_NOT_HELD = """
select 'not_held', null, null, f.programme, f.kommune, '', $1 || '.' || $2, f.overdue_since, f.overdue_since
from forum f
where f.authority = $1 and f.office = $2 and f.overdue_since is not null
    and not exists (select from meeting m where m.forum_id = f.forum_id and m.state in ('convened', 'open'))
"""
_WAITING = f"""
{_TASK} and t.authority = $1 and t.office = $2
union {_TASK} and exists (select from meeting m
    where m.meeting_id = t.meeting_id and m.authority = $1 and m.office = $2)
union {_QUESTION} and q.asked_authority = $1 and q.asked_office = $2
union {_QUESTION} and q.authority = $1 and q.office = $2
union all {_PREPARATION}
union all {_NOT_HELD}
order by due_at, group_case_id limit $3
"""


async def listed(tx: Tx, limit: int) -> list[dict[str, Any]]:
    """Return what waits for the asking office, and what it waits for, the earliest deadline first.

    A convener waits for the tasks of its own meetings, and who has asked for an answer.
    """
    return [dict(row) for row in await tx.fetch(_WAITING, tx.principal.authority, tx.principal.office, limit)]
