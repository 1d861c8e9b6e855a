"""The forty worked cases of the weekly search, played on the rules alone."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from services.concerns.domain.calendar import in_words
from services.concerns.domain.search import Candidate, Result
from tests.unit.concerns.worked_cases import CASES, Player, child, load, moment, person, registration_of

FILES = sorted(CASES.glob("[0-9][0-9]-*.yaml"))


@pytest.mark.ledger("O-6.1-21", "O-6.1-23", "O-6.1-24", "O-6.1-25", "O-6.1-26")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_case_comes_out_as_worked_by_hand(path: Path) -> None:
    case = load(path)
    player = Player(case)
    for run in case["runs"]:
        result = player.run(run)
        compare(player, result, run["expect"])
        corrected = [row | {"child": child(row["child"])} for row in run["expect"].get("corrections", [])]
        assert player.corrections(moment(run["starts_at"])) == corrected
        for approval in run.get("approvals", []):
            told = player.approve(approval)
            expected = {key: value for key, value in approval["expect"].items() if key != "not_named"}
            assert normal(told) == normal(expected)


def compare(player: Player, result: Result, expect: dict[str, Any]) -> None:
    found = {str(row.child): row for row in result.candidates}
    expected = {str(child(row["child"])): row for row in expect["candidates"]}
    assert found.keys() == expected.keys()
    for name, row in found.items():
        assert normal(as_written(row)) == normal(without(expected[name], "child", "explanation"))
        explained(player, row)
    names = {person(one.name): one.name for one in player.sent}
    suppressed = [
        {"child": str(row.child), "current": row.current, "reason": row.reason,
         "earlier": [names[one] for one in row.earlier]}
        for row in result.suppressed
    ]  # fmt: skip
    wanted = [row | {"child": str(child(row["child"]))} for row in expect.get("suppressed", [])]
    assert [normal(row) for row in suppressed] == [normal(row) for row in wanted]
    excluded = {row["registration"]: row["reason"] for row in expect.get("excluded", [])}
    assert {key: str(reason) for key, reason in result.excluded.items()} == excluded
    for group in expect.get("review_together", []):
        assert any({child(name) for name in group} <= set(family) for family in result.families)


def as_written(row: Candidate) -> dict[str, Any]:
    written: dict[str, Any] = {"rules": row.rules, "current": row.current, "history": row.history}
    written |= {"known": row.known} if row.known else {}
    written |= {"flags": ["turns_18"]} if row.turns_18 else {}
    written |= {"merges": [str(week) for week in row.merges]} if row.merges else {}
    return written


def explained(player: Player, row: Candidate) -> None:
    """Every registration that counts stands in the explanation with date, district, label, role and reference."""
    newest = {each["id"]: registration_of(each) for each in player.case["registrations"]}
    assert [rule for rule in row.rules if f"{rule} ({rule.words})" in row.explanation[0]] == list(row.rules)
    for name in row.current + row.history:
        one = newest[name]
        sentence = next(text for text in row.explanation if f"({name})" in text)
        label = player.codes.entries[one.code].label
        assert all(part in sentence for part in (in_words(one.occurred_on), one.district.danish, label, one.role.word))


def without(row: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in keys}


def normal(row: dict[str, Any]) -> dict[str, Any]:
    return {key: sorted(map(str, value)) if is_list(value) else value for key, value in row.items()}


def is_list(value: object) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, str)


def test_every_case_is_played() -> None:
    assert [path.name[:2] for path in FILES] == [f"{number:02d}" for number in range(1, 41)]
