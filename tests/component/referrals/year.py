"""Play the year 2021 into referrals, by its own handlers and its own clock: `python -m tests.component.referrals.year`.

119 persons whose yes counts, 80 with a conversation, 38 with more than one, and many who must not count. A process of
its own, for the handlers of one service are one process's.
"""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import cycle
from typing import Any
from uuid import UUID, uuid4

from chassis.database import Database
from chassis.identity import Principal
from chassis.settings import Settings
from contracts.referrals.v1 import ConsentDeclined
from services.referrals.domain.following import Step
from services.referrals.domain.offers import ChargeKind, OfferState
from services.referrals.domain.referral import Details
from services.referrals.domain.states import Action, Side
from services.referrals.handlers.acting import act, tell
from services.referrals.handlers.noting import note
from services.referrals.handlers.requesting import Contact, request_for
from services.referrals.handlers.telling import grounds
from services.referrals.handlers.withdrawing import withdraw
from services.referrals.store import charges, referrals
from services.referrals.store.charges import NewCharge
from services.referrals.store.referrals import Stored

POLICE = Principal("year", "politi-mvj")
KOMMUNER = ("0657", "0661", "0671", "0779", "0740", "0791")
REACHED = ("receive", "accept", "contact")
TALKED = (*REACHED, "conversation")
MORE = (*TALKED, "further")
ACTS = {
    "receive": (Action.RECEIVE, Side.SYSTEM),
    "accept": (Action.ACCEPT, Side.RECEIVER),
    "contact": (Action.BEGIN, Side.RECEIVER),
    "reject": (Action.REJECT, Side.RECEIVER),
    "complete": (Action.COMPLETE, Side.RECEIVER),
    "cancel": (Action.CANCEL, Side.SENDER),
}
DETAILS = {
    "reject": Details(text="Fuldt.", code="no_capacity"),
    "complete": Details(code="guided"),
    "cancel": Details(text="Ved en fejl."),
}


@dataclass(frozen=True)
class Somebody:
    """A yes on a day, and what became of it."""

    at: datetime
    steps: tuple[str, ...]
    kommune: str = "0657"
    person: UUID | None = None


def day(month: int, number: int = 15, hour: int = 12, year: int = 2021) -> datetime:
    """Return a moment of the year, in UTC."""
    return datetime(year, month, number, hour, tzinfo=UTC)


def who_count() -> Iterator[Somebody]:
    """Yield the 119, spread over the months and municipalities."""
    steps = [MORE] * 37 + [TALKED] * 36 + [(*TALKED, "complete")] * 6 + [REACHED] * 20 + [("receive", "accept")] * 12
    steps += [("receive", "reject")] * 7
    months, kommuner = cycle(range(3, 13)), cycle(KOMMUNER)
    yield from (Somebody(day(next(months)), one, next(kommuner), uuid4()) for one in steps)
    # In Denmark the first of March has begun.
    yield Somebody(day(2, 28, 23), MORE, "0657", uuid4())


def who_do_not(counting: list[Somebody]) -> Iterator[Somebody]:
    """Yield those who took it back, were called off, stand twice, were never answered, or lie outside the period."""
    for month in range(3, 13):
        yield Somebody(day(month, 3), (*MORE, "withdraw"), "0661", uuid4())
        yield Somebody(day(month, 4), ("withdraw",), "0779", uuid4())
    yield from (Somebody(day(month, 5), ("receive", "cancel"), "0740", uuid4()) for month in range(3, 9))
    # Nobody answered in time: the clock ends them.
    yield from (Somebody(day(month, 6), ("receive",), "0791", uuid4()) for month in range(3, 11))
    # Another yes of somebody who counts already, elsewhere.
    twice = [one for one in counting if one.steps == TALKED][:9]
    yield from (replace(one, at=day(12, 20), steps=TALKED, kommune="0760") for one in twice)
    yield from (Somebody(day(2, 10), MORE, "0657", uuid4()) for _ in range(6))
    yield from (Somebody(day(1, 12, year=2022), MORE, "0657", uuid4()) for _ in range(6))
    # In Denmark the year is over.
    yield from (Somebody(day(12, 31, 23), MORE, "0657", uuid4()) for _ in range(5))


def groups(everybody: Iterable[Somebody]) -> Iterator[tuple[datetime, list[Somebody]]]:
    """Yield those of one moment together, in order."""
    ordered = sorted(everybody, key=lambda one: one.at)
    for at in dict.fromkeys(one.at for one in ordered):
        yield at, [one for one in ordered if one.at == at]


async def play(database: Database, everybody: Iterable[Somebody], declined: int) -> None:
    """Let everybody go their ways, each at their own time."""
    for at, some in groups(everybody):
        await turn_to(database, at)
        for one in some:
            await go(database, one)
        if at == day(6):
            for _ in range(declined):
                await decline(database)


async def turn_to(database: Database, at: datetime | None) -> None:
    """Put the service's clock to a moment, or back to the real one."""
    shift = at - datetime.now(UTC) if at else datetime.now(UTC) - datetime.now(UTC)
    async with database.tx(Principal.worker("referrals")) as tx:
        await tx.execute("select set_clock_offset($1)", shift)


async def charged(tx: Any, one: Somebody) -> charges.Charge:  # noqa: ANN401  a transaction
    """Return a charge whose person has been told."""
    charge_id = uuid4()
    new = NewCharge(charge_id, one.person, ChargeKind.DRINK_DRIVING, one.at, one.kommune, "rusmiddel", OfferState.OFFERED, one.at)  # fmt: skip  # noqa: E501
    await charges.add(tx, new)
    charge = await charges.locked(tx, charge_id)
    assert charge
    return charge


async def go(database: Database, one: Somebody) -> None:
    """Say yes, and take each step in a transaction of its own."""
    async with database.tx(POLICE) as tx:
        charge = await charged(tx, one)
        assert one.person
        referral_id = await request_for(tx, charge, Contact(one.person, uuid4(), None, tell_charge=False))
        await charges.answered(tx, charge, OfferState.ACCEPTED)
    centre = Principal("year", f"kommune-{one.kommune}", "rusmiddel")
    for step in one.steps:
        async with database.tx(POLICE if step in {"cancel", "withdraw"} else centre) as tx:
            stored = await referrals.locked(tx, referral_id)
            assert stored
            await take(tx, stored, step)


async def take(tx: Any, stored: Stored, step: str) -> None:  # noqa: ANN401  a transaction
    """Take one step."""
    if step == "withdraw":
        await withdraw(tx, stored)
    elif step in ACTS:
        await act(tx, stored, *ACTS[step], DETAILS.get(step, Details()))
    else:
        await note(tx, stored, Step(step), Side.RECEIVER, None, stored.referral.version)


async def decline(database: Database) -> None:
    """Say no."""
    async with database.tx(POLICE) as tx:
        charge = await charged(tx, Somebody(day(6), (), "0657", uuid4()))
        await charges.informed(tx, charge)
        await charges.answered(tx, replace(charge, version=charge.version + 1), OfferState.DECLINED)
        event = ConsentDeclined(consent_id=uuid4(), **grounds(charge.of))
        await tell(tx, event, 1, charge.id, charge.now)


async def main() -> None:
    """Play it, and put the clock back."""
    database = Database(Settings(service="referrals"))
    await database.start()
    counting = list(who_count())
    try:
        await play(database, [*counting, *who_do_not(counting)], declined=40)
    finally:
        await turn_to(database, None)
        await database.stop()


if __name__ == "__main__":
    asyncio.run(main())
