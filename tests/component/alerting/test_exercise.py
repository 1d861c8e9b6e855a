"""An exercise is an installation of its own: nothing of it reaches the live one, and the other way."""

import asyncio

import asyncpg
import httpx
import pytest
from aiokafka import AIOKafkaConsumer

from contracts.alerting.v1 import AlertRaised
from contracts.codes import EXERCISING, Mode
from deploy.local.acls import wanted_acls
from deploy.local.provision import admin_url
from tests.component.alerting.conftest import Duty
from tests.component.alerting.test_links import call_of
from tests.stack import Stack

pytestmark = pytest.mark.component

DATABASE = "alerting_exercise"


def raised(of: Duty) -> int:
    """Return how many alerts an installation knows."""
    return int(of.sql("select count(*) from alert"))


def test_an_exercise_has_tables_of_its_own(duty: Duty, drill: Duty) -> None:
    before = raised(duty), raised(drill)
    office = drill.office()
    office.on_duty(office.person("Anna"))
    alert = drill.raise_alert(office)
    drill.wait_for("the call", lambda: drill.board(alert)["calls"])
    assert (raised(duty), raised(drill)) == (before[0], before[1] + 1)
    assert duty.send("GET", f"/alerts/{alert}").status_code == httpx.codes.NOT_FOUND


def test_the_same_event_in_an_exercise_is_another_alert(duty: Duty, drill: Duty) -> None:
    ids = []
    for installation in (duty, drill):
        office = installation.office()
        office.on_duty(office.person("Anna"))
        ids.append(installation.raise_alert(office, source_event_id="samme-haendelse"))
    assert ids[0] != ids[1]


def test_every_key_begins_with_its_mode(duty: Duty, drill: Duty) -> None:
    for installation, mode in ((duty, "live"), (drill, "exercise")):
        office = installation.office()
        office.on_duty(office.person("Anna"))
        alert = installation.raise_alert(office)
        installation.wait_for("the call", lambda at=installation, of=alert: at.board(of)["calls"])  # type: ignore[misc]  # mypy cannot infer a lambda with defaults
        assert installation.sql("select bool_and(key like $1 || '-%') from delivery", mode)


async def told(stack: Stack, topic: str) -> list[str]:
    """Return the modes of all that stands on a topic."""
    async with AIOKafkaConsumer(
        topic, bootstrap_servers=stack.bootstrap, auto_offset_reset="earliest", enable_auto_commit=False
    ) as reader:
        ends = await reader.end_offsets(reader.assignment())
        modes = []
        while [one for one in ends if await reader.position(one) < ends[one]]:
            for records in (await reader.getmany(timeout_ms=500)).values():
                modes += [dict(record.headers)["ce_mode"].decode() for record in records]
        return modes


def test_its_events_travel_on_topics_of_their_own(duty: Duty, drill: Duty) -> None:
    office = drill.office()
    office.on_duty(office.person("Anna"))
    drill.raise_alert(office)
    live, exercise = AlertRaised.topic(), AlertRaised.topic(Mode.EXERCISE)
    assert exercise.startswith("samvirke.exercise.")
    drill.wait_for("the event", lambda: asyncio.run(told(duty.stack, exercise)))
    assert set(asyncio.run(told(duty.stack, exercise))) == {"exercise"}
    assert set(asyncio.run(told(duty.stack, live))) <= {"live"}


@pytest.mark.parametrize(("role", "database"), [("alerting_worker", DATABASE), (f"{DATABASE}_worker", "alerting")])
async def test_the_credentials_of_one_open_nothing_of_the_other(
    duty: Duty, drill: Duty, role: str, database: str
) -> None:
    address = admin_url(duty.stack.ports).replace("://", f"://{role}@")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(f"{address}/{database}")


def test_a_live_service_refuses_an_exercise_at_its_door_and_the_other_way(duty: Duty, drill: Duty) -> None:
    for installation, other in ((duty, "exercise"), (drill, "live")):
        answer = installation.send(
            "GET", "/alerts/00000000-0000-0000-0000-000000000000", headers={"Samvirke-Mode": other}
        )
        assert answer.json()["type"].endswith("/exercise-refused")


def test_its_page_says_so_and_a_link_of_one_opens_nothing_of_the_other(duty: Duty, drill: Duty) -> None:
    holders = []
    for installation in (duty, drill):
        office = installation.office()
        office.on_duty(office.person("Anna"))
        holders.append(call_of(installation, installation.raise_alert(office), "Anna"))
    live, exercise = holders
    assert "ØVELSE" not in live.ask().text
    page = exercise.ask().text
    assert page.count("ØVELSE ØVELSE ØVELSE") == 1
    assert "SKARP" not in page
    for holder, other in ((live, drill), (exercise, duty)):
        assert holder.answer("virtual").status_code == httpx.codes.SEE_OTHER
        address = other.stack.ports.http(other.process) + holder.path
        assert other.world.http.get(address).json()["type"].endswith("/link-unknown")


def test_no_name_on_the_broker_may_reach_topics_of_both_modes() -> None:
    reach: dict[str, set[bool]] = {}
    for one in wanted_acls():
        if one.name.startswith("samvirke."):
            reach.setdefault(one.principal, set()).add(one.name.startswith("samvirke.exercise."))
    assert [name for name, modes in reach.items() if len(modes) > 1] == []
    assert any(True in modes for modes in reach.values())


def test_only_two_contexts_know_exercises() -> None:
    assert sorted(EXERCISING) == ["alerting", "beredskabsstab"]
