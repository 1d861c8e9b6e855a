"""The second layer: the real journey. Registrations, two searches, two officers, two municipalities, five faults."""

import asyncio
import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from deploy.sandbox.register.families import Family, generate
from deploy.story.registrations import COPENHAGEN, ENOUGH_ALONE, registration_line
from services.concerns.domain.calendar import Week, danish_day
from tests.chaos import collect, journey_evidence, poison
from tests.chaos import seams_of_concerns as points
from tests.chaos.checker import Findings
from tests.chaos.crew import Crew
from tests.chaos.desk import APPROVER, OFFICER, REVIEW, Desk
from tests.chaos.field import DidNotBite, Field
from tests.chaos.journal import Journal
from tests.chaos.journey_checker import check_journey
from tests.chaos.journey_crew import HERNING, VIBORG, services, stand_in
from tests.chaos.result import Result
from tests.chaos.say import say
from tests.chaos.signals import WAIT, Runner
from tests.chaos.timings import QUIET_WITHIN_S
from tests.stack import Stack
from tests.system.playing import World

FAMILIES, FIRST_DELIVERY, SECOND_DELIVERY = 320, 12, 9
HELD_OPEN_S = 5.0
FAULTS = 5


class Journey:
    """One journey on its field; `run` plays it, and each act can also be played alone by a broken variant."""

    def __init__(self, ground: Field, desk: Desk, seed: int) -> None:
        self.ground, self.desk, self.world = ground, desk, World(ground.stack)
        self.today = danish_day(datetime.now(COPENHAGEN))
        self.population = generate(seed, FAMILIES, self.today)
        self.families = [one for one in self.population.families if _is_plain(one)]
        self.beside = ThreadPoolExecutor(1)
        self.expected: dict[str, int] = {}
        self.week = Week.of(self.today)

    def clear(self) -> None:
        """Begin with nothing that an earlier journey left in concerns."""
        self.world.clear()
        self.world.sql("truncate event, outbox, inbox, mailbox_sequence, parked_key, parked_message, idempotency")

    def prepare(self) -> None:
        """Give the register its people, release the code list, put the search in service from this week."""
        register = self.ground.stack.url("register")
        httpx.put(f"{register}/facts", content=self.population.facts.to_json(), timeout=30).raise_for_status()
        self.world.release_code_list()
        self.desk.ask("POST", "/searches/in-service", APPROVER, str(uuid4()), json={"week": str(self.week)})

    def lines(self, first: int, number: int) -> list[dict[str, Any]]:
        """Return one registration of this week for each of some families, enough alone to find their children."""
        some = {f"chaos-{place}": self.families[place] for place in range(first, first + number)}
        self.expected |= {name: len(one.children) for name, one in some.items()}
        return [
            registration_line(name, one.adults[0], ENOUGH_ALONE[one.kommune], self.today) for name, one in some.items()
        ]

    # -- the faults ------------------------------------------------------------------------------------------------

    def die_in_an_import(self) -> str:
        """Kill concerns while it takes a delivery; the source system goes on where it was."""
        order = self.ground.order("concerns", points.MID_IMPORT)
        self.desk.deliver(uuid4(), self.lines(0, FIRST_DELIVERY))
        mark = self.ground.marked(order)
        self.ground.until(lambda: self.ground.crew.died(mark.pid), "concerns did not die in the import")
        return f"{mark.process} (pid {mark.pid}) died in the transaction of a piece; the delivery went on"

    def import_during_a_search(self) -> str:
        """Hold an import's transaction open while the week's run claims what it sees."""
        order = self.ground.order("concerns", points.MID_IMPORT, WAIT, passages=1, wait_s=HELD_OPEN_S)
        lines = self.lines(FIRST_DELIVERY, SECOND_DELIVERY)
        delivering = self.beside.submit(self.desk.deliver, uuid4(), lines)
        mark = self.ground.marked(order)
        self.search()
        claimed_after = self.world.sql("select count(*) from registration where claimed_by is null")
        still_open = time.time() < mark.at + HELD_OPEN_S
        delivering.result()
        late = self.world.sql("select count(*) from registration where claimed_by is null")
        if not still_open or late <= claimed_after:
            raise DidNotBite("no import was open while the run claimed")
        return f"the run claimed and completed while an import was open; {late} registrations came after it"

    def die_in_a_search(self) -> str:
        """Kill concerns in one of the steps of the next week's run."""
        point = self.ground.rng.choice([points.MID_CLAIM, points.MID_JUDGING, points.MID_COMPLETION])
        order = self.ground.order("concerns", point, passages=1)
        self.search()
        mark = self.ground.marked(order)
        self.ground.until(lambda: self.ground.crew.died(mark.pid), f"concerns did not die at {point}")
        return f"{mark.process} (pid {mark.pid}) died at {point.replace('_', ' ')}; the run went on"

    def poisoned(self) -> str:
        """Put records that nobody can handle onto a topic that concerns hears."""
        kinds = poison.every_kind(journey_evidence.MERGED)
        places = self.ground.put(kinds)
        self.ground.until(lambda: set(places) <= self.ground.parked("concerns"), "some poison was not parked")
        return f"{len(places)} kinds parked: " + ", ".join(one.kind for one in kinds)

    def kill_a_municipality(self) -> str:
        """Kill a municipality's system between a fetch and the acknowledgement, while the officers work."""
        crew, folder = self.ground.crew, self.ground.runner.folder
        for kind, kommune in (("https", HERNING), ("kafka", VIBORG)):
            crew.add(stand_in(self.ground.stack, folder, kind, kommune))
        approving = self.beside.submit(self.review_and_approve)
        try:
            log = f"municipality-{HERNING}"
            self.ground.until(
                lambda: self.ground.stack.log(log).count("fetch ") > 1, "Herning's system fetched nothing"
            )
            pid = crew.kill(log)
            self.ground.until(lambda: crew.died(pid), "Herning's system did not die")
        finally:
            approving.result()
        return f"Herning's system (pid {pid}) died with underretninger in hand and was started again"

    # -- the work --------------------------------------------------------------------------------------------------

    def search(self) -> None:
        """Let the next Monday come, and wait until the week's run is complete."""
        week, self.week = self.week, self.week.next()
        self.world.move_clock(week.searched_at + timedelta(seconds=1))
        done = "select exists (select from search where monday = $1 and state = 'complete')"
        self.ground.until(lambda: bool(self.world.sql(done, week.monday)), f"the run of {week} did not complete")

    def review_and_approve(self) -> None:
        """Let one officer review and another approve every candidate."""
        for row in self.desk.ask("GET", "/candidates", OFFICER, params={"state": "found", "limit": 1000}):
            path = f"/candidates/{row['candidate_id']}"
            self.desk.command("review", row["candidate_id"], f"{path}/review", OFFICER, REVIEW)
            self.desk.command("approve", row["candidate_id"], f"{path}/approve", APPROVER, {"acute": False})

    def is_quiet(self) -> bool:
        """Tell whether nothing waits in an outbox or before concerns, and every underretning is acknowledged."""
        open_ones = self.world.sql("select count(*) from underretning where state <> 'acknowledged'")
        waiting = self.world.sql("select count(*) from outbox")
        person = {journey_evidence.MERGED.topic(): 12}
        lag = asyncio.run(collect.lag(self.ground.stack, "concerns", person))
        return bool(open_ones == 0 and waiting == 0 and lag == 0)


@contextmanager
def on_stage(stack: Stack, folder: Path, rng: random.Random, variant: str | None = None) -> Iterator[Journey]:
    """Start the services of the journey, with a register and a desk."""
    stack.start_service("register")
    runner = Runner(folder)
    crew = Crew(stack, runner, services(stack, variant))
    crew.start()
    desk = Desk(stack, Journal(folder / "journal.jsonl"))
    journey = Journey(Field(stack, runner, crew, desk, rng), desk, rng.randrange(1000))
    try:
        journey.clear()
        yield journey
    finally:
        journey.beside.shutdown(cancel_futures=True)
        desk.close()
        journey.world.http.close()
        crew.stop()
        stack.stop_process("register")


def run(stack: Stack, folder: Path, rng: random.Random) -> Result:
    """Play the whole journey with its five faults, and check it."""
    result = Result()
    starts = asyncio.run(journey_evidence.starts(stack))
    with on_stage(stack, folder, rng) as journey:
        journey.prepare()
        say("persons, concerns and exchange run; the code list is released, the search in service")
        result.meet("kill -9 concerns in an import", journey.die_in_an_import)
        result.meet("an import during a search", journey.import_during_a_search)
        result.meet("kill -9 concerns in a search", journey.die_in_a_search)
        result.meet("poison records for concerns", journey.poisoned)
        result.meet("kill -9 a municipality's system", journey.kill_a_municipality)
        result.recover(partial(journey.ground.wait_until_quiet, journey.is_quiet, QUIET_WITHIN_S), QUIET_WITHIN_S)
        _check(journey, starts, result)
    return result


def broken(stack: Stack, folder: Path, rng: random.Random, variant: str) -> Findings:
    """Play two deliveries and two searches on a broken concerns, and check them."""
    starts = asyncio.run(journey_evidence.starts(stack))
    with on_stage(stack, folder, rng, variant) as journey:
        journey.prepare()
        journey.desk.deliver(uuid4(), journey.lines(0, FIRST_DELIVERY))
        journey.import_during_a_search()
        journey.search()
        return check_journey(asyncio.run(journey_evidence.collect_all(journey.ground, journey.expected, starts)))


def _check(journey: Journey, starts: collect.Offsets, result: Result) -> None:
    evidence = asyncio.run(journey_evidence.collect_all(journey.ground, journey.expected, starts))
    findings = check_journey(evidence)
    result.findings.append(findings)
    result.redelivered += findings.redelivered
    result.commands = len([line for line in evidence.journal if line.state == "accepted"])
    say(
        f"{len(evidence.claimed)} registrations in {len({one.run for one in evidence.found})} runs,"
        f" {len(evidence.found)} candidates, {len(evidence.underretninger)} underretninger,"
        f" {len(evidence.ledger)} settled in ledgers; {findings.redelivered} records came again;"
        f" {journey.desk.failures} answers failed"
    )


def _is_plain(family: Family) -> bool:
    return family.kommune in {HERNING, VIBORG} and family.shape == "together"
