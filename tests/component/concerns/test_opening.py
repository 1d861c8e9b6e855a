"""Who opens a candidate: never its own people, and outside the work list only with words."""

from typing import Any

import pytest

from tests.component.concerns.families import Family, events, found
from tests.system.playing import SERVICE, World

pytestmark = [pytest.mark.component, pytest.mark.ledger("L-13", "L-22")]

WORDS = "Moderen har ringet og spurgt til sagen i dag."


@pytest.fixture
def family(world: World) -> Family:
    return Family(world)


@pytest.fixture
def path(world: World, family: Family) -> str:
    [one] = found(world, family)
    return f"/candidates/{one['candidate_id']}"


def opened(world: World, path: str, role: str, method: str = "GET", **claims: Any) -> tuple[int, str]:  # noqa: ANN401  any claim
    """Open as somebody with claims of their own; return how it was answered."""
    token = world.stack.token(role, "politi-mvj", **claims)
    answer = world.http.request(
        method,
        world.stack.url("concerns") + path,
        headers={"Authorization": f"Bearer {token}"},
        json={"words": WORDS} if method == "POST" else None,
    )
    return answer.status_code, answer.json().get("type", "").rpartition("/")[2]


def person(world: World, number: str) -> str:
    """Return somebody's opaque id."""
    ids: list[str] = world.ask("POST", "/resolve", SERVICE, "persons", json={"numbers": [number]})["ids"]
    return ids[0]


def test_a_mother_does_not_open_the_case_of_her_child_and_sees_a_missing_one(
    world: World, family: Family, path: str
) -> None:
    own = {"person_id": person(world, family.mother)}
    assert opened(world, path, "key_officer", **own) == (404, "not-found")
    assert opened(world, f"{path}/open", "approver", "POST", **own) == (404, "not-found")
    assert opened(world, path, "key_officer", person_id=person(world, family.child)) == (404, "not-found")
    assert opened(world, path, "key_officer")[0] == 200
    refused = [one["reason" if "reason" in one else "problem"] for one in events(world, "AccessRefused")]
    assert refused == ["not-found"] * 3


def test_whoever_is_nobody_opens_nothing(world: World, path: str) -> None:
    assert opened(world, path, "key_officer", person_id=None) == (403, "own-identity-unknown")


def test_what_is_not_on_the_list_is_opened_with_words_that_stand_nowhere(world: World, path: str) -> None:
    assert opened(world, path, "approver") == (403, "not-on-work-list")
    assert opened(world, f"{path}/open", "approver", "POST")[0] == 200
    [read] = [one for one in events(world, "AccessRecorded") if one["operation"] == "candidate.read"]
    assert read["outside_work_list"] is True
    assert read["words_id"]
    held = world.sql("select count(*) from event e, outbox o where strpos(e.value || o.value, 'ringet') > 0")
    assert held == 0
    asked = {"text_ids": [read["words_id"]], "purpose": "lawfulness-control", "case_id": read["case_id"]}
    asked |= {"on_behalf_of": {"subject": "birgit", "authority": "politi-mvj"}}
    told = world.ask("POST", "/read", SERVICE, "persons", json=asked)["texts"]
    assert [one["text"] for one in told] == [WORDS]


def test_a_list_says_the_purpose_of_each_item_and_whose_it_is(world: World, path: str) -> None:
    for role, mine in (("key_officer", True), ("approver", False)):
        [row] = world.ask("GET", "/candidates", (role, "politi-mvj"))
        assert (row["purpose"], row["on_my_list"]) == ("socialsoeg", mine), path
