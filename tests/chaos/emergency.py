"""The figures of the watchdog and of `nodudkald`: the tests that prove them, played here, and what they measured."""

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

from deploy.local.fetch import ROOT
from tests.chaos.say import say

FOLDER = "tests/component/alerting"
TESTS = (
    f"{FOLDER}/test_watchdog.py::test_every_suppressed_message_is_found_and_nothing_else",
    f"{FOLDER}/test_nodudkald.py::test_twelve_are_called_within_a_minute_with_everything_down_and_none_twice_or_not_at_all",
)
FIGURES = ("watchdog_found", "watchdog_suppressed", "nodudkald_s")
CALLED_WITHIN_S = 60.0
SUPPRESSED = 20


def run(folder: Path) -> dict[str, float]:
    """Play both, on servers of their own; what was not measured is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    report = folder / "emergency.xml"
    argv = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-o",
        "junit_family=xunit1",
        f"--junit-xml={report}",
        *TESTS,
    ]
    done = subprocess.run(argv, check=False, capture_output=True, text=True, cwd=ROOT)
    figures = measured(report.read_text()) if report.exists() else {}
    say(f"watchdog and nodudkald: {figures}" if done.returncode == 0 else f"WRONG: {done.stdout[-3000:]}")
    return figures


def measured(report: str) -> dict[str, float]:
    """Return the figures that the tests wrote into a report of JUnit's kind."""
    found = ET.fromstring(report).iter("property")  # noqa: S314  our own file
    return {one.get("name", ""): json.loads(one.get("value", "0")) for one in found if one.get("name") in FIGURES}


def is_good(figures: dict[str, float]) -> bool:
    """Say whether the watchdog found all that was suppressed, and twelve people were called in time."""
    return (
        figures.get("watchdog_suppressed") == figures.get("watchdog_found") == SUPPRESSED
        and figures.get("nodudkald_s", CALLED_WITHIN_S + 1) <= CALLED_WITHIN_S
    )
