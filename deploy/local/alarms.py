"""What waits for somebody, in the words of the alarms: Prometheus' part, played once, for `make status`.

Alarms over a time (`increase`) need a Prometheus and are left out, and so is how long something must last.
"""

import operator
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import promql_parser
from prometheus_client.parser import text_string_to_metric_families

from deploy.local.fetch import ROOT

FILE = ROOT / "docs" / "operations" / "alarms.toml"

Alarm = dict[str, str]
Labels = frozenset[tuple[str, str]]
Vector = dict[Labels, float]
"""A value for each set of labels."""

COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    "<": operator.lt,
    "==": operator.eq,
    "!=": operator.ne,
}
TOGETHER: dict[str, Callable[[Iterable[float]], float]] = {"sum": sum, "max": max, "min": min}
FILLED_IN = re.compile(r"\{\{ \$(?:(value)(?: \| (\w+))?|labels\.(\w+)) \}\}")


def alarms() -> list[Alarm]:
    """Return the alarms, as they are written."""
    written: list[Alarm] = tomllib.loads(FILE.read_text(encoding="utf-8"))["alarm"]
    return written


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
    return [_say(alarm["says"], dict(labels), value) for labels, value in sorted(rings.items(), key=str)]


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


def _say(words: str, labels: dict[str, str], value: float) -> str:
    def fill(found: re.Match[str]) -> str:
        if found[1]:
            return _duration(value) if found[2] == "humanizeDuration" else f"{value:g}"
        return labels.get(found[3], "?")

    return FILLED_IN.sub(fill, words)


def _duration(seconds: float) -> str:
    hours, minutes = divmod(int(seconds) // 60, 60)
    return f"{hours} t {minutes} min" if hours else f"{minutes} min {int(seconds) % 60} s"
