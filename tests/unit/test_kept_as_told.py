"""How long the pages of data protection say that something is kept is how long the code keeps it."""

import pytest

from chassis.maintenance import KEPT_ANSWERS
from contracts.fields import EVENTS, tables
from contracts.processing import activities
from deploy.local.topics import RETENTION_DAYS
from services.concerns.domain import retention

REGISTER = {activity.id: activity.retention for activity in activities()}
KEPT = {(table.database, table.name): table.kept for table in tables()}


@pytest.mark.ledger("L-18")
def test_what_a_search_leaves_goes_when_the_pages_say() -> None:
    assert retention.REJECTED == retention.PAPERS
    assert f"ikke blev til noget, {retention.REJECTED.days} dage" in REGISTER["socialsoeg"]
    assert f"fik svar på, {retention.PAPERS.days} dage" in REGISTER["socialsoeg"]
    assert f"{retention.REJECTED.days} days" in KEPT["concerns", "candidate"]
    assert f"{retention.PAPERS.days} days" in KEPT["concerns", "search_fact"]


@pytest.mark.ledger("L-18")
def test_an_underretning_goes_when_the_pages_say() -> None:
    assert f"{retention.SENT_MONTHS // 12} år, eller til barnet er 18 år" in REGISTER["underretning"]
    assert KEPT["concerns", "underretning"].startswith(f"{retention.SENT_MONTHS // 12} years, or until the child is 18")


@pytest.mark.ledger("L-18")
def test_registrations_go_when_the_pages_say() -> None:
    assert retention.RUNS_LATE.days == 5 * 7
    assert "fem uger til" in REGISTER["registreringer"]
    assert "5 more weeks" in KEPT["concerns", "registration"]


def test_topics_and_answers_go_when_the_pages_say() -> None:
    assert f"{RETENTION_DAYS} dage på Kafka" in REGISTER["drift"]
    assert f"stays {RETENTION_DAYS} days on its topic" in EVENTS
    assert KEPT["chassis", "idempotency"] == KEPT_ANSWERS
