"""People on duty for a step of the staff, at every authority that it calls, and what became of the calls."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from deploy.local.framework_plan import framework_plan
from tests.component.alerting.conftest import Duty
from tests.component.alerting.duty import CHANNELS, Office, telephone
from tests.component.alerting.gateways import Gateways
from tests.component.beredskabsstab.model import LADDER

Place = tuple[str, str]
"""An authority, and a role."""


class Crew:
    """One or more people for each place of a step."""

    def __init__(self, duty: Duty, step: str, each: int = 1, channels: tuple[str, ...] = CHANNELS) -> None:
        self.duty, self.rosters, self.people = duty, list[UUID](), dict[Place, list[UUID]]()
        below = LADDER[: LADDER.index(step) + 1]
        for party in framework_plan()["parties"]:
            for role in dict.fromkeys(role for one in below for role in party["roles"].get(one, ())):
                office = Office(duty, party["authority"], "beredskab", role)
                who = [office.person("Anna", channels) for _ in range(each)]
                self.rosters.append(office.on_duty(*who))
                self.people[party["authority"], role] = who

    @property
    def telephones(self) -> list[str]:
        """Return everybody's number."""
        return [telephone(who) for people in self.people.values() for who in people]

    def taken(self, gateways: Gateways, names: tuple[str, ...], since: float) -> list[dict[str, object]]:
        """Return the messages that providers took for them since a moment."""
        own = set(self.telephones)
        lines = [one for name in names for one in gateways.lines(name)]
        return [one for one in lines if one["kind"] == "message" and one["to"] in own and one["at"] >= since]

    def dismiss(self) -> None:
        """Let nobody of them be on duty any more: another test's activation calls nobody."""
        for table in ("roster_gap", "rotation", "roster"):
            self.duty.sql(f"delete from {table} where roster_id = any($1)", self.rosters)


@contextmanager
def on_duty(duty: Duty, step: str, each: int = 1, channels: tuple[str, ...] = CHANNELS) -> Iterator[Crew]:
    """Let people have the duty for a while."""
    crew = Crew(duty, step, each, channels)
    try:
        yield crew
    finally:
        crew.dismiss()
