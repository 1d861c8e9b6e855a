"""What a planner and those on call may change in a roster, and when."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from contracts.refusal import Refusal, StaleVersion
from services.alerting.domain.rosters import Override, Rotation

LONGEST = timedelta(days=400)
"""As long as one override or swap may last, and as far ahead as a span may be asked for."""


class NotOnTheStaff(Refusal):
    """Who has the duty is on the office's staff, in that role."""

    slug = "not-on-the-staff"
    status = 422
    title = "En af personerne har ikke den rolle i kontoret eller er ophørt."
    todo = "Vælg blandt dem, der har rollen nu, eller giv personen rollen først."


class RosterOverlaps(Refusal):
    """Another roster has the duty at the same hours on the same line."""

    slug = "roster-overlaps"
    title = "En anden vagtplan dækker allerede den linje i de timer."
    todo = "Ret den plan, der er, eller vælg en anden linje."


class RosterEnded(Refusal):
    """The roster has ended."""

    slug = "roster-ended"
    title = "Vagtplanen er afsluttet."
    todo = "Opret en ny vagtplan."


class InThePast(Refusal):
    """What was on duty stays as it was."""

    slug = "in-the-past"
    title = "Tidspunktet er passeret; hvem der havde vagt, ændres ikke bagud."
    todo = "Vælg et tidspunkt, der ikke er passeret."


class RotationInForce(Refusal):
    """A rotation that is in force is followed by another, not changed."""

    slug = "rotation-in-force"
    title = "Der gælder allerede en turnus den dag."
    todo = "Lad den nye turnus begynde tidligst i morgen, og brug en afløsning indtil da."


class EndsBeforeItBegins(Refusal):
    """A span ends after it begins."""

    slug = "ends-before-it-begins"
    status = 422
    title = "Slutningen ligger ikke efter begyndelsen."
    todo = "Ret tidspunkterne, og send igen."


class SpanTooLong(Refusal):
    """So long a span is a mistake."""

    slug = "span-too-long"
    status = 422
    title = f"Der er højst {LONGEST.days} dage ad gangen."
    todo = "Vælg et kortere tidsrum."


class OverlapsAnother(Refusal):
    """Two cannot take over the same time."""

    slug = "overlaps-another"
    title = "Der er allerede en afløsning eller et tilbud om bytte i det tidsrum."
    todo = "Træk den første tilbage, eller vælg et andet tidsrum."


class ReasonMissing(Refusal):
    """A hole that is meant has a reason."""

    slug = "reason-missing"
    status = 422
    title = "En vagt uden nogen kræver en begrundelse."
    todo = "Skriv kort, hvorfor ingen har vagten."


class OverrideOver(Refusal):
    """What is over is not withdrawn."""

    slug = "override-over"
    title = "Afløsningen er slut eller trukket tilbage."
    todo = "Der er intet at gøre; hvem der havde vagt, ændres ikke bagud."


class NotYourShift(Refusal):
    """Only the own shift is offered."""

    slug = "not-your-shift"
    title = "Du har ikke vagten alene i hele det tidsrum."
    todo = "Tilbyd kun tid, hvor du selv har vagten; spørg vagtplanlæggeren, hvis I er flere."


class NotYourRole(Refusal):
    """A shift goes to a colleague of the same role."""

    slug = "not-your-role"
    status = 403
    title = "Vagten hører til en anden rolle end din."
    todo = "En kollega med samme rolle kan tage den."


class OwnSwap(Refusal):
    """Nobody takes the own shift."""

    slug = "own-swap"
    title = "Det er din egen vagt."
    todo = "Træk tilbuddet tilbage, hvis du vil beholde den."


class SwapClosed(Refusal):
    """The offer stands no more."""

    slug = "swap-closed"
    title = "Vagten er taget, trukket tilbage eller begyndt."
    todo = "Hent de åbne tilbud igen."


class AlreadyOnDuty(Refusal):
    """Nobody has two duties of the same role at a time."""

    slug = "already-on-duty"
    title = "Du har selv en vagt i samme rolle i det tidsrum."
    todo = "Byt den væk først, eller lad en anden tage vagten."


def require_version(current: int, asked: int) -> None:
    """Refuse a change of what somebody else has changed in the meantime."""
    if current != asked:
        raise StaleVersion(current_version=current)


def require_span(start: datetime, end: datetime) -> None:
    """Refuse a span that is upside down or too long."""
    if end <= start:
        raise EndsBeforeItBegins
    if end - start > LONGEST:
        raise SpanTooLong


def require_to_come(start: datetime, end: datetime, now: datetime) -> None:
    """Refuse a span that is no span, or has begun."""
    require_span(start, end)
    if start < now:
        raise InThePast


def require_free(taken: Iterable[Override], start: datetime, end: datetime) -> None:
    """Refuse a span in which somebody takes over already."""
    if any(one.starts_at < end and one.ends_at > start for one in taken):
        raise OverlapsAnother


def require_rotation_to_come(rotations: Sequence[Rotation], starts_on: date, in_service: date, today: date) -> None:
    """Refuse a rotation that would change who had the duty: the first may begin today, a later one tomorrow."""
    if starts_on < today or starts_on < in_service:
        raise InThePast
    if starts_on == today and any(one.starts_on <= today for one in rotations):
        raise RotationInForce


def overlaps(hours: str, other: str) -> bool:
    """Say whether two rosters have the duty at the same hours."""
    return hours == other or "always" in {hours, other}


def require_staff(asked: Iterable[UUID], fitting: Iterable[UUID]) -> None:
    """Refuse people who do not have the role now."""
    if set(asked) - set(fitting):
        raise NotOnTheStaff
