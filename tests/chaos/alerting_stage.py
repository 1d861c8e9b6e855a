"""The stage of the third layer: alerting with its seams, two providers, a desk; what is away, and what is quiet."""

import asyncio
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.errors import StackError
from deploy.local.gateways import GATEWAYS
from deploy.local.processes import wait_until
from deploy.local.provision import admin_url
from deploy.local.ready import postgres_is_ready
from tests.chaos.collect import rows
from tests.chaos.crew import Crew, Member
from tests.chaos.desk import Desk
from tests.chaos.duty import Duty
from tests.chaos.field import DidNotBite, Field
from tests.chaos.journal import Journal
from tests.chaos.signals import Mark, Runner
from tests.chaos.timings import PROCESS, SERVER_WITHIN_S
from tests.component.alerting.gateways import Gateways
from tests.stack import Stack

NAME = "alerting-1"
QUICK = PROCESS | {"DEADLINE_POLL_S": "0.1", "ALERTING_PROVIDER_PAUSE_S": "0.5"}
"""Time-outs of providers, margins and receipts are a deployment's own: the gates are about them."""

TABLES = (
    "staff, contact_route, roster, rotation, roster_override, swap, alert, escalation, call, answer, delivery,"
    " callback, provider_state, deadline, event, outbox, inbox, parked_key, parked_message, outbox_parked_key,"
    " idempotency"
)
OPEN = "state in ('queued', 'sending', 'accepted')"


@dataclass(slots=True)
class Stage:
    """Everything that a play may touch."""

    ground: Field
    duty: Duty
    rng: random.Random
    away: list[tuple[float, float]] = field(default_factory=list)
    """When PostgreSQL was away; what alerting was, its process's ends tell."""
    next_hand_over: dict[str, float] = field(default_factory=dict)
    taken_over: dict[str, float] = field(default_factory=dict)

    @property
    def stack(self) -> Stack:
        """Return the servers."""
        return self.ground.stack

    def count(self, sql: str, *values: object) -> int:
        """Return what a statement counts in alerting's database."""
        return int(asyncio.run(rows(self.stack, "alerting", sql, *values))[0][0])

    def handed_over(self, keys: set[str], provider: str = "") -> dict[str, float]:
        """Wait until a provider has each of some messages, and return since when."""
        self.ground.until(
            lambda: self.duty.first_at(keys, provider).keys() == keys, "messages that waited reached no provider"
        )
        return self.duty.first_at(keys, provider)

    def delivered(self, keys: set[str]) -> None:
        """Wait until some messages are called delivered."""
        sql = "select count(*) from delivery where key = any($1) and state = 'delivered'"
        self.ground.until(lambda: self.count(sql, list(keys)) == len(keys), "messages were not delivered")

    # -- what is killed --------------------------------------------------------------------------------------------

    def died(self, mark: Mark) -> tuple[str, float]:
        """Wait for the death of the process that left a mark; returns how it is told, and when the next one works."""
        self.ground.until(lambda: self.ground.crew.died(mark.pid), f"{mark.process} did not die")
        back = self.ground.saw("works", mark.at).at
        return f"{mark.process} (pid {mark.pid}) died there", back

    def kill_database(self) -> tuple[str, float]:
        """Kill -9 PostgreSQL and start it again; it must recover from its log."""
        before, gone = self.ground.recoveries(), time.time()
        self.stack.kill("postgres")
        self.ground.harmed_at = time.time()
        self._start_database()
        back = time.time()
        self.away.append((gone, back))
        if self.ground.recoveries() <= before:
            raise DidNotBite("the database did not have to recover")
        return f"PostgreSQL was killed and recovered from its log, away {back - gone:.1f} s", back

    def _start_database(self) -> None:
        """Start PostgreSQL as often as it takes: what is left of the killed one may still hold its memory."""
        server = admin_url(self.stack.ports)
        self.stack.start_server("postgres")

        def ready() -> bool:
            if self.stack.processes["postgres"].poll() is not None:
                self.stack.start_server("postgres")
            return postgres_is_ready(server)

        wait_until(ready, "PostgreSQL takes connections", SERVER_WITHIN_S)

    def kill_broker(self) -> None:
        """Kill -9 the broker; whoever calls starts it again."""
        self.ground.kill_broker()
        self.ground.harmed_at = time.time()

    # -- when all is over ------------------------------------------------------------------------------------------

    def ends(self) -> list[tuple[float, float]]:
        """Return when alerting was away: from the end of each process until the next one works."""
        works = sorted(one.at for one in self.ground.runner.seen("works"))
        ended = [at for at, _, _ in self.ground.crew.members[NAME].ends]
        return [(at, next((one for one in works if one > at), time.time())) for at in ended]

    def is_quiet(self) -> bool:
        """Tell whether every step was taken, every message has ended, and nothing waits to be told or heard."""
        try:
            ours = [one.alert for one in self.duty.raised]
            return not (
                self.count(f"select count(*) from delivery where alert_id = any($1) and {OPEN}", ours)
                or self.count("select count(*) from escalation where alert_id = any($1) and steps_taken < 2", ours)
                or self.count("select count(*) from callback where handled_at is null")
                or self.count("select count(*) from outbox")
            )
        except (OSError, StackError):
            return False


@contextmanager
def on_stage(stack: Stack, folder: Path, rng: random.Random, variant: str | None = None) -> Iterator[Stage]:
    """Start alerting and two providers that behave, with nothing raised yet."""
    asyncio.run(_clear(stack))
    runner, gateways = Runner(folder), Gateways(stack)
    env = stack.environment("alerting") | QUICK
    crew = Crew(stack, runner, [Member(NAME, "alerting", stack.ports.of("alerting"), env, variant)])
    crew.start()
    desk = Desk(stack, Journal(folder / "journal.jsonl"), "alerting")
    made = Stage(Field(stack, runner, crew, desk, rng), Duty(stack, desk, gateways), rng)
    try:
        for name in GATEWAYS:
            gateways.behave(name)
        made.duty.skip()
        yield made
    finally:
        desk.close()
        gateways.http.close()
        crew.stop()


async def _clear(stack: Stack) -> None:
    await rows(stack, "alerting", f"truncate {TABLES} cascade")
