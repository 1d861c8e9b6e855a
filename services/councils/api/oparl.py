"""The open data of the councils over HTTP, in the shape of OParl 1.1: an entrance, lists in pages, and objects."""

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response

from chassis.database import Tx
from chassis.http import service_of
from contracts.form import Moment
from contracts.refusal import NotFound
from services.councils.api.oparl_lists import LISTS, Entries, Make, World, make_meetings
from services.councils.api.oparl_objects import ROOT, Objects
from services.councils.api.public import EVERYONE, as_public_file
from services.councils.domain import oparl
from services.councils.domain.oparl import OParlObject, Page, page_of
from services.councils.store import bodies, seats
from services.councils.store import oparl as store
from services.councils.store.oparl import Entry

router = APIRouter(prefix=ROOT, tags=["åbne data"])

EACH = 50
"""How many objects a page of a list holds."""

Number = Annotated[int, Query(ge=1, le=100_000)]
Key = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9._-]{0,99}$")]


@router.get("/system", response_model=oparl.System)
async def read_system(request: Request) -> Response:
    """Return the entrance: which version is spoken, and where the body is."""
    return _answer(request, _objects(request).system())


@router.get("/bodies", response_model=Page[oparl.Body])
async def read_bodies(request: Request) -> Response:
    """Return the one body in a list."""
    body = await _body(request)
    return _answer(request, page_of((body,), f"{_objects(request).base}{ROOT}/bodies", 1, EACH, 1))


@router.get("/bodies/1", response_model=oparl.Body)
async def read_body(request: Request) -> Response:
    """Return the cooperation of the police district, and where its lists are."""
    return _answer(request, await _body(request))


async def _body(request: Request) -> oparl.Body:
    async with service_of(request).database.tx(EVERYONE) as tx:
        kredsraad = await bodies.the_kredsraad(tx)
        return _objects(request).body(await seats.today(tx), kredsraad.id if kredsraad else None)


@dataclass(frozen=True, slots=True)
class Since:
    """OParl's filters: what came or changed between two moments."""

    created_since: Annotated[Moment | None, Query()] = None
    created_until: Annotated[Moment | None, Query()] = None
    modified_since: Annotated[Moment | None, Query()] = None
    modified_until: Annotated[Moment | None, Query()] = None

    def holds(self, entry: Entry) -> bool:
        """Say whether an object is among what is asked for."""
        return (
            (self.created_since is None or entry.created >= self.created_since)
            and (self.created_until is None or entry.created <= self.created_until)
            and (self.modified_since is None or entry.modified >= self.modified_since)
            and (self.modified_until is None or entry.modified <= self.modified_until)
        )


Filters = Annotated[Since, Depends()]


@router.get("/organizations/{key}/meetings", response_model=Page[oparl.Meeting])
async def read_meetings_of(key: UUID, request: Request, since: Filters, page: Number = 1) -> Response:
    """Return a page of one council's meetings."""
    address = f"organizations/{key}/meetings"

    async def entries(world: World, _: str | None) -> list[Entry]:
        if str(key) not in world.councils:
            raise NotFound
        return await store.meetings(world.tx, key)

    return await _list(request, address, (entries, make_meetings), since, page)


def _routes(name: str, model: type[OParlObject], entries: Entries, make: Make) -> None:
    """Add the routes of one list and of what it holds, each with its schema."""

    async def listed(request: Request, since: Filters, page: Number = 1) -> Response:
        return await _list(request, f"bodies/1/{name}", (entries, make), since, page)

    async def one(key: Key, request: Request) -> Response:
        async with service_of(request).database.tx(EVERYONE) as tx:
            world = await _world(request, tx)
            known = [entry for entry in await entries(world, key) if entry.key == key]
            found = await make(world, known)
        if not found:
            raise NotFound
        return _answer(request, found[0])

    listed.__doc__, one.__doc__ = f"Return a page of OParl's {name}.", f"Return one of OParl's {name}."
    called = name.replace("-", "_")
    of_list: Any = Page.__class_getitem__(model)
    router.add_api_route(f"/bodies/1/{name}", listed, methods=["GET"], response_model=of_list, name=f"list_{called}")
    router.add_api_route(f"/{name}/{{key}}", one, methods=["GET"], response_model=model, name=f"read_{called}")


for each, (of, listing, making) in LISTS.items():
    _routes(each, of, listing, making)


async def _list(request: Request, path: str, parts: tuple[Entries, Make], since: Since, page: int) -> Response:
    entries, make = parts
    async with service_of(request).database.tx(EVERYONE) as tx:
        world = await _world(request, tx)
        known = [entry for entry in await entries(world, None) if since.holds(entry)]
        made = await make(world, known[(page - 1) * EACH : page * EACH])
    kept = {name: value for name, value in request.query_params.items() if name in Since.__dataclass_fields__}
    address = f"{world.make.base}{ROOT}/{path}{'?' if kept else ''}{urlencode(kept)}"
    return _answer(request, page_of(tuple(made), address, page, EACH, len(known)))


async def _world(request: Request, tx: Tx) -> World:
    councils = {str(one.id): one for one in await bodies.every(tx)}
    made, today = _objects(request), await seats.today(tx)
    return World(made, tx, today, councils, await store.seats(tx), await store.treated(tx))


def _objects(request: Request) -> Objects:
    return Objects(service_of(request).settings.own_address)


def _answer(request: Request, said: oparl.OParl) -> Response:
    body = orjson.dumps(said.model_dump(mode="json", by_alias=True, exclude_none=True))
    # Whoever reads open data may do so from a page of their own; nothing here depends on who asks.
    return as_public_file(request, body, "application/json", {"Access-Control-Allow-Origin": "*"})
