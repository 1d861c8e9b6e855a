"""Referrals: how far each has come, on which consents it rests, and what its receiver may be told."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from asyncpg import UniqueViolationError

from chassis.database import Tx
from services.referrals.domain.consents import Consent, Consents, ConsentState
from services.referrals.domain.programmes import Consenter, Programme, programme
from services.referrals.domain.referral import Referral
from services.referrals.domain.referral_refusals import OneIsOpen
from services.referrals.domain.states import ENDED, OPEN, State
from services.referrals.domain.tables import Verdict


@dataclass(frozen=True, slots=True)
class Stored:
    """A referral with what commands and answers need of it."""

    referral: Referral
    case_id: UUID
    sender: str
    sender_office: str
    receiver_office: str
    kommune: str
    age_band: str
    contact_text_id: UUID | None
    reason_text_id: UUID | None
    told_facts: Mapping[str, str]
    requested_at: datetime
    waits_since: datetime
    """When it came to stand as it does."""
    now: datetime
    verdict: Mapping[str, Any]
    counterpart: UUID | None
    parties: tuple[str, ...]
    forget_at: datetime | None

    @property
    def programme(self) -> Programme:
        """Return its programme."""
        return programme(self.referral.programme)


@dataclass(frozen=True, slots=True)
class New:
    """A referral on its way into the table."""

    referral: Referral
    case_id: UUID
    receiver_office: str
    kommune: str
    age_band: str
    contact_text_id: UUID | None
    told_facts: Mapping[str, str]
    verdict: Mapping[str, Any]
    counterpart: UUID | None = None
    parties: tuple[str, ...] = ()


_ADD = """
insert into referral (referral_id, case_id, programme, person_id, receiver, receiver_office, kommune, age_band, state,
    due_at, contact_text_id, told_facts, verdict, version, counterpart_id, parties, continues_id)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) on conflict do nothing
"""
_HAND_ON = """
insert into referral (referral_id, case_id, programme, person_id, receiver, receiver_office, kommune, age_band, state,
    due_at, contact_text_id, told_facts, verdict, version, counterpart_id, parties, parent_id, depth, sender,
    sender_office, passed_by)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
on conflict do nothing
"""


async def add(tx: Tx, new: New) -> bool:
    """Save a referral of the asking office; False where one is open for the person, programme and receiver."""
    return await tx.execute(_ADD, *_values(new), new.referral.continues) == "INSERT 0 1"


async def pass_on(tx: Tx, parent: Stored, new: New) -> bool:
    """Save what a receiver passes on for its sender; False where one is open there."""
    one, by = new.referral, f"{parent.referral.receiver}.{parent.receiver_office}"
    status = await tx.execute(
        _HAND_ON, *_values(new), *(one.parent, one.depth, parent.sender, parent.sender_office, by)
    )
    return status == "INSERT 0 1"


def _values(new: New) -> tuple[object, ...]:
    one = new.referral
    return (
        *(one.id, new.case_id, one.programme, one.person, one.receiver, new.receiver_office, new.kommune),
        *(new.age_band, one.state, one.due, new.contact_text_id, _json(new.told_facts), _json(new.verdict)),
        *(one.version, new.counterpart, list(new.parties)),
    )


def kept(verdict: Verdict) -> dict[str, object]:
    """Return what is kept of an answer of a rule, so that it can be shown, and asked again under another one."""
    return {
        "table": verdict.table,
        "version": verdict.version,
        "row": verdict.row,
        "outcome": verdict.outcome,
        "hjemmel": verdict.hjemmel,
        "says": verdict.says,
        "points_to": verdict.points_to,
        "inputs": verdict.inputs,
    }


def _json(value: object) -> str:
    return orjson.dumps(value, default=str).decode()


_CONSENTS = """
select r.referral_id, c.consent_id, c.consenter, c.state from referral_consent r join consent c using (consent_id)
where r.referral_id = $1
"""
_LOAD = "select *, clock() as now from referral where referral_id = $1"


async def found(tx: Tx, referral_id: UUID) -> Stored | None:
    """Return a referral that the asker may see."""
    return await _one(tx, await tx.fetchrow(_LOAD, referral_id))


async def locked(tx: Tx, referral_id: UUID) -> Stored | None:
    """Lock a referral that the asker may see."""
    return await _one(tx, await tx.fetchrow(f"{_LOAD} for update", referral_id))


async def _one(tx: Tx, row: Any) -> Stored | None:  # noqa: ANN401  a database row
    if row is None:
        return None
    consents = await tx.fetch(_CONSENTS, row["referral_id"])
    return _stored(row, {Consenter(one["consenter"]): _consent(one) for one in consents})


def _consent(row: Any) -> Consent:  # noqa: ANN401  a database row
    return Consent(row["consent_id"], ConsentState(row["state"]))


def _stored(row: Any, consents: Consents) -> Stored:  # noqa: ANN401  a database row
    one = Referral(
        id=row["referral_id"],
        programme=row["programme"],
        person=row["person_id"],
        receiver=row["receiver"],
        state=State(row["state"]),
        due=row["due_at"],
        consents=consents,
        version=row["version"],
        code=row["code"],
        cancel_proposed=row["cancel_proposed"],
        was_taken=row["was_taken"],
        minimisation_due=row["minimisation_due"],
        settled=row["settled"],
        first_contact_at=row["first_contact_at"],
        parent=row["parent_id"],
        continues=row["continues_id"],
        depth=row["depth"],
    )
    return Stored(
        referral=one,
        case_id=row["case_id"],
        sender=row["sender"],
        sender_office=row["sender_office"],
        receiver_office=row["receiver_office"],
        kommune=row["kommune"],
        age_band=row["age_band"],
        contact_text_id=row["contact_text_id"],
        reason_text_id=row["reason_text_id"],
        told_facts=orjson.loads(row["told_facts"]),
        requested_at=row["requested_at"],
        waits_since=row["waits_since"],
        now=row["now"],
        verdict=orjson.loads(row["verdict"]),
        counterpart=row["counterpart_id"],
        parties=tuple(row["parties"]),
        forget_at=row["forget_at"],
    )


def as_if_given(stored: Stored) -> Stored:
    """Return a referral as it was before the consent was taken back: the machine takes it back there too."""
    given = {of: Consent(one.id, ConsentState.GIVEN) for of, one in stored.referral.consents.items()}
    return replace(stored, referral=replace(stored.referral, consents=given))


_SAVE = """
update referral set state = $3, due_at = $4, code = $5, cancel_proposed = $6, was_taken = $7, minimisation_due = $8,
    settled = $9, first_contact_at = $10, reason_text_id = coalesce($11, reason_text_id),
    ended_at = case when $12::boolean then coalesce(ended_at, clock()) end, version = $13, forget_at = $14,
    waits_since = case when state = $3 and minimisation_due = $8 then waits_since else clock() end
where referral_id = $1 and version = $2
"""


async def save(
    tx: Tx, before: Referral, after: Referral, forget_at: datetime | None, reason_text_id: UUID | None = None
) -> None:
    """Save a referral after an act.

    Raises:
        OneIsOpen: a draft would become the second open one for the person, programme and receiver.
    """
    try:
        await tx.change_one(
            _SAVE,
            *(before.id, before.version, after.state, after.due, after.code, after.cancel_proposed, after.was_taken),
            *(after.minimisation_due, after.settled, after.first_contact_at, reason_text_id, after.state in ENDED),
            *(after.version, forget_at),
        )
    except UniqueViolationError as second:
        raise OneIsOpen from second


_FORGET = """
update referral set person_id = null, counterpart_id = null, told_facts = '{}', contact_text_id = null,
    reason_text_id = null, age_band = 'unknown', verdict = verdict - 'inputs', forget_at = null, version = version + 1
where referral_id = $1
"""


async def forget(tx: Tx, referral_id: UUID) -> None:
    """Let an ended referral name nobody, nor tell anything that only they had."""
    await tx.change_one(_FORGET, referral_id)


async def family(tx: Tx, referral_id: UUID) -> list[Stored]:
    """Lock a referral, the one that it was passed on from and those to which it was, always in the same order."""
    rows = await tx.fetch(
        "select referral_id from referral where referral_id = $1 or parent_id = $1"
        " or referral_id = (select parent_id from referral where referral_id = $1) order by referral_id",
        referral_id,
    )
    found = [await locked(tx, row["referral_id"]) for row in rows]
    return [one for one in found if one]


async def told_again(tx: Tx, one: Referral) -> int:
    """Count something that is told of a referral and leaves it as it is; returns its version then."""
    await tx.change_one(
        "update referral set version = version + 1 where referral_id = $1 and version = $2", one.id, one.version
    )
    return one.version + 1


async def open_of(tx: Tx, person: UUID) -> list[UUID]:
    """Return the open referrals of a person."""
    rows = await tx.fetch(
        "select referral_id from referral where $1 in (person_id, counterpart_id) and state = any($2)"
        " order by referral_id",
        *(person, [str(state) for state in OPEN]),
    )
    return [row["referral_id"] for row in rows]


async def resting_on(tx: Tx, consent_id: UUID) -> list[UUID]:
    """Return the open referrals that rest on a consent, as far as the asker sees them."""
    rows = await tx.fetch(
        "select referral_id from referral join referral_consent using (referral_id)"
        " where consent_id = $1 and state = any($2) order by referral_id",
        *(consent_id, [str(state) for state in OPEN]),
    )
    return [row["referral_id"] for row in rows]


_ON_LIST = (
    "referral_id, programme, kommune, state, due_at, code, minimisation_due, cancel_proposed, settled, version,"
    " requested_at, waits_since, sender, sender_office, receiver, receiver_office"
)
_SHELF = f"""
(select {_ON_LIST} from referral where {{side}}_seat = $1
    and (ended_at is null or minimisation_due or (state = 'expired' and not settled))
    order by due_at nulls last limit $2)
union
(select {_ON_LIST} from referral where {{side}}_seat = $1 and ended_at > (select clock() - interval '30 days')
    order by ended_at desc limit $2)
"""  # noqa: S608  constants of the module
_LISTED = f"""
select {_ON_LIST}, clock() as now
from ({_SHELF.format(side="sender")} union {_SHELF.format(side="receiver")}) shelves
where state <> 'entered_in_error' or (minimisation_due and receiver || '.' || receiver_office = $1)
order by due_at nulls last, referral_id
"""  # noqa: S608  constants of the module


async def listed(tx: Tx, limit: int) -> list[dict[str, Any]]:
    """Return the referrals of the asking office, the earliest deadline first; not those that ended a month ago.

    So many at most of what is open and of what has ended, on each side: what waits hides nothing that came back.

    Each shelf is read by an index of its own, so that what has long ended costs nothing.
    """
    seat = f"{tx.principal.authority}.{tx.principal.office}"
    return [dict(row) for row in await tx.fetch(_LISTED, seat, limit)]
