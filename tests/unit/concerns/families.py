"""Generated families, and the underretning that is written about each: with everything in it that must not get out."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from contracts.codes import municipalities
from contracts.concerns.v1 import UnderretningKind
from services.concerns.domain.calendar import in_words
from services.concerns.domain.candidate import Assessment
from services.concerns.domain.codes import District, Role
from services.concerns.domain.document import EarlierOne, Message, Source, write
from services.concerns.domain.family import Child, Custody, Dwelling, Facts, Kind, Placement
from services.concerns.domain.parts import Content
from services.concerns.domain.registration import Registration
from services.concerns.domain.rules import Ground, Rule
from services.concerns.domain.wording import Concern, Confidentiality, FamilyContact, LegalGround, Relation
from tests.unit.concerns.worked_cases import code_list

CHILD, MOTHER, FATHER, STEPFATHER, SIBLING = (UUID(int=number) for number in range(0xA1, 0xA6))
TODAY = datetime(2026, 3, 30, 9, tzinfo=UTC)
NAMES = {
    CHILD: "Barnet Opdigtet",
    MOTHER: "Mor Opdigtet",
    FATHER: "Far Opdigtet",
    STEPFATHER: "Stedfar",
    SIBLING: "Bror",
}
NUMBERS = {
    CHILD: "6206160001",
    MOTHER: "6101880002",
    FATHER: "6101870003",
    STEPFATHER: "6101860005",
    SIBLING: "6206180007",
}
SCHOOL = "Skolen ved Åen"
SHELTERS = ("Krisecenter Fyrtårnet", "Krisecenter Ravnen", "Familiehuset Lunden")
STATIONS = ("Politistationen Havnen", "Nærpolitiet Torvet", "Beredskabet Broen")
HOME_KINDS = (Kind.DWELLING, Kind.SHELTER, Kind.HOSTEL, Kind.RESIDENTIAL_INSTITUTION, Kind.NO_FIXED_ADDRESS)
KOMMUNER = st.sampled_from(sorted(municipalities()))
CODES = code_list()


@dataclass(frozen=True)
class Told:
    """A document's content, who its people are, and what each reader may never find in another's edition."""

    content: Content
    identities: dict[UUID, Content] = field(repr=False)
    adults: dict[UUID, list[Registration]] = field(repr=False)
    homes: dict[UUID, str] = field(repr=False)

    def forbidden_to(self, reader: UUID) -> set[str]:
        """Return what would tell a reader about somebody else, or about where anybody lives."""
        others = [one for person, rows in self.adults.items() if person != reader for one in rows]
        own_days = {one.occurred_on for one in self.adults.get(reader, [])}
        return {
            *(one.name for one in municipalities().values()),
            *municipalities(),
            *(one.danish for one in District),
            *("politikreds", SCHOOL, *SHELTERS, *STATIONS),
            *self.homes.values(),
            *(name for person, name in NAMES.items() if person not in {reader, CHILD}),
            *NUMBERS.values(),
            *(one.id for rows in self.adults.values() for one in rows),
            *(in_words(one.occurred_on) for one in others if one.occurred_on not in own_days),
            *(str(person) for person in NAMES),
        }


@st.composite
def homes(draw: st.DrawFn, *people: UUID) -> tuple[list[Dwelling], str]:
    """Draw one home for people who live together, and its address."""
    kind, kommune, protected = draw(st.sampled_from(HOME_KINDS)), draw(KOMMUNER), draw(st.booleans())
    shelter = draw(st.sampled_from(SHELTERS))
    dwelling = None if kind is Kind.NO_FIXED_ADDRESS else f"d{people[0].int}"
    rows = [Dwelling(one, kind, dwelling, kommune, date(2016, 6, 2), None, protected=protected) for one in people]
    return rows, f"{shelter} {people[0].int}, {municipalities()[kommune].name}"


@st.composite
def registrations(draw: st.DrawFn, person: UUID, fewest: int) -> list[Registration]:
    """Draw what is registered about an adult."""
    days = draw(st.lists(st.integers(0, 400), min_size=fewest, max_size=3, unique=True))
    return [
        Registration(
            id=f"{draw(st.sampled_from(STATIONS))}-{person.int}-{day}",
            revision=1,
            person=person,
            code=draw(st.sampled_from(sorted(CODES.entries))),
            role=draw(st.sampled_from(Role)),
            occurred_on=date(2025, 2, 20) + timedelta(day),
            district=draw(st.sampled_from(District)),
            children_present=frozenset({CHILD}) if draw(st.booleans()) else frozenset(),
        )
        for day in days
    ]


@st.composite
def told(draw: st.DrawFn) -> Told:
    """Draw a family and the underretning about its child."""
    together, at_home = draw(homes(CHILD, MOTHER, STEPFATHER))
    apart, elsewhere = draw(homes(FATHER))
    sibling, with_sibling = draw(homes(SIBLING))
    births = {CHILD: date(2016, 6, 2), SIBLING: date(2018, 6, 2), MOTHER: date(1988, 1, 1)}
    births |= {FATHER: date(1987, 1, 1), STEPFATHER: date(1986, 1, 1)}
    custody = [Custody(child, holder, births[child]) for child in (CHILD, SIBLING) for holder in (MOTHER, FATHER)]
    placements = [Placement(CHILD, draw(KOMMUNER), date(2026, 1, 1))] if draw(st.booleans()) else []
    facts = Facts(births, custody, [*together, *apart, *sibling], placements)
    adults = {one: draw(registrations(one, 1 if one == FATHER else 0)) for one in (FATHER, MOTHER, STEPFATHER)}
    homes_of = {CHILD: at_home, MOTHER: at_home, STEPFATHER: at_home, FATHER: elsewhere, SIBLING: with_sibling}
    content: Content = dict(write(draw(messages(facts, adults)), draw(KOMMUNER)))
    content["child"] |= {"school": SCHOOL}
    return Told(content, _identities(homes_of, facts), adults, homes_of)


@st.composite
def messages(draw: st.DrawFn, facts: Facts, adults: dict[UUID, list[Registration]]) -> Message:
    """Draw what an underretning is written from."""
    used = sorted((one for rows in adults.values() for one in rows), key=lambda one: (one.occurred_on, one.id))
    current = frozenset(one.id for one in used if draw(st.booleans()))
    said = Assessment(
        ground=draw(st.sampled_from([LegalGround.SUPPORT_NEED, LegalGround.UNLAWFUL_ABSENCE])),
        relation=draw(st.sampled_from(Relation)),
        concerns=tuple(draw(st.sets(st.sampled_from(Concern), min_size=1))),
        family_contact=draw(st.sampled_from([FamilyContact.TOLD, FamilyContact.NOT_TOLD_NO_CONTACT])),
        confidentiality=tuple(
            draw(st.sets(st.sampled_from([Confidentiality.ONGOING_CASE, Confidentiality.OTHER_ADULTS])))
        ),
    )
    return Message(
        id=UUID(int=0xD0C),
        kind=draw(st.sampled_from(UnderretningKind)),
        child=Child(CHILD),
        ground=Ground((Rule.SOLO, Rule.HOUSEHOLD), tuple(used)),
        current=current,
        sources={one.id: Source(f"POLSAS {one.id}", f"sag {one.id}", stood_alone=False) for one in used},
        assessment=said,
        acute=draw(st.booleans()),
        earlier=[EarlierOne(UUID(int=0xE0), date(2025, 1, 7), draw(st.booleans()))] if draw(st.booleans()) else [],
        approved_at=TODAY,
        codes=CODES,
        facts=facts,
        demonstration=True,
    )


def _identities(homes_of: dict[UUID, str], facts: Facts) -> dict[UUID, Content]:
    def one(person: UUID) -> dict[str, Any]:
        protected = facts.is_protected(person, TODAY.date())
        address = None if protected else homes_of[person]
        who = {"name": NAMES[person], "cpr": [NUMBERS[person]], "born": facts.births[person].isoformat()}
        return who | {"address": address, "protected_address": protected}

    return {person: one(person) for person in NAMES}
