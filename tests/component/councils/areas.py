"""What a secretariat sends about areas and points, and what can be seen of it."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import httpx

from chassis.database import Database, Tx
from chassis.identity import Principal
from chassis.settings import Settings
from services.councils.domain.matters import Treated
from services.councils.handlers.matters import treat
from services.councils.store import decisions, matters
from services.councils.store.decisions import Decision
from tests.stack import Stack

FOUR: list[dict[str, Any]] = [
    {"title": "Sønderager/Brændgårdsparken", "kommunekode": "0657", "crime_criterion": True},
    {"title": "Holtbjerg", "kommunekode": "0657", "crime_criterion": True},
    {"title": "Trekanten", "kommunekode": "0661", "crime_criterion": True},
    {"title": "Resedavej/Nørrevang II", "kommunekode": "0740", "crime_criterion": True},
]
FIVE: list[dict[str, Any]] = [*FOUR, {"crime_criterion": False}]
Read = Callable[..., Any]
Sql = Callable[..., Any]


def area_list(kind: str, year: int, areas: list[dict[str, Any]], **more: object) -> dict[str, Any]:
    """Return one of the ministry's lists."""
    source = {"issuer": "Indenrigs- og Boligministeriet", "source": f"Listen af 1. december {year}"}
    return {"kind": kind, "year": year, "areas": areas} | source | more


def slug(answer: httpx.Response) -> str:
    """Return which refusal it is."""
    return str(answer.json()["type"].rpartition("/")[2])


def done(answer: httpx.Response) -> dict[str, Any]:
    """Return what a command answered; it was carried out."""
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    return found


def until(condition: Callable[[], Any]) -> Any:  # noqa: ANN401  whatever it finds
    """Return what a condition finds within twenty seconds."""
    end = time.monotonic() + 20
    while not (found := condition()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)
    return found


@asynccontextmanager
async def as_worker(stack: Stack) -> AsyncIterator[Tx]:
    """Return a transaction of the service's own, as that of a meeting that closes a point."""
    environment = {name.lower(): value for name, value in stack.environment("councils").items()}
    own = {name: environment[name] for name in ("database_url", "issuer", "http_port", "kafka_bootstrap")}
    database = Database(Settings.model_validate(own | {"service": "councils"}))
    await database.start()
    try:
        async with database.tx(Principal.worker("councils")) as tx:
            yield tx
    finally:
        await database.stop()


async def treated(stack: Stack, item: dict[str, Any], outcome: str, put_off_to: date | None = None) -> None:
    """Have a lokalraad treat a point at a meeting, with a decision unless it was discussed alone."""
    body_id, meeting_id, item_id = UUID(item["body_id"]), uuid4(), uuid4()
    decided = None if outcome == "discussed" else uuid4()
    async with as_worker(stack) as tx:
        await matters.place(tx, UUID(item["matter_id"]))
        if decided is not None and outcome != "start":
            made = Decision(decided, body_id, meeting_id, item_id, "Besluttet.", outcome, put_off_to)
            await decisions.add(tx, made)
        # To start without answers has no decision either: three things are missing.
        kept = None if outcome == "start" else decided
        await treat(tx, UUID(item["matter_id"]), Treated(meeting_id, item_id, kept, outcome))


def item_of(read: Read, item: dict[str, Any]) -> dict[str, Any]:
    found: list[dict[str, Any]] = read("/mandatory-items", year=2043)["items"]
    return next(one for one in found if one["mandatory_item_id"] == item["mandatory_item_id"])


def lists_of(everyone: httpx.Client, year: int) -> dict[str, Any]:
    return {one["kind"]: one for one in everyone.get("/area-lists", params={"year": year}).json()["lists"]}


def day_ahead(everyone: httpx.Client) -> str:
    """Return a day within the next year, by the service's own clock."""
    today = everyone.get("/kredsraad").json()["on"]
    return f"{int(today[:4]) + 1}-{today[5:7]}-01"


def let_due(sql: Sql, kind: str, subject: str) -> None:
    sql("update deadline set due_at = clock() where kind = $1 and subject = $2", kind, UUID(subject))


def told_of(sql: Sql, aggregate: str) -> list[str]:
    names = "select array_agg(split_part(type, '.', 4) order by place) from event where aggregate_id = $1"
    return list(sql(names, UUID(aggregate)) or [])
