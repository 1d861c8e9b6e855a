"""One case of a group as its circle may see it, with the words that persons keeps, and the record that is left."""

from typing import Any
from uuid import UUID

from chassis.database import Tx
from chassis.identity import Principal
from chassis.service import Service
from contracts.codes import Purpose
from contracts.disclosure import LogKind
from services.referrals.api.common import read_person
from services.referrals.api.grouping import record
from services.referrals.api.meetings import on_list
from services.referrals.domain.group_cases import GroupCase, waits
from services.referrals.domain.sharing import Sharing
from services.referrals.store import clock, escalations, group_work

TEXT_ID = "_text_id"
AT_A_TIME = 500
"""How many texts are asked for at once: persons answers about few."""


async def facts(tx: Tx, case: GroupCase) -> dict[str, Any]:
    """Return what a case holds: the list's line, the answers, and each list with the ids of its words."""
    [line] = await on_list(tx, [case])
    held = await group_work.held(tx, case.id)
    now = await clock.now(tx)
    for one in held["questions"]:
        one["waits"] = waits(one["answer_by"], one["answered_at"], now)
    for one in held["tasks"]:
        one["late"] = one["done_at"] is None and one["due_at"] < now
    answers, (_, answer_version) = await group_work.answers(tx, case.id), await group_work.own_answer(tx, case.id)
    return line | {
        "ended_at": case.ended_at,
        "grey_zone_why_text_id": case.grey_zone_text,
        "sharing": {seat: answers.get(seat, Sharing.ASKED).words for seat in case.circle},
        "answer_version": answer_version,
        "escalations": await escalations.of_case(tx, case.id, case.referral),
        **held,
    }


async def seen(service: Service, principal: Principal, case: GroupCase, shown: dict[str, Any]) -> dict[str, Any]:
    """Return a case with its words, and record that it was read (O-6.1-04)."""
    said = await worded(service, principal, case, shown)
    async with service.database.tx(principal) as tx:
        await record(tx, case, "group_case.read", LogKind.CONSULTATION)
    return said


async def worded(service: Service, principal: Principal, case: GroupCase, shown: dict[str, Any]) -> dict[str, Any]:
    """Return a case with its words; nothing of it may leave before it is recorded."""
    words = await _words(service, principal, case, sorted(_ids(shown), key=str))
    said: dict[str, Any] = _with_words(shown, words)
    return said


def _ids(of: object) -> set[UUID]:
    if isinstance(of, list):
        return set().union(*(_ids(one) for one in of))
    if not isinstance(of, dict):
        return set()
    own = {value for name, value in of.items() if _is_text(name) and value is not None}
    return own.union(*(_ids(value) for value in of.values()))


def _is_text(name: object) -> bool:
    return isinstance(name, str) and f"_{name}".endswith(TEXT_ID)


async def _words(service: Service, principal: Principal, case: GroupCase, asked: list[UUID]) -> dict[str, str]:
    told: dict[str, str] = {}
    for start in range(0, len(asked), AT_A_TIME):
        part = [str(one) for one in asked[start : start + AT_A_TIME]]
        found = await read_person(service, principal, Purpose(case.of.of.purpose), case.case_id, text_ids=part)
        told |= {one["text_id"]: one["text"] for one in found["texts"]}
    return told


def _with_words(of: Any, words: dict[str, str]) -> Any:  # noqa: ANN401  any part of the answer
    if isinstance(of, list):
        return [_with_words(one, words) for one in of]
    if not isinstance(of, dict):
        return of
    return {
        _named(name): words.get(str(value), "") if _is_text(name) else _with_words(value, words)
        for name, value in of.items()
    }


def _named(name: str) -> str:
    """Return what words are called: `text` for `text_id`, `why` for `why_text_id`."""
    return "text" if name == "text_id" else name.removesuffix(TEXT_ID)
