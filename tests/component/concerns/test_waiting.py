"""What waits is told by municipality, in numbers alone, so that an alarm can speak of people."""

import hashlib
import re
from datetime import timedelta

import httpx
import pytest

from deploy.local.status import waiting_for_others
from tests.component.concerns.families import HERNING, Family, approved, found
from tests.system.playing import World

pytestmark = pytest.mark.component

PLACE = '{municipality="0657",name="Herning"}'


def metrics(world: World) -> str:
    return httpx.get(f"{world.stack.url('concerns')}/metrics").text


def gauge(world: World, name: str) -> float:
    """Return what concerns says now."""
    [value] = re.findall(rf"^{re.escape(name)} (.+)$", metrics(world), re.MULTILINE)
    return float(value)


def test_what_herning_has_not_fetched_or_not_acknowledged_is_counted(world: World) -> None:
    [candidate] = found(world, Family(world))
    path = f"/underretninger/{approved(world, candidate)['underretning_id']}"
    world.move_clock(world.sql("select clock()") + timedelta(hours=5))
    assert gauge(world, f"underretninger_undelivered{PLACE}") == 1
    assert gauge(world, f"underretninger_undelivered_oldest_seconds{PLACE}") >= 5 * 3600
    [said] = waiting_for_others("concerns", metrics(world))
    assert said.startswith("1 underretning til Herning er ikke hentet, ældste 5 t 0 min. (modtageren:")
    document = world.send("GET", path, HERNING, params={"purpose": "underretning"}).content
    world.ask("POST", f"{path}/receipt", HERNING, json={"sha256": hashlib.sha256(document).hexdigest()})
    assert gauge(world, f"underretninger_undelivered{PLACE}") == 0
    assert gauge(world, f"underretninger_undelivered_oldest_seconds{PLACE}") == 0
    assert gauge(world, f"underretninger_unacknowledged{PLACE}") == 0
    world.sql("delete from deadline where kind = 'weekly_search'")
    world.move_clock(world.sql("select acknowledge_by from underretning") + timedelta(minutes=1))
    assert gauge(world, f"underretninger_unacknowledged{PLACE}") == 1


def test_what_no_municipality_has_yet_is_counted(world: World) -> None:
    assert gauge(world, "underretninger_without_receiver") == 0
