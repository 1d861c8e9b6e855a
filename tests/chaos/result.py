"""What a layer of the run found, and how one fault is met."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from deploy.local.errors import StackError
from tests.chaos.checker import Findings
from tests.chaos.client import NotAccepted
from tests.chaos.field import DidNotBite
from tests.chaos.say import say


@dataclass(slots=True)
class Result:
    """Figures and findings."""

    commands: int = 0
    faults: int = 0
    faults_bit: int = 0
    findings: list[Findings] = field(default_factory=list)
    redelivered: int = 0
    recovery_s: float = 0.0
    complaints: list[str] = field(default_factory=list)
    """What went wrong besides the findings."""

    def meet(self, name: str, strike: Callable[[], str]) -> None:
        """Let one fault happen, count it if it bit, and say by which mark."""
        began = time.monotonic()
        self.faults += 1
        try:
            mark = strike()
            self.faults_bit += 1
        except (DidNotBite, NotAccepted, StackError) as error:
            mark = f"DOES NOT COUNT: {error}"
            self.complaints.append(f"{name}: {error}")
        say(f"{name}: {mark} ({time.monotonic() - began:.1f} s)")

    def recover(self, wait: Callable[[], float], bound: float) -> None:
        """Wait until all is quiet and remember how long it took."""
        try:
            took = wait()
        except Exception as error:  # noqa: BLE001  whatever it is, the run goes on to its findings
            self.complaints.append(f"not quiet within {bound:.0f} s of the last fault: {error}")
            took = bound
        self.recovery_s = max(self.recovery_s, took)
        say(f"all quiet after {took:.1f} s")

    def __add__(self, other: "Result") -> "Result":
        return Result(
            self.commands + other.commands,
            self.faults + other.faults,
            self.faults_bit + other.faults_bit,
            self.findings + other.findings,
            self.redelivered + other.redelivered,
            max(self.recovery_s, other.recovery_s),
            self.complaints + other.complaints,
        )
