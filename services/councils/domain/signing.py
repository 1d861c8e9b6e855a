"""Who signs a plan and how: by sign-in, or on a sheet that two persons vouch for (O-0-06)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.refusal import Refusal
from services.councils.domain.kredsraad import Kredsraad
from services.councils.domain.samarbejdsplan import (
    NotASignatory,
    NotInOffice,
    Samarbejdsplan,
    Sheet,
    Signature,
    State,
    WrongState,
)


class NeedsSecondPerson(Refusal):
    """Only a plan from paper is entered in one step; any other sheet is confirmed by somebody else."""

    slug = "needs-second-person"
    title = (
        "Underskrifter på et ark skal bekræftes af en anden person. Kun en plan for et år, der er gået, indlæses i ét."
    )
    todo = "Læg arket ind som underskrevet ark, og bed en kollega om at bekræfte det."


class SamePerson(Refusal):
    """Who recorded a sheet does not confirm it."""

    slug = "same-person"
    title = "Den, der har lagt arket ind, kan ikke selv bekræfte det."
    todo = "Bed en kollega om at sammenligne arket med det, der er skrevet ind."


class SheetConfirmed(Refusal):
    """A sheet is confirmed once."""

    slug = "sheet-confirmed"
    title = "Arket er allerede bekræftet."
    todo = "Se planens underskrifter."


class AnotherFile(Refusal):
    """The person who confirms holds another file than the one that was recorded."""

    slug = "another-file"
    status = 422
    title = "Filen er en anden end den, der blev lagt ind sammen med arket."
    todo = "Åbn den fil, der hører til arket, og bekræft dens kontrolsum."


class SheetNotAttached(Refusal):
    """A recorded sheet is shown by a paper of the kredsraad that is marked as a signed sheet."""

    slug = "sheet-not-attached"
    status = 422
    title = "Det underskrevne ark er ikke vedhæftet."
    todo = "Læg arket ind blandt kredsrådets papirer som underskrevet ark, og skriv dets id i `paper_id`."


class NothingToCorrect(Refusal):
    """A correction begins when there is something published to correct."""

    slug = "nothing-to-correct"
    title = "Der er ingen offentliggjort udgave at rette."
    todo = "Ret udkastet. Først en offentliggjort plan rettes ved en ny udgave."


@dataclass(frozen=True, slots=True)
class Recorded:
    """A signed sheet that waits for a second person."""

    id: UUID
    plan_id: UUID
    sheet: Sheet
    file_sha256: str
    recorded_by: str
    confirmed: bool


def require_history(plan: Samarbejdsplan) -> None:
    """Refuse to take signatures in one step for any plan but one from paper."""
    if not plan.history and plan.state is State.DISCUSSED:
        raise NeedsSecondPerson


def require_second(recorded: Recorded, who: str, file_sha256: str) -> None:
    """Refuse a confirmation by whoever recorded the sheet, of another file, or a second time."""
    if recorded.confirmed:
        raise SheetConfirmed
    if recorded.recorded_by == who:
        raise SamePerson
    if recorded.file_sha256 != file_sha256:
        raise AnotherFile


def own_signature(kredsraad: Kredsraad, authority: str, today: date) -> Signature:
    """Return the signature that somebody of an authority gives by sign-in: its seat's, by who holds it today."""
    seat = next((one for one in kredsraad.seats if one.authority == authority), None)
    if seat is None:
        raise NotASignatory(authority=authority)
    if not seat.term.covers(today):
        raise NotInOffice(authority=authority)
    return Signature(seat.authority, seat.office, seat.term.holder)


def correct(plan: Samarbejdsplan) -> Samarbejdsplan:
    """Begin a correction of a published plan: the next edition is a draft again, and signed anew."""
    if plan.state is not State.PUBLISHED:
        raise NothingToCorrect(state=plan.state)
    return Samarbejdsplan(
        plan.samarbejdsplan_id,
        plan.kredsraad_id,
        plan.year,
        plan.document,
        version=plan.version,
        history=plan.history,
    )


def require_discussed(plan: Samarbejdsplan) -> None:
    """Refuse to sign what is not discussed, or is signed by all."""
    if plan.state is not State.DISCUSSED:
        raise WrongState(state=plan.state)
