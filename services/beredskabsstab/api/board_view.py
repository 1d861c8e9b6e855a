"""The board in words, as the page shows it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chassis.database import Tx
from contracts.beredskabsstab.v1 import Step
from contracts.codes import authorities
from services.beredskabsstab.api.board import board_of
from services.beredskabsstab.domain import words
from services.beredskabsstab.domain.quorum import Lack
from services.beredskabsstab.domain.words import Person
from services.beredskabsstab.store import calls, evaluations, plans

if TYPE_CHECKING:
    from datetime import datetime

    from asyncpg import Record


async def board_view(tx: Tx, row: "Record", *, police: bool) -> dict[str, Any]:
    """Return the board of an activation; telephone numbers are for the police alone."""
    board, plan = await board_of(tx, row), plans.document(row)
    now, made = board["at"], await calls.of_activation(tx, row["activation_id"])
    room = next((one.name for one in plan.facilities if one.code == row["facility"]), "")
    parties = [_party(one, now, police=police) for one in board["parties"]]
    parties.sort(key=lambda one: not one["missing"])
    called, answered = sum(one["called"] for one in parties), sum(one["answered"] for one in parties)
    return {
        "id": row["activation_id"],
        "title": row["title"],
        "step": words.STEPS[Step(row["step"])],
        "state": row["state"],
        "state_name": words.STATES[row["state"]],
        "is_open": row["state"] in ("planned", "active"),
        "since": words.clock(row["starts_at"], now),
        "lasted": words.lasted((row["ended_at"] or now) - row["starts_at"]),
        "where": row["meets"] or room or "aftales med vagtcentralen",
        "room": room,
        "quorum": _quorum(board, row),
        "reached": board["quorum"]["reached"],
        "answers": f"{answered} af {called} har svaret." if called else "Ingen er kaldt endnu.",
        "handed_over": words.clock(_first(made), now),
        "overridden": row["override_reason"] is not None,
        "ended": words.clock(row["ended_at"], now),
        "reason": row["ended_reason"] or "",
        "handed_over_to": row["handed_over_to"] or "",
        "parties": parties,
        "owed": await _owed(tx, row, now),
        "refused": [one | {"when": words.clock(one["at"], now)} for one in board["refused_errands"]],
    }


async def _owed(tx: Tx, row: "Record", now: "datetime") -> str:
    """Return what is said of an evaluation that waits; nothing before the end, and when it is concluded."""
    found = await evaluations.find(tx, row["activation_id"])
    if found is None or found["state"] == "concluded":
        return ""
    return words.owed(authorities()[found["owner"]].name, found["due_at"], now)


def _first(made: "list[Record]") -> "datetime | None":
    return min((one["handed_over_at"] for one in made if one["handed_over_at"]), default=None)


def _quorum(board: dict[str, Any], row: "Record") -> str:
    stands = board["quorum"]
    lacking = sum(bool(one["lacks"]) for one in board["parties"])
    return words.quorum(
        is_reached=stands["reached"],
        demands=stands["demands"],
        authorities=lacking,
        since=stands["since"],
        asked=row["step_since"],
    )


def _party(party: dict[str, Any], now: "datetime", *, police: bool) -> dict[str, Any]:
    people = [person_of(one) for one in party["members"]]
    lacks = [Lack(party["authority"], one["role"], one["needed"], one["have"]) for one in party["lacks"]]
    return {
        "id": party["authority"],
        "name": party["name"],
        "called": party["called"],
        "answered": party["answered"],
        "counts": words.counts(people),
        "missing": words.missing(people, lacks, now),
        "people": [member_view(one, now, police=police) for one in party["members"]],
    }


def person_of(member: Mapping[str, Any]) -> Person:
    """Return a member of the board as words need them."""
    return Person(
        role=member["role"],
        called_at=member["called_at"],
        reached_at=member["reached_at"],
        answer=member["answer"],
        eta_minutes=member["eta_minutes"],
        answered_at=member["answered_at"],
        arrived_at=member["arrived_at"],
    )


def member_view(member: dict[str, Any], now: "datetime", *, police: bool) -> dict[str, Any]:
    """Return somebody who was called, in words."""
    return {
        "id": member["call_id"],
        "name": member["name"] or "Navn følger",
        "role": words.role(member["role"]),
        "says": words.says(person_of(member), now),
        "answer": member["answer"] or "none",
        "source": words.SOURCES.get(member["answer_source"] or "", ""),
        "telephone": member["telephone"] if police else None,
        "unverified": member["unverified"],
    }
