"""The screening of the whole district on area counts (plan 4.1): suppressed, reproducible, and no ranking.

It proposes areas for people to assess. Its input is counts of reports per area and quarter; no person, case or
candidate is in it.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any

from pydantic import Field

from contracts.codes import Kommunekode
from contracts.form import WHOLE
from contracts.refusal import Refusal
from services.councils.domain.closed import Closed
from services.councils.domain.kredsraad import district_municipalities
from services.councils.domain.ruled import rules
from services.councils.domain.wording import Line

QUARTERS = 4


class ScreeningNotWhole(Refusal):
    """A screening is of the whole district (O-4.1-08)."""

    slug = "screening-not-whole"
    status = 422
    title = "Screeningen skal omfatte hele politikredsen: der mangler kommuner, eller en ligger udenfor."
    todo = "Tilføj tal for de kommuner, der er nævnt i `missing`; et område uden anmeldelser har tallet 0."


class CountedTwice(Refusal):
    """An area has one count in a quarter."""

    slug = "counted-twice"
    status = 422
    title = "Et område har to tal for samme kvartal."
    todo = "Fjern den ene af de to linjer. Intet er gemt."


class QuarterNotOver(Refusal):
    """Counts are for a quarter that is over."""

    slug = "quarter-not-over"
    status = 422
    title = "Kvartalet er ikke slut endnu."
    todo = "Send tallene, når kvartalet er slut."


@dataclass(frozen=True, slots=True)
class Counted(Closed):
    """How many reports an area had in the quarter."""

    kommunekode: Kommunekode
    title: Line
    count: Annotated[int, Field(ge=0, le=1_000_000), WHOLE]


def check_counts(counts: Sequence[Counted]) -> None:
    """Refuse counts that are not of the whole district, or that say an area twice."""
    wanted, said = set(district_municipalities()), {one.kommunekode for one in counts}
    if wanted != said:
        raise ScreeningNotWhole(missing=", ".join(sorted(wanted ^ said)))
    if len({(one.kommunekode, one.title) for one in counts}) != len(counts):
        raise CountedTwice


def quarter_end(year: int, quarter: int) -> date:
    """Return the first day after a quarter."""
    return date(year + quarter // QUARTERS, quarter % QUARTERS * 3 + 1, 1)


def runs_on(year: int, quarter: int) -> date:
    """Return the day on which the screening of a quarter runs."""
    return quarter_end(year, quarter) + timedelta(rules()["screening"]["days_after_quarter"])


def next_quarter(year: int, quarter: int) -> tuple[int, int]:
    """Return the quarter after one."""
    return (year, quarter + 1) if quarter < QUARTERS else (year + 1, 1)


def suppressed(count: int) -> str:
    """Return a count as it may be shown: 1 to 4 as `<5`."""
    least: int = rules()["screening"]["suppress_below"]
    return f"<{least}" if 0 < count < least else str(count)


def screen(year: int, quarter: int, counts: Sequence[Counted]) -> tuple[str, list[dict[str, Any]]]:
    """Return the checksum of a run and its areas by municipality and name, each with what may be shown."""
    rule = rules()["screening"]
    ordered = sorted(counts, key=lambda one: (one.kommunekode, one.title))
    inputs = [[one.kommunekode, one.title, one.count] for one in ordered]
    said = json.dumps([year, quarter, rule, inputs], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    found = [
        {
            "kommunekode": one.kommunekode,
            "title": one.title,
            "count": suppressed(one.count),
            "proposed": one.count >= rule["propose_from"],
        }
        for one in ordered
    ]
    return hashlib.sha256(said.encode()).hexdigest(), found
