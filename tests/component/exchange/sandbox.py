"""Starts the example systems and holds what they did against what they were told."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.component.exchange.samvirke_double import SamvirkeDouble

ROOT = Path(__file__).parents[3]
BOUND_S = 90


class StandIn:
    """An example system with a folder of its own, started as often as a test likes."""

    def __init__(self, module: str, samvirke: SamvirkeDouble, state: Path, **env: str) -> None:
        self.module, self.samvirke, self.state = module, samvirke, state
        self.env = {"CLIENT_ID": "c", "CLIENT_SECRET": "s", "MAILBOX": "kommune-0657.boern"} | env

    def start(self, *options: str) -> subprocess.Popen[str]:
        """Start it, to end when the mailbox is empty."""
        urls = dict.fromkeys(("ISSUER", "EXCHANGE_URL", "CONCERNS_URL"), self.samvirke.url)
        return subprocess.Popen(
            [sys.executable, "-m", self.module, "--once", *options],
            env=os.environ | urls | self.env | {"STATE_DIR": str(self.state)},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )

    def finish(self, *options: str) -> str:
        """Let it run to its end and return what it said."""
        shown, _ = (process := self.start(*options)).communicate(timeout=BOUND_S)
        assert process.returncode == 0, shown
        return shown

    def killed(self, when: str, step: str) -> int:
        """Let it run until it is killed at an exact moment of a step; return how it ended."""
        process = self.start()
        self.samvirke.moment = lambda at, what: process.kill() if (at, what) == (when, step) else None
        process.communicate(timeout=BOUND_S)
        self.samvirke.moment = lambda _at, _what: None
        return process.returncode

    def lines(self, file: str) -> list[dict[str, Any]]:
        """Return a file of its folder, line by line."""
        return [json.loads(line) for line in (self.state / file).read_text().splitlines()]

    def assert_each_effect_once(self, *underretninger: str) -> None:
        """Hold that each underretning was receipted and acknowledged once, and stands in the ledger once."""
        for name in underretninger:
            assert list(self.samvirke.effects[f"receipt {name}"].values()) == [{"sha256": self.samvirke.digest(name)}]
            assert len(self.samvirke.effects[f"acknowledge {name}"]) == 1
        ledger = [
            (line["underretning_id"], line["receipt"], line["acknowledged"]) for line in self.lines("ledger.jsonl")
        ]
        assert ledger == [(name, True, True) for name in underretninger]
