"""Which week may be run when: one by one, in order, never before it is over (C2)."""

from datetime import date

from contracts.refusal import Refusal
from services.concerns.domain.calendar import Week


class NotAWeek(Refusal):
    """The text names no ISO week."""

    slug = "not-a-week"
    status = 422
    title = "Ugen kan ikke læses."
    todo = "Skriv ugen som 2026-W13."


class NotInService(Refusal):
    """The search has not been put in service, or not for this week."""

    slug = "search-not-in-service"
    title = "Søgningen er ikke taget i brug for den uge."
    todo = "Tag søgningen i brug fra en uge, og kør den derefter."


class AlreadyInService(Refusal):
    """The search is put in service once."""

    slug = "search-in-service"
    title = "Søgningen er allerede taget i brug."
    todo = "Der er ikke mere at gøre."


class WeekNotOver(Refusal):
    """A week is searched when it has ended."""

    slug = "week-not-over"
    title = "Ugen er ikke slut endnu."
    todo = "Vent, til ugen er slut."


class EarlierWeekMissing(Refusal):
    """Weeks are searched in order."""

    slug = "earlier-week-missing"
    title = "En tidligere uge er ikke søgt endnu."
    todo = "Kør den uge, som missing_week nævner, først."


class ReplayDiffers(Refusal):
    """A finished week gave something else when it was run again: that is a fault of ours."""

    slug = "replay-differs"
    status = 500
    title = "Søgningen gav et andet resultat, da den blev kørt igen."
    todo = "Kontakt driften med ugens nummer. Intet er sendt eller ændret."


class PapersErased(Refusal):
    """What a run was answered is kept for 30 days; then it can no longer be run again."""

    slug = "run-papers-erased"
    title = "Søgningens grundlag er slettet, så den kan ikke køres igen."
    todo = "Se søgningens optælling og kontrolsum. Grundlaget gemmes 30 dage."


def parse_week(text: str) -> Week:
    """Read a week, or refuse."""
    try:
        return Week.parse(text)
    except ValueError:
        raise NotAWeek from None


def require_not_in_service(first_monday: date | None) -> None:
    """Refuse a second putting in service."""
    if first_monday is not None:
        raise AlreadyInService


def may_run(week: Week, today: date, first_monday: date | None, last_monday: date | None) -> None:
    """Refuse a week before the service, one that is not over, and one before which another is missing."""
    if first_monday is None or week.monday < first_monday:
        raise NotInService
    if today <= week.sunday:
        raise WeekNotOver(week=str(week))
    expected = Week.of(last_monday).next() if last_monday else Week.of(first_monday)
    if week.monday > expected.monday:
        raise EarlierWeekMissing(missing_week=str(expected))
