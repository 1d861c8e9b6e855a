"""Call-ins, what alerting is still to be told of them over HTTP, and who was called with their last answer."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
from pydantic import TypeAdapter

from chassis.database import Tx
from contracts.alerting.v1 import AnswerKind
from contracts.beredskabsstab.v1 import CallKind, Place, Step
from services.beredskabsstab.domain.boards import Called
from services.beredskabsstab.domain.calling import CallIn
from services.beredskabsstab.domain.forecast import CAN
from services.beredskabsstab.domain.quorum import Answered

if TYPE_CHECKING:
    from asyncpg import Record

BOARD = "live"
"""The name under which a commit wakes who watches a board."""

_PLACES = TypeAdapter(tuple[Place, ...])


async def add(tx: Tx, activation_id: UUID, new: CallIn, alert_id: UUID, at: datetime) -> None:
    """Save a call-in as the next of its activation, whose row is locked."""
    await tx.execute(
        "insert into call_in (call_in_id, activation_id, number, kind, step, template, policy, fields, places,"
        " alert_id, requested_at) select $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5, $6, $7::jsonb, $8::jsonb,"
        " $9, $10 from call_in where activation_id = $2",
        *(new.call_in_id, activation_id, new.kind, new.step, new.template, new.policy),
        *(orjson.dumps(new.fields).decode(), _PLACES.dump_json(new.places).decode(), alert_id, at),
    )


async def of_activation(tx: Tx, activation_id: UUID) -> "list[Record]":
    """Return the call-ins of an activation, in order."""
    return await tx.fetch("select * from call_in where activation_id = $1 order by number", activation_id)


async def by_id(tx: Tx, call_in_id: UUID) -> "Record | None":
    """Return a call-in."""
    return await tx.fetchrow("select * from call_in where call_in_id = $1", call_in_id)


async def open_ones(tx: Tx) -> "list[Record]":
    """Return the call-ins that are waited for, with who raised them."""
    return await tx.fetch(
        "select c.*, a.plan ->> 'desk' as desk from call_in c join activation a using (activation_id)"
        " where c.ended_at is null and c.raised_at is not null order by c.requested_at"
    )


async def called_places(tx: Tx, activation_id: UUID) -> list[Place]:
    """Return the roles that the steps of an activation have called so far."""
    rows = await tx.fetch("select places from call_in where activation_id = $1 and kind = 'step'", activation_id)
    return [place for row in rows for place in places(row)]


def places(row: "Record") -> tuple[Place, ...]:
    """Return whom a call-in calls."""
    return _PLACES.validate_json(row["places"])


async def end_all(tx: Tx, activation_id: UUID, at: datetime, kind: CallKind | None = None) -> "list[Record]":
    """End the call-ins of an activation, or those of a kind, and return those that were open, in their order."""
    ended = await tx.fetch(
        "update call_in set ended_at = $2 where activation_id = $1 and ended_at is null and (kind = $3 or $3 is null)"
        " returning *",
        *(activation_id, at, kind),
    )
    return sorted(ended, key=lambda one: one["number"])


async def end_one(tx: Tx, call_in_id: UUID, at: datetime) -> "Record | None":
    """End one call-in and return it; None where it has ended already."""
    return await tx.fetchrow(
        "update call_in set ended_at = $2 where call_in_id = $1 and ended_at is null returning *", call_in_id, at
    )


# -- who was called ----------------------------------------------------------------------------------------------------


async def members(tx: Tx, activation_id: UUID) -> "list[Record]":
    """Return who was called, with telephone numbers where the caller may see them.

    Who was only asked whether they could come is not among them (see `polled`), nor who is asked to approve something.
    """
    return await tx.fetch(
        "select m.*, c.telephone from member m join call_in i using (call_in_id)"
        " left join member_contact c using (call_id) where m.activation_id = $1"
        " and i.kind not in ('readiness', 'approval')"
        " order by m.authority, m.role, m.name, m.call_id",
        activation_id,
    )


async def polled(tx: Tx, activation_id: UUID, step: Step) -> list[Answered]:
    """Return what each person last said to the polls about a step."""
    rows = await tx.fetch(
        "select distinct on (coalesce(person, call_id), authority, role) coalesce(person, call_id)::text as person,"
        " authority, role, answer, eta_minutes, answered_at from member join call_in using (call_in_id, activation_id)"
        " where activation_id = $1 and answer is not null and kind = 'readiness' and step = $2"
        " order by coalesce(person, call_id), authority, role, answered_at desc",
        *(activation_id, step),
    )
    return [Answered(**{**row, "answer": AnswerKind(row["answer"])}) for row in rows]


async def counts(tx: Tx, call_in_id: UUID) -> dict[str, str]:
    """Return how many a poll asked, how many answered, and how many can come; as words fill them in."""
    row = await tx.fetchrow(
        "select count(*)::text as asked, count(answer)::text as answered,"
        " count(*) filter (where answer = any($2))::text as can from member where call_in_id = $1",
        *(call_in_id, list(CAN)),
    )
    return dict(row) if row else {}


async def member(tx: Tx, activation_id: UUID, call_id: UUID) -> "Record | None":
    """Return somebody who was called, with the alert that they were called by."""
    return await tx.fetchrow(
        "select m.*, c.alert_id, c.ended_at as call_in_ended_at from member m join call_in c using (call_in_id)"
        " where m.activation_id = $1 and m.call_id = $2",
        *(activation_id, call_id),
    )


async def answered(tx: Tx, activation_id: UUID) -> list[Answered]:
    """Return the last answer of each person in each role, over what the steps of an activation have called.

    What somebody said to a poll promises nothing, and is no part of it.
    """
    rows = await tx.fetch(
        "select distinct on (coalesce(person, call_id), authority, role) coalesce(person, call_id)::text as person,"
        " authority, role, answer, eta_minutes, answered_at from member join call_in using (call_in_id, activation_id)"
        " where activation_id = $1 and answer is not null and kind = 'step'"
        " order by coalesce(person, call_id), authority, role, answered_at desc",
        activation_id,
    )
    return [Answered(**{**row, "answer": AnswerKind(row["answer"])}) for row in rows]


async def save_answer(tx: Tx, said: dict[str, Any]) -> bool:
    """Save an answer unless a later one is there; somebody of whom nothing was known is added. False: nothing new."""
    status = await tx.execute(
        "insert into member (call_id, activation_id, call_in_id, authority, office, role, answer, eta_minutes,"
        " answered_at, answer_number, answer_source, arrived_at)"
        " values ($1, $2, $3, $4, $5, $6, $7::text, $8, $9::timestamptz, $10, $11,"
        " case when $7::text = 'arrived' then $9 end)"
        " on conflict (call_id) do update set answer = $7, eta_minutes = $8, answered_at = $9, answer_number = $10,"
        " answer_source = $11, arrived_at = case when $7::text = 'arrived' then coalesce(member.arrived_at, $9) end"
        " where member.answer_number < $10",
        *(said["call_id"], said["activation_id"], said["call_in_id"], said["authority"], said["office"]),
        *(said["role"], said["answer"], said["eta_minutes"], said["answered_at"], said["number"], said["source"]),
    )
    return status == "INSERT 0 1"


async def enter_answer(tx: Tx, call_id: UUID, said: tuple[str, int | None, str], at: datetime) -> None:
    """Save an answer that the desk entered: answer, minutes and source; alerting's number for it comes later."""
    await tx.change_one(
        "update member set answer = $2::text, eta_minutes = $3, answer_source = $4, answered_at = $5,"
        " arrived_at = case when $2::text = 'arrived' then coalesce(arrived_at, $5) end where call_id = $1",
        *(call_id, *said, at),
    )


async def mirror(tx: Tx, call_in: "Record", calls: Sequence[Called]) -> None:
    """Save whom alerting called, as what, and how far that has come; answers are saved by `save_answer`."""
    await tx.executemany(
        "insert into member (call_id, activation_id, call_in_id, person, authority, office, role, name, called_at,"
        " reached_at, ad_hoc, unverified) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        " on conflict (call_id) do update set person = excluded.person, authority = excluded.authority,"
        " office = excluded.office, role = excluded.role, name = excluded.name, called_at = excluded.called_at,"
        " reached_at = excluded.reached_at, unverified = excluded.unverified"
        " where (member.person, member.authority, member.office, member.role, member.name, member.called_at,"
        " member.reached_at) is distinct from (excluded.person, excluded.authority, excluded.office, excluded.role,"
        " excluded.name, excluded.called_at, excluded.reached_at)",
        [
            (
                *(one.call_id, call_in["activation_id"], call_in["call_in_id"], one.staff_id, one.authority),
                *(one.office, one.role, one.name, one.called_at, one.reached_at, one.ad_hoc, one.unverified),
            )
            for one in calls
        ],
    )
    await tx.executemany(
        "insert into member_contact (call_id, authority, telephone) values ($1, $2, $3)"
        " on conflict (call_id) do update set telephone = excluded.telephone"
        " where member_contact.telephone <> excluded.telephone",
        [(one.call_id, one.authority, one.telephone) for one in calls if one.telephone],
    )


async def fingerprint(tx: Tx, call_in_id: UUID) -> str:
    """Return a digest of what is known of who was called by a call-in."""
    digest: str | None = await tx.fetchval(
        "select md5(string_agg(concat_ws('/', call_id, authority, role, name, reached_at, answer_number), ','"
        " order by call_id)) from member where call_in_id = $1",
        call_in_id,
    )
    return digest or ""


async def answered_as(tx: Tx, call_in_id: UUID) -> str:
    """Return a digest of who has answered a call-in, and as what: the rule counts people by it."""
    digest: str | None = await tx.fetchval(
        "select md5(string_agg(concat_ws('/', call_id, person, authority, role), ',' order by call_id))"
        " from member where call_in_id = $1 and answer is not null",
        call_in_id,
    )
    return digest or ""


async def first_handed_over(tx: Tx, call_in_id: UUID, at: datetime) -> None:
    """Save when the first message of a call-in went to a provider."""
    await tx.execute(
        "update call_in set handed_over_at = $2 where call_in_id = $1 and handed_over_at is null", call_in_id, at
    )


def kind_of(row: "Record") -> CallKind:
    """Return why people were called."""
    return CallKind(row["kind"])


async def touch(tx: Tx, activation_id: UUID) -> None:
    """Say that what the board shows has changed; the last statement of a transaction, and its watchers are woken."""
    await tx.execute("select touch_board($1)", activation_id)
    tx.wakes.add(BOARD)


async def board_version(tx: Tx, activation_id: UUID) -> int:
    """Return how often the board has changed."""
    version: int | None = await tx.fetchval("select version from board where activation_id = $1", activation_id)
    return version or 0
