"""Eleven municipalities against eleven mailboxes, and against everything else on the broker: each sees its own."""

import re
from itertools import product

import pytest

from contracts.catalogue import catalogue
from contracts.codes import Mailbox, Office, mailboxes, municipalities
from tests.component.kafka_security.apache import Attempt, Attempts
from tests.stack import Stack

pytestmark = [pytest.mark.component, pytest.mark.timeout(300)]

DISTRICT = [Mailbox(f"kommune-{one.code}", Office.BOERN) for one in municipalities().values() if one.in_district]
DOMAIN = sorted({topic for event in catalogue() for topic in event.topics()})
NO_TOPIC, NO_GROUP, NO_CLUSTER = (f"{what}AuthorizationException" for what in ("Topic", "Group", "Cluster"))

Outcomes = dict[Attempt, str]


def group_of(mailbox: Mailbox, what: str = "commit") -> str:
    # A member that is leaving still keeps others from committing for its group.
    return f"{mailbox}.{'medlem' if what == 'join' else 'fagsystem'}"


@pytest.fixture(scope="module")
def outcomes(attempts: Attempts) -> Outcomes:
    """Everything that the eleven try, in one run."""
    tried: list[Attempt] = []
    for own, other in product(DISTRICT, DISTRICT):
        who, topic, group = str(own), other.topic, group_of(other)
        tried += [(who, what, topic) for what in ("read", "length", "write", "topic", "empty", "delete")]
        tried += [(who, "commit", f"{group_of(own)} {topic}"), (who, "commit", f"{group} {own.topic}")]
        tried += [(who, "position", group), (who, "group", group), (who, "join", f"{group_of(own, 'join')} {topic}")]
    for own in DISTRICT:
        strange = [*DOMAIN, "__consumer_offsets", *(one.topic for one in mailboxes() if one.authority == own.authority)]
        tried += [(str(own), what, topic) for what, topic in product(("read", "write"), strange) if topic != own.topic]
        tried += [(str(own), what, "") for what in ("topics", "groups", "rights")]
        tried += [(str(own), "create", f"samvirke.mailbox.{own}.v2"), (str(own), "position", "concerns")]
    return attempts(tried)


@pytest.mark.parametrize("what", ["read", "length", "topic"])
def test_each_reads_its_own_mailbox_and_no_other(outcomes: Outcomes, what: str) -> None:
    for own, other in product(DISTRICT, DISTRICT):
        ended = outcomes[str(own), what, other.topic]
        assert ended.startswith("ok") if own == other else ended == NO_TOPIC, (own, other, ended)


def test_what_each_reads_is_its_own(outcomes: Outcomes) -> None:
    assert {own: outcomes[str(own), "read", own.topic] for own in DISTRICT} == {
        own: f"ok {own.topic}" for own in DISTRICT
    }


@pytest.mark.parametrize("what", ["write", "empty", "delete"])
def test_none_changes_any_mailbox_not_even_its_own(outcomes: Outcomes, what: str) -> None:
    assert {outcomes[str(own), what, other.topic] for own, other in product(DISTRICT, DISTRICT)} == {NO_TOPIC}


@pytest.mark.parametrize("what", ["join", "commit"])
def test_each_uses_groups_of_its_own_name_for_its_own_mailbox(outcomes: Outcomes, what: str) -> None:
    for own, other in product(DISTRICT, DISTRICT):
        ended = outcomes[str(own), what, f"{group_of(own, what)} {other.topic}"]
        assert ended.startswith("ok") if own == other else ended == NO_TOPIC, (own, other, ended)


def test_none_sees_or_moves_the_groups_of_another(outcomes: Outcomes) -> None:
    for own, other in product(DISTRICT, DISTRICT):
        ended = {outcomes[str(own), what, group_of(other)] for what in ("position", "group")}
        ended |= {outcomes[str(own), "commit", f"{group_of(other)} {own.topic}"]}
        assert all(one.startswith("ok") for one in ended) if own == other else ended == {NO_GROUP}, (own, other, ended)


def test_a_service_s_group_is_closed_to_all(outcomes: Outcomes) -> None:
    assert {outcomes[str(own), "position", "concerns"] for own in DISTRICT} == {NO_GROUP}


@pytest.mark.parametrize("what", ["read", "write"])
def test_topics_of_services_and_of_other_offices_are_closed(outcomes: Outcomes, what: str) -> None:
    owns = {(str(own), own.topic) for own in DISTRICT}
    others = {
        which: ended
        for (who, did, which), ended in outcomes.items()
        if did == what and (who, which) not in owns and which not in {one.topic for one in DISTRICT}
    }
    assert set(others) >= {*DOMAIN, "__consumer_offsets", "samvirke.mailbox.kommune-0657.raad.v1"}
    assert set(others.values()) == {NO_TOPIC}


def test_lists_show_nothing_foreign(outcomes: Outcomes) -> None:
    for own in DISTRICT:
        assert outcomes[str(own), "topics", ""] == f"ok [{own.topic}]"
        # The group that everybody has left goes some time.
        seen = set(outcomes[str(own), "groups", ""].removeprefix("ok [").removesuffix("]").split(", "))
        assert group_of(own) in seen <= {group_of(own), group_of(own, "join")}


def test_rights_are_not_shown_and_topics_not_made(outcomes: Outcomes) -> None:
    for own in DISTRICT:
        assert outcomes[str(own), "rights", ""] == NO_CLUSTER
        assert outcomes[str(own), "create", f"samvirke.mailbox.{own}.v2"] in {NO_CLUSTER, NO_TOPIC}


def test_the_broker_s_log_names_who_was_refused_what(outcomes: Outcomes, secured: Stack) -> None:
    first, second = DISTRICT[:2]
    assert outcomes[str(first), "read", second.topic] == NO_TOPIC
    denied = rf"Principal = User:{first} is Denied operation = \w+ from host = 127.0.0.1 on resource = Topic:LITERAL:"
    assert re.search(denied + second.topic, secured.log("kafka"))


def test_a_foreign_mailbox_looks_like_a_missing_one(outcomes: Outcomes, attempts: Attempts) -> None:
    own, missing = DISTRICT[0], "samvirke.mailbox.kommune-9999.boern.v1"
    tried = [(str(own), what, missing) for what in ("read", "length", "write", "topic")]
    asked = attempts(tried)
    assert {what: asked[str(own), what, missing] for _, what, _ in tried} == {
        what: outcomes[str(own), what, DISTRICT[1].topic] for _, what, _ in tried
    }
