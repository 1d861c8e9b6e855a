"""What waits for somebody, in the words of the alarms: Prometheus' part, played once, for `make status`.

Alarms over a time (`increase`) need a Prometheus and are left out, and so is how long something must last.
"""

import operator
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

import promql_parser
from prometheus_client.parser import text_string_to_metric_families

from contracts.codes import authorities
from deploy.local.fetch import ROOT

FILE = ROOT / "docs" / "operations" / "alarms.toml"

Alarm = dict[str, str]
Labels = frozenset[tuple[str, str]]
Vector = dict[Labels, float]
"""A value for each set of labels."""

COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
}
TOGETHER: dict[str, Callable[[Iterable[float]], float]] = {"sum": sum, "max": max, "min": min}
FILLED_IN = re.compile(
    r"\{\{ \$(?:labels\.(?P<label>\w+)|(?:(?P<value>value)|metric\.(?P<metric>\w+) by (?P<by>\w+))"
    r"(?: \| (?:(?P<form>\w+)|(?P<one>[^/}]+)/(?P<many>[^/}]+)))?) \}\}"
)
"""What stands between braces in an alarm's words."""


@cache
def _written() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def alarms() -> list[Alarm]:
    """Return the alarms, as they are written."""
    written: list[Alarm] = _written()["alarm"]
    return written


def words(label: str) -> dict[str, str]:
    """Return what the codes of a label are called."""
    called: dict[str, str] = _written()["words"].get(label, {})
    return called


def samples(service: str, text: str) -> dict[str, Vector]:
    """Return what a service's `/metrics` says, by metric, with the service as `job`."""
    found: dict[str, Vector] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = frozenset({**sample.labels, "job": service}.items())
            found.setdefault(sample.name, {})[labels] = sample.value
    return found


def ringing(alarm: Alarm, told: dict[str, Vector]) -> list[str]:
    """Return what an alarm says now, once for each set of labels; nothing when it needs a Prometheus to be asked."""
    expression = promql_parser.parse(alarm["expression"])
    if any(isinstance(part, promql_parser.Call) for part in _parts(expression)):
        return []
    rings = _vector(expression, told)
    return [_say(alarm["says"], dict(labels), value, told) for labels, value in sorted(rings.items(), key=str)]


def _parts(expression: Any) -> Iterator[Any]:  # noqa: ANN401  the parser has no common type
    yield expression
    for name in ("lhs", "rhs", "expr"):
        if (part := getattr(expression, name, None)) is not None:
            yield from _parts(part)


def _vector(expression: Any, told: dict[str, Vector]) -> Vector:  # noqa: ANN401  as above
    match expression:
        case promql_parser.ParenExpr():
            return _vector(expression.expr, told)
        case promql_parser.VectorSelector():
            return told.get(expression.name or "", {})
        case promql_parser.AggregateExpr():
            by = set(expression.modifier.labels) if expression.modifier else set()
            return _together(str(expression.op), by, _vector(expression.expr, told))
        case promql_parser.BinaryExpr() if str(expression.op) == "and":
            right = _vector(expression.rhs, told)
            return {labels: value for labels, value in _vector(expression.lhs, told).items() if labels in right}
        case promql_parser.BinaryExpr():
            holds, limit = COMPARE[str(expression.op)], _number(expression.rhs)
            return {labels: value for labels, value in _vector(expression.lhs, told).items() if holds(value, limit)}
    raise ValueError(f"an alarm that is asked at once cannot hold a {type(expression).__name__}")


def _number(expression: Any) -> float:  # noqa: ANN401  as above
    if isinstance(expression, promql_parser.NumberLiteral):
        return float(expression.val)
    if str(expression.op) != "*":
        raise ValueError("a limit is a number or a product")
    return _number(expression.lhs) * _number(expression.rhs)


def _together(how: str, by: set[str], vector: Vector) -> Vector:
    groups: dict[Labels, list[float]] = {}
    for labels, value in vector.items():
        groups.setdefault(frozenset((name, text) for name, text in labels if name in by), []).append(value)
    return {labels: TOGETHER[how](values) for labels, values in groups.items()}


def _say(says: str, labels: dict[str, str], value: float, told: dict[str, Vector]) -> str:
    def fill(found: re.Match[str]) -> str:
        if found["label"]:
            return _called(found["label"], labels.get(found["label"], "?"))
        if found["value"]:
            return _formed(value, found)
        return _formed(_also(told.get(found["metric"], {}), (found["by"], labels[found["by"]])), found)

    return FILLED_IN.sub(fill, says)


def _also(vector: Vector, label: tuple[str, str]) -> float | None:
    return next((value for labels, value in vector.items() if label in labels), None)


def _formed(value: float | None, found: re.Match[str]) -> str:
    number = "?" if value is None else f"{value:g}"
    if found["one"]:
        return f"{number} {found['one'] if value == 1 else found['many']}"
    return _duration(value) if value is not None and found["form"] == "duration" else number


def _called(label: str, code: str) -> str:
    if label == "authority" and code in authorities():
        return authorities()[code].name
    return words(label).get(code, code)


def _duration(seconds: float) -> str:
    minutes, left = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days or hours:
        return f"{days} døgn " * bool(days) + f"{hours} t {minutes} min"
    return f"{minutes} min " * bool(minutes) + f"{left} s"
