"""The line of messages of an activation: loaded under the line's lock, and saved with what each has said of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
from pydantic import TypeAdapter

from chassis.database import Tx
from chassis.ids import new_id
from services.beredskabsstab.domain.cap import Info, Words
from services.beredskabsstab.domain.information import (
    Audience,
    Correction,
    Form,
    Message,
    Signed,
    State,
    Warned,
)

if TYPE_CHECKING:
    from asyncpg import Record

_WORDS, _INFO, _SIGNED = TypeAdapter(Words), TypeAdapter(Info), TypeAdapter(Signed)
UNSAID = frozenset({State.DRAFT, State.RETURNED, State.REFUSED, State.WITHDRAWN})
"""Where what the sectors have said of earlier words counts no more."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A message as it is kept."""

    information_id: UUID
    activation_id: UUID
    version: int
    round: int
    message: Message
    warned_ids: Mapping[str, UUID]
    """The id of each channel that is recorded."""


async def next_number(tx: Tx, activation_id: UUID) -> int:
    """Return the next number of an activation's line, and hold the line until the transaction ends."""
    number: int = await tx.fetchval("select next_on_line($1)", activation_id)
    return number


async def hold(tx: Tx, information_id: UUID) -> Kept | None:
    """Return a message as it is once the line is held, so that nothing on it changes meanwhile."""
    activation_id = await tx.fetchval("select activation_id from information where information_id = $1", information_id)
    if activation_id is None:
        return None
    await tx.execute("select hold_line($1)", activation_id)
    return await find(tx, information_id)


async def find(tx: Tx, information_id: UUID) -> Kept | None:
    """Return a message."""
    row = await tx.fetchrow("select * from information where information_id = $1", information_id)
    return await _kept(tx, row) if row else None


async def by_number(tx: Tx, activation_id: UUID, number: int) -> Kept | None:
    """Return the message of a number."""
    row = await tx.fetchrow("select * from information where activation_id = $1 and number = $2", activation_id, number)
    return await _kept(tx, row) if row else None


async def of_activation(tx: Tx, activation_id: UUID) -> list[Kept]:
    """Return the line of an activation, the newest first."""
    rows = await tx.fetch("select * from information where activation_id = $1 order by number desc", activation_id)
    return [await _kept(tx, row) for row in rows]


async def waiting(tx: Tx) -> list[Kept]:
    """Return what waits for the police: an approval, a review, or a question in the area; the oldest first."""
    rows = await tx.fetch(
        "select * from information i where state = 'cleared' or is_alone and reviewed is null and sent_at is not null"
        " or exists (select from information_warned w where w.information_id = i.information_id"
        "  and w.asked_at is not null and w.received is null) order by changed_at limit 100"
    )
    return [await _kept(tx, row) for row in rows]


async def chain(tx: Tx, kept: Kept) -> list[Message]:
    """Return the messages that one takes the place of, the first of all first and the original last."""
    found: list[Message] = []
    number = kept.message.corrects
    while number is not None:
        original = await by_number(tx, kept.activation_id, number)
        if original is None:
            break
        found.insert(0, original.message)
        number = original.message.corrects
    return found


# -- reading -----------------------------------------------------------------------------------------------------------


async def _kept(tx: Tx, row: "Record") -> Kept:
    said = await tx.fetch(
        "select * from information_clearance where information_id = $1 and round = $2",
        *(row["information_id"], row["round"]),
    )
    warned = await tx.fetch(
        "select * from information_warned where information_id = $1 order by recorded_at, warned_id",
        row["information_id"],
    )
    message = _message(row, said, warned)
    ids = {one["channel"]: one["warned_id"] for one in warned}
    return Kept(row["information_id"], row["activation_id"], row["version"], row["round"], message, ids)


def _message(row: "Record", said: "list[Record]", warned: "list[Record]") -> Message:
    clearances, objections = _said(row, said)
    return Message(
        number=row["number"],
        form=Form(row["form"]),
        audiences=frozenset(map(Audience, row["audiences"])),
        life_threatening=row["life_threatening"],
        danish=_WORDS.validate_json(row["danish"]),
        english=_WORDS.validate_json(row["english"]) if row["english"] else None,
        info=_INFO.validate_json(row["info"]) if row["info"] else None,
        authority=row["authority"],
        written_by=frozenset(row["written_by"]),
        sectors=frozenset(row["sectors"]),
        cleared_beforehand=frozenset(row["cleared_beforehand"]),
        standard=row["standard"],
        state=State(row["state"]),
        clearances=clearances,
        objections=objections,
        overridden=_signed(row["overridden"]),
        approval_asked_at=row["approval_asked_at"],
        approved=_signed(row["approved"]),
        is_alone=row["is_alone"],
        reviewed=_signed(row["reviewed"]),
        decided=_signed(row["decided"]),
        corrects=row["corrects"],
        correction=Correction(row["correction"]) if row["correction"] else None,
        sent_at=row["sent_at"],
        warned=tuple(_warned(one) for one in warned),
    )


def _said(row: "Record", said: "list[Record]") -> tuple[dict[str, Signed] | None, dict[str, Signed] | None]:
    """Return who has cleared and who objects; in peacetime cleared is cleared, until that authority says otherwise."""
    if State(row["state"]) in UNSAID:
        return None, None
    known = set(row["sectors"]) & set(row["cleared_beforehand"])
    clearances = {one: Signed("", row["submitted_at"], row["standard"]) for one in known}
    objections: dict[str, Signed] = {}
    for one in said:
        signed = Signed(one["person"], one["said_at"], one["reason"])
        clearances.pop(one["authority"], None)
        (clearances if one["cleared"] else objections)[one["authority"]] = signed
    return clearances, objections


def _warned(row: "Record") -> Warned:
    recorded = Signed(row["recorded_by"], row["recorded_at"])
    return Warned(row["channel"], row["warned_at"], row["receipt"], recorded, row["received"])


def _signed(text: str | None) -> Signed | None:
    return _SIGNED.validate_json(text) if text else None


def as_json(part: Words | Info | Signed | None) -> str | None:
    """Return a part of a message as it is kept."""
    return orjson.dumps(asdict(part)).decode() if part else None


# -- saving ------------------------------------------------------------------------------------------------------------


async def add(tx: Tx, information_id: UUID, activation_id: UUID, new: Message, at: datetime) -> Kept:
    """Save a new message of the line, at version 1."""
    await tx.execute(
        "insert into information (information_id, activation_id, number, drafted_at, changed_at, version, corrects,"
        " correction, authority, form, audiences, life_threatening, state, danish, english, info, written_by, sectors,"
        " standard, cleared_beforehand) values ($1, $2, $3, $4, $4, 1, $5, $6, $7, $8, $9, $10, $11, $12::jsonb,"
        " $13::jsonb, $14::jsonb, $15, $16, $17, $18)",
        *(information_id, activation_id, new.number, at, new.corrects, new.correction, new.authority, new.form),
        *(sorted(new.audiences), new.life_threatening, new.state, *_written(new)),
    )
    return Kept(information_id, activation_id, 1, 0, new, {})


def _written(message: Message) -> tuple[Any, ...]:
    words = as_json(message.danish), as_json(message.english), as_json(message.info)
    more = sorted(message.written_by), sorted(message.sectors), message.standard, sorted(message.cleared_beforehand)
    return *words, *more


async def save(tx: Tx, before: Kept, after: Message, at: datetime) -> int:
    """Save a message as it is now, with what an authority says of it; returns its version."""
    asks = before.message.state is State.DRAFT and after.state not in UNSAID
    version: int = await tx.fetchval(
        "update information set danish = $2::jsonb, english = $3::jsonb, info = $4::jsonb, written_by = $5,"
        " sectors = $6, standard = $7, cleared_beforehand = $8, state = $9, overridden = $10::jsonb,"
        " approval_asked_at = $11, approved = $12::jsonb, is_alone = $13, reviewed = $14::jsonb, decided = $15::jsonb,"
        " sent_at = $16, changed_at = $17, round = round + $18::int,"
        " submitted_at = case when $18 = 1 then $17 else submitted_at end, version = version + 1"
        " where information_id = $1 returning version",
        *(before.information_id, *_written(after), after.state, as_json(after.overridden)),
        *(after.approval_asked_at, as_json(after.approved), after.is_alone, as_json(after.reviewed)),
        *(as_json(after.decided), after.sent_at, at, int(asks)),
    )
    await _save_said(tx, before, after, before.round + asks)
    await _save_warned(tx, before, after, at)
    return version


async def _save_said(tx: Tx, before: Kept, after: Message, its_round: int) -> None:
    for cleared, old, new in (
        (True, before.message.clearances, after.clearances),
        (False, before.message.objections, after.objections),
    ):
        for authority, signed in (new or {}).items():
            if signed.person and (old or {}).get(authority) != signed:
                await tx.execute(
                    "insert into information_clearance (information_id, round, authority, cleared, person, said_at,"
                    " reason) values ($1, $2, $3, $4, $5, $6, $7) on conflict (information_id, round, authority)"
                    " do update set cleared = $4, person = $5, said_at = $6, reason = $7",
                    *(before.information_id, its_round, authority, cleared, signed.person, signed.at, signed.reason),
                )


async def _save_warned(tx: Tx, before: Kept, after: Message, at: datetime) -> None:
    known = {one.channel: one for one in before.message.warned}
    for one in after.warned:
        if one.channel not in known:
            await tx.execute(
                "insert into information_warned (warned_id, information_id, channel, warned_at, receipt, recorded_by,"
                " recorded_at) values ($1, $2, $3, $4, $5, $6, $7)",
                *(new_id(), before.information_id, one.channel, one.at, one.receipt, one.recorded.person),
                one.recorded.at,
            )
        elif one.received is not None and one.received != known[one.channel].received:
            await tx.change_one(
                "update information_warned set received = $3, checked_by = $4, checked_at = $5"
                " where information_id = $1 and channel = $2",
                *(before.information_id, one.channel, one.received, tx.principal.subject, at),
            )


# -- what waits --------------------------------------------------------------------------------------------------------


async def warned_by(tx: Tx, warned_id: UUID) -> "Record | None":
    """Return the record of a channel by which the population was warned."""
    return await tx.fetchrow("select * from information_warned where warned_id = $1", warned_id)


async def ask_back(tx: Tx, warned_id: UUID, information_id: UUID, at: datetime) -> int:
    """Save that somebody is to ask in the area; returns the message's version."""
    await tx.change_one("update information_warned set asked_at = $2 where warned_id = $1", warned_id, at)
    version: int = await tx.fetchval(
        "update information set version = version + 1 where information_id = $1 returning version", information_id
    )
    return version


async def asked_back(tx: Tx, information_id: UUID) -> list[str]:
    """Return the channels of which somebody is to ask in the area, and nobody has."""
    rows = await tx.fetch(
        "select channel from information_warned where information_id = $1 and asked_at is not null"
        " and received is null order by warned_at",
        information_id,
    )
    return [row["channel"] for row in rows]


async def approval_call_in(tx: Tx, information_id: UUID) -> "Record | None":
    """Return the call-in by which the approvers were called that has not ended."""
    return await tx.fetchrow(
        "select c.* from information i join call_in c on c.call_in_id = i.approval_call_in"
        " where i.information_id = $1 and c.ended_at is null",
        information_id,
    )


async def called_by(tx: Tx, information_id: UUID, call_in_id: UUID) -> None:
    """Save the call-in by which the approvers of a message are called."""
    await tx.change_one(
        "update information set approval_call_in = $2 where information_id = $1", information_id, call_in_id
    )


async def counts(tx: Tx) -> dict[str, int]:
    """Return how much waits: warnings for an approver, channels to be asked about, messages to be reviewed."""
    row = await tx.fetchrow(
        "select (select count(*) from information where state = 'cleared' and form = 'warning') as approval,"
        " (select count(*) from information_warned where asked_at is not null and received is null) as check_back,"
        " (select count(*) from information where is_alone and reviewed is null and sent_at is not null) as review"
    )
    return dict(row) if row else {}
