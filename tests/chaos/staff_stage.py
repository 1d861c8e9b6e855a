"""The stage of the fourth layer: beredskabsstab and alerting with their seams, everybody of the plan on duty."""

import asyncio
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from deploy.local.errors import StackError
from deploy.local.framework_plan import framework_plan
from deploy.local.gateways import GATEWAYS
from deploy.local.processes import wait_until
from tests.chaos.alerting_stage import NAME as ALERTING
from tests.chaos.alerting_stage import QUICK, TABLES, Stage
from tests.chaos.collect import rows
from tests.chaos.crew import Crew, Member
from tests.chaos.desk import Desk
from tests.chaos.duty import Duty, Person, employ, person
from tests.chaos.field import Field
from tests.chaos.journal import Journal
from tests.chaos.signals import Mark, Runner
from tests.chaos.timings import BITES_WITHIN_S
from tests.component.alerting.gateways import A, Gateways
from tests.stack import Stack

STAFF = "beredskabsstab-1"
CHAIR, OFFICER = ("staff_chair", "politi-mvj"), ("duty_officer", "politi-mvj-vagtcentral", "beredskab")
INFO, STAB, OPERATION = "informationsberedskab", "stabsberedskab", "operationsberedskab"
Place = tuple[str, str]


@dataclass(slots=True)
class Played:
    """One activation as it was played."""

    title: str
    activation: UUID
    last_step: str
    said: dict[str, str] = field(default_factory=dict)
    """What was last said from each telephone."""
    expected: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class StaffStage:
    """Everything that a play may touch."""

    alerting: Stage
    people: dict[Place, Person]
    played: list[Played] = field(default_factory=list)
    first_hand_over: dict[str, float] = field(default_factory=dict)
    by_mirror: int = 0
    patience_s: float = BITES_WITHIN_S

    def until(self, condition: Callable[[], bool], otherwise: str) -> None:
        """Wait for what must come; StackError where it does not."""
        wait_until(condition, otherwise, self.patience_s)

    @property
    def ground(self) -> Field:
        """Return what faults happen on."""
        return self.alerting.ground

    @property
    def desk(self) -> Desk:
        """Return the officers at work."""
        return self.alerting.duty.desk

    def rows(self, sql: str, *values: object) -> list[Any]:
        """Return what a statement finds in the database of beredskabsstab."""
        return asyncio.run(rows(self.alerting.stack, "beredskabsstab", sql, *values))

    def told(self, activation: UUID) -> list[str]:
        """Return the names of what an activation has told, in order; nothing while nobody can say."""
        sql = "select split_part(type, '.', 4) from event where aggregate_id = $1 order by aggregate_version"
        try:
            return [row[0] for row in self.rows(sql, activation)]
        except (OSError, StackError):
            return []

    def until_told(self, activation: UUID, name: str, times: int = 1) -> None:
        """Wait until an activation has told something so often."""
        self.until(lambda: self.told(activation).count(name) >= times, f"{name} was not told")

    def numbers(self, roles: frozenset[str]) -> set[str]:
        """Return the telephones of everybody with one of some roles."""
        return {person.number for (_, role), person in self.people.items() if role in roles}

    def until_called(self, title: str, numbers: set[str]) -> dict[str, float]:
        """Wait until a provider has something about an activation for some telephones; returns since when."""

        def found() -> dict[str, float]:
            lines = [one for one in self.alerting.duty.ledger() if title in one.text and one.to in numbers]
            return {one.to: one.at for one in sorted(lines, key=lambda line: -line.at)}

        self.until(lambda: found().keys() == numbers, f"not everybody was called about {title}")
        return found()

    def say(self, one: Played, numbers: set[str], text: str, word: str) -> None:
        """Let people answer by SMS."""
        for number in sorted(numbers):
            self.alerting.duty.gateways.reply(number, text, A)
            one.said[number] = word

    def on_board(self, activation: UUID) -> dict[str, str | None]:
        """Return what the board shows of each telephone."""
        sql = "select telephone, answer from member join member_contact using (call_id) where activation_id = $1"
        try:
            return {row[0]: row[1] for row in self.rows(sql, activation)}
        except (OSError, StackError):
            return {}

    def call_of(self, activation: UUID, number: str) -> UUID:
        """Return the call of somebody, by their telephone."""
        sql = (
            "select call_id from member join member_contact using (call_id) where activation_id = $1 and telephone = $2"
        )
        self.until(lambda: bool(self.rows(sql, activation, number)), "the board does not know whom it called")
        found: UUID = self.rows(sql, activation, number)[0][0]
        return found

    def died(self, mark: Mark) -> str:
        """Wait for the death of the process of beredskabsstab that left a mark, and for the next one."""
        self.ground.until(lambda: self.ground.crew.died(mark.pid), f"{mark.process} did not die")
        self.ground.saw("staff works", mark.at)
        return f"{mark.process} (pid {mark.pid}) died there"

    def kill_alerting(self) -> str:
        """Kill alerting and wait until the next one works."""
        at = time.time()
        pid = self.ground.crew.kill(ALERTING)
        self.ground.harmed_at = time.time()
        self.ground.until(lambda: self.ground.crew.died(pid), "alerting did not die")
        self.ground.saw("works", at)
        return f"{ALERTING} (pid {pid}) was killed"

    def is_quiet(self) -> bool:
        """Tell whether nothing waits to be told, heard or asked."""
        try:
            waits = self.rows(
                "select (select count(*) from outbox) + (select count(*) from errand where done_at is null)"
                " + (select count(*) from deadline where kind = 'quorum-review' and due_at <= clock())"
            )[0][0]
            alerts = self.alerting.count(
                "select (select count(*) from outbox) + (select count(*) from callback where handled_at is null)"
                " + (select count(*) from alert where state = 'open')"
            )
        except (OSError, StackError):
            return False
        return not waits + alerts


@contextmanager
def on_stage(stack: Stack, folder: Path, rng: random.Random, variant: str | None = None) -> Iterator[StaffStage]:
    """Start both services and two providers that behave, with the plan in force and everybody on duty."""
    asyncio.run(rows(stack, "alerting", f"truncate {TABLES} cascade"))
    # What beredskabsstab has written stays: its log is emptied by nobody.
    runner, gateways, people = Runner(folder), Gateways(stack), _employ_all(stack)
    members = [
        Member(ALERTING, "alerting", stack.ports.of("alerting"), stack.environment("alerting") | QUICK),
        Member(
            STAFF,
            "beredskabsstab",
            stack.ports.of("beredskabsstab"),
            stack.environment("beredskabsstab") | QUICK,
            variant,
        ),
    ]
    crew = Crew(stack, runner, members)
    crew.start()
    desk = Desk(stack, Journal(folder / "journal.jsonl"), "beredskabsstab")
    stage = Stage(Field(stack, runner, crew, desk, rng), Duty(stack, desk, gateways), rng)
    try:
        for name in GATEWAYS:
            gateways.behave(name)
        stage.duty.skip()
        made = desk.command("draft", "plan", "/framework-plans", CHAIR, framework_plan())
        desk.command("sign", "plan", f"/framework-plans/{made['framework_plan_id']}/sign", CHAIR, {})
        yield StaffStage(stage, people)
    finally:
        desk.close()
        gateways.http.close()
        crew.stop()


def _employ_all(stack: Stack) -> dict[Place, Person]:
    """Let somebody have the duty at every place of the plan, whatever the step."""
    people: dict[Place, Person] = {}
    for party in framework_plan()["parties"]:
        for role in dict.fromkeys(role for roles in party["roles"].values() for role in roles):
            people[party["authority"], role] = person()
            one = people[party["authority"], role]
            asyncio.run(employ(stack, role, [one], 1, party["authority"]))
    return people
