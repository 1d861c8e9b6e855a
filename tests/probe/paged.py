"""A teller with pages of signed-in people; `python -m tests.probe.paged teller` starts it."""

import sys
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from chassis.access import accessing
from chassis.database import Tx
from chassis.http import Answer, Command, service_of
from chassis.identity import Forbidden, Principal
from chassis.service import Service
from chassis.web.live import Live, Topic
from chassis.web.pages import HEADERS, Pages
from chassis.web.sessions import page_command, signed_in_page
from chassis.web.sign_in import sign_in_routes

PAGES = Pages("tests.probe")
WAKE = "board"
ROUTER = APIRouter(route_class=PAGES.route())

SignedIn = Annotated[Principal, Depends(signed_in_page)]


@ROUTER.get("/desk")
async def desk(request: Request, principal: SignedIn) -> Response:
    """Show a page of somebody."""
    async with service_of(request).database.tx(principal) as tx:
        return PAGES.render(request, "desk.html", who=principal.subject, version=await version(tx))


@ROUTER.post("/desk")
async def write(request: Request, call: Annotated[Command, Depends(page_command)]) -> Response:
    """Count the board up."""
    answer = await call.carry_out(_counted)
    if "text/html" in request.headers.get("accept", ""):
        return RedirectResponse("/desk", 303, HEADERS)
    return JSONResponse(answer.body())


async def _counted(tx: Tx) -> Answer:
    tx.wakes.add(WAKE)
    return Answer(version=await tx.fetchval("update board set version = version + 1 returning version"))


async def version(tx: Tx) -> int:
    """Return the board's version."""
    found: int = await tx.fetchval("select version from board")
    return found


@ROUTER.get("/who")
async def who(principal: SignedIn) -> dict[str, Any]:
    """Say who asks, to a person's browser and to a system."""
    return {
        "subject": principal.subject,
        "authority": principal.authority,
        "office": principal.office,
        "roles": sorted(principal.roles),
        "kind": principal.kind,
        "person_id": principal.person_id,
    }


@ROUTER.get("/closed", dependencies=[Depends(accessing("closed.read"))])
async def closed(principal: SignedIn) -> None:
    """Refuse."""
    raise Forbidden


@ROUTER.get("/desk/live")
async def live(request: Request, principal: SignedIn) -> Response:
    """Let the board be watched."""
    found: Live = request.app.state.live
    database = service_of(request).database

    async def render() -> str:
        request.app.state.renders += 1
        async with database.tx(principal) as tx:
            return PAGES.part("board.html", version=await version(tx))

    return await found.stream(request, Topic("board", principal.authority), render)


@ROUTER.get("/renders")
async def renders(request: Request) -> int:
    """Return how often the board was rendered."""
    found: int = request.app.state.renders
    return found


def main() -> int:
    """Start it."""
    service = Service(
        sys.argv[1],
        routers=[PAGES.assets.router(), sign_in_routes(PAGES, "/desk"), ROUTER],
        handlers="tests.probe.teller",
    )

    async def version_of(_: str) -> int:
        async with service.database.tx(Principal("board", "live", kind="live")) as tx:
            return await version(tx)

    service.app.state.live = Live(version_of)
    service.app.state.renders = 0
    service.database.wakers[WAKE] = service.app.state.live.wake
    return service.run()


if __name__ == "__main__":
    sys.exit(main())
