"""The yearly plan: drafted, discussed, signed by everyone on the kredsraad, published and then never changed."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from contracts.councils.v1 import SamarbejdsplanPublished
from contracts.refusal import Refusal
from services.councils.domain.closed import Closed
from services.councils.domain.document import (
    Document,
    all_sections,
    areas_without_caveat,
    missing_sections,
    sha256_of,
    texts_of,
)
from services.councils.domain.kredsraad import Kredsraad, Seat, SeatOffice, district_municipalities
from services.councils.domain.wording import about_no_person


class PlanExists(Refusal):
    """There is one plan for a kredsraad and a year (O-0-01)."""

    slug = "plan-exists"
    title = "Der findes allerede en samarbejdsplan for året."
    todo = "Arbejd videre på den plan, der findes."


class YearDoesNotMatch(Refusal):
    """The document is for another year than the plan."""

    slug = "year-does-not-match"
    status = 422
    title = "Dokumentets år er et andet end planens."
    todo = "Ret dokumentets år, eller opret planen for det rigtige år."


class SectionUnknown(Refusal):
    """A primary area points at a section that isn't there."""

    slug = "section-unknown"
    status = 422
    title = "Et område henviser til et afsnit, som planen ikke har."
    todo = "Ret henvisningen, der er nævnt i `section`."


class AreaCountWrong(Refusal):
    """A list says another number of areas than it has; unnamed areas are listed without a name (O-4.1-04)."""

    slug = "area-count-wrong"
    status = 422
    title = "En liste over boligområder har et andet antal områder, end den siger."
    todo = "Skriv områder uden navn i kilden som områder uden navn, så antallet passer."


class CaveatMissing(Refusal):
    """Areas are never shown without the plan's caveat about the crime criterion (O-4.1-06)."""

    slug = "caveat-missing"
    status = 422
    title = "Udpegede boligområder skal stå med planens forbehold om kriminalitetskriteriet."
    todo = "Udfyld `caveat_da` på hver liste, der nævner områderne."


class SectionsMissing(Refusal):
    """A plan is discussed when both parts are written (O-0-02)."""

    slug = "sections-missing"
    status = 422
    title = "Planen mangler afsnit, som skal være skrevet, før den kan drøftes."
    todo = "Skriv de afsnit, der er nævnt i `missing`."


class FocusAreaMissing(Refusal):
    """The kredsraad chooses at least one area to focus on (O-3-01)."""

    slug = "focus-area-missing"
    status = 422
    title = "Planen mangler et indsatsområde, som kredsrådet har valgt."
    todo = "Tilføj mindst ét indsatsområde for kredsrådet."


class PlanIsPublished(Refusal):
    """A published plan never changes (O-0-04)."""

    slug = "plan-is-published"
    title = "Planen er offentliggjort og kan ikke ændres."
    todo = "Den offentliggjorte udgave bliver stående. En rettelse er en ny udgave."


class WrongState(Refusal):
    """The plan is not where this step begins."""

    slug = "wrong-state"
    title = "Planen er ikke nået til dette skridt, eller skridtet er taget."
    todo = "Se planens tilstand i `state`: den går fra draft over discussed og signed til published."


class SignedAnotherText(Refusal):
    """The signatures are for a text with another checksum."""

    slug = "signed-another-text"
    title = "Underskrifterne gælder en anden tekst end den, der er drøftet."
    todo = "Hent planens kontrolsum, og få underskrifterne på den tekst, der er drøftet."


class NotASignatory(Refusal):
    """Only the offices of the kredsraad sign its plan (O-0-06)."""

    slug = "not-a-signatory"
    status = 422
    title = "Embedet har ikke plads i kredsrådet og underskriver ikke planen."
    todo = "Fjern underskriften, der er nævnt i `authority`."


class NotInOffice(Refusal):
    """A signature is given by whoever held the office on that day (O-0-06)."""

    slug = "not-in-office"
    status = 422
    title = "Underskriveren havde ikke embedet på dagen for underskriften."
    todo = "Kontrollér dagen og embedsperioden for den myndighed, der er nævnt i `authority`."


class State(StrEnum):
    """How far a plan has come."""

    DRAFT = "draft"
    DISCUSSED = "discussed"
    SIGNED = "signed"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Signature(Closed):
    """One name under the plan."""

    authority: str
    office: SeatOffice
    name: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A signed sheet: where and when, which text, and the names on it."""

    place: str
    signed_on: date
    text: str
    """Place and date as the plan writes them."""
    document_sha256: str
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class Samarbejdsplan:
    """The plan of one year with the names that stand under it so far."""

    samarbejdsplan_id: UUID
    kredsraad_id: UUID
    year: int
    document: Document
    state: State = State.DRAFT
    version: int = 1
    signatures: tuple[Signature, ...] = ()
    history: bool = False
    """It is for a year that had passed when it was entered: made and signed on paper before Samvirke."""


def draft(proposed: Samarbejdsplan, existing: UUID | None) -> Samarbejdsplan:
    """Decide whether a plan can be begun with this text."""
    if existing is not None:
        raise PlanExists(samarbejdsplan_id=str(existing))
    _require_sound(proposed.document, proposed.year)
    return proposed


def revise(plan: Samarbejdsplan, document: Document) -> Samarbejdsplan:
    """Replace the text of a draft; what has been discussed stands."""
    _require_state(plan, State.DRAFT)
    _require_sound(document, plan.year)
    return replace(plan, document=document)


def discuss(plan: Samarbejdsplan) -> Samarbejdsplan:
    """Record that the kredsraad has discussed the plan; its text is whole and from now on fixed."""
    _require_state(plan, State.DRAFT)
    missing = missing_sections(plan.document)
    if missing:
        raise SectionsMissing(missing=", ".join(missing))
    if not plan.document.focus_areas:
        raise FocusAreaMissing
    return replace(plan, state=State.DISCUSSED)


def sign(plan: Samarbejdsplan, kredsraad: Kredsraad, sheet: Sheet) -> Samarbejdsplan:
    """Add the names on a sheet; with the last one of the kredsraad the plan is signed."""
    _require_state(plan, State.DISCUSSED)
    if sheet.document_sha256 != sha256_of(plan.document):
        raise SignedAnotherText(document_sha256=sha256_of(plan.document))
    seats = {(seat.authority, seat.office): seat for seat in kredsraad.seats}
    for signature in sheet.signatures:
        _require_in_office(seats.get((signature.authority, signature.office)), signature, sheet.signed_on)
    signatures = tuple(dict.fromkeys((*plan.signatures, *sheet.signatures)))
    signed = {(one.authority, one.office) for one in signatures} == set(seats)
    return replace(plan, signatures=signatures, state=State.SIGNED if signed else State.DISCUSSED)


def publish(plan: Samarbejdsplan, edition: int, signed_on: date) -> tuple[Samarbejdsplan, SamarbejdsplanPublished]:
    """Publish a signed plan as an edition, which never changes."""
    _require_state(plan, State.SIGNED)
    told = SamarbejdsplanPublished(
        samarbejdsplan_id=plan.samarbejdsplan_id,
        kredsraad_id=plan.kredsraad_id,
        year=plan.year,
        edition=edition,
        signed_on=signed_on,
        municipalities=district_municipalities(),
        document_path=f"/plans/{plan.year}/editions/{edition}",
        document_sha256=sha256_of(plan.document),
    )
    return replace(plan, state=State.PUBLISHED), told


def _require_sound(document: Document, year: int) -> None:
    if document.year != year:
        raise YearDoesNotMatch(year=year)
    numbers = {section.number for section in all_sections(document)}
    for area in document.primary_areas:
        if area.section not in numbers:
            raise SectionUnknown(section=area.section)
    for areas in document.area_lists:
        if areas.count != len(areas.areas):
            raise AreaCountWrong(kind=areas.kind)
    if areas_without_caveat(document):
        raise CaveatMissing
    for text in texts_of(document):
        about_no_person(text)


def _require_state(plan: Samarbejdsplan, wanted: State) -> None:
    if plan.state is State.PUBLISHED:
        raise PlanIsPublished(year=plan.year)
    if plan.state is not wanted:
        raise WrongState(state=plan.state)


def _require_in_office(seat: Seat | None, signature: Signature, day: date) -> None:
    if seat is None:
        raise NotASignatory(authority=signature.authority)
    if signature.name != seat.term.holder or not seat.term.covers(day):
        raise NotInOffice(authority=signature.authority)
