"""Every metric rings, or says why not; every alarm speaks Danish, has somebody who acts, and a runbook."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import promql_parser

from tests.alarms import FOLDER, PAGE, Alarm, page, read
from tests.architecture.source import ROOT
from tests.each import each

ALARMS, EXCUSED = read()
HEADINGS = ["Symptom", "Cause", "Look", "Do", "Never"]
ACTS = {"os", "modtageren", "et menneske"}
PROMETHEUS_OWN = {"up"}
"""What Prometheus itself says of whom it asks."""

MADE = re.compile(r'\b(?P<kind>Counter|Gauge|Histogram)\(\s*"(?P<name>\w+)"')
FILLED_IN = re.compile(r"\{\{ \$labels\.(\w+) \}\}")

PAGES = [*FOLDER.glob("*.md"), *(ROOT / "docs" / "data-protection").glob("*.md")]

each_alarm = each("alarm", ALARMS, ids=lambda alarm: str(alarm["name"]))


@cache
def metrics_of_the_code() -> set[str]:
    """Return every metric that chassis and services make, by the name under which Prometheus stores it."""
    files = [path for folder in ("chassis", "services") for path in sorted((ROOT / folder).rglob("*.py"))]
    found = [made for path in files for made in MADE.finditer(path.read_text(encoding="utf-8"))]
    return {_stored(made["kind"], made["name"]) for made in found}


def _stored(kind: str, name: str) -> str:
    return f"{name}_total" if kind == "Counter" and not name.endswith("_total") else name


def read_by(expression: Any) -> Iterator[str]:  # noqa: ANN401  the parser has no common type
    """Return the metrics that a parsed expression reads."""
    if isinstance(expression, promql_parser.VectorSelector):
        yield re.sub(r"_(count|sum|bucket)$", "", expression.name or "")
    elif isinstance(expression, promql_parser.MatrixSelector):
        yield from read_by(expression.vector_selector)
    else:
        parts = [getattr(expression, name, None) for name in ("lhs", "rhs", "expr")]
        for part in [*parts, *getattr(expression, "args", ())]:
            if part is not None:
                yield from read_by(part)


def test_every_metric_rings_or_says_why_not() -> None:
    rings = {alarm["metric"] for alarm in ALARMS}
    assert metrics_of_the_code() - rings - set(EXCUSED) == set()
    assert rings & set(EXCUSED) == set()


def test_what_is_spoken_of_is_made_somewhere() -> None:
    assert ({alarm["metric"] for alarm in ALARMS} | set(EXCUSED)) - metrics_of_the_code() == PROMETHEUS_OWN


@each("metric", EXCUSED)
def test_an_excuse_is_a_reason(metric: str) -> None:
    assert len(EXCUSED[metric]) > 30


@each_alarm
def test_an_expression_is_one_and_reads_what_it_says(alarm: Alarm) -> None:
    assert alarm["metric"] in set(read_by(promql_parser.parse(alarm["expression"])))
    assert set(read_by(promql_parser.parse(alarm["expression"]))) <= metrics_of_the_code() | PROMETHEUS_OWN
    assert re.fullmatch(r"\d+[smh]", alarm["wait"])


@each_alarm
def test_it_says_in_danish_what_waits_and_who_acts(alarm: Alarm) -> None:
    assert alarm["acts"] in ACTS
    assert alarm["says"].endswith(".")
    labels = set(FILLED_IN.findall(alarm["says"]))
    known = {"job", "shard", "topic", "cause", "kind", "route", "problem", "authority", "name", "channel", "provider"}
    known |= {"sector", "what", "server"}
    assert labels <= known
    assert "_" not in re.sub(r"\{\{.*?\}\}", "", alarm["says"]), "a metric's name is no word of people"


@each_alarm
def test_its_runbook_has_the_five_parts(alarm: Alarm) -> None:
    text = (FOLDER / alarm["runbook"]).read_text(encoding="utf-8")
    parts = re.split(r"^## ", text, flags=re.MULTILINE)
    assert [part.partition("\n")[0] for part in parts[1:]] == HEADINGS
    assert all(len(part.split()) > 15 for part in parts[1:])
    assert f"`{alarm['name']}`" in parts[0], "it names the alarms that lead to it"


def test_the_page_for_operators_is_as_the_alarms_are() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert page(text, ALARMS) == text, "run `python -m tests.alarms`"


def test_every_program_of_the_pages_is_there() -> None:
    named = {name for page in PAGES for name in re.findall(r"python -m ([\w.]+)", page.read_text("utf-8"))}
    folders = {name: ROOT / name.replace(".", "/") for name in named}
    assert [name for name, path in folders.items() if not path.with_suffix(".py").exists() and not path.is_dir()] == []


def test_every_command_of_the_pages_is_there() -> None:
    targets = set(re.findall(r"^([a-z -]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    known = {target for line in targets for target in line.split()}
    named = {(path.name, name) for path in PAGES for name in re.findall(r"`make ([a-z-]+)", path.read_text("utf-8"))}
    assert {(page, name) for page, name in named if name not in known} == set()
