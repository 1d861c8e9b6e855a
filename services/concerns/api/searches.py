"""The weekly search: put in service, asked for on demand, run again, shown."""

from itertools import islice
from typing import Annotated, Any, ClassVar
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from chassis.access import accessing, record_access
from chassis.database import Tx
from chassis.http import Answer, Command, command, service_of, signed_in
from chassis.identity import Principal
from chassis.ids import new_id
from contracts.audit.v1 import MAX_PERSONS
from contracts.codes import Purpose, Role
from contracts.refusal import NotFound
from services.concerns.api.reach import reach, reaching
from services.concerns.domain.calendar import Week
from services.concerns.domain.delivery import NoCodeList
from services.concerns.domain.schedule import PapersErased, ReplayDiffers, may_run, parse_week, require_not_in_service
from services.concerns.handlers.deadlines import wake_for
from services.concerns.handlers.running import RUNS, replayed, result_of
from services.concerns.store import clock, code_lists, searches
from services.concerns.store.searches import Search

router = APIRouter()

OFFICERS = (Role.KEY_OFFICER, Role.APPROVER)


class AskedFor(BaseModel):
    """Which week."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    week: Annotated[str, Field(json_schema_extra={"pattern": r"^\d{4}-W\d{2}$", "examples": ["2026-W23"]})]


@router.post("/searches/in-service", status_code=201)
async def put_in_service(body: AskedFor, call: Annotated[Command, Depends(command)]) -> Response:
    """Say from which week on the search answers, once; what occurred before that week is history, never current."""
    call.require(*OFFICERS, Role.OPERATOR)
    return await reaching(call).run(lambda tx: _put_in_service(tx, parse_week(body.week)))


async def _put_in_service(tx: Tx, week: Week) -> Answer:
    require_not_in_service(await searches.lock_service(tx))
    await searches.put_in_service(tx, week.monday)
    await wake_for(tx, week)
    return Answer(201, {"first_week": str(week)})


@router.post("/searches", status_code=202, responses={200: {"description": "A finished week gave the same again."}})
async def run(body: AskedFor, call: Annotated[Command, Depends(command)]) -> Response:
    """Run a week now; a finished one is run again from what it claimed, and gives the same."""
    call.require(Role.KEY_OFFICER, Role.OPERATOR)
    answer = await reaching(call).run(lambda tx: _run(tx, parse_week(body.week)))
    RUNS.set()
    return answer


async def _run(tx: Tx, week: Week) -> Answer:
    first = await searches.lock_service(tx)
    search = await searches.of_week(tx, week)
    if search is not None:
        return await _again(tx, search)
    today = await clock.today(tx)
    if await code_lists.in_force(tx, today) is None:
        raise NoCodeList
    may_run(week, today, first, await searches.last_monday(tx))
    search = await searches.add(tx, new_id(), week)
    return Answer(202, {"search_id": search.id, "week": str(week)})


async def _again(tx: Tx, search: Search) -> Answer:
    if search.papers_erased_at:
        raise PapersErased(week=str(search.week))
    if search.state == "complete" and await replayed(tx, search) != search.result_sha256:
        raise ReplayDiffers(week=str(search.week))
    ids: dict[str, UUID | str | list[str]] = {"search_id": search.id, "week": str(search.week)}
    return Answer(200 if search.state == "complete" else 202, ids)


@router.get("/searches")
async def listed(request: Request, principal: Annotated[Principal, Depends(signed_in)]) -> list[dict[str, Any]]:
    """Answer the runs, newest first."""
    principal.require(*OFFICERS, Role.OPERATOR)
    async with service_of(request).database.tx(reach(principal)) as tx:
        return [_shown(one) for one in await searches.all_runs(tx)]


# Nothing else than an id: `in-service` is an address of its own.
@router.get("/searches/{search_id:uuid}", dependencies=[Depends(accessing("search.read", "search_id"))])
async def show(
    search_id: UUID, request: Request, principal: Annotated[Principal, Depends(signed_in)]
) -> dict[str, Any]:
    """Answer what a run gave, by opaque ids; the checksum is that of its content. An operator sees how it went only."""
    principal.require(*OFFICERS, Role.OPERATOR)
    async with service_of(request).database.tx(reach(principal)) as tx:
        search = await searches.by_id(tx, search_id)
        if search is None:
            raise NotFound
        if search.state != "complete" or search.papers_erased_at or principal.roles.isdisjoint(OFFICERS):
            return _shown(search)
        outcomes = await searches.outcomes(tx, search.id)
        await _record(tx, search, [child.person for child, _, _ in outcomes])
        return _shown(search) | {"result": await result_of(tx, search, dict(search.dropped or {}), outcomes)}


async def _record(tx: Tx, search: Search, children: list[UUID]) -> None:
    rest = iter(children)
    while some := list(islice(rest, MAX_PERSONS)):
        await record_access(tx, operation="search.read", purpose=Purpose.SOCIALSOEG, persons=some, case_id=search.id)


def _shown(search: Search) -> dict[str, Any]:
    return {
        "search_id": search.id,
        "week": str(search.week),
        "number": search.number,
        "state": search.state,
        "due_at": search.due_at,
        "started_at": search.started_at,
        "completed_at": search.completed_at,
        "code_list": search.code_list,
        "seen": search.seen,
        "result_sha256": search.result_sha256,
        "papers_erased_at": search.papers_erased_at,
    }
