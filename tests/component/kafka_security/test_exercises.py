"""Exercises against everything live, and the other way: neither has a right on the other's topics or groups."""

from itertools import product

import pytest

from contracts.catalogue import catalogue, listeners, tellers
from contracts.codes import EXERCISING, Mode
from contracts.event import is_exercised
from deploy.local.acls import exercise_of, services
from tests.component.kafka_security.apache import Attempt, Attempts
from tests.component.kafka_security.test_services import REFUSED, TOPICS

pytestmark = [pytest.mark.component, pytest.mark.timeout(300)]

LIVE = [*services(), "operations"]
INSTALLED = sorted(EXERCISING & {*services()})
EXERCISES = [exercise_of(service) for service in INSTALLED]
OF_EXERCISES = sorted({event.topic(Mode.EXERCISE) for event in filter(is_exercised, catalogue())})


@pytest.fixture(scope="module")
def outcomes(attempts: Attempts) -> dict[Attempt, str]:
    """Everything that either tries with what is the other's, and exercises with their own, in one run."""
    tried = list(product(LIVE, ("read", "write"), OF_EXERCISES))
    tried += product(EXERCISES, ("read", "write"), [*TOPICS, *OF_EXERCISES])
    tried += [(who, "position", group) for who, group in product(LIVE, EXERCISES)]
    tried += [(who, "position", group) for who, group in product(EXERCISES, [*services(), *EXERCISES])]
    return attempts(tried)


def test_there_is_something_to_try() -> None:
    assert "alerting" in INSTALLED
    assert all(topic.startswith("samvirke.exercise.") for topic in OF_EXERCISES)
    assert OF_EXERCISES


def test_nobody_live_reads_or_writes_what_exercises_tell(outcomes: dict[Attempt, str]) -> None:
    tried = product(LIVE, ("read", "write"), OF_EXERCISES)
    assert [one for one in tried if outcomes[one] != REFUSED] == []


def test_no_exercise_reads_or_writes_what_is_live(outcomes: dict[Attempt, str]) -> None:
    tried = product(EXERCISES, ("read", "write"), TOPICS)
    assert [one for one in tried if outcomes[one] != REFUSED] == []


@pytest.mark.parametrize("service", INSTALLED)
def test_an_exercise_writes_what_it_tells_and_reads_what_it_hears_of_exercises(
    outcomes: dict[Attempt, str], service: str
) -> None:
    exercised, heard = list(filter(is_exercised, catalogue())), listeners()
    told = {event.topic(Mode.EXERCISE) for event in exercised if service in tellers(event)}
    hears = {event.topic(Mode.EXERCISE) for event in exercised if service in heard.get(event.__name__, ())}
    who = exercise_of(service)
    assert {topic for topic in OF_EXERCISES if outcomes[who, "write", topic] == "ok"} == told
    assert {topic for topic in OF_EXERCISES if outcomes[who, "read", topic] != REFUSED} == hears


def test_neither_enters_a_group_of_the_other(outcomes: dict[Attempt, str]) -> None:
    tried = [*product(LIVE, EXERCISES), *product(EXERCISES, services())]
    assert {outcomes[who, "position", group] for who, group in tried} == {"GroupAuthorizationException"}
