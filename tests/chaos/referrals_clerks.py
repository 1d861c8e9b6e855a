"""Clerks of both sides at work on one referral, several at once: begun at one version, exactly one of them may win."""

import asyncio
import json
import random
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count, cycle
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx

from tests.chaos.client import GIVES_UP_AFTER_S, NotAccepted
from tests.chaos.referrals_checker import ENDED, Race
from tests.probe.world import database_of
from tests.system.playing import World

FNT = "politi-mvj-fnt"
PLACES = ("0657", "0661", "0665", "0671", "0740", "0756", "0760", "0773", "0779", "0787", "0791")
TOKEN_S = 20.0
MAX_DEPTH = 2
"""How often a referral is passed on at most."""

Who = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sides:
    """Who acts for whom."""

    sends: Who
    receives: Who

    def of(self, act: str) -> Who:
        """Return whose an act is."""
        return self.sends if act in {"cancel", "consent"} else self.receives


BODIES: dict[str, dict[str, Any]] = {
    "reject": {"code": "no_capacity", "text": "Ingen plads."},
    "cancel": {"text": "Det var en anden."},
    "complete": {"code": "finished"},
    "fail": {"code": "not_possible", "text": "Det gik ikke."},
    "consent": {"of": "person", "said": "taken_back"},
}


@dataclass
class Clerks:
    """Sends each command until it is answered, to any of the processes, always under the same key."""

    world: World
    addresses: Sequence[str]
    races: list[Race] = field(default_factory=list)
    commands: int = 0
    failures: int = 0
    _numbers: "count[int]" = field(default_factory=lambda: count(1))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Make the connections and the hands that act at once."""
        self._next = cycle(self.addresses)
        self._http = httpx.Client(timeout=httpx.Timeout(20, connect=2), limits=httpx.Limits(max_connections=64))
        self._hands = ThreadPoolExecutor(24)
        self._tokens: dict[Who, tuple[float, dict[str, str]]] = {}
        self._looking = asyncio.new_event_loop()
        threading.Thread(target=self._looking.run_forever, daemon=True).start()
        self._pool = self._look(_pool(database_of(self.world.stack, "referrals")))

    def close(self) -> None:
        """Let go of them."""
        self._hands.shutdown()
        self._http.close()
        self._look(self._pool.close())
        self._looking.call_soon_threadsafe(self._looking.stop)

    def send(self, method: str, path: str, who: Who, body: object = None) -> httpx.Response:
        """Return the answer to a command, whatever dies meanwhile."""
        end, key = time.monotonic() + GIVES_UP_AFTER_S, str(uuid4())
        while time.monotonic() < end:
            answer = self._once(method, path, who, key, body)
            if answer is not None and not answer.is_server_error and "retry-after" not in answer.headers:
                with self._lock:
                    self.commands += 1
                return answer
            self.failures += 1
            time.sleep(0.1)  # the bound above ends it
        raise NotAccepted(f"{method} {path} was not answered within {GIVES_UP_AFTER_S:.0f} s")

    def _once(self, method: str, path: str, who: Who, key: str, body: object) -> httpx.Response | None:
        with self._lock:
            address = next(self._next)
        headers = self._bearer(who) | {"idempotency-key": key}
        try:
            return self._http.request(method, address + path, headers=headers, json=body)
        except httpx.HTTPError:
            return None

    def _bearer(self, who: Who) -> dict[str, str]:
        """Return a token that is used for a while, as a signed-in person's is."""
        made, header = self._tokens.get(who, (0.0, {}))
        if time.monotonic() - made > TOKEN_S:
            made, header = self._tokens[who] = (time.monotonic(), self.world.stack.bearer(*who))
        return header

    def done(self, path: str, who: Who, body: object) -> dict[str, Any]:
        """Have a command carried out."""
        answer = self.send("POST", path, who, body)
        if not answer.is_success:
            raise NotAccepted(f"POST {path}: {answer.status_code} {answer.text[:300]}")
        found: dict[str, Any] = answer.json()
        return found

    # -- one referral ----------------------------------------------------------------------------------------------

    def begin(self, rng: random.Random, number: int, *, by_consent: bool) -> tuple[str, Sides]:
        """Write a referral and send it; where it rests on a consent, with the person's yes."""
        kommune = rng.choice(PLACES)
        if not by_consent:
            sides = Sides(("referrer", FNT, "ssp"), ("receiver", f"kommune-{kommune}", "ssp"))
            body: dict[str, Any] = {"programme": "ssp_generel", "kommune": kommune, "parties": [f"skoler-{kommune}."]}
            facts: dict[str, Any] = {"names_somebody": False, "focus": "theme"}
            referral = self.done("/referrals", sides.sends, body | {"facts": facts})["referral_id"]
            self.done(f"/referrals/{referral}/send", sides.sends, {"version": 1})
            return referral, sides
        sender = rng.choice([(f"kommune-{kommune}", "boern"), ("politi-mvj", "")])
        sides = Sides(("referrer", *sender), ("receiver", "offerraadgivningen", "offer"))
        facts = {"who": "victim", "ground": "crime", "wish": "guidance"}
        body = {"programme": "offerraadgivning", "kommune": kommune, "cpr": number_of(number), "facts": facts}
        referral = self.done("/referrals", sides.sends, body)["referral_id"]
        self.done(f"/referrals/{referral}/ask-consent", sides.sends, {"version": 1})
        self.done(f"/referrals/{referral}/consent", sides.sends, {"version": 2, "of": "person", "said": "yes"})
        return referral, sides

    def race(self, referral: str, sides: Sides, acts: Sequence[str], version: int) -> None:
        """Begin several acts at once, all at one version."""
        sent = {act: self._hands.submit(self.send, *self._request(referral, sides, act, version)) for act in acts}
        answers = {act: future.result() for act, future in sent.items()}
        for act, answer in answers.items():
            if not answer.is_success and answer.status_code != httpx.codes.CONFLICT:
                raise NotAccepted(f"{act}: {answer.status_code} {answer.text[:300]}")
        won = tuple(act for act, answer in answers.items() if answer.is_success)
        self.races.append(Race(referral, tuple(acts), won))

    def _request(self, referral: str, sides: Sides, act: str, version: int) -> tuple[str, str, Who, dict[str, Any]]:
        body = {"version": version} | BODIES.get(act, {})
        if act == "reroute":
            to = next(f"kommune-{one}" for one in PLACES if f"kommune-{one}" != sides.receives[1])
            body |= {"to": to, "text": "Flyttet."}
        return "POST", f"/referrals/{referral}/{act}", sides.of(act), body

    def carry_through(
        self, rng: random.Random, referral: str, sides: Sides, *, by_consent: bool, depth: int = 0
    ) -> None:
        """Race for it until it has ended; what was passed on is carried through too."""
        end = time.monotonic() + GIVES_UP_AFTER_S
        while time.monotonic() < end:
            state, version, minimise = self.row(referral)
            if state in ENDED:
                if minimise:
                    self.done(f"/referrals/{referral}/confirm-minimised", sides.receives, {"version": version})
                return
            if state == "rerouted":
                self._follow(rng, referral, sides, depth)
                continue
            acts = _acts(rng, state, by_consent=by_consent, passes_on=not by_consent and depth < MAX_DEPTH)
            self.race(referral, sides, acts, version)
        raise NotAccepted(f"{referral} came to no end")

    def _follow(self, rng: random.Random, parent: str, sides: Sides, depth: int) -> None:
        """Carry through what it was passed on to, and wait until the one that it came from knows."""
        found = self.sql(
            "select referral_id::text || ' ' || receiver from referral where parent_id = $1 order by requested_at desc"
            " limit 1",
            UUID(parent),
        )
        child, receiver = found.split()
        there = Sides(sides.sends, ("receiver", receiver, "ssp"))
        self.carry_through(rng, child, there, by_consent=False, depth=depth + 1)
        self.world.wait_for("the first one's knowing", lambda: self.row(parent)[0] != "rerouted" or None)

    def row(self, referral: str) -> tuple[str, int, bool]:
        """Return state, version, and whether the receiver has to delete."""
        found = self.sql(
            "select json_build_array(state, version, minimisation_due) from referral where referral_id = $1",
            UUID(referral),
        )
        state, version, minimise = json.loads(found)
        return str(state), int(version), bool(minimise)

    def sql(self, statement: str, *values: object) -> Any:  # noqa: ANN401  a column may hold anything
        """Look into the database, past the code under test."""
        return self._look(self._pool.fetchval(statement, *values))

    def _look(self, wanted: Any) -> Any:  # noqa: ANN401  a coroutine, and what comes of it
        return asyncio.run_coroutine_threadsafe(wanted, self._looking).result(timeout=60)


async def _pool(address: str) -> Any:  # noqa: ANN401  asyncpg is untyped
    return await asyncpg.create_pool(address, min_size=1, max_size=4)


def people(many: int) -> dict[str, Any]:
    """Return the facts that the register has to know of everybody who is referred."""
    facts = [
        {"number": number_of(one), "name": "Nogen", "born": "1988-04-01", "address": "Testvej 1"} for one in range(many)
    ]
    return {"persons": facts}


def number_of(number: int) -> str:
    """Return a CPR number that cannot be real."""
    return f"{61 + number % 28}0488{7000 + number % 1000:04}"


def _acts(rng: random.Random, state: str, *, by_consent: bool, passes_on: bool) -> list[str]:
    """Return which acts begin at once in a state: always at least one that may."""
    first = {
        "requested": ["receive"],
        "received": ["accept", "accept", "reject", *(["reroute"] if passes_on else [])],
        "accepted": ["contact", "contact", "fail"],
        "in_progress": ["complete", "complete", "fail"],
    }[state]
    beside = ["cancel"] if state in {"requested", "received"} else []
    beside += ["consent"] if by_consent else []
    chosen = {rng.choice(first), *(act for act in [*first, *beside] if rng.random() < 0.35)}
    return sorted(chosen)
