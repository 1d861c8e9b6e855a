"""What was agreed at a meeting gets another day: who may say so, and what is refused."""

from datetime import date

from contracts.refusal import Refusal
from services.councils.domain.actions import check_ahead


class AgreementIsDone(Refusal):
    """It is done: its day is history."""

    slug = "agreement-is-done"
    title = "Aftalen er klaret, og fristen kan ikke flyttes mere."
    todo = "Er der mere at gøre, så aftal det på et møde."


class NotYourAgreement(Refusal):
    """Who agreed to do it says that it takes longer, or the council's secretary does."""

    slug = "not-your-agreement"
    status = 403
    title = "Kun den myndighed, der har aftalen, og rådets sekretariat kan flytte fristen."
    todo = "Skriv til rådets sekretariat, hvis fristen skal flyttes."


class SameDay(Refusal):
    """It has that day already."""

    slug = "same-day"
    status = 422
    title = "Aftalen har allerede den frist."
    todo = "Vælg en anden dag. Intet er gemt."


def check_move(due: date, to: date, today: date) -> None:
    """Refuse a day that is over, or none other than it has.

    Raises:
        InThePast, SameDay.
    """
    check_ahead(to, today)
    if to == due:
        raise SameDay
