"""The forty worked cases of the weekly search against the running services, over HTTP."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.stack import Stack
from tests.system.playing import Player, World, words_of
from tests.unit.concerns.test_worked_cases import FILES, normal
from tests.unit.concerns.worked_cases import load

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def world(stack: Stack) -> Iterator[World]:
    """Return the services that the cases need, as the processes that they are everywhere."""
    stack.start_services("register", "persons", "concerns", env={"DEADLINE_POLL_S": "0.25"})
    running = World(stack)
    yield running
    running.clear()
    running.http.close()


@pytest.mark.timeout(90)
@pytest.mark.ledger("O-6.1-21", "O-6.1-23", "O-6.1-24", "O-6.1-25", "O-6.1-26", "O-6.1-27")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_case_comes_out_as_worked_by_hand(path: Path, world: World) -> None:
    player = Player(world, load(path))
    player.prepare()
    brought: list[dict[str, Any]] = []
    for at, _, what, row in sorted(player.moments(), key=lambda each: each[:2]):
        if what == "import":
            brought.append(row)
            continue
        if brought:
            player.bring(brought)
            brought = []
        if what == "sent_before":
            player.remember(row)
        elif what == "approve":
            compare_approval(player, player.approve(at, row), row["expect"])
        else:
            found = player.tick(at, row["week"]) if not row.get("replay") else again(player, row["week"])
            compare_run(player, found["result"], row.get("expect", {"candidates": []}))
            compare_corrections(player, row.get("expect", {}).get("corrections", []))


def again(player: Player, week: str) -> dict[str, Any]:
    """Run a finished week again: the same run answers, with the same checksum, and nothing is sent."""
    # Each look at a run is recorded as an access; nothing else may be told.
    events = "select count(*) from event where type not like '%.AccessRecorded.v1'"
    before, told = player.finished(week), player.world.sql(events)
    answer = player.world.ask("POST", "/searches", ("operator", "samvirke"), json={"week": week})
    after = player.finished(week)
    assert answer["search_id"] == before["search_id"]
    assert after["result_sha256"] == before["result_sha256"]
    assert player.world.sql(events) == told
    return after


def compare_run(player: Player, result: dict[str, Any], expect: dict[str, Any]) -> None:
    found = {row["child"]: row for row in result["candidates"]}
    expected = {player.child(row["child"]): row for row in expect["candidates"]}
    assert found.keys() == expected.keys()
    for child, row in found.items():
        assert normal(as_written(player, row)) == normal(
            {name: value for name, value in expected[child].items() if name not in {"child", "explanation"}}
        )
        explained(player, row)
    names = {str(one): name for name, one in player.notifications.items()}
    suppressed = [
        row | {"current": player.short(row["current"]), "earlier": [names[one] for one in row["earlier"]]}
        for row in result["suppressed"]
    ]
    wanted = [row | {"child": player.child(row["child"])} for row in expect.get("suppressed", [])]
    assert sorted(map(normal, suppressed), key=str) == sorted(map(normal, wanted), key=str)
    excluded = [row | {"registration": player.short([row["registration"]])[0]} for row in result["excluded"]]
    assert sorted(excluded, key=str) == sorted(expect.get("excluded", []), key=str)
    if "dropped" in expect:
        assert result["dropped"] == expect["dropped"]
    reviewed_together(player, expect.get("review_together", []))


def compare_corrections(player: Player, expect: list[dict[str, Any]]) -> None:
    names = {str(one): name for name, one in player.notifications.items()}
    waiting = player.corrections()
    assert [
        {"notification": names[row["underretning_id"]], "kind": row["kind"], "receiver": row["receiver"],
         "because": player.short(row["because"])}
        for row in waiting
    ] == [{name: value for name, value in row.items() if name != "child"} for row in expect]  # fmt: skip
    for row, wanted in zip(waiting, expect, strict=True):
        document = player.send_correction(row)
        assert (document["kind"], document["receiver"]["kommunekode"]) == (wanted["kind"], wanted["receiver"])
        assert document["corrects"]["underretning_id"] == row["underretning_id"]
        assert document["child"]["name"] == player.name(wanted["child"])
        assert player.short([change["registration"] for change in document["changes"]]) == wanted["because"]


def as_written(player: Player, row: dict[str, Any]) -> dict[str, Any]:
    written = {"rules": row["rules"], **{name: player.short(row[name]) for name in ("current", "history", "known")}}
    written |= {"merges": row["merges"], "flags": ["turns_18"] if row["turns_18"] else []}
    return {name: value for name, value in written.items() if value or name in {"rules", "current", "history"}}


def explained(player: Player, row: dict[str, Any]) -> None:
    newest = {each["id"]: each for each in player.case["registrations"]}
    for name in player.short(row["current"] + row["history"]):
        sentence = next(text for text in row["explanation"] if f"({player.named(name)})" in text)
        assert all(part in sentence for part in words_of(newest[name]))


def reviewed_together(player: Player, groups: list[list[str]]) -> None:
    if groups:
        candidates = player.candidates()
        for group in groups:
            one, *others = (candidates[player.child(name)] for name in group)
            assert {other["candidate_id"] for other in others} <= set(one["review_together"])
            assert {other["family_id"] for other in others} == {one["family_id"]}


def compare_approval(player: Player, told: dict[str, Any], expect: dict[str, Any]) -> None:
    names = {str(one): name for name, one in player.notifications.items()}
    said: dict[str, Any] = {name: told[name] for name in ("kind", "receiver", "reason") if name in told}
    if told["kind"] != "not_sent":
        said |= {"registrations": player.short(told["registrations"]), "notification": expect["notification"]}
        said |= {"refers_to": [names[one] for one in told["refers_to"]]} if told["refers_to"] else {}
    if told.get("receiver", "human") != "human":
        document = player.document(told).decode()
        said |= {"protected_address": True} if '"protected_address":true' in document.split('"guardians"')[-1] else {}
        assert not any(player.name(letter) in document for letter in expect.get("not_named", []))
    assert normal(said) == normal({name: value for name, value in expect.items() if name != "not_named"})
