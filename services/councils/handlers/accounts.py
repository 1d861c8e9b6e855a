"""The chief's account to the kredsråd, once a year (rpl § 112, stk. 2)."""

from datetime import datetime
from uuid import UUID, uuid5

from chassis.database import Tx
from chassis.deadlines import due, set_deadline
from chassis.http import Answer
from contracts.councils.v1.activities import YearlyAccountGiven
from contracts.hverdage import DANISH_TIME
from services.councils.domain.activities import ACCOUNT_MISSING, AccountSaid, GivenAlready
from services.councils.domain.bodies import Body
from services.councils.domain.following import day_of, year_is_over
from services.councils.handlers.following import begin, bring_up
from services.councils.store import bodies, clock, matters, rows
from services.councils.store.rows import ACCOUNT

ACCOUNT_DUE = "account_missing"
"""The deadline at the end of each year in which the chief gives the kredsråd an account."""


async def expect_account(tx: Tx, body: Body) -> None:
    """Wait for the first account of a kredsråd: that of the year in which it is in service."""
    first = max(day_of(await clock.now(tx)), body.in_service).year
    await _keep_time(tx, body.id, first)


async def give_account(tx: Tx, body: Body, said: AccountSaid) -> Answer:
    """Record the chief's account of a year."""
    if await rows.where(tx, "yearly_account", "year", body_id=body.id, year=said.year):
        raise GivenAlready
    await matters.withdraw(tx, ACCOUNT_MISSING, _subject(body.id, said.year))
    return await begin(tx, body, ACCOUNT, YearlyAccountGiven, said.model_dump())


@due(ACCOUNT_DUE)
async def account_due(subject: UUID, at: datetime, tx: Tx) -> None:
    """Bring an account that was not given in its year to the next agenda, and wait for the next year's end."""
    year = at.astimezone(DANISH_TIME).year - 1
    body = await bodies.found(tx, subject)
    if body is None:
        return
    await _keep_time(tx, subject, year + 1)
    if not await rows.where(tx, "yearly_account", "year", body_id=subject, year=year):
        title = f"Politidirektørens redegørelse for {year} mangler (retsplejelovens § 112, stk. 2)"
        await bring_up(tx, body, ACCOUNT_MISSING, _subject(subject, year), title)


async def _keep_time(tx: Tx, subject: UUID, year: int) -> None:
    at = year_is_over(year)
    await set_deadline(tx, kind=ACCOUNT_DUE, subject=subject, due_at=at, correlation_id=subject)


def _subject(body_id: UUID, year: int) -> UUID:
    return uuid5(body_id, f"account {year}")
