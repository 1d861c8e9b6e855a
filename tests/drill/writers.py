"""Writers: they send commands all the time, through any failure, and remember each that was acknowledged."""

import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx

from tests.drill.reckoning import Command
from tests.probe.world import address
from tests.stack import Stack

FNT = "politi-mvj-fnt"
KOMMUNE = "0657"
SENDS, RECEIVES = ("referrer", FNT, "ssp"), ("receiver", f"kommune-{KOMMUNE}", "ssp")
DRAFT = {
    "programme": "ssp_generel",
    "kommune": KOMMUNE,
    "parties": [f"skoler-{KOMMUNE}."],
    "facts": {"names_somebody": False, "focus": "theme"},
}
ACTS: dict[str, tuple[str, tuple[str, str, str], dict[str, Any]]] = {
    "draft": ("send", SENDS, {}),
    "requested": ("receive", RECEIVES, {}),
    "received": ("accept", RECEIVES, {}),
    "accepted": ("contact", RECEIVES, {}),
    "in_progress": ("complete", RECEIVES, {"code": "finished"}),
}
"""What comes next in each state of a referral, by whom, and with what."""

NOTES = 8
PAUSE_S = 0.1
_NUMBERS = itertools.count(1)


class Stopped(Exception):
    """The drill needs no more commands."""


class Writers:
    """Three hands: one writes notes, one meets persons, one takes referrals to their end."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.addresses = {"teller": [address(stack, "teller")]}
        self.addresses |= {name: [stack.url(name)] for name in ("persons", "referrals")}
        """Where each service answers; several are asked in turn."""
        self.book: list[Command] = []
        self.answered: Counter[str] = Counter()
        """How many requests each address has answered."""
        self.failed: Counter[str] = Counter()
        """What was not answered, or with a failure, and was sent again: by service and status."""
        self._turns = itertools.count()
        self._http = httpx.Client(timeout=httpx.Timeout(20, connect=2))
        self._stop = threading.Event()
        self._notes = itertools.cycle([str(uuid4()) for _ in range(NOTES)])
        self._referral = ""
        hands = self.write_note, self.meet_person, self.move_referral
        self._threads = [threading.Thread(target=self._work, args=[turn], daemon=True) for turn in hands]

    def start(self) -> None:
        """Begin to write."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Write nothing more; what is under way is given up."""
        self._stop.set()
        for thread in self._threads:
            thread.join()
        self._http.close()

    def acknowledged_since(self, moment: datetime) -> list[Command]:
        """Return what was acknowledged after a moment."""
        return [one for one in list(self.book) if one.acknowledged_at > moment]

    def _work(self, turn: Callable[[], None]) -> None:
        while not self._stop.wait(PAUSE_S):
            try:
                turn()
            except Stopped:
                return

    def write_note(self) -> None:
        """Write a note, whose event the hearer keeps."""
        number, note = next(_NUMBERS), next(self._notes)
        self._send("teller", f"/notes/{note}", ("system", "kommune-0657", "boern"), {"number": number})
        self._remember(f"note {number}")

    def meet_person(self) -> None:
        """Resolve a number that nobody has had: a row in the data and a key beside it."""
        number = next(_NUMBERS)
        invented = f"{61 + number % 28}04{number // 10_000 % 100:02}{number % 10_000:04}"
        answer = self._send("persons", "/resolve", ("service", "samvirke"), {"numbers": [invented]})
        self._remember(f"person {answer.json()['ids'][0]}")

    def move_referral(self) -> None:
        """Do what comes next with a referral; one that is finished, or was lost, is followed by another."""
        state, version = self._stands()
        if state not in ACTS:
            self._referral = self._done("/referrals", SENDS, DRAFT)
            return
        act, who, more = ACTS[state]
        self._done(f"/referrals/{self._referral}/{act}", who, {"version": version} | more)

    def _stands(self) -> tuple[str, int]:
        if not self._referral:
            return "", 0
        answer = self._send("referrals", f"/referrals/{self._referral}", SENDS)
        return (answer.json()["state"], answer.json()["version"]) if answer.is_success else ("", 0)

    def _done(self, path: str, who: tuple[str, ...], body: dict[str, Any]) -> str:
        answer = self._send("referrals", path, who, body)
        if not answer.is_success:
            # It stands otherwise than it was read: somebody restored it meanwhile.
            return self._referral
        said = answer.json()
        self._remember(f"referral {said['referral_id']} version {said['version']}")
        return str(said["referral_id"])

    def _send(self, service: str, path: str, who: tuple[str, ...], body: object = None) -> httpx.Response:
        """Send a request, always under the same key, to one process after the other until it is answered."""
        key = str(uuid4())
        while not self._stop.is_set():
            answer = self._once(service, path, self.stack.bearer(*who) | {"idempotency-key": key}, body)
            if answer is not None and not answer.is_server_error and "retry-after" not in answer.headers:
                return answer
            self.failed[f"{service} {answer.status_code if answer is not None else 'away'}"] += 1
            time.sleep(PAUSE_S)
        raise Stopped

    def _once(self, service: str, path: str, headers: dict[str, str], body: object) -> httpx.Response | None:
        several = self.addresses[service]
        base = several[next(self._turns) % len(several)]
        try:
            answer = self._http.request("POST" if body else "GET", base + path, headers=headers, json=body)
        except httpx.HTTPError:
            return None
        self.answered[base] += 1
        return answer

    def _remember(self, name: str) -> None:
        self.book.append(Command(name, datetime.now(UTC)))
