"""People on call and how each is reached: a planner keeps them, and everybody sees and tests the own routes."""

import base64
import secrets
from collections import defaultdict
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import AfterValidator, Field, StringConstraints

from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.identity import Principal
from chassis.ids import new_id
from contracts.codes import Role
from contracts.refusal import NotFound
from services.alerting.api.common import (
    Asking,
    Body,
    Call,
    Id,
    PersonName,
    RoleName,
    Version,
    answer,
    answered_once,
    office_of,
)
from services.alerting.domain.planning import require_version
from services.alerting.domain.staff import MOST_ROUTES, TEST_EVERY, NoSecret, PersonEnded, TooManyRoutes, address_of
from services.alerting.handlers.changes import tell_person
from services.alerting.handlers.testing import try_again, try_route
from services.alerting.store import alerts, staff, swaps
from services.alerting.store.staff import Person, Route

if TYPE_CHECKING:
    from asyncpg import Record

router = APIRouter(tags=["vagt"])

SECRET_BYTES = 24
DEAD_PUSH = "Push når ikke længere frem på den enhed. Slå push til igen på telefonen, eller fjern kontaktvejen."
DEAD = "Kontaktvejen når ingen. Ret den, eller prøv den igen."
UNVERIFIED = "Kontaktvejen er ikke bekræftet: send en prøve, og svar på den."


def _each_once(roles: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(roles))


Roles = Annotated[tuple[RoleName, ...], Field(min_length=1, max_length=10), AfterValidator(_each_once)]


class Adding(Body):
    """Somebody on call; the first role counts first. `subject` is the account that they sign in with."""

    name: PersonName
    roles: Roles = ("vagt",)
    subject: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._@:-]{1,100}$")] | None = None

    def person(self) -> Person:
        """Return them as they are kept."""
        return Person(self.name, self.roles, self.subject)


class Changing(Adding):
    """Somebody as they are from now on."""

    version: Version


class Basis(Body):
    """The version that a change is based on."""

    version: Version


class AddingRoute(Body):
    """A way to reach somebody: a number, a mail address, a subscription of a browser as JSON, an https address."""

    channel: Literal["sms", "voice", "email", "push", "webhook"]
    address: Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=r"^[^\x00-\x1f\x7f]+$")]
    rank: Annotated[int, Field(ge=1, le=100)] = 1


class FirstRoute(AddingRoute):
    """A way to reach somebody from the first: all but a webhook, whose secret is shown when it is added alone."""

    channel: Literal["sms", "voice", "email", "push"]


class Beginning(Adding):
    """Somebody on call, with how they are reached where that is known already."""

    routes: Annotated[list[FirstRoute], Field(max_length=MOST_ROUTES, default_factory=list)]


class Ordering(Basis):
    """How early a route is used among those of its channel."""

    rank: Annotated[int, Field(ge=1, le=100)]


@router.get("/staff")
async def read_staff(request: Request, principal: Asking) -> Response:
    """Show an office's people on call with their routes to its planner; to everybody else themselves."""
    principal.require(Role.DUTY_PLANNER, Role.ON_CALL)
    only = None if Role.DUTY_PLANNER in principal.roles else principal.subject
    async with service_of(request).database.tx(principal) as tx:
        people = await staff.of_office(tx, only)
        routes = await staff.routes(tx, [row["staff_id"] for row in people])
    by_person: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in routes:
        by_person[row["staff_id"]].append(_route(row))
    return answer({"staff": [_person(row) | {"routes": by_person[row["staff_id"]]} for row in people]})


def _person(row: "Record") -> dict[str, Any]:
    shown = ("staff_id", "authority", "office", "roles", "name", "subject", "ad_hoc", "version")
    return {name: row[name] for name in shown}


def _route(row: "Record") -> dict[str, Any]:
    shown = ("route_id", "channel", "address", "rank", "state", "verified_at", "tested_at", "dead_since", "version")
    return {name: row[name] for name in shown} | {"todo": _todo(row)}


def _todo(row: "Record") -> str | None:
    if row["state"] == "dead":
        return DEAD_PUSH if row["channel"] == "push" else DEAD
    return UNVERIFIED if row["state"] == "unverified" else None


@router.get("/staff/{staff_id}/roles")
async def read_roles(staff_id: Id, request: Request, principal: Asking) -> Response:
    """Show what somebody has been on duty as, and when."""
    principal.require(Role.DUTY_PLANNER)
    async with service_of(request).database.tx(principal) as tx:
        found = await staff.roles_over_time(tx, staff_id)
    if not found:
        raise NotFound
    return answer({"roles": [dict(row) for row in found]})


@router.post("/staff", status_code=201)
async def add_one(body: Beginning, call: Call) -> Response:
    """Let somebody be on call for the planner's office, by routes that are unverified until a test is answered."""
    call.require(Role.DUTY_PLANNER)
    place, staff_id, demonstration = office_of(call.principal), new_id(), call.database.settings.demonstration
    routes = [
        Route(new_id(), one.channel, address_of(one.channel, one.address, demonstration=demonstration), one.rank)
        for one in body.routes
    ]

    async def work(tx: Tx) -> Answer:
        now = await alerts.now(tx)
        await staff.add(tx, staff_id, place, body.person(), now)
        for route in routes:
            await staff.add_route(tx, staff_id, route)
            await try_again(tx, route.route_id, now + TEST_EVERY)
        await tell_person(tx, await _person_to_change(tx, staff_id))
        return Answer(201, {"staff_id": staff_id}, version=1)

    return await call.run(work)


@router.put("/staff/{staff_id}")
async def change_one(staff_id: Id, body: Changing, call: Call) -> Response:
    """Change somebody's name, account or roles; a role that is left out has ended."""
    call.require(Role.DUTY_PLANNER)

    async def work(tx: Tx) -> Answer:
        row = await _person_to_change(tx, staff_id, body.version)
        version = await staff.change(tx, staff_id, body.person(), await alerts.now(tx))
        await tell_person(tx, row)
        return Answer(ids={"staff_id": staff_id}, version=version)

    return await call.run(work)


@router.post("/staff/{staff_id}/end")
async def end_one(staff_id: Id, body: Basis, call: Call) -> Response:
    """Let somebody have no duties any more: what was stays, what was to come is a hole that the rosters show."""
    call.require(Role.DUTY_PLANNER)

    async def work(tx: Tx) -> Answer:
        row = await _person_to_change(tx, staff_id, body.version)
        version = await staff.end(tx, staff_id, await alerts.now(tx))
        # Their rosters are locked by this before their offers are, as whoever takes an offer locks them.
        await tell_person(tx, row)
        for offer in await swaps.of_person(tx, staff_id):
            await swaps.close(tx, offer["swap_id"], "withdrawn")
        return Answer(ids={"staff_id": staff_id}, version=version)

    return await call.run(work)


async def _person_to_change(tx: Tx, staff_id: UUID, version: int | None = None) -> "Record":
    row = await staff.lock(tx, staff_id)
    if row is None:
        raise NotFound
    if row["ended_at"] is not None:
        raise PersonEnded
    if version is not None:
        require_version(row["version"], version)
    return row


# -- routes ------------------------------------------------------------------------------------------------------------


@router.post("/staff/{staff_id}/routes", status_code=201)
async def add_route(staff_id: Id, body: AddingRoute, call: Call) -> Response:
    """Give somebody a route, unverified until a test is answered. A webhook's secret is shown here and never again."""
    call.require(Role.DUTY_PLANNER)
    demonstration = call.database.settings.demonstration
    address, shown = address_of(body.channel, body.address, demonstration=demonstration), dict[str, str]()
    route = Route(new_id(), body.channel, address, body.rank, _secret() if body.channel == "webhook" else None)

    async def work(tx: Tx) -> Answer:
        person = await _person_to_change(tx, staff_id)
        if await staff.count_routes(tx, staff_id) >= MOST_ROUTES:
            raise TooManyRoutes
        await staff.add_route(tx, staff_id, route)
        await try_again(tx, route.route_id, await alerts.now(tx) + TEST_EVERY)
        await tell_person(tx, person)
        shown.update({"secret": route.secret} if route.secret else {})
        return Answer(201, {"route_id": route.route_id}, version=1)

    return answered_once(await call.carry_out(work), shown)


def _secret() -> str:
    """Return a new secret in the form of Standard Webhooks."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"


@router.put("/routes/{route_id}")
async def rank_route(route_id: Id, body: Ordering, call: Call) -> Response:
    """Let a route be used earlier or later."""
    call.require(Role.DUTY_PLANNER)

    async def work(tx: Tx) -> Answer:
        person, _ = await _route_to_change(tx, route_id, body.version)
        version = await staff.rank_route(tx, route_id, body.rank)
        await tell_person(tx, person)
        return Answer(ids={"route_id": route_id}, version=version)

    return await call.run(work)


@router.post("/routes/{route_id}/remove")
async def remove_route(route_id: Id, body: Basis, call: Call) -> Response:
    """Remove a route: nobody is called by it any more."""
    call.require(Role.DUTY_PLANNER)

    async def work(tx: Tx) -> Answer:
        person, _ = await _route_to_change(tx, route_id, body.version)
        version = await staff.remove_route(tx, route_id, await alerts.now(tx))
        await tell_person(tx, person)
        return Answer(ids={"route_id": route_id}, version=version)

    return await call.run(work)


@router.post("/routes/{route_id}/secret")
async def renew_secret(route_id: Id, body: Basis, call: Call) -> Response:
    """Sign a webhook with a new secret from now on; it is shown here and never again."""
    call.require(Role.DUTY_PLANNER)
    made, shown = _secret(), dict[str, str]()

    async def work(tx: Tx) -> Answer:
        _, route = await _route_to_change(tx, route_id, body.version)
        if route["channel"] != "webhook":
            raise NoSecret
        version = await staff.renew_secret(tx, route_id, made)
        shown["secret"] = made
        return Answer(ids={"route_id": route_id}, version=version)

    return answered_once(await call.carry_out(work), shown)


@router.post("/routes/{route_id}/test", status_code=201)
async def try_one(route_id: Id, call: Call) -> Response:
    """Call exactly this person by exactly this route, by day; whoever answers has verified it."""
    call.require(Role.DUTY_PLANNER, Role.ON_CALL)

    async def work(tx: Tx) -> Answer:
        person, route = await _route_to_change(tx, route_id)
        _require_own(call.principal, person)
        alert_id = await try_route(tx, person, route, call.principal.subject)
        return Answer(201, {"alert_id": alert_id})

    return await call.run(work)


def _require_own(principal: Principal, person: "Record") -> None:
    """Let somebody on call reach the own routes and no others; a planner all of the office."""
    if Role.DUTY_PLANNER not in principal.roles and person["subject"] != principal.subject:
        raise NotFound


async def _route_to_change(tx: Tx, route_id: UUID, version: int | None = None) -> "tuple[Record, Record]":
    """Return whose route it is, and the route, both rows locked."""
    route = await staff.lock_route(tx, route_id)
    if route is None:
        raise NotFound
    if version is not None:
        require_version(route["version"], version)
    return await _person_to_change(tx, route["staff_id"]), route
