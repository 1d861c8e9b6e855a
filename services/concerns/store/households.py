"""Household facts: asked of persons by id, kept with the run that asked, read back for its rules."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

import orjson

from chassis.clients import ServiceClient
from chassis.database import Tx
from services.concerns.domain.family import Custody, Dwelling, Facts, Kind, Placement

MOST_ASKED = 1000

Row = tuple[UUID, dict[str, Any]]
"""One fact: about whom, and what."""

_KINDS = {"births": "person", "custody": "child", "dwellings": "person", "placements": "child"}


async def ask(clients: ServiceClient, persons: Collection[UUID], case_id: UUID) -> list[Row]:
    """Ask persons for the household facts of some people; ServiceAway when it does not answer."""
    # As text: the database's own UUID type is none that JSON knows.
    asked, rows = sorted({str(person) for person in persons}), list[Row]()
    for start in range(0, len(asked), MOST_ASKED):
        body = {"person_ids": asked[start : start + MOST_ASKED], "case_id": str(case_id)}
        rows += _rows(await clients.post("persons", "/household-facts", body))
    return rows


def _rows(answer: dict[str, list[dict[str, Any]]]) -> list[Row]:
    rows = []
    for kind, about in _KINDS.items():
        for each in answer[kind]:
            fact = {name: value for name, value in each.items() if name not in {about, "building"}}
            rows.append((UUID(each[about]), {"kind_of_fact": kind} | fact))
    return rows


async def keep(tx: Tx, search_id: UUID, rows: Iterable[Row]) -> None:
    """Keep what a run was answered; the same fact twice is one."""
    kept = list(rows)
    await tx.execute(
        "insert into search_fact (search_id, person_id, fact)"
        " select $1, * from unnest($2::uuid[], $3::jsonb[]) on conflict do nothing",
        *(search_id, [person for person, _ in kept], [orjson.dumps(fact).decode() for _, fact in kept]),
    )


async def kept(tx: Tx, search_id: UUID, persons: Collection[UUID]) -> Facts:
    """Return the facts that a run was answered about some people."""
    rows = await tx.fetch(
        "select person_id, fact from search_fact where search_id = $1 and person_id = any($2)",
        *(search_id, list(persons)),
    )
    return facts_of((row["person_id"], orjson.loads(row["fact"])) for row in rows)


def facts_of(rows: Iterable[Row]) -> Facts:
    """Return facts as the rules read them."""
    births: dict[UUID, date] = {}
    custody, dwellings, placements = set[Custody](), set[Dwelling](), set[Placement]()
    for person, fact in rows:
        match fact["kind_of_fact"]:
            case "births":
                births[person] = date.fromisoformat(fact["born"])
            case "custody":
                custody.add(Custody(person, UUID(fact["holder"]), *_period(fact)))
            case "dwellings":
                dwellings.add(_dwelling(person, fact))
            case _:
                placements.add(Placement(person, fact["handlekommune"], *_period(fact)))
    return Facts(births, custody, dwellings, placements)


def _dwelling(person: UUID, fact: dict[str, Any]) -> Dwelling:
    starts, ends = _period(fact)
    return Dwelling(
        person, Kind(fact["kind"]), fact["dwelling"], fact["kommune"], starts, ends, protected=fact["protected"]
    )


def _period(fact: dict[str, Any]) -> tuple[date, date | None]:
    ends = fact.get("to")
    return date.fromisoformat(fact["from"]), date.fromisoformat(ends) if ends else None
