"""What operators see: every figure of a dashboard is made somewhere, and every alarm is proved to ring and be quiet."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import promql_parser
import pytest

from chassis.telemetry import ATTRIBUTES
from deploy.local.addresses import traces_of
from deploy.local.alarms import alarms
from deploy.local.ports import Ports
from deploy.local.services import procfile
from deploy.observability.dashboards import QUESTIONS, TRACES, first
from deploy.observability.rules import targets
from deploy.observability.texts import summary
from tests.architecture.source import ROOT
from tests.promtool import RUNBOOKS, MissingError, expected, main, program
from tests.unit.test_alarms import read_by

OF_PROMETHEUS = {"up": set[str](), "ALERTS": {"alertstate"}}
OF_EVERY_TARGET = {"job", "mode", "instance"}
KINDS = {"Counter", "Gauge", "Histogram"}
EXPRESSIONS = [*(alarm["expression"] for alarm in alarms()), *(question[2] for question in QUESTIONS)]


@cache
def labels_by_metric() -> dict[str, set[str]]:
    """Return the labels of each metric that chassis and services make."""
    files = [path for folder in ("chassis", "services") for path in sorted((ROOT / folder).rglob("*.py"))]
    named = {
        file: ast.parse(file.read_text(encoding="utf-8")) for file in files if "prometheus" in file.read_text("utf-8")
    }
    made = [(node, tree) for tree in named.values() for node in ast.walk(tree) if _is_metric(node)]
    return {_stored(node): _labels(node, tree) for node, tree in made} | OF_PROMETHEUS


def _is_metric(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KINDS and bool(node.args)


def _stored(made: Any) -> str:  # noqa: ANN401  a call, which `_is_metric` has seen
    name = str(made.args[0].value)
    return f"{name}_total" if made.func.id == "Counter" and not name.endswith("_total") else name


def _labels(made: Any, tree: ast.Module) -> set[str]:  # noqa: ANN401  as above
    if len(made.args) < 3:
        return set()
    said = made.args[2]
    if isinstance(said, ast.Name):
        [said] = [
            one.value for one in tree.body if isinstance(one, ast.Assign) and ast.unparse(one.targets[0]) == said.id
        ]
    return set(ast.literal_eval(said))


def asked_by(expression: Any) -> Iterator[str]:  # noqa: ANN401  the parser has no common type
    """Return the labels that a parsed expression chooses or groups by."""
    if isinstance(expression, promql_parser.VectorSelector):
        yield from (one.name for one in expression.matchers.matchers)
    elif isinstance(expression, promql_parser.MatrixSelector):
        yield from asked_by(expression.vector_selector)
    else:
        if isinstance(expression, promql_parser.AggregateExpr) and expression.modifier:
            yield from expression.modifier.labels
        parts = [getattr(expression, name, None) for name in ("lhs", "rhs", "expr")]
        for part in [*parts, *getattr(expression, "args", ())]:
            if part is not None:
                yield from asked_by(part)


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_what_is_asked_of_prometheus_is_made_with_those_labels(expression: str) -> None:
    parsed = promql_parser.parse(expression)
    read = set(read_by(parsed))
    assert read <= set(labels_by_metric())
    assert set(asked_by(parsed)) <= OF_EVERY_TARGET.union(*(labels_by_metric()[one] for one in read))


def test_a_label_that_nobody_makes_would_be_seen() -> None:
    assert labels_by_metric()["underretninger_undelivered"] == {"municipality", "name"}
    assert set(asked_by(promql_parser.parse('sum by (nam) (increase(x{cod="1"}[5m]))'))) == {"nam", "cod"}


def test_every_alarm_is_proved_to_ring_and_to_be_quiet() -> None:
    assert {one["alarm"] for one in expected()} == {alarm["name"] for alarm in alarms()}
    assert {one["alarm"] for one in expected() if "quiet" in one} == {alarm["name"] for alarm in alarms()}


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return the folder of a machine's only programs, of which there are none yet."""
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setenv("SAMVIRKE_CACHE_DIR", str(tmp_path / "cache"))
    return programs


@pytest.mark.usefixtures("nothing_installed")
def test_a_promtool_that_can_be_neither_found_nor_fetched_says_what_to_install(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main() == 1
    said = capsys.readouterr().err
    assert said.startswith("promtool is missing")
    assert said.endswith("apt-get install prometheus prometheus-alertmanager\n")


def test_a_package_of_another_hash_is_refused_and_not_unpacked(nothing_installed: Path, tmp_path: Path) -> None:
    apt = nothing_installed / "apt-get"
    apt.write_text("#!/bin/sh\nprintf changed > prometheus.deb\n", encoding="utf-8")
    apt.chmod(0o755)
    with pytest.raises(MissingError, match="its archive has another hash, d67e2e944994"):
        program("promtool")
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_mirror_that_cannot_be_reached_is_named_in_its_own_words(nothing_installed: Path) -> None:
    apt = nothing_installed / "apt-get"
    apt.write_text("#!/bin/sh\necho 'E: Could not resolve' >&2\nexit 100\n", encoding="utf-8")
    apt.chmod(0o755)
    with pytest.raises(MissingError, match="E: Could not resolve"):
        program("promtool")


def test_what_rings_says_whom_it_is_about_by_name_and_an_exercise_first() -> None:
    said = summary("{{ $labels.authority }} venter i {{ $value | duration }} på {{ $labels.channel }}.")
    assert said.startswith('{{ if eq $labels.mode "exercise" }}ØVELSE. {{ end }}')
    assert "authority_info{authority=%q}" in said
    assert "reReplaceAll `^voice$` `opkald`" in said
    assert "{{ $value | humanizeDuration | reReplaceAll" in said


def test_prometheus_asks_every_service_and_says_which_are_of_exercises() -> None:
    text = targets()
    assert all(
        f"job_name: {name}\n" in text
        for name in procfile()
        if name not in {"identity", "register", "gateway-a", "gateway-b"}
    )
    assert text.count("mode: exercise") == sum(name.endswith("-exercise") for name in procfile())


def test_the_traces_of_a_case_are_looked_for_by_the_tag_that_its_spans_have() -> None:
    asked = urlsplit(traces_of("01a225fa-7047-7f41-a818-1923915bdb5b", Ports(base=28000)))
    assert (asked.netloc, asked.path) == ("127.0.0.1:28011", "/zipkin/")
    query = parse_qs(asked.query)
    tag, _, case = query["annotationQuery"][0].partition("=")
    assert tag in ATTRIBUTES
    assert case == "01a225fa-7047-7f41-a818-1923915bdb5b"
    # Zipkin's page asks nothing by itself where one of them is missing.
    assert {"lookback", "startTs", "endTs", "limit"} <= set(query)


def test_a_case_leads_to_its_traces_and_an_alarm_to_its_page() -> None:
    board = first()
    assert [variable["name"] for variable in board["templating"]["list"]] == ["sag"]
    assert board["links"][0]["url"] == TRACES == traces_of("${sag}", Ports(named=True))
    [table] = [panel for panel in board["panels"] if panel["type"] == "table"]
    links = [one["properties"][0]["value"][0]["url"] for one in table["fieldConfig"]["overrides"]]
    assert f"{RUNBOOKS}/${{__value.text}}" in links


def test_no_two_panels_have_the_same_place_or_number() -> None:
    panels = first()["panels"]
    assert len({panel["id"] for panel in panels}) == len({str(panel["gridPos"]) for panel in panels}) == len(panels)
