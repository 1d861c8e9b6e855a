"""The lists of mediators and advisers, each kept by who assigns them."""

from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import StringConstraints

from chassis.access import accessing, record_access
from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.identity import Forbidden, Principal
from chassis.ids import new_id
from chassis.openapi import refusing
from contracts.codes import Purpose, Role
from contracts.disclosure import LogKind
from contracts.refusal import NotFound, Refusal
from services.referrals.api.charges import NumberUnusable
from services.referrals.api.common import Asking, Body, Call
from services.referrals.api.coursing import resolved, sitting
from services.referrals.domain.course import Sitting
from services.referrals.domain.practitioners import KEEPERS, NoSuchCourse, OnTheList, check_course, missing
from services.referrals.store import practitioners
from services.referrals.store.practitioners import Practitioner

router = APIRouter(tags=["forløb"])

PURPOSES = {Role.MEDIATOR: Purpose.MEDIATION, Role.ADVISER: Purpose.VICTIM_SUPPORT}


class Assignable(StrEnum):
    """The roles to which courses are assigned."""

    MEDIATOR = "mediator"
    ADVISER = "adviser"


class Registering(Body):
    """Somebody's role, sign-in and number; the number so that nobody is assigned a case of their own family."""

    role: Assignable
    subject: Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9._@:-]+$")]
    cpr: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}-?[0-9]{4}$")]


class Passing(Body):
    """A course that was passed."""

    course: Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z_]+$")]


class NotYourList(Refusal):
    """Another coordinator keeps that list."""

    slug = "not-your-list"
    status = 403
    title = "Den liste fører en anden koordinator."
    todo = "Vælg den rolle, som I selv fører liste over: mæglere i konfliktråd, rådgivere i Offerrådgivningen."


def _somebody(principal: Principal) -> Sitting:
    """Return who sits there: people alone say who may be assigned."""
    if principal.kind != "person":
        raise Forbidden
    return sitting(principal)


def _keeps(principal: Principal, role: str) -> None:
    who = _somebody(principal)
    if not who.sits(KEEPERS[role]):
        raise NotYourList if any(map(who.sits, KEEPERS.values())) else Forbidden


@router.get("/practitioners", responses=refusing(NotYourList))
async def listed(request: Request, principal: Asking, role: Assignable) -> list[dict[str, Any]]:
    """Answer who may be assigned, and which courses they lack."""
    _keeps(principal, role.value)
    async with service_of(request).database.tx(principal) as tx:
        rows = await practitioners.listed(tx, role.value)
    return [row | {"missing": missing(role.value, row["passed"])} for row in rows]


@router.post(
    "/practitioners",
    status_code=201,
    dependencies=[Depends(accessing("practitioner.register"))],
    responses=refusing(NumberUnusable, OnTheList, NotYourList),
)
async def registered(body: Registering, request: Request, call: Call) -> Response:
    """Put a mediator or an adviser on the own list."""
    _keeps(call.principal, body.role.value)
    person = await resolved(service_of(request), body.cpr)
    one = Practitioner(new_id(), body.role.value, body.subject, person, frozenset(), 1)
    return await call.run(lambda tx: _register(tx, one))


async def _register(tx: Tx, one: Practitioner) -> Answer:
    if not await practitioners.add(tx, one):
        raise OnTheList
    await record_access(
        tx,
        operation="practitioner.register",
        purpose=PURPOSES[Role(one.role)],
        persons=[one.person] if one.person else [],
        kind=LogKind.COLLECTION,
    )
    return Answer(201, {"practitioner_id": one.id}, 1)


@router.post("/practitioners/{practitioner_id}/courses", responses=refusing(NoSuchCourse))
async def course_passed(practitioner_id: UUID, body: Passing, call: Call) -> Response:
    """Write that somebody has passed a course; with the last mandatory one they may be assigned."""
    _somebody(call.principal)
    return await call.run(lambda tx: _pass(tx, practitioner_id, body.course))


async def _pass(tx: Tx, practitioner_id: UUID, course: str) -> Answer:
    one = await practitioners.found(tx, practitioner_id, lock=True)
    if one is None:
        raise NotFound
    _keeps(tx.principal, one.role)
    check_course(one.role, course)
    courses = one.passed | {course}
    await practitioners.passed(tx, one, courses, certified=not missing(one.role, courses))
    return Answer(200, {"practitioner_id": practitioner_id}, one.version + 1)
