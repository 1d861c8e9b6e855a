"""The first page: what is open; and the page for the next shift: the same, to be printed and handed over."""

from typing import TYPE_CHECKING, Any

from fastapi import Request
from fastapi.responses import Response

from chassis.database import Tx
from chassis.http import service_of
from chassis.identity import Principal
from contracts.beredskabsstab.v1 import Step
from contracts.codes import authorities, municipalities
from services.beredskabsstab.api.board_view import board_view
from services.beredskabsstab.api.page import Visitor, leads, pages_router, require_sight, show
from services.beredskabsstab.domain import words
from services.beredskabsstab.store import activations, evaluations, incidents, information, plans, relief, warnings

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from asyncpg import Record

router = pages_router()


@router.get("/")
async def start(request: Request, principal: Visitor) -> Response:
    """Show what is under way and what nobody has decided."""
    require_sight(principal)
    async with service_of(request).database.tx(principal) as tx:
        shown = await _open(tx, principal)
        shown["waiting"] = await information.waiting(tx) if leads(principal) else []
    return show(request, principal, "start.html", **shown)


@router.get("/vagtskifte")
async def next_shift(request: Request, principal: Visitor) -> Response:
    """Show whoever takes over what is open, and who is relieved when."""
    require_sight(principal)
    async with service_of(request).database.tx(principal) as tx:
        shown = await _open(tx, principal)
        shown["relief"] = {one["id"]: await _relief(tx, one["id"], shown["at"]) for one in shown["boards"]}
    return show(request, principal, "shift.html", **shown)


async def _relief(tx: Tx, activation_id: "UUID", now: "datetime") -> list[dict[str, str]]:
    """Return who has which role from when to when, as the caller's rows allow it, what is over left out."""
    rows = [one for one in await relief.of_activation(tx, activation_id) if one["ends_at"] > now]
    return [
        {
            "name": authorities()[one["authority"]].name,
            "role": words.role(one["role"]),
            "who": one["who"] or "ingen endnu",
            "begins": words.clock(one["starts_at"], now),
            "ends": words.clock(one["ends_at"], now),
        }
        for one in rows
    ]


async def _open(tx: Tx, principal: Principal) -> dict[str, Any]:
    now = await plans.now(tx)
    running = await activations.newest(tx, running=True)
    asked, undecided = await incidents.requests(tx), await incidents.undecided(tx)
    return {
        "at": now,
        "boards": [await board_view(tx, row, police=leads(principal)) for row in running],
        "owed": [_owed(row, now) for row in await evaluations.owed(tx)],
        "incidents": [_incident(row, asked, now) for row in undecided],
        "warnings": await _warnings(tx, now),
        "plan": await _plan(tx, now),
    }


async def _warnings(tx: Tx, now: "datetime") -> list[dict[str, Any]]:
    return [
        {
            "id": one["warning_id"],
            "title": one["title"],
            "where": ", ".join(municipalities()[code].name for code in one["municipalities"])
            or "; ".join(one["areas"]),
            "until": words.clock(one["expires"], now),
        }
        for one in await warnings.newest(tx, now, in_force=True)
    ]


async def _plan(tx: Tx, now: "datetime") -> dict[str, Any] | None:
    row = await plans.in_force(tx, now)
    return {"edition": row["edition"], "until": row["valid_until"]} if row else None


def _owed(row: "Record", now: "datetime") -> dict[str, Any]:
    says = words.owed(authorities()[row["owner"]].name, row["due_at"], now)
    return {"id": row["activation_id"], "title": row["title"], "says": says}


def _incident(row: "Record", asked: "list[Record]", now: "datetime") -> dict[str, Any]:
    own = [one for one in asked if one["incident_id"] == row["incident_id"]]
    return {
        "id": row["incident_id"],
        "title": row["title"],
        "where": ", ".join(municipalities()[code].name for code in row["municipalities"]),
        "at": words.clock(row["recorded_at"], now),
        "requests": [
            {
                "id": one["request_id"],
                "name": authorities()[one["authority"]].name,
                "step": words.STEPS[Step(one["step"])],
                "reason": one["reason"],
                "at": words.clock(one["requested_at"], now),
                "by_telephone": one["by_telephone"],
            }
            for one in own
        ],
    }
