"""Indicators: counts of reports per municipality and quarter, and the rules that put a development on an agenda."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from contracts.refusal import Refusal
from services.councils.domain.ruled import rules

Quarter = tuple[int, int]
"""A year and a quarter, 1 to 4."""


class IndicatorUnknown(Refusal):
    """There is no such indicator."""

    slug = "indicator-unknown"
    status = 404
    title = "Indikatoren findes ikke."
    todo = "Vælg en af indikatorerne på listen `/indicators`."


class ReasonForAnswerMissing(Refusal):
    """A lokalraad answers a signal by acting, or by a reason not to (O-2-04)."""

    slug = "trend-reason-missing"
    status = 422
    title = "Svaret mangler en begrundelse."
    todo = "Skriv, hvad lokalrådet gør, eller hvorfor det ikke gør noget."


class TrendIsAnswered(Refusal):
    """A signal is answered once."""

    slug = "trend-is-answered"
    title = "Signalet er besvaret."
    todo = "Se svaret. Et nyt kvartal kan give et nyt signal."


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator."""

    code: str
    title: str
    paragraph: str
    baseline: int
    """The year that others are held against."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its thresholds, as they are shown with every signal."""

    code: str
    title: str
    against: Literal["baseline", "last_year"]
    percent: int
    more: int


@dataclass(frozen=True, slots=True)
class Signal:
    """What a rule found."""

    rule: str
    year: int
    quarter: int
    count: int
    compared: int


@cache
def indicators() -> dict[str, Indicator]:
    """Return every indicator by code."""
    return {raw["code"]: Indicator(**raw) for raw in rules()["indicators"]}


@cache
def trend_rules() -> tuple[Rule, ...]:
    """Return every rule."""
    return tuple(Rule(**raw) for raw in rules()["trends"])


def indicator(code: str) -> Indicator:
    """Return an indicator; IndicatorUnknown where there is none."""
    found = indicators().get(code)
    if found is None:
        raise IndicatorUnknown
    return found


def signal(of: Indicator, series: Mapping[Quarter, int]) -> Signal | None:
    """Hold a municipality's newest quarter against the rules; the first that it breaks is the signal.

    An older quarter that is filled in later raises none: it is history.
    """
    if not series:
        return None
    (year, quarter), count = max(series.items())
    for rule in trend_rules():
        compared = series.get((of.baseline if rule.against == "baseline" else year - 1, quarter))
        own = rule.against == "baseline" and year == of.baseline
        if compared is not None and not own and _broken(rule, count, compared):
            return Signal(rule.code, year, quarter, count, compared)
    return None


def _broken(rule: Rule, count: int, compared: int) -> bool:
    enough = count - compared >= rule.more
    return enough and count * 100 >= compared * (100 + rule.percent)


def change(count: int, baseline: int | None) -> int | None:
    """Return the change from the baseline in whole percent; none where there is nothing to hold it against."""
    return None if not baseline else round((count - baseline) * 100 / baseline)
