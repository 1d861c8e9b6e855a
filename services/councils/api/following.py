"""What the routes of everything that is followed up share: whose council it is, and which version was read."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from chassis.database import Tx
from chassis.http import Answer, Command, service_of
from chassis.identity import Principal
from contracts.codes import Role
from contracts.refusal import NotFound
from services.councils.api.common import answer, kept_body, require_version
from services.councils.domain.bodies import Body
from services.councils.domain.following import Change
from services.councils.store import bodies, rows
from services.councils.store.rows import Kind, Row

READERS = (Role.SECRETARY, Role.COUNCIL_MEMBER, Role.PLAN_APPROVER, Role.LEADER)
"""Who reads what a council works on; which councils is the database's to say."""

OfBody = Callable[[Tx, Body], Awaitable[Answer]]
OfThing = Callable[[Tx, Body, Row], Awaitable[Answer]]
Reading = Callable[[Tx], Awaitable[object]]


async def of_body(call: Command, body_id: UUID, work: OfBody) -> Response:
    """Carry out what a secretary does for a council whose papers they keep."""
    call.require(Role.SECRETARY)

    async def inside(tx: Tx) -> Answer:
        return await work(tx, await kept_body(tx, body_id))

    return await call.run(inside)


async def of_kredsraad(call: Command, work: OfBody) -> Response:
    """Carry out what a secretary does for the kredsråd."""
    call.require(Role.SECRETARY)

    async def inside(tx: Tx) -> Answer:
        found = await bodies.the_kredsraad(tx)
        if found is None:
            raise NotFound
        return await work(tx, await kept_body(tx, found.id))

    return await call.run(inside)


async def of_thing(call: Command, kind: Kind, its_id: UUID, said: Change, work: OfThing) -> Response:
    """Carry out what a secretary does with a thing of their council that they have read in its newest version."""
    call.require(Role.SECRETARY)

    async def inside(tx: Tx) -> Answer:
        found = await rows.found(tx, kind, its_id)
        if found is None:
            raise NotFound
        body = await kept_body(tx, found["body_id"])
        row = await rows.locked(tx, kind, its_id)
        if row is None:
            raise NotFound
        require_version(said.version, row["version"])
        return await work(tx, body, row)

    return await call.run(inside)


async def read(request: Request, principal: Principal, reading: Reading) -> Response:
    """Answer what a council works on, as far as the reader may see it."""
    principal.require(*READERS)
    async with service_of(request).database.tx(principal) as tx:
        return answer(await reading(tx))
