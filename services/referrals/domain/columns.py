"""The columns of a decision table: each has a closed domain, and what it does not know is `None`.

A domain is a choice of values, yes or no, or an order (a span such as an age, a number, a date). An order falls into
as many parts as the bounds of the rows cut it into, so that a proof can walk through all of it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Any

from contracts.refusal import Refusal
from services.referrals.domain.ages import Span

Given = str | bool | int | None
"""What a caller gives for a column, as JSON carries it; None is unknown."""
Written = Any
"""What the file of a table has for a cell: a value, a list of values, or `10y..15y`."""
Value = Any
"""What a domain holds: a text or a yes or no of a choice; a Span, a number or a date of an order, which compare."""


class TableFault(ValueError):
    """A table does not hold: it is not loaded, and the message says why, in Danish."""


class NotInColumn(Refusal):
    """What was given is no value of its column."""

    slug = "not-in-column"
    status = 422
    title = "En oplysning har en værdi, som reglen ikke kender."
    todo = "Vælg en af de værdier, der står i allowed, eller lad feltet stå tomt, hvis det ikke vides."


@dataclass(frozen=True, slots=True)
class Choice:
    """One or several values of a closed list."""

    values: frozenset[str | bool]

    def __contains__(self, value: Value) -> bool:
        """Say whether a value is among them."""
        return value in self.values

    @property
    def sample(self) -> Value:
        """Return one of them."""
        return next(iter(self.values))


@dataclass(frozen=True, slots=True)
class Between:
    """A part of an order: from a bound, which is in it, up to another, which is not."""

    low: Value
    high: Value
    """None where it has no end."""

    def __contains__(self, value: Value) -> bool:
        """Say whether a value lies in it; what is unknown lies in none."""
        return value is not None and self.low <= value and (self.high is None or value < self.high)

    @property
    def sample(self) -> Value:
        """Return its first value."""
        return self.low


Cell = Choice | Between


@dataclass(frozen=True, slots=True)
class Order:
    """How the values of an order are read and written, and which is the least."""

    given: type
    """As what JSON carries a value."""
    read: Callable[[Any], Any]
    least: Any
    words: Callable[[Any], str]


ORDERS = {
    "span": Order(str, Span.parse, Span(), lambda span: str(span.words)),
    "number": Order(int, int, 0, str),
    "date": Order(str, date.fromisoformat, date.min, str),
}


@dataclass(frozen=True)
class Column:
    """One column: what it is called by whom, and its domain."""

    title: str
    """In Danish, as a caseworker reads it."""
    type: str = "choice"
    """`choice`, `bool`, `span`, `number` or `date`."""
    values: dict[str, str] | None = None
    """Of a choice: each value, and how it is said in Danish."""

    def __post_init__(self) -> None:
        """Hold the type to the list, and a choice to at least two values."""
        if self.type not in {"choice", "bool", *ORDERS} or (self.type == "choice") != bool(self.values):
            message = f"{self.title}: {self.type} er ikke en type, eller dens værdier mangler"
            raise TableFault(message)

    @cached_property
    def said(self) -> dict[str | bool, str]:
        """Return every value of a choice in words; an order has none."""
        return {True: "ja", False: "nej"} if self.type == "bool" else dict[str | bool, str]((self.values or {}).items())

    def cell(self, written: Written) -> Cell:
        """Read what a row asks of this column."""
        return self._between(written) if self.type in ORDERS else self._choice(written)

    def _choice(self, written: Written) -> Choice:
        values = frozenset(written if isinstance(written, list) else [written])
        if not values or not values < self.said.keys():
            message = f"{self.title}: {written!r} er ikke nogle af værdierne, eller det er dem alle"
            raise TableFault(message)
        return Choice(values)

    def _between(self, written: str) -> Between:
        order, (low, to, high) = ORDERS[self.type], str(written).partition("..")
        try:
            cell = Between(order.read(low) if low else order.least, order.read(high) if high else None)
        except ValueError as fault:
            raise TableFault(f"{self.title}: {written!r} kan ikke læses") from fault
        if not to or (cell.high is not None and cell.low >= cell.high):
            raise TableFault(f"{self.title}: {written!r} rummer ingenting")
        return cell

    def read(self, name: str, given: Given) -> Value:
        """Return what was given as a value of the domain, None where it is unknown.

        Raises:
            NotInColumn: it is none.
        """
        if given is None:
            return None
        value = self._of_order(given) if self.type in ORDERS else self._of_choice(given)
        if value is None:
            raise NotInColumn(column=name, allowed=self.allowed)
        return value

    def _of_choice(self, given: Given) -> Given:
        # 1 is no yes, although Python takes it for one.
        return given if given in self.said and isinstance(given, bool) == (self.type == "bool") else None

    def _of_order(self, given: Given) -> Value:
        order = ORDERS[self.type]
        if type(given) is not order.given:
            return None
        try:
            value = order.read(given)
        except (ValueError, OverflowError):
            return None
        return value if value >= order.least else None

    @property
    def allowed(self) -> str:
        """Say which values there are."""
        return self.type if self.type in ORDERS else ", ".join(str(value).lower() for value in self.said)

    def parts(self, cells: Iterable[Cell]) -> Iterator[Cell]:
        """Yield the domain in the parts that these cells cut it into: every value, every stretch between two bounds."""
        if self.type not in ORDERS:
            yield from (Choice(frozenset({value})) for value in self.said)
            return
        bounds: set[Value] = {ORDERS[self.type].least}
        bounds |= {bound for cell in cells if isinstance(cell, Between) for bound in (cell.low, cell.high)} - {None}
        yield from (Between(low, high) for low, high in pairwise([*sorted(bounds), None]))

    def in_words(self, cell: Cell) -> str:
        """Say a cell in Danish."""
        if isinstance(cell, Choice):
            return f"{self.title}: " + " eller ".join(sorted(self.said[value] for value in cell.values))
        words = ORDERS[self.type].words
        upto = "" if cell.high is None else f" til (ikke med) {words(cell.high)}"
        return f"{self.title}: fra {words(cell.low)}{upto}"
