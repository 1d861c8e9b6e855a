"""Who sits on a council and from when to when: by public office, as a mayor's deputy, or as a member of a lokalraad."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, StringConstraints

from contracts.codes import municipality_authority
from contracts.councils.v1.seats import SeatKind
from contracts.form import Day, Truth
from contracts.refusal import Refusal
from services.councils.domain.bodies import Body, BodyKind
from services.councils.domain.closed import Closed
from services.councils.domain.kredsraad import ChairIsNotThePolitidirektoer, SeatOffice, district_municipalities
from services.councils.domain.lokalraad import SeatOfAnotherAuthority, Side, SideMissing
from services.councils.domain.wording import Line

CIVIL = "civil"
"""The side of those whom no authority sends: they are called when they are needed (ledger 2.1)."""
DEPUTY = "stedfortraeder"
"""The function of who stands in for a mayor."""

Email = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$", max_length=200)
]


def _of_our_time(day: date) -> date:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError("no day of ours")
    return day


FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)
SomeDay = Annotated[Day, AfterValidator(_of_our_time)]
"""A day on which somebody may begin or end, which has a day before and after it."""
Account = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:@-]{1,200}$")]


class ThirteenthSeat(Refusal):
    """The kredsraad has twelve seats, one for each office: nobody else can be seated (O-1-04)."""

    slug = "thirteenth-seat"
    title = "Kredsrådet har 12 pladser: politidirektøren og de 11 borgmestre (samarbejdsplanen § 1). Der er ikke en 13."
    todo = "Brug `politidirektoer`, `borgmester` eller `stedfortraeder` for en af politikredsens myndigheder."


class TermTaken(Refusal):
    """A term that began on that day or later stands already; history is kept, never written over."""

    slug = "term-taken"
    title = "Der er allerede en, der er tiltrådt den dag eller senere."
    todo = "Vælg en senere dag. Det, der har været, bliver ikke skrevet om."


class TermBackwards(Refusal):
    """A term ends before it begins."""

    slug = "term-backwards"
    status = 422
    title = "Sidste dag ligger før første dag."
    todo = "Ret dagene, og send igen."


class TermIsOver(Refusal):
    """A term that is over is history; when it ended is not changed."""

    slug = "term-is-over"
    title = "Tiden i rådet er allerede slut."
    todo = "Det, der er historie, kan ikke ændres."


class SitsAlready(Refusal):
    """The same person sits by the same function at that time already."""

    slug = "sits-already"
    title = "Personen sidder der allerede i den tid."
    todo = "Se medlemmerne, og ret eller udelad linjen."


class ChairIsTaken(Refusal):
    """A chair who took over on that day or later stands already."""

    slug = "chair-is-taken"
    title = "Lokalrådet har allerede en formand, der er tiltrådt den dag eller senere."
    todo = "Vælg en senere dag."


class ChairOfNoSide(Refusal):
    """The chair of a lokalraad is of the police or of the municipality; the police's by default (ledger 2.1)."""

    slug = "chair-of-no-side"
    status = 422
    title = "Lokalrådets formand kommer fra politiet eller kommunen."
    todo = "Vælg et medlem fra en af de to sider, som sidder der den dag."


class NotALokalraad(Refusal):
    """Only a lokalraad is put out of work or taken up again, and has a chair who is entered."""

    slug = "not-a-lokalraad"
    status = 422
    title = "Det gælder kun lokalråd."
    todo = "Vælg et lokalråd. Kredsrådet består, og politidirektøren er dets formand (samarbejdsplanen § 1)."


class NotTheKredsraad(Refusal):
    """Only the kredsraad has this."""

    slug = "not-the-kredsraad"
    status = 422
    title = "Det gælder kun kredsrådet."
    todo = "Vælg kredsrådet."


class ActiveAlready(Refusal):
    """The lokalraad is in the state that is asked for."""

    slug = "active-already"
    title = "Lokalrådet er allerede sådan."
    todo = "Du skal ikke gøre mere."


@dataclass(frozen=True, slots=True)
class Entry(Closed):
    """Somebody who is to sit on a council, as a secretary enters them."""

    authority: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{0,60}$")]
    """Where they come from; empty: civil society."""
    function: Line
    """By what: `borgmester`, `politidirektoer` or `stedfortraeder` on the kredsraad; any words on a lokalraad."""
    holder: Line
    valid_from: SomeDay
    valid_to: SomeDay | None = None
    chair: Truth = False
    public_office: Truth = False
    """Whether everyone may read the name: that of a mayor or councillor, never a civil servant's."""
    email: Email | None = None
    subject: Account | None = None
    """The account of who has one."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody's time on a council."""

    id: UUID
    body_id: UUID
    kind: SeatKind
    side: str
    authority: str
    function: str
    holder: str
    valid_from: date
    valid_to: date | None = None
    public_office: bool = False

    def covers(self, day: date) -> bool:
        """Tell whether they sit on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def meets(self, other: "Member") -> bool:
        """Tell whether both sit on some day."""
        return self.valid_from <= (other.valid_to or date.max) and other.valid_from <= (self.valid_to or date.max)

    @property
    def place(self) -> tuple[str, str]:
        """Return the place on the council: authority and function."""
        return self.authority, self.function


@dataclass(frozen=True, slots=True)
class Chairing:
    """A member's time as chair of a lokalraad."""

    member_id: UUID
    side: str
    valid_from: date
    valid_to: date | None = None

    def covers(self, day: date) -> bool:
        """Tell whether it runs on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Seating:
    """What seating somebody changes: the new member, and whose time ends the day before."""

    member: Member
    ends: Member | None = None


def seat(body: Body, entry: Entry, member_id: UUID, sitting: Iterable[Member]) -> Seating:
    """Decide how somebody is seated; whoever holds the place leaves it the day before.

    Raises:
        TermBackwards, ThirteenthSeat, ChairIsNotThePolitidirektoer, SeatOfAnotherAuthority, TermTaken, SitsAlready.
    """
    if entry.valid_to is not None and entry.valid_to < entry.valid_from:
        raise TermBackwards
    if body.kind is BodyKind.LOKALRAAD:
        return _on_lokalraad(body, entry, member_id, sitting)
    return _on_kredsraad(body, entry, member_id, sitting)


def end(member: Member, last_day: date, today: date) -> None:
    """Decide whether somebody's time can end on a day; TermIsOver, TermBackwards when not."""
    if member.valid_to is not None and member.valid_to < today:
        raise TermIsOver
    if last_day < member.valid_from:
        raise TermBackwards


def take_chair(member: Member, day: date, chairs: Iterable[Chairing]) -> Chairing | None:
    """Decide whether a member of a lokalraad may chair it from a day; return whose time as chair ends the day before.

    Raises:
        ChairOfNoSide: the member is of neither side, or does not sit on that day.
        ChairIsTaken: somebody took the chair on that day or later.
    """
    if member.kind is not SeatKind.MEMBER:
        raise NotALokalraad
    if member.side == CIVIL or not member.covers(day):
        raise ChairOfNoSide
    if any(one.valid_from >= day for one in chairs):
        raise ChairIsTaken
    return next((one for one in chairs if one.covers(day)), None)


def require_both_sides(members: Iterable[Member], day: date) -> None:
    """Refuse a lokalraad on which police and municipality do not both sit on a day (O-2-01)."""
    missing = set(Side) - {member.side for member in members if member.covers(day)}
    if missing:
        raise SideMissing(missing=", ".join(sorted(missing)))


def day_before(day: date) -> date:
    """Return the day before."""
    return day - timedelta(days=1)


def day_after(day: date) -> date:
    """Return the day after; of the last day that there is, that day."""
    return min(day, date.max - timedelta(days=1)) + timedelta(days=1)


def _on_kredsraad(body: Body, entry: Entry, member_id: UUID, sitting: Iterable[Member]) -> Seating:
    kind = _kind_of(body, entry)
    if entry.chair and kind is not SeatKind.POLITIDIREKTOER:
        raise ChairIsNotThePolitidirektoer
    side = Side.POLITI if kind is SeatKind.POLITIDIREKTOER else Side.KOMMUNE
    member = _member(body, entry, member_id, kind, side, public=kind is not SeatKind.DEPUTY)
    held = [one for one in sitting if one.place == member.place]
    if any(one.valid_from >= member.valid_from for one in held):
        raise TermTaken
    return Seating(member, next((one for one in held if one.meets(member)), None))


def _kind_of(body: Body, entry: Entry) -> SeatKind:
    mayors = {municipality_authority(code) for code in district_municipalities()}
    if entry.function == SeatOffice.POLITIDIREKTOER and entry.authority in body.secretariats:
        return SeatKind.POLITIDIREKTOER
    if entry.authority in mayors and entry.function in {SeatOffice.BORGMESTER, DEPUTY}:
        return SeatKind.DEPUTY if entry.function == DEPUTY else SeatKind.BORGMESTER
    raise ThirteenthSeat


def _on_lokalraad(body: Body, entry: Entry, member_id: UUID, sitting: Iterable[Member]) -> Seating:
    side = _side_of(body, entry.authority)
    if entry.chair and side == CIVIL:
        raise ChairOfNoSide
    member = _member(body, entry, member_id, SeatKind.MEMBER, side, public=entry.public_office)
    if any(one.place == member.place and one.holder == member.holder and one.meets(member) for one in sitting):
        raise SitsAlready
    return Seating(member)


def _side_of(body: Body, authority: str) -> str:
    if not authority:
        return CIVIL
    if body.kommunekode and authority == municipality_authority(body.kommunekode):
        return Side.KOMMUNE
    if authority in body.parties:
        return Side.POLITI
    raise SeatOfAnotherAuthority(authority=authority)


def _member(body: Body, entry: Entry, member_id: UUID, kind: SeatKind, side: str, *, public: bool) -> Member:
    return Member(
        *(member_id, body.id, kind, side, entry.authority, entry.function, entry.holder),
        *(entry.valid_from, entry.valid_to, public),
    )
