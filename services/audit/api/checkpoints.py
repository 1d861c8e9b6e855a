"""Checkpoints, for everyone: they tell of nobody, and each who keeps one is a witness."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import PlainTextResponse, Response

from chassis.http import service_of
from chassis.identity import Principal
from chassis.openapi import refusing
from contracts.refusal import NotFound
from services.audit.api.common import answer
from services.audit.store import checkpoints
from services.audit.store.keys import Keys

router = APIRouter(tags=["kontrolpunkter"])

EVERYONE = Principal(subject="everyone", authority="")
"""Whoever reads without login: a checkpoint holds a length, a root and signatures."""

PAGE = 200


@router.get("/checkpoints")
async def read_checkpoints(request: Request, after: Annotated[int, Query(ge=0, le=2**62)] = 0) -> Response:
    """Return the checkpoints after a number, the first of them oldest; `next` leads on while there are more."""
    async with service_of(request).database.tx(EVERYONE) as tx:
        rows = await checkpoints.every(tx, after, PAGE)
    found = [{name: row[name] for name in ("number", "size", "signed_at", "note")} for row in rows]
    return answer({"checkpoints": found, "next": found[-1]["number"] if len(found) == PAGE else None})


@router.get("/checkpoints/newest", response_class=PlainTextResponse, responses=refusing(NotFound))
async def read_newest(request: Request) -> Response:
    """Return the newest checkpoint as the signed note that it is."""
    async with service_of(request).database.tx(EVERYONE) as tx:
        row = await checkpoints.newest(tx)
    if row is None:
        raise NotFound
    return PlainTextResponse(row["note"])


@router.get("/checkpoints/keys", response_class=PlainTextResponse)
async def read_keys(request: Request) -> Response:
    """Return the public keys that sign or have signed, one a line."""
    keys: Keys = request.app.state.keys
    return PlainTextResponse("".join(f"{one.line()}\n" for one in keys.verifiers()))
