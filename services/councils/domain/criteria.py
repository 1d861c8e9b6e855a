"""The criteria of almenboligloven for an area on the ministry's list: a pure function that shows why it stands there.

The list is the fact and wins over what is computed here (O-4.1-02). Figures are those that were published for the
area as a whole; nothing is known of any resident.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any

from services.councils.domain.ruled import rules


class Criterion(StrEnum):
    """The four criteria (O-4.1-03)."""

    ARBEJDSMARKED = "arbejdsmarked"
    DOEMTE = "doemte"
    GRUNDUDDANNELSE = "grunduddannelse"
    BRUTTOINDKOMST = "bruttoindkomst"

    @property
    def danish(self) -> str:
        """Return it in the plan's words."""
        return _DANISH[self]


_DANISH = {
    Criterion.ARBEJDSMARKED: "Andelen af beboere, der er uden tilknytning til arbejdsmarkedet",
    Criterion.DOEMTE: (
        "Andelen af beboere, der er dømt for overtrædelse af straffeloven, våbenloven"
        " eller lov om euforiserende stoffer"
    ),
    Criterion.GRUNDUDDANNELSE: "Andelen af beboere, der alene har en grunduddannelse",
    Criterion.BRUTTOINDKOMST: "Størrelsen på den gennemsnitlige bruttoindkomst",
}


@dataclass(frozen=True, slots=True)
class Threshold:
    """What a criterion's value is held against; exactly one of the three bounds is set."""

    unit: str
    above: Decimal | None = None
    at_least: Decimal | None = None
    below: Decimal | None = None

    def met(self, value: Decimal) -> bool:
        """Say whether a value meets it."""
        if self.above is not None:
            return value > self.above
        if self.at_least is not None:
            return value >= self.at_least
        return self.below is not None and value < self.below

    @property
    def danish(self) -> str:
        """Return it in words, with its unit."""
        sign, bound = next(
            (word, bound)
            for word, bound in (("over", self.above), ("mindst", self.at_least), ("under", self.below))
            if bound is not None
        )
        return f"{sign} {bound} {self.unit}"


@dataclass(frozen=True, slots=True)
class Law:
    """The thresholds of one kind of list in the years in which they hold."""

    kind: str
    law: str
    first_year: int
    residents: int
    share_above: Decimal | None
    needed: int
    source: str
    criteria: Mapping[Criterion, Threshold]


@dataclass(frozen=True, slots=True)
class Figures:
    """What was published for one area and year."""

    year: int
    source: str
    residents: int
    share: Decimal
    """Percent of residents who are immigrants or descendants from non-western countries."""
    values: Mapping[Criterion, Decimal]
    """As far as they were published."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of why: value, threshold, year and source (O-4.1-03)."""

    code: str
    title: str
    value: str | None
    threshold: str
    met: bool | None
    """None where the value was not published."""
    year: int
    source: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What the figures give by the law, line by line."""

    law: str
    law_source: str
    met: bool
    lines: tuple[Shown, ...]


def law_of(kind: str, year: int) -> Law | None:
    """Return the law of a kind of list in a year; none where the law knows no such list then."""
    fitting = [law for law in _laws() if law.kind == kind and law.first_year <= year]
    return max(fitting, key=lambda law: law.first_year, default=None)


def evaluate(law: Law, figures: Figures) -> Evaluation:
    """Hold an area's figures against the law: residents inclusive, share strict, and enough of the four."""
    lines = (_residents(law, figures), *_share(law, figures), *_criteria(law, figures))
    size_and_share = all(line.met for line in lines if line.code in {"beboere", "andel"})
    enough = sum(1 for line in lines[-len(Criterion) :] if line.met) >= law.needed
    return Evaluation(law.law, law.source, size_and_share and enough, lines)


def _residents(law: Law, figures: Figures) -> Shown:
    met = figures.residents >= law.residents
    threshold = f"mindst {law.residents} beboere"
    return Shown("beboere", "Antal beboere", str(figures.residents), threshold, met, figures.year, figures.source)


def _share(law: Law, figures: Figures) -> tuple[Shown, ...]:
    if law.share_above is None:
        return ()
    title = "Andelen af indvandrere og efterkommere fra ikke-vestlige lande"
    met, threshold = figures.share > law.share_above, f"over {law.share_above} procent"
    return (Shown("andel", title, str(figures.share), threshold, met, figures.year, figures.source),)


def _criteria(law: Law, figures: Figures) -> tuple[Shown, ...]:
    return tuple(
        Shown(
            criterion,
            criterion.danish,
            None if (value := figures.values.get(criterion)) is None else str(value),
            law.criteria[criterion].danish,
            None if value is None else law.criteria[criterion].met(value),
            figures.year,
            figures.source,
        )
        for criterion in Criterion
    )


@cache
def _laws() -> tuple[Law, ...]:
    return tuple(_law(raw) for raw in rules()["laws"])


def _law(raw: dict[str, Any]) -> Law:
    criteria = {Criterion(code): _threshold(each) for code, each in raw["criteria"].items()}
    share = raw.get("share_above")
    plain = {name: raw[name] for name in ("kind", "law", "first_year", "residents", "needed", "source")}
    return Law(**plain, share_above=None if share is None else Decimal(share), criteria=criteria)


def _threshold(raw: dict[str, str]) -> Threshold:
    bounds = {name: Decimal(raw[name]) for name in ("above", "at_least", "below") if name in raw}
    return Threshold(raw["unit"], **bounds)
