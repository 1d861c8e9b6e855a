"""Every service against every topic: it writes what its AsyncAPI document sends, and reads what that receives."""

import json
from itertools import product

import pytest

from contracts.catalogue import ROOT, catalogue
from contracts.codes import mailboxes
from deploy.local.acls import services
from tests.component.kafka_security.apache import Attempt, Attempts

pytestmark = [pytest.mark.component, pytest.mark.timeout(300)]

SERVICES = services()
COPIES = [mailbox.topic for mailbox in mailboxes() if mailbox.authority in {"kommune-0657", "politi-mvj"}]
TOPICS = sorted({topic for event in catalogue() for topic in event.topics()}) + COPIES
REFUSED = "TopicAuthorizationException"


def promised(service: str, action: str) -> set[str]:
    """Return the topics that the service's document says it sends to or receives from."""
    document = json.loads((ROOT / "contracts" / "asyncapi" / f"{service}.json").read_text())
    channels = {
        one["channel"]["$ref"].removeprefix("#/channels/")
        for one in document["operations"].values()
        if one["action"] == action
    }
    return channels - {"mailbox"} | (set(COPIES) if "mailbox" in channels else set())


@pytest.fixture(scope="module")
def outcomes(attempts: Attempts) -> dict[Attempt, str]:
    """Everything that the services and the operators' programs try, in one run."""
    tried = list(product([*SERVICES, "operations"], ("read", "write"), TOPICS))
    tried += [(who, "position", group) for who, group in product([*SERVICES, "operations"], SERVICES)]
    return attempts(tried)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_writes_what_it_tells_and_nothing_else(outcomes: dict[Attempt, str], service: str) -> None:
    allowed = {topic for topic in TOPICS if outcomes[service, "write", topic] != REFUSED}
    assert allowed == promised(service, "send")


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_reads_what_it_hears_and_nothing_else(outcomes: dict[Attempt, str], service: str) -> None:
    allowed = {topic for topic in TOPICS if outcomes[service, "read", topic] == f"ok {topic}"}
    refused = {topic for topic in TOPICS if outcomes[service, "read", topic] == REFUSED}
    shown = set(COPIES) if service == "exchange" else set()
    assert allowed == promised(service, "receive") | shown
    assert refused == set(TOPICS) - allowed


def test_concerns_cannot_write_what_councils_tells(outcomes: dict[Attempt, str]) -> None:
    assert outcomes["concerns", "write", "samvirke.councils.samarbejdsplan.v1"] == REFUSED
    assert outcomes["councils", "write", "samvirke.councils.samarbejdsplan.v1"] == "ok"


def test_operators_programs_read_every_topic_and_write_none(outcomes: dict[Attempt, str]) -> None:
    assert all(outcomes["operations", "read", topic] == f"ok {topic}" for topic in TOPICS)
    assert {outcomes["operations", "write", topic] for topic in TOPICS} == {REFUSED}


def test_nobody_enters_the_group_of_another_service(outcomes: dict[Attempt, str]) -> None:
    for who, group in product([*SERVICES, "operations"], SERVICES):
        hears = who == group and promised(who, "receive")
        refused = outcomes[who, "position", group] == "GroupAuthorizationException"
        assert refused is not bool(hears), (who, group)
