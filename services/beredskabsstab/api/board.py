"""The board of an activation: who was called and who comes, by authority, and what the quorum lacks."""

from typing import TYPE_CHECKING, Any

from chassis.database import Tx
from contracts.beredskabsstab.v1 import CallKind, Step
from contracts.codes import authorities
from services.beredskabsstab.domain.calling import Errand
from services.beredskabsstab.domain.quorum import Quorum
from services.beredskabsstab.domain.refused import Refused, said, todo
from services.beredskabsstab.domain.ringing import Callee, order
from services.beredskabsstab.handlers.quorum import reckoned
from services.beredskabsstab.store import activations, calls, errands, plans

if TYPE_CHECKING:
    from asyncpg import Record


async def board_of(tx: Tx, row: "Record") -> dict[str, Any]:
    """Return the board of an activation, as its rows allow the caller to see it."""
    now = await plans.now(tx)
    members = await calls.members(tx, row["activation_id"])
    quorum = await reckoned(tx, row, now)
    told = {one["step"]: one for one in await activations.quorums(tx, row["activation_id"])}
    parties = await activations.parties(tx, row["activation_id"])
    refused = await errands.refused(tx, row["activation_id"])
    return {
        "at": now,
        "board_version": await calls.board_version(tx, row["activation_id"]),
        "quorum": _quorum(quorum, told.get(row["step"])),
        "parties": [_party(one, members, quorum) for one in parties],
        "refused_errands": [_refused(one) for one in refused],
    }


async def whom_to_ring(tx: Tx, row: "Record") -> list[dict[str, Any]]:
    """Return who has not answered, the most needed first."""
    members = {str(one["call_id"]): one for one in await calls.members(tx, row["activation_id"])}
    quorum = await reckoned(tx, row, await plans.now(tx))
    people = [
        Callee(key, one["authority"], one["role"], one["name"] or "", one["reached_at"] is not None, one["answer"])
        for key, one in members.items()
    ]
    return [_member(members[one.call_id]) | {"authority": one.authority} for one in order(people, quorum.lacks)]


def _refused(row: "Record") -> dict[str, Any]:
    one = Refused(Errand(row["kind"]), CallKind(row["call_kind"]), row["failure"], row["who"])
    return {"errand_id": row["errand_id"], "kind": one.kind, "at": row["done_at"], "says": said(one), "todo": todo(one)}


def _quorum(quorum: Quorum, told: "Record | None") -> dict[str, Any]:
    return {
        "step": Step(quorum.step),
        "reached": quorum.is_reached,
        "since": told["changed_at"] if told and told["reached"] == quorum.is_reached else None,
        "demands": quorum.demands,
        "missing": len(quorum.lacks),
        "may_change_at": quorum.next_change,
    }


def _party(party: "Record", members: "list[Record]", quorum: Quorum) -> dict[str, Any]:
    own = [one for one in members if one["authority"] == party["authority"]]
    lacks = [one for one in quorum.lacks if one.authority == party["authority"]]
    return {
        "authority": party["authority"],
        "name": authorities()[party["authority"]].name,
        "sector": party["sector"],
        "called": len(own),
        "answered": sum(one["answer"] is not None for one in own),
        "lacks": [{"role": one.role, "needed": one.needed, "have": one.have} for one in lacks],
        "members": [_member(one) for one in own],
    }


def _member(row: "Record") -> dict[str, Any]:
    names = ("call_id", "role", "name", "telephone", "answer", "eta_minutes", "answered_at", "answer_source")
    more = ("called_at", "reached_at", "arrived_at", "ad_hoc", "unverified")
    return {name: row[name] for name in (*names, *more)}
