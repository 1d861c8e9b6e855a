"""The fifth layer: a thousand referrals, both sides at once on each, while the processes are killed."""

import asyncio
import json
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from deploy.local.topics import DOMAIN_PARTITIONS
from tests.chaos import collect
from tests.chaos.client import NotAccepted
from tests.chaos.crew import Crew, Member
from tests.chaos.referrals_checker import ReferralEvidence, Row, Told, check_referrals, without_end
from tests.chaos.referrals_clerks import FNT, PLACES, Clerks, Sides, people
from tests.chaos.result import Result
from tests.chaos.say import say
from tests.chaos.signals import Runner
from tests.chaos.timings import PROCESS, QUIET_WITHIN_S
from tests.stack import Stack
from tests.system.playing import World

REFERRALS, BY_CONSENT, UNANSWERED, CLERKS = 1000, 0.15, 0.05, 8
KILL_EVERY_S = 4.0
OPEN = "{draft,awaiting_consent,requested,received,accepted,rerouted,in_progress,on_hold}"
TOPIC = "samvirke.referrals.referral.v1"
MAILBOXES = [f"samvirke.mailbox.kommune-{code}.{office}.v1" for code in PLACES for office in ("ssp", "boern")]
MAILBOXES += [f"samvirke.mailbox.{FNT}.ssp.v1", "samvirke.mailbox.offerraadgivningen.offer.v1"]
MAILBOXES += ["samvirke.mailbox.politi-mvj.offer.v1"]


def run(stack: Stack, folder: Path, rng: random.Random, referrals: int = REFERRALS) -> tuple[Result, dict[str, float]]:
    """Play them all and check what became of each."""
    began, result = time.monotonic(), Result()
    topics = {TOPIC: DOMAIN_PARTITIONS} | dict.fromkeys(MAILBOXES, 1)
    starts = asyncio.run(collect.ends(stack.kafka, topics))
    for name in ("register", "persons"):
        if name not in stack.processes:
            stack.start_service(name)
    crew, world = Crew(stack, Runner(folder), _members(stack)), World(stack)
    crew.start()
    httpx.post(f"{stack.url('register')}/facts", json=people(referrals), timeout=30).raise_for_status()
    clerks = Clerks(world, [member.address for member in crew.members.values()])
    try:
        figures = _play(Layer(crew, clerks, rng, referrals, starts), result)
    finally:
        clerks.close()
        crew.stop()
        for name in ("persons", "register"):
            stack.stop_process(name)
    result.commands = clerks.commands
    say(f"{referrals} referrals, {clerks.commands} commands; it took {time.monotonic() - began:.0f} s: {figures}")
    return result, figures


def _members(stack: Stack) -> list[Member]:
    quick = stack.environment("referrals") | PROCESS | {"DEADLINE_POLL_S": "0.1", "DATABASE_POOL": "8"}
    port = stack.ports.of("referrals")
    # Past the last service, and inside the range that is this stack's own.
    return [Member(f"referrals-{place}", "referrals", port + 80 * place, quick) for place in (0, 1)]


class Layer:
    """The stage of the layer."""

    def __init__(self, crew: Crew, clerks: Clerks, rng: random.Random, referrals: int, starts: collect.Offsets) -> None:
        self.crew, self.clerks, self.rng, self.referrals, self.starts = crew, clerks, rng, referrals, starts
        self.sides: dict[str, Sides] = {}
        self.kills = self.late = 0
        self._working = threading.Event()

    def work(self) -> list[str]:
        """Let clerks carry everything through while processes die; returns what went wrong."""
        self._working.set()
        killer = threading.Thread(target=self._kill, daemon=True)
        killer.start()
        with ThreadPoolExecutor(CLERKS) as pool:
            seeds = [(number, self.rng.getrandbits(64)) for number in range(self.referrals)]
            wrong = [line for line in pool.map(lambda one: self._one(*one), seeds) if line]
        self._working.clear()
        killer.join()
        self.crew.wait_until_ready()
        return wrong

    def _one(self, number: int, seed: int) -> str:
        rng = random.Random(seed)  # noqa: S311  a seed makes the run repeatable
        by_consent = rng.random() < BY_CONSENT
        try:
            referral, sides = self.clerks.begin(rng, number, by_consent=by_consent)
            self.sides[referral] = sides
            if rng.random() >= UNANSWERED:
                self.clerks.carry_through(rng, referral, sides, by_consent=by_consent)
        except (NotAccepted, AssertionError, httpx.HTTPError) as error:
            return f"referral {number}: {error}"
        return ""

    def _kill(self) -> None:
        names, rng = list(self.crew.members), random.Random(self.rng.getrandbits(64))  # noqa: S311  as above
        while self._working.wait(0) and not _rests(self._working, rng.uniform(0.5, 1.5) * KILL_EVERY_S):
            self.crew.kill(rng.choice(names))
            self.kills += 1
            self.late += self.clerks.sql(
                f"select count(*) from referral where state = any('{OPEN}') and due_at is null"
            )

    def expire(self) -> None:
        """Let the days pass in which nobody answers, and let the sender's manager settle what became of it."""
        self.clerks.sql("select set_clock_offset($1)", timedelta(days=15))
        waiting = "select count(*) from referral where state in ('requested', 'received')"
        self.clerks.world.wait_for("the last answers' time", lambda: self.clerks.sql(waiting) == 0 or None)
        found = self.clerks.sql(
            "select json_agg(json_build_array(referral_id, version)) from referral"
            " where state = 'expired' and not settled"
        )
        for referral, version in json.loads(found or "[]"):
            manager = ("referral_manager", *self.sides[referral].sends[1:])
            body = {"version": version, "text": "Ringet op."}
            self.clerks.done(f"/referrals/{referral}/settle", manager, body)
        self.clerks.sql("select set_clock_offset('0')")


def _rests(working: threading.Event, seconds: float) -> bool:
    """Wait, unless the work is done; say whether it is."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends and working.is_set():
        time.sleep(0.1)  # the bound above ends it
    return not working.is_set()


def _play(layer: Layer, result: Result) -> dict[str, float]:
    result.complaints += layer.work()
    layer.expire()
    quiet = "select (select count(*) from outbox) + (select count(*) from deadline where due_at <= clock_timestamp())"
    began = time.monotonic()
    layer.clerks.world.wait_for("quiet", lambda: layer.clerks.sql(quiet) == 0 or None)
    result.recover(lambda: time.monotonic() - began, QUIET_WITHIN_S)
    found = asyncio.run(_evidence(layer))
    result.complaints += check_referrals(found)
    return {
        "referrals": len(found.rows),
        "referral_kills": layer.kills,
        "referral_races": sum(len(race.acts) > 1 for race in found.races),
        "referrals_without_end": without_end(found),
    }


async def _evidence(layer: Layer) -> ReferralEvidence:
    stack = layer.crew.stack
    # Nobody else refers anybody on this stack.
    rows = await collect.rows(stack, "referrals", "select * from referral")
    events = await collect.rows(stack, "referrals", "select * from event where topic = $1", TOPIC)
    records = await collect.records(stack.kafka, layer.starts)
    by_topic: dict[str, set[str]] = {}
    for one in records:
        by_topic.setdefault(one.topic, set()).add(collect.header_of(one, "ce_id"))
    told = {str(row["id"]) for row in events}
    return ReferralEvidence(
        rows=[_row(row) for row in rows],
        history=[_told(row) for row in events],
        topic=frozenset(by_topic.get(TOPIC, set())),
        copies={topic: frozenset(found & told) for topic, found in by_topic.items() if topic != TOPIC},
        seen=await asyncio.to_thread(_seen, layer, rows),
        races=layer.clerks.races,
        parked=len(await _parked(stack, "referrals") - await _parked(stack, "concerns")),
        late=layer.late,
    )


async def _parked(stack: Stack, service: str) -> set[tuple[str, int, int]]:
    """Return where messages lie that a service has parked; the journey's poison is parked by whoever hears it."""
    return {tuple(row) for row in await collect.rows(stack, service, _PARKED)}


_PARKED = 'select topic, partition, "offset" from parked_message'


def _seen(layer: Layer, rows: list[Any]) -> dict[str, frozenset[str]]:
    """Return what both sides of each referral are answered."""

    def asked(row: Any) -> tuple[str, frozenset[str]]:  # noqa: ANN401  a database row
        sides = (
            ("referrer", row["sender"], row["sender_office"]),
            ("receiver", row["receiver"], row["receiver_office"]),
        )
        path = f"/referrals/{row['referral_id']}"
        return str(row["referral_id"]), frozenset(layer.clerks.send("GET", path, who).json()["state"] for who in sides)

    with ThreadPoolExecutor(CLERKS) as pool:
        return dict(pool.map(asked, rows))


def _row(row: Any) -> Row:  # noqa: ANN401  a database row
    return Row(
        id=str(row["referral_id"]),
        state=row["state"],
        version=row["version"],
        minimisation_due=row["minimisation_due"],
        settled=row["settled"],
        senders=f"samvirke.mailbox.{row['sender']}.{row['sender_office'] or row['receiver_office']}.v1",
    )


def _told(row: Any) -> Told:  # noqa: ANN401  a database row
    return Told(
        id=str(row["id"]),
        referral=str(row["aggregate_id"]),
        name=row["type"].split(".")[3],
        version=row["aggregate_version"],
        mailboxes=frozenset(json.loads(row["mailboxes"])),
    )
