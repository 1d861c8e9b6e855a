"""Receiving offices say how they stand, and a team who sits in it."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field

from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.identity import Principal
from chassis.openapi import refusing
from contracts.codes import Office, Role, authorities
from contracts.form import WHOLE, Day
from contracts.hverdage import DANISH_TIME
from contracts.refusal import NotFound, StaleVersion
from services.referrals.api.common import Asking, Body, Call
from services.referrals.api.directory import Code
from services.referrals.domain import directory
from services.referrals.domain.capacity import CapacityUnclear, Intake, Statement
from services.referrals.domain.directory import Place
from services.referrals.domain.forums import Team, UnknownProfession, team, teams
from services.referrals.domain.programmes import programme
from services.referrals.store import capacity, clock

router = APIRouter(tags=["ordninger"])

Expected = Annotated[int, Field(ge=0, le=2**31), WHOLE]
"""The version that somebody has seen; 0 where nothing was said yet."""


class Standing(Body):
    """How an office stands: open, with a wait in days, or closed to a last day."""

    version: Expected
    state: Intake
    wait_days: Annotated[int, WHOLE] | None = None
    until: Day | None = None


class Staffed(Body):
    """How many of each profession sit in a team."""

    version: Expected
    filled: dict[str, Annotated[int, Field(ge=0, le=20), WHOLE]]


@router.post("/programmes/{code}/capacity", responses=refusing(StaleVersion, CapacityUnclear, NotFound))
async def stand(code: Code, body: Standing, call: Call) -> Response:
    """Say how the own office stands in a programme; a confidential one has no capacity, and is not found."""
    call.require(Role.RECEIVER)
    place = _own_place(code, call.principal)
    return await call.run(lambda tx: _stand(tx, code, place, body))


def _own_place(code: str, principal: Principal) -> Place:
    of, own = programme(code), authorities().get(principal.authority)
    office = Office(principal.office) if principal.office in set(Office) else None
    if own is None or not of.may_receive(own.kind, office, Role.RECEIVER):
        raise NotFound
    return directory.place_of(of, principal.authority, principal.office)


async def _stand(tx: Tx, code: str, place: Place, body: Standing) -> Answer:
    said = Statement(body.state, body.wait_days, body.until)
    said.check(await _today(tx))
    version = await capacity.state(tx, code, place.office, said, body.version)
    return Answer(200, {"programme": code}, version)


async def _today(tx: Tx) -> date:
    return (await clock.now(tx)).astimezone(DANISH_TIME).date()


@router.get("/teams")
async def listed(request: Request, principal: Asking) -> list[dict[str, Any]]:
    """Answer the teams of the plan with who sits in them; a vacancy is a warning and stops nothing."""
    async with service_of(request).database.tx(principal) as tx:
        today, filled = await _today(tx), await capacity.staffing(tx)
    there = [one for one in teams().values() if one.valid_from <= today]
    return [_told(one, *filled.get(one.code, (one.planned, 0))) for one in there]


def _told(one: Team, filled: Mapping[str, int], version: int) -> dict[str, Any]:
    said = {"team": one.code, "name": one.name, "valid_from": one.valid_from, "planned": one.planned}
    return said | {"filled": filled, "warnings": one.vacancies(filled), "version": version}


@router.post("/teams/{code}/staffing", responses=refusing(StaleVersion, UnknownProfession, NotFound))
async def staff(code: Code, body: Staffed, call: Call) -> Response:
    """Say who sits in the own team, by profession."""
    call.require(Role.RECEIVER)
    one = team(code)
    if (one.authority, one.office) != (call.principal.authority, call.principal.office):
        raise NotFound
    one.check_filled(body.filled)
    return await call.run(lambda tx: _staff(tx, code, body))


async def _staff(tx: Tx, code: str, body: Staffed) -> Answer:
    return Answer(200, {"team": code}, await capacity.staff(tx, code, body.filled, body.version))
