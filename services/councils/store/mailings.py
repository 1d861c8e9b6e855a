"""The SQL of mail that goes out: queued with the act, claimed by whoever sends, and how each try ended."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.database import Tx
from services.councils.domain.mailings import After, Kind, Mailing, MailState

WAKE = "mailings"
"""The name under which a commit wakes whoever sends (`Tx.wakes`)."""

_NAMES = ("body_id", "subject", "until", "edition", "invitee_id", "member_id", "purpose", "queued_by", "queued_at")


async def add(tx: Tx, new: Sequence[Mailing]) -> int:
    """Queue mails; one that is there already is left as it is. Return how many are new."""
    added = 0
    for one in new:
        status = await tx.execute(
            "insert into mailing (mailing_id, body_id, kind, subject, edition, invitee_id, member_id, purpose, until,"
            " queued_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing",
            *(one.id, one.body_id, one.kind, one.subject, one.edition, one.invitee_id, one.member_id, one.purpose),
            *(one.until, tx.principal.subject),
        )
        added += int(status.rpartition(" ")[2])
    tx.wakes.add(WAKE)
    return added


async def drop(tx: Tx, subject: UUID, kinds: Sequence[Kind]) -> None:
    """Let mails of these kinds that have not gone out stay at home."""
    await tx.execute(
        "update mailing set state = 'dropped' where subject = $1 and kind = any($2) and state in ('waiting', 'failed')",
        *(subject, [one.value for one in kinds]),
    )


async def drop_of_member(tx: Tx, member_id: UUID) -> None:
    """Let what waits for somebody who has left stay at home."""
    await tx.execute(
        "update mailing set state = 'dropped' where state in ('waiting', 'failed')"
        " and kind <> 'withdrawal' and (member_id = $1 or invitee_id in"
        " (select invitee_id from council_invitee where member_id = $1))",
        member_id,
    )


async def drop_of_removed(tx: Tx, body_id: UUID) -> None:
    """Let what waits for somebody who is not on a council's list any more stay at home."""
    await tx.execute(
        "update mailing set state = 'dropped' where body_id = $1 and state in ('waiting', 'failed')"
        " and kind <> 'withdrawal' and invitee_id in"
        " (select invitee_id from council_invitee where removed_at is not null)",
        body_id,
    )


async def again(tx: Tx, mailing_ids: Sequence[UUID]) -> None:
    """Try mails that failed anew, from the beginning."""
    await tx.execute(
        "update mailing set state = 'waiting', failure = '', tries = 0, next_try_at = clock_timestamp(),"
        " claimed_until = null where mailing_id = any($1) and state = 'failed'",
        mailing_ids,
    )
    tx.wakes.add(WAKE)


async def found(tx: Tx, mailing_id: UUID) -> Mailing | None:
    """Return one mail, as far as the asker keeps the council's papers."""
    row = await tx.fetchrow("select * from mailing where mailing_id = $1", mailing_id)
    return None if row is None else _mailing(row)


_EARLIER = (
    "exists (select from mailing e where e.subject = m.subject and e.kind = m.kind and e.invitee_id = m.invitee_id"
    " and e.edition < m.edition and e.state <> 'dropped')"
)
"""Whether the recipient had a mail of the kind before this one."""

_SHOWN = (
    "select m.mailing_id, m.kind, m.subject, m.edition, m.purpose, m.state, m.sent_at, m.failure, m.tries, m.queued_at,"  # noqa: S608  no value from outside
    " m.until, i.seat, coalesce(m.member_id, i.member_id) as member_id,"
    f" coalesce(nullif(i.address, ''), c.email, '') as address, not {_EARLIER} as first from mailing m"
    " left join council_invitee i using (invitee_id) left join member_contact c on c.member_id = m.member_id where"
)


async def of_meeting(tx: Tx, meeting_id: UUID) -> list[dict[str, Any]]:
    """Return the mails about a meeting, the newest first, without what was dropped."""
    rows = await tx.fetch(
        f"{_SHOWN} m.subject = $1 and m.kind <> 'link' and m.state <> 'dropped'"
        " order by m.queued_at desc, address, m.mailing_id",
        meeting_id,
    )
    return [dict(row) for row in rows]


async def of_body(tx: Tx, body_id: UUID) -> list[dict[str, Any]]:
    """Return a council's mails of the last year, the newest first."""
    rows = await tx.fetch(
        f"{_SHOWN} m.body_id = $1 and m.queued_at > clock() - interval '1 year'"
        " order by m.queued_at desc, m.mailing_id limit 500",
        body_id,
    )
    return [dict(row) for row in rows]


async def troubles(tx: Tx, body_id: UUID) -> list[dict[str, Any]]:
    """Return about what mails of a council failed or have waited for an hour, with how many, while it matters."""
    rows = await tx.fetch(
        "select kind, subject, state, count(*) as mails, min(queued_at) as since from mailing"
        " where body_id = $1 and until > clock() and (state = 'failed'"
        " or (state = 'waiting' and tries > 0 and queued_at < clock() - interval '1 hour'))"
        " group by kind, subject, state order by since",
        body_id,
    )
    return [dict(row) for row in rows]


async def claim(tx: Tx, at_most: int, lease_s: float) -> list[Mailing]:
    """Take what is due for a while; whoever dies over it leaves it to the next, under the same id."""
    rows = await tx.fetch(
        "update mailing set tries = tries + 1, claimed_until = clock_timestamp() + make_interval(secs => $2)"
        " where mailing_id in (select mailing_id from mailing where state = 'waiting'"
        " and next_try_at <= clock_timestamp() and coalesce(claimed_until, '-infinity') <= clock_timestamp()"
        " order by next_try_at, mailing_id limit $1 for no key update skip locked) returning *",
        *(at_most, lease_s),
    )
    return [_mailing(row) for row in rows]


async def give_up(tx: Tx, tries: int) -> None:
    """End what has passed by, and what was tried often enough by processes that died over it."""
    await tx.execute(
        "update mailing set state = 'failed', failure = case when until <= clock() then 'too_late' else 'cut_off' end"
        " where state = 'waiting' and coalesce(claimed_until, '-infinity') <= clock_timestamp()"
        " and (until <= clock() or (tries >= $1 and claimed_until is not null))",
        tries,
    )


async def ended(tx: Tx, mailing_id: UUID, what: After, failure: str) -> None:
    """Save how a try ended; what was dropped meanwhile stays so, unless it has gone out."""
    await tx.execute(
        "update mailing set state = $2, failure = $3, claimed_until = null,"
        " sent_at = case when $2 = 'sent' then clock() end,"
        " next_try_at = clock_timestamp() + make_interval(secs => $4)"
        " where mailing_id = $1 and (state = 'waiting' or ($2 = 'sent' and state in ('dropped', 'failed')))",
        *(mailing_id, what.state.value, failure, what.pause_s),
    )


async def waits(tx: Tx, mailing_id: UUID) -> bool:
    """Say whether a mail is still to be sent; it may have been dropped since it was claimed."""
    found: bool = await tx.fetchval("select state = 'waiting' from mailing where mailing_id = $1", mailing_id)
    return found


async def reached(tx: Tx, mailing: Mailing) -> tuple[str, UUID | None]:
    """Return where a mail goes today, and whose it is; nothing where nobody is reached any more.

    Whoever is told that they are moved out of a meeting is reached where they were invited, on the list or not.
    """
    row = await tx.fetchrow(
        "select address, member_id from council_invitee where invitee_id = $1 and (removed_at is null or $3) union all"
        " select email, member_id from member_contact where member_id = $2 and $1::uuid is null",
        *(mailing.invitee_id, mailing.member_id, mailing.kind is Kind.WITHDRAWAL),
    )
    return (row["address"] or "", row["member_id"]) if row else ("", None)


async def is_first(tx: Tx, mailing_id: UUID) -> bool:
    """Say whether a mail is the first of its kind about its meeting to its recipient."""
    found: bool = await tx.fetchval(f"select not {_EARLIER} from mailing m where mailing_id = $1", mailing_id)  # noqa: S608  no value from outside
    return found


async def waiting_since(tx: Tx) -> float:
    """Return for how many seconds the oldest mail has waited."""
    seconds: float = await tx.fetchval(
        "select coalesce(extract(epoch from clock() - min(queued_at)), 0)::float8 from mailing where state = 'waiting'"
    )
    return seconds


async def failed(tx: Tx) -> int:
    """Return how many mails could not be delivered and still matter."""
    count: int = await tx.fetchval("select count(*) from mailing where state = 'failed' and until > clock()")
    return count


def _mailing(row: Any) -> Mailing:  # noqa: ANN401  a record of asyncpg, which has no types
    values: dict[str, Any] = {name: row[name] for name in _NAMES}
    queued: datetime = values.pop("queued_at")
    kind, state = Kind(row["kind"]), MailState(row["state"])
    return Mailing(row["mailing_id"], kind=kind, state=state, tries=row["tries"], queued_at=queued, **values)
