"""Shredding: the key and all content are gone, it is told exactly once, and no crash leaves it half done."""

import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from deploy.local.databases import in_database
from deploy.local.processes import start, stop, wait_until
from deploy.local.servers import Command
from deploy.local.services import service_command
from services.persons.store import shredding
from tests.component.persons.numbers import new_number, new_numbers
from tests.component.persons.test_document_keys import asked, keys_for
from tests.component.persons.test_reading import READER, question
from tests.component.persons.test_secrecy import keys_away
from tests.component.persons.test_who_is_who import key, merge, resolve, slug
from tests.stack import Stack

pytestmark = pytest.mark.component

ORDER = {"reason": "erasure-ordered", "on_behalf_of": READER}
AS_EVERYWHERE = {"INSTANCE": "persons", "SESSION_TIMEOUT_MS": "6000"}
"""Whoever starts a service gives it a name that stays: after a power cut its group waits for no dead member."""


def shred(persons: httpx.Client, person_id: str, **changed: object) -> httpx.Response:
    return persons.post(f"/people/{person_id}/shred", json=ORDER | changed, headers=key())


def write(persons: httpx.Client, person_id: str, text: str = "Kanariefuglen") -> str:
    written = persons.post("/texts", json={"person_id": person_id, "text": text}, headers=key())
    text_id: str = written.raise_for_status().json()["text_id"]
    return text_id


def rows(stack: Stack, sql: str, *values: object, database: str = "persons") -> list[Any]:
    server = stack.keys_url if database == "persons_keys" else stack.database_url
    return stack.databases.fetch(in_database(server, database), sql, *values)


def keys_left(stack: Stack, *ids: str) -> int:
    sql = "select count(*) from data_key where person_id = any($1::uuid[])"
    return int(rows(stack, sql, list(ids), database="persons_keys")[0][0])


@pytest.fixture
def later(stack: Stack) -> Iterator[Callable[[], None]]:
    """Let the time pass after which a promise is kept by its deadline; the clock is put right at the end."""
    yield lambda: void(rows(stack, "select set_clock_offset($1)", shredding.KEPT_AT_ONCE_WITHIN))
    rows(stack, "select set_clock_offset('0')")


def void(_: object) -> None:
    """Return nothing."""


def told(stack: Stack, *ids: str) -> list[tuple[str, int]]:
    """Return the shreddings that were told of persons, with their versions."""
    sql = (
        "select aggregate_id, aggregate_version from event where type like '%PersonShredded%'"
        " and aggregate_id = any($1::uuid[]) order by aggregate_id"
    )
    return [(str(row[0]), row[1]) for row in rows(stack, sql, list(ids))]


@pytest.mark.ledger("L-16", "L-19")
def test_a_shredded_person_is_unreadable_everywhere_and_whoever_asks_is_told_since_when(
    stack: Stack, persons: httpx.Client
) -> None:
    [runa, other] = resolve(persons, *new_numbers(2))
    text_id, document = write(persons, runa), uuid4()
    keys_for(persons, document, runa, other)
    answer = shred(persons, runa).raise_for_status().json()
    when = datetime.fromisoformat(answer["unreadable_by"])
    [(shredded_at,)] = rows(stack, "select shredded_at from person where person_id = $1", UUID(runa))
    assert (answer["person_id"], when - shredded_at) == (runa, timedelta(days=7))
    assert keys_left(stack, runa) == 0
    assert told(stack, runa) == [(runa, 1)]
    for refused in (
        persons.post("/read", json=question(runa)),
        persons.post("/read", json=question(text_ids=[text_id])),
        persons.post("/texts", json={"person_id": runa, "text": "x"}, headers=key()),
        persons.post(f"/people/{runa}/numbers", json={"number": new_number()}, headers=key()),
        merge(persons, other, runa, 0),
    ):
        assert (refused.status_code, slug(refused)) == (410, "person-shredded")
        assert datetime.fromisoformat(refused.json()["unreadable_by"]) == when
    given = persons.post("/document-keys", json=asked(document, runa, other)).json()
    assert (list(given["keys"]), given["gone"]) == ([other], [runa])


def test_nothing_of_a_shredded_person_is_left_but_the_id(stack: Stack, persons: httpx.Client) -> None:
    number = new_number()
    [runa] = resolve(persons, number)
    write(persons, runa)
    shred(persons, runa).raise_for_status()
    assert rows(stack, "select from number where person_id = $1", UUID(runa)) == []
    assert rows(stack, "select from person_hold where person_id = $1", UUID(runa)) == []
    assert rows(stack, "select from text where person_id = $1 and sealed is not null", UUID(runa)) == []
    [again] = resolve(persons, number)
    assert again != runa


def test_who_ordered_it_is_recorded(stack: Stack, persons: httpx.Client) -> None:
    [runa], case_id = resolve(persons, new_number()), uuid4()
    shred(persons, runa, case_id=str(case_id)).raise_for_status()
    sql = "select value::json ->> 'kind', value::json ->> 'on_behalf_of' from event where correlation_id = $1"
    assert [tuple(row) for row in rows(stack, sql, case_id)] == [("erasure", "mette-lund")]


def test_all_ids_of_a_merged_person_are_shredded_together(stack: Stack, persons: httpx.Client) -> None:
    numbers = new_numbers(3)
    before, after, another = resolve(persons, *numbers)
    merge(persons, after, before, 0).raise_for_status()
    assert shred(persons, before).json()["person_id"] == after
    assert keys_left(stack, before, after) == 0
    assert dict(told(stack, before, after)) == {before: 1, after: 2}
    assert set(resolve(persons, *numbers)) & {before, after} == set()
    assert resolve(persons, numbers[2]) == [another]


def test_shredding_twice_tells_it_once_and_answers_the_same(stack: Stack, persons: httpx.Client) -> None:
    [runa] = resolve(persons, new_number())
    again = key()
    answers = [persons.post(f"/people/{runa}/shred", json=ORDER, headers=again).json() for _ in range(2)]
    answers.append(shred(persons, runa).json())
    assert answers[0]["unreadable_by"]
    assert answers == [answers[0]] * 3
    assert len(told(stack, runa)) == 1


def test_a_shredding_says_why_and_for_whom_and_services_alone_may_order_it(
    stack: Stack, persons: httpx.Client, persons_url: str
) -> None:
    [runa] = resolve(persons, new_number())
    assert slug(persons.post(f"/people/{runa}/shred", json={"reason": "spite"}, headers=key())) == "invalid-input"
    nobody = {"reason": "retention-ended"}
    assert slug(persons.post(f"/people/{runa}/shred", json=nobody, headers=key())) == "on-behalf-of-missing"
    assert slug(shred(persons, str(uuid4()))) == "unknown-person"
    stranger = stack.bearer("data_protection", "politi-mvj") | key()
    assert httpx.post(f"{persons_url}/people/{runa}/shred", json=ORDER, headers=stranger).status_code == 403
    assert keys_left(stack, runa) == 1


def test_while_the_keys_are_away_it_is_promised_and_kept_when_they_are_back(
    stack: Stack, persons: httpx.Client, later: Callable[[], None]
) -> None:
    [runa] = resolve(persons, new_number())
    with keys_away(stack):
        refused = shred(persons, runa)
        assert (refused.status_code, slug(refused)) == (503, "keys-away")
        assert told(stack, runa) == []
        read = persons.post("/read", json=question(runa))
        assert (read.status_code, "unreadable_by" in read.json()) == (410, False)
    later()
    wait_until(lambda: len(told(stack, runa)) == 1, "the promise is kept")
    assert keys_left(stack, runa) == 0


@pytest.fixture
def crashing(stack: Stack, persons_url: str) -> Iterator[Command]:
    """Put the service aside for a while; gives how it is started."""
    stack.stop_process("persons")
    yield service_command("persons", stack.run, stack.ports)
    # The group has kept the name's place: whoever has none would wait until it is taken for dead.
    stack.start_service("persons", AS_EVERYWHERE)


@pytest.mark.ledger("L-16")
@pytest.mark.parametrize("point", ["before-key", "after-key", "before-told"])
def test_a_power_cut_between_the_two_databases_leaves_nothing_half_done(
    stack: Stack, persons: httpx.Client, crashing: Command, later: Callable[[], None], point: str
) -> None:
    argv = [sys.executable, "-m", "tests.component.persons.crashing", point]
    env = crashing.env | AS_EVERYWHERE | {"OTEL_TRACES_EXPORTER": "none", "DEADLINE_POLL_S": "600"}
    process = start(Command("crashing", argv, env, cwd=crashing.cwd), stack.run / "log" / "crashing.log")
    wait_until(lambda: _answers(persons), "the service answers")
    [runa] = resolve(persons, new_number())
    with pytest.raises(httpx.TransportError):
        shred(persons, runa)
    assert process.wait(10) == -9
    stop(process)
    assert keys_left(stack, runa) == (1 if point == "before-key" else 0)
    assert told(stack, runa) == []
    later()
    stack.start_service("persons", AS_EVERYWHERE)
    wait_until(lambda: len(told(stack, runa)) == 1, "it is told")
    assert keys_left(stack, runa) == 0
    stack.stop_process("persons")


def _answers(persons: httpx.Client) -> bool:
    try:
        return persons.get("/health/ready").is_success
    except httpx.TransportError:
        return False
