"""The faults. Each makes something go wrong and returns the mark that it bit, or raises DidNotBite."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from tests.chaos import poison, seams
from tests.chaos.field import DidNotBite, Field
from tests.chaos.signals import STOP, WAIT
from tests.chaos.timings import AWAY_S, HELD_OPEN_S, STOPPED_S
from tests.probe.v1 import NoteWritten

Strike = Callable[[Field], str]


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of fault."""

    name: str
    strike: Strike


def killed_at(role: str, point: str, *, again: bool) -> Fault:
    """Kill -9 at a named point; `again` where the events in hand must then be delivered twice."""

    def strike(field: Field) -> str:
        mark = field.marked(field.order(role, point))
        field.until(lambda: field.crew.died(mark.pid), f"{mark.process} did not die at {point}")
        field.crew.wait_until_ready()
        told = f"{mark.process} (pid {mark.pid}) died there"
        return f"{told}; {len(field.repeated(mark))} event(s) came again" if again else told

    return Fault(f"kill -9 {role} {point.replace('_', ' ')}", strike)


def slow_transaction() -> Fault:
    """Let later commits overtake an earlier one: ids in the outbox are then committed out of their order."""

    def strike(field: Field) -> str:
        mark = field.marked(field.order("teller", seams.BEFORE_COMMIT, WAIT, wait_s=HELD_OPEN_S))
        sent = field.saw("sent", mark.at)
        if sent.at > mark.at + HELD_OPEN_S:
            raise DidNotBite("nothing was published while a transaction was held open")
        return f"{mark.process} held a transaction open while {sent.process} published later ones"

    return Fault("a slow transaction overtaken by others", strike)


def hearer_stopped(point: str) -> Fault:
    """SIGSTOP a hearer for longer than its session, in the middle of its work."""

    def strike(field: Field) -> str:
        mark = field.marked(field.order("hearer", point, STOP))
        field.crew.hold(mark.process)
        try:
            taken = field.saw("assigned", mark.at, besides=mark.process)
            time.sleep(max(0.0, mark.at + STOPPED_S - time.time()))
        finally:
            field.let_go(mark.process)
        came = field.repeated(mark)
        return f"{taken.process} took over while {mark.process} stood still; {len(came)} event(s) came again"

    return Fault(f"SIGSTOP hearer past its session {point.replace('_', ' ')}", strike)


def leader_stopped(point: str) -> Fault:
    """SIGSTOP the relay's leader until it has lost the lead."""

    def strike(field: Field) -> str:
        mark = field.marked(field.order("teller", point, STOP))
        field.crew.hold(mark.process)
        try:
            leads = field.saw("leads", mark.at, besides=mark.process, shard=0, leads=True)
            time.sleep(max(0.0, mark.at + STOPPED_S - time.time()))
        finally:
            field.let_go(mark.process)
        came = field.repeated(mark)
        return f"the lead moved from {mark.process} to {leads.process}; {len(came)} event(s) came again"

    return Fault(f"SIGSTOP relay leader {point.replace('_', ' ')}", strike)


def broker_killed() -> Fault:
    """Kill -9 the broker, and a teller while it is away; start the broker again when the teller takes commands."""

    def strike(field: Field) -> str:
        began, old = time.time(), field.stack.processes["kafka"].pid
        field.kill_broker()
        try:
            pid = field.kill("teller-1")
            field.until(lambda: field.crew.died(pid), "the teller did not die")
            field.until(lambda: field.crew.answers("teller-1"), "no teller started without a broker")
            failed = field.saw("send failed", began)
            waiting = field.outbox()
        finally:
            field.start_broker()
        if not waiting:
            raise DidNotBite("no event waited while the broker was away")
        new = field.stack.processes["kafka"].pid
        return (
            f"pid {old} killed, now {new}; {waiting} event(s) waited, {failed.process} saw {failed.said['cause']},"
            f" teller-1 died and took commands again meanwhile"
        )

    return Fault("kill -9 broker and restart", strike)


def database_stopped() -> Fault:
    """Stop PostgreSQL immediately in the middle of a hearer's transaction."""

    def strike(field: Field) -> str:
        before, failures = field.recoveries(), field.client.failures
        mark = field.marked(field.order("hearer", seams.BEFORE_HANDLER_COMMIT, WAIT, wait_s=2.0))
        field.stop_database_at_once()
        try:
            time.sleep(AWAY_S)
        finally:
            field.start_database()
        fault = field.saw("house fault", mark.at)
        field.until(lambda: field.recoveries() > before, "the database did not have to recover")
        refused = field.client.failures - failures
        return f"recovered from its log; {fault.process} saw {fault.said['cause']}, the client {refused} refusal(s)"

    return Fault("PostgreSQL immediate stop", strike)


def poisoned() -> Fault:
    """Put records onto the topic that nobody can handle."""

    def strike(field: Field) -> str:
        kinds = [*poison.every_kind(NoteWritten(note_id=UUID(int=0), number=0)), poison.too_large_a_number()]
        places = field.put(kinds)
        field.until(lambda: set(places) <= field.parked("hearer"), "some poison was not parked")
        return f"{len(places)} kinds parked: " + ", ".join(one.kind for one in kinds)

    return Fault("poison records", strike)


MECHANISM = [
    killed_at("teller", seams.BEFORE_COMMIT, again=False),
    killed_at("teller", seams.AFTER_COMMIT, again=False),
    killed_at("teller", seams.AFTER_PUBLISH, again=True),
    killed_at("teller", seams.BEFORE_DELETE, again=True),
    killed_at("hearer", seams.BEFORE_HANDLER_COMMIT, again=False),
    killed_at("hearer", seams.AFTER_HANDLER_COMMIT, again=True),
    killed_at("hearer", seams.BEFORE_OFFSET_COMMIT, again=True),
    hearer_stopped(seams.BEFORE_HANDLER_COMMIT),
    hearer_stopped(seams.AFTER_HANDLER_COMMIT),
    leader_stopped(seams.BEFORE_DELETE),
    leader_stopped(seams.AFTER_PUBLISH),
    slow_transaction(),
    broker_killed(),
    database_stopped(),
    poisoned(),
]
"""Each kind of fault on the probe pair, once."""
