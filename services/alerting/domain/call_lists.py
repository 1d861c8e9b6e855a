"""The call list: all that is needed to call people in when nothing of Samvirke runs.

It is made on every roster change, signed, and kept at the vagtcentral as a file and on paper. `nodudkald` reads it, and
from the ids in it computes the same calls and idempotency keys as Samvirke would have.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from itertools import pairwise
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from contracts.beredskabsstab.v1 import Step as StaffStep
from contracts.hverdage import DANISH_TIME
from services.alerting.domain.rosters import OFFICE_HOURS, Roster, on_duty
from services.alerting.domain.tables import EVERYONE, Step

KIND = "samvirke-kaldeliste-1"
"""What the file is; it is signed with it, so that no other signature of ours could be taken for a list's."""

DAYS = 14
"""How far ahead the list says who has the duty."""

CHANNELS = ("sms", "voice")
"""What one provider of messages can do; mail and push need more than that."""


class Part(BaseModel):
    """A part of the list, or of the ledger of what was done with it: nothing unknown in it."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class ListedRoute(Part):
    """A way to reach somebody."""

    route_id: UUID
    channel: str
    address: str


class Person(Part):
    """Somebody who can be called, with the first route of each channel."""

    staff_id: UUID
    name: str
    routes: tuple[ListedRoute, ...]

    def on(self, channels: Sequence[str]) -> list[ListedRoute]:
        """Return the routes on some channels; by voice where there is no other, because it is all that there is."""
        found = [one for one in self.routes if one.channel in channels]
        return found or [one for one in self.routes if one.channel == "voice"]


class Turn(Part):
    """Who has the duty on a line from one moment to another."""

    line: int
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    staff: tuple[UUID, ...]


class Duty(Part):
    """An office's role: its turns of the next days, and all of its people."""

    authority: str
    office: str
    role: str
    turns: tuple[Turn, ...]
    everyone: tuple[UUID, ...]

    def within(self, start: datetime, end: datetime) -> tuple[Turn, ...]:
        """Return its turns, cut to what lies between two moments."""
        cut = (
            one.model_copy(update={"starts_at": max(one.starts_at, start), "ends_at": min(one.ends_at, end)})
            for one in self.turns
        )
        return tuple(one for one in cut if one.starts_at < one.ends_at)

    @property
    def name(self) -> str:
        """Return how it is written at the command line."""
        return f"{self.authority}/{self.office}/{self.role}"

    def whom(self, line: str, at: datetime) -> tuple[UUID, ...]:
        """Return who is called on a line at a moment."""
        if line == EVERYONE:
            return self.everyone
        turns = [one for one in self.turns if str(one.line) == line and one.starts_at <= at < one.ends_at]
        return tuple(dict.fromkeys(who for one in turns for who in one.staff))


class Provider(Part):
    """Where messages are handed over; the credential is not here."""

    name: str
    channels: tuple[str, ...]
    base: str
    sender: str


class ListedStep(Part):
    """A step of an escalation, as the table has it."""

    number: int
    after_s: int
    line: str
    channels: tuple[str, ...]

    def step(self) -> Step:
        """Return it as the domain reckons with it."""
        return Step(self.number, self.after_s, self.line, self.channels)


class ListedText(Part):
    """What a message says, before its fields are filled in; for paper."""

    template: str
    sms: str
    spoken: str


class ListedPlace(Part):
    """People on duty as something at an office; its people stand in the duty of the same name."""

    authority: str
    office: str
    role: str

    @property
    def name(self) -> str:
        """Return how it is written at the command line."""
        return f"{self.authority}/{self.office}/{self.role}"


class ListedCall(Part):
    """Whom a step of the beredskabsstab calls, with those of the steps below it, and how."""

    step: StaffStep
    template: str
    policy: str
    places: tuple[ListedPlace, ...]


class ListedStaff(Part):
    """The beredskabsstab, by the framework plan that was signed last."""

    edition: int
    valid_until: AwareDatetime
    """One whose signature has run out is listed still: at three in the morning it is better than none."""
    steps: tuple[ListedCall, ...]

    def call_at(self, step: str) -> ListedCall | None:
        """Return whom a step calls; None where the plan does not have it."""
        return next((one for one in self.steps if one.step == step), None)


class CallList(Part):
    """The whole list."""

    kind: str = KIND
    number: int
    made_at: AwareDatetime
    mode: str
    demonstration: bool
    raised_by: str
    """The authority whose desk calls in."""
    raised_by_office: str
    duties: tuple[Duty, ...]
    people: tuple[Person, ...]
    policies: dict[str, tuple[ListedStep, ...]]
    texts: tuple[ListedText, ...]
    providers: tuple[Provider, ...]
    staff: ListedStaff | None = None
    """None where no framework plan has said whom its steps call; lists from before it was kept do not, either."""

    def text(self) -> str:
        """Return the one text of the list: what is signed, stored and read."""
        return self.model_dump_json(exclude_defaults=False)

    def same_as(self, other: "CallList") -> bool:
        """Say whether two lists call the same people in the same way as long as both know who has the duty."""
        both = max(self.made_at, other.made_at), min(self.made_at, other.made_at) + timedelta(days=DAYS)
        return self._seen_in(both) == other._seen_in(both)  # noqa: SLF001  another list

    def _seen_in(self, time: tuple[datetime, datetime]) -> "CallList":
        duties = tuple(one.model_copy(update={"turns": one.within(*time)}) for one in self.duties)
        return self.model_copy(update={"number": 0, "made_at": time[0], "duties": duties})

    def duty(self, authority: str, office: str, role: str) -> Duty | None:
        """Return an office's role; None where the list does not have it."""
        wanted = (authority, office, role)
        return next((one for one in self.duties if (one.authority, one.office, one.role) == wanted), None)

    def person(self, staff_id: UUID) -> Person | None:
        """Return somebody on the list."""
        return next((one for one in self.people if one.staff_id == staff_id), None)


class SignedList(Part):
    """A list as it lies in a file: its text, word by word, and who signed it."""

    content: str
    sha256: str
    key_id: str
    signature: str

    def listed(self) -> CallList:
        """Return the list itself."""
        return CallList.model_validate_json(self.content)


def signed_bytes(content: str) -> bytes:
    """Return what is signed of a list."""
    return f"{KIND}\n{content}".encode()


def turns(rosters: Sequence[Roster], start: datetime, days: int = DAYS) -> Iterator[Turn]:
    """Yield who has the duty from a moment on, line by line; nothing where nobody has it."""
    ends = start + timedelta(days=days)
    moments = sorted({start, ends, *(one for one in _changes(rosters, start, days) if start < one < ends)})
    for line in sorted({one.line for one in rosters}):
        held: Turn | None = None
        for begins, until in pairwise(moments):
            staff = tuple(on_duty(rosters, line, begins))
            if held is not None and held.staff == staff:
                held = held.model_copy(update={"ends_at": until})
                continue
            yield from _whole(held)
            held = Turn(line=line, starts_at=begins, ends_at=until, staff=staff)
        yield from _whole(held)


def _whole(turn: Turn | None) -> Iterator[Turn]:
    if turn is not None and turn.staff:
        yield turn


def _changes(rosters: Sequence[Roster], start: datetime, days: int) -> Iterator[datetime]:
    """Yield every moment at which somebody else may have the duty."""
    first = start.astimezone(DANISH_TIME).date()
    clocks = {time(0), *OFFICE_HOURS, *(rotation.turn_at for roster in rosters for rotation in roster.rotations)}
    for day in range(days + 2):
        for clock in clocks:
            yield datetime.combine(first + timedelta(days=day), clock, DANISH_TIME).astimezone(start.tzinfo)
    for roster in rosters:
        for override in roster.overrides:
            yield from (override.starts_at, override.ends_at)
        yield from roster.ended.values()
