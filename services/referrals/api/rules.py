"""The rules as they stand, each row with the paragraph it rests on: as a page and as JSON, for the signed-in."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from chassis.database import Tx
from chassis.http import service_of
from chassis.identity import Principal
from chassis.openapi import refusing
from chassis.web.sessions import signed_in_page
from contracts.form import Day
from contracts.hverdage import DANISH_TIME
from contracts.refusal import NotFound
from services.referrals.api.common import Asking, answer
from services.referrals.api.coursing import works
from services.referrals.api.directory import Code
from services.referrals.api.grouping import is_member
from services.referrals.api.web import PAGES, READ
from services.referrals.domain.rulebook import NotInForce, rulebook, table_on
from services.referrals.domain.tables import Outcome, Row, Table
from services.referrals.store import clock, releases

router = APIRouter(tags=["regler"])
pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)

Colleague = Annotated[Principal, Depends(signed_in_page)]

OUTCOMES = {
    Outcome.ADMITTED: "Ja",
    Outcome.NOT_ADMITTED: "Nej",
    Outcome.NOT_YET: "Ikke endnu",
    Outcome.ELSEWHERE: "Et andet sted",
    Outcome.HUMAN: "Et menneske afgør",
}


def shown(table: Table, *, rows: bool = True) -> dict[str, Any]:
    """Return a table as people read it."""
    said: dict[str, Any] = {
        "name": table.name,
        "title": table.title,
        "valid_from": table.valid_from,
        "valid_to": table.valid_to,
        "sha256": table.version,
    }
    return said | ({"rows": [_row(table, row) for row in (*table.rows, table.otherwise)]} if rows else {})


def _row(table: Table, row: Row) -> dict[str, Any]:
    return {
        "row": row.id,
        "when": [table.columns[name].in_words(cell) for name, cell in row.when.items()],
        "outcome": row.outcome,
        "outcome_words": OUTCOMES[row.outcome],
        "says": row.says,
        "hjemmel": row.hjemmel,
        "points_to": row.points_to,
    }


@router.get("/rules/{code}", responses=refusing(NotFound, NotInForce))
async def read(code: Code, request: Request, principal: Asking, on: Day | None = None) -> Response:
    """Answer the version of a rule that holds on a day; today where none is given."""
    async with service_of(request).database.tx(principal) as tx:
        day = on or await _today(tx)
    return answer(shown(table_on(code, day)))


async def _today(tx: Tx) -> date:
    await releases.learn_released(tx)
    return (await clock.now(tx)).astimezone(DANISH_TIME).date()


@pages.api_route("/regler", methods=READ)
async def page(request: Request, who: Colleague) -> Response:
    """Show which rules there are."""
    async with service_of(request).database.tx(who) as tx:
        today = await _today(tx)
    rules = [shown(table, rows=False) for name in rulebook() if (table := _holding(name, today))]
    found = sorted(rules, key=lambda one: str(one["title"]).casefold())
    return PAGES.render(request, "rules.html", rules=found, colleague=True, member=is_member(who), works=works(who))


def _holding(name: str, day: date) -> Table | None:
    try:
        return table_on(name, day)
    except NotInForce:
        return None


@pages.api_route("/regler/{code}", methods=READ)
async def page_of_one(code: Code, request: Request, who: Colleague) -> Response:
    """Show one rule as it holds today, row by row."""
    async with service_of(request).database.tx(who) as tx:
        today = await _today(tx)
    return PAGES.render(
        request, "rule.html", rule=shown(table_on(code, today)), colleague=True, member=is_member(who), works=works(who)
    )
