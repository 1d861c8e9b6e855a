"""The days of a plan's making: when lokalraad propose, and when their chairs are asked (plan §2)."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from contracts.refusal import Refusal


class WindowClosed(Refusal):
    """Proposals come between two days (O-2-11)."""

    slug = "proposal-window-closed"
    title = "Der kan ikke sendes forslag til planen i dag: perioden for forslag er ikke åben."
    todo = "Se dagene i `opens_on` og `closes_on`. Tag forslaget med til næste års plan, eller tal med sekretariatet."


class DaysInWrongOrder(Refusal):
    """A period ends before it begins."""

    slug = "days-in-wrong-order"
    status = 422
    title = "En periode slutter, før den begynder."
    todo = "Ret dagene, så hver periode begynder, før den slutter."


@dataclass(frozen=True, slots=True)
class Timetable:
    """When lokalraad propose something for a plan, and when their chairs are asked; all days are inclusive."""

    proposals_from: date
    proposals_until: date
    chairs_asked_from: date
    chairs_answer_by: date


def usual(year: int) -> Timetable:
    """Return the usual days for the plan of a year: they lie in the year before."""
    data = _data()
    days = (data[period][end] for period in ("proposals", "chairs") for end in ("from", "until"))
    return Timetable(*(date(year - 1, month, day) for month, day in days))


def require_order(days: Timetable) -> None:
    """Refuse a period that ends before it begins."""
    if days.proposals_until < days.proposals_from or days.chairs_answer_by < days.chairs_asked_from:
        raise DaysInWrongOrder


def require_open(days: Timetable | None, today: date) -> None:
    """Refuse a proposal outside the days for it."""
    if days is None:
        raise WindowClosed
    if not days.proposals_from <= today <= days.proposals_until:
        raise WindowClosed(opens_on=days.proposals_from.isoformat(), closes_on=days.proposals_until.isoformat())


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "data" / "plan_year.toml").read_text(encoding="utf-8"))
