"""The SQL of calendar invitations: who sends them, who gets them, and what they answered."""

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.database import Tx
from services.councils.domain.invitations import Reply
from services.councils.domain.meetings import Meeting


async def organizer(tx: Tx, body_id: UUID) -> tuple[str, int]:
    """Return who sends a council's invitations, and the version of its list; nobody and 0 where there is none."""
    row = await tx.fetchrow("select organizer, version from council_calendar where body_id = $1", body_id)
    return (row["organizer"], row["version"]) if row else ("", 0)


async def keep(tx: Tx, body_id: UUID, organizer: str, invitees: dict[str, str]) -> None:
    """Save who sends, and each recipient's seat by address; whoever is no more on the list keeps the answers given.

    Members who are reached by mail stay: their own entry says where (`follow`).
    """
    await tx.execute(
        "insert into council_calendar (body_id, organizer) values ($1, $2) on conflict (body_id)"
        " do update set organizer = excluded.organizer, version = council_calendar.version + 1",
        *(body_id, organizer),
    )
    await tx.execute(
        "update council_invitee set removed_at = clock() where body_id = $1 and removed_at is null"
        " and member_id is null and address <> all($2)",
        *(body_id, list(invitees)),
    )
    listed = [(body_id, address, seat) for address, seat in invitees.items()]
    same = "where body_id = $1 and removed_at is null and address = $2"
    await tx.executemany(f"update council_invitee set seat = $3 {same}", listed)  # noqa: S608  no value from outside
    await tx.executemany(
        "insert into council_invitee (invitee_id, body_id, address, seat) select gen_random_uuid(), $1, $2, $3"  # noqa: S608  as above
        f" where not exists (select from council_invitee {same})",
        listed,
    )


async def follow(tx: Tx, body_id: UUID, reached: dict[UUID, str]) -> None:
    """Let the recipients be those who are on the list and every member who is reached at an address, each once.

    Members who share an address are each a recipient; what stands on the list at a member's address is the member's.
    """
    who = (body_id, list(reached), list(reached.values()))
    await tx.execute(
        "update council_invitee set removed_at = clock() where body_id = $1 and removed_at is null"
        " and member_id is not null and member_id <> all($2)",
        *who[:2],
    )
    members = "unnest($2::uuid[], $3::text[]) as m (member_id, at)"
    await tx.execute(
        f"update council_invitee i set address = m.at from {members} where i.body_id = $1 and i.removed_at is null"  # noqa: S608  no value from outside
        " and i.member_id = m.member_id and i.address <> m.at",
        *who,
    )
    alone = (
        "not exists (select from council_invitee o where o.body_id = $1 and o.removed_at is null"
        " and o.member_id = m.member_id)"
    )
    first = f"(select distinct on (at) member_id, at from {members} where {alone} order by at, member_id) m"  # noqa: S608  as above
    await tx.execute(
        f"update council_invitee i set member_id = m.member_id from {first}"  # noqa: S608  as above
        " where i.body_id = $1 and i.removed_at is null and i.member_id is null and i.address = m.at",
        *who,
    )
    await tx.execute(
        "update council_invitee set removed_at = clock() where body_id = $1 and removed_at is null"
        " and member_id is null and address = any($2)",
        *(body_id, list(reached.values())),
    )
    await tx.execute(
        "insert into council_invitee (invitee_id, body_id, address, member_id)"  # noqa: S608  as above
        f" select gen_random_uuid(), $1, m.at, m.member_id from {members} where {alone}",
        *who,
    )


async def forget(tx: Tx, member_id: UUID) -> None:
    """Invite somebody who has left no more; where they were reached is forgotten with the last that is told them."""
    await tx.execute(
        "update council_invitee set removed_at = coalesce(removed_at, clock()) where member_id = $1", member_id
    )


async def forget_those_told(tx: Tx) -> None:
    """Forget where members were reached who are reached no more and have nothing to be told of any meeting."""
    await tx.execute(
        "update council_invitee i set address = '' where removed_at is not null and member_id is not null"
        " and address <> '' and not exists (select from member_contact c where c.member_id = i.member_id)"
        " and not exists (select from mailing m where m.invitee_id = i.invitee_id and m.kind = 'withdrawal'"
        " and m.state in ('waiting', 'failed') and m.until > clock())"
    )


async def recipients(tx: Tx, body_id: UUID) -> list[dict[str, Any]]:
    """Return who is invited to a council's meetings: the member, where it is one, and whether they can sign in."""
    rows = await tx.fetch(
        "select invitee_id, i.member_id, coalesce(c.subject, '') <> '' or i.member_id is null as signs_in"
        " from council_invitee i left join member_contact c using (member_id)"
        " where i.body_id = $1 and removed_at is null order by invitee_id",
        body_id,
    )
    return [dict(row) for row in rows]


async def invitees(tx: Tx, meeting: Meeting) -> list[dict[str, Any]]:
    """Return whom a council invites, with each one's answer to the present time and place."""
    rows = await tx.fetch(
        "select invitee_id, member_id, seat, address, case when sequence >= $3 then answer end as answer"
        " from council_invitee left join (select * from meeting_reply where meeting_id = $2) said using (invitee_id)"
        " where council_invitee.body_id = $1 and removed_at is null order by address, invitee_id",
        *(meeting.body_id, meeting.id, meeting.answers_from),
    )
    return [dict(row) for row in rows]


async def last_reply(tx: Tx, meeting: Meeting, invitee_id: UUID) -> datetime | None:
    """Return when somebody answered last about the present time and place."""
    stamped_at: datetime | None = await tx.fetchval(
        "select stamped_at from meeting_reply where meeting_id = $1 and invitee_id = $2 and sequence >= $3",
        *(meeting.id, invitee_id, meeting.answers_from),
    )
    return stamped_at


async def answered(tx: Tx, meeting: Meeting, invitee_id: UUID, reply: Reply) -> None:
    """Save what somebody answered; the newest answer counts."""
    await tx.execute(
        "insert into meeting_reply (meeting_id, invitee_id, body_id, answer, sequence, stamped_at)"
        " values ($1, $2, $3, $4, $5, $6) on conflict (meeting_id, invitee_id) do update"
        " set answer = excluded.answer, sequence = excluded.sequence, stamped_at = excluded.stamped_at",
        *(meeting.id, invitee_id, meeting.body_id, reply.answer, reply.sequence, reply.stamped_at),
    )


async def on_list(tx: Tx, body_id: UUID) -> list[tuple[str, str]]:
    """Return the addresses of a council's list, each with its seat, the seat empty where there is none.

    Members who are reached by mail are not among them: their own entry says where (`follow`).
    """
    rows = await tx.fetch(
        "select address, seat from council_invitee where body_id = $1 and removed_at is null and member_id is null"
        " order by address",
        body_id,
    )
    return [(row["address"], row["seat"]) for row in rows]
