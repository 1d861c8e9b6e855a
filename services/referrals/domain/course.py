"""One course: it goes the steps of its definition and no others, and each step is somebody's."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from contracts.codes import AuthorityKind, Office, Role
from contracts.hverdage import DANISH_TIME, hverdage_after
from contracts.refusal import NotFound, StaleVersion
from services.referrals.domain.course_gates import check_gate, check_required
from services.referrals.domain.course_refusals import CourseStopped, NotYourStep, StepNotHere
from services.referrals.domain.course_said import OPENING, Said, Taken, check, code_of, day, split
from services.referrals.domain.courses import INTERRUPTED, CourseEnd, CourseSeat, Definition, Step
from services.referrals.domain.programmes import Clock, Unit


@dataclass(frozen=True, slots=True)
class Sitting:
    """Who is at the table: an authority's office, in some roles."""

    subject: str
    authority: str
    kind: AuthorityKind
    office: Office | None
    roles: frozenset[str]

    def sits(self, seat: CourseSeat) -> bool:
        """Say whether this is somebody of a seat."""
        return seat.holds(self.kind, self.office) and not self.roles.isdisjoint(seat.roles)


@dataclass(frozen=True, slots=True)
class Course:
    """How far one course is."""

    id: UUID
    kind: str
    state: str
    due: datetime | None
    taken: tuple[Taken, ...]
    version: int = 1
    stopped: bool = False
    """Its referral has ended: nothing more is shared."""
    assigned_to: str = ""
    """The subject of the mediator or adviser."""
    code: str = ""

    def last(self, name: str) -> Any:  # noqa: ANN401  what a field holds
        """Return what was said last in a field."""
        return next((one.said[name] for one in reversed(self.taken) if name in one.said), None)


def seats_of(of: Definition, who: Sitting, course: Course | None = None) -> tuple[str, ...]:
    """Return the seats where somebody sits; one of an assigned course only where it is assigned to them."""
    return tuple(
        alias
        for alias, seat in of.seats.items()
        if who.sits(seat) and not (seat.assigned and course and course.assigned_to != who.subject)
    )


def sees(of: Definition, who: Sitting, course: Course) -> tuple[str, ...]:
    """Return the seats from which somebody sees a course.

    Raises:
        NotFound: there is none; a missing course looks the same. Who investigates never reads what § 115 shares.
    """
    seats = seats_of(of, who, course)
    if not seats or (of.programme.section_115 and Role.INVESTIGATOR in who.roles):
        raise NotFound
    return seats


def opened(of: Definition, new_id: UUID, who: Sitting, said: Said, at: datetime) -> Course:
    """Return a new course in its first state.

    Raises:
        Refusal: it is not theirs to open, or something is missing.
    """
    of.programme.check_founded(at.astimezone(DANISH_TIME).date())
    seats = seats_of(of, who)
    if not set(seats) & set(of.opening.by):
        raise NotYourStep(allowed="")
    return begun(of, new_id, seats, said, at, who.authority)


def begun(of: Definition, new_id: UUID, seats: tuple[str, ...], said: Said, at: datetime, authority: str) -> Course:
    """Return a new course in its first state, opened from some seats.

    Raises:
        Refusal: something is missing, or does not fit.
    """
    check(of.opening.fields, said, person_free=of.person_free)
    kept, _ = split(of.opening.fields, said)
    course = Course(new_id, of.kind, of.first, None, (Taken(OPENING, seats, kept, at, authority),))
    return replace(course, due=due(of, course, at))


def allowed(of: Definition, course: Course, seats: tuple[str, ...]) -> list[Step]:
    """Return the steps that somebody may take now."""
    if course.stopped:
        return []
    return [step for step in of.steps_from(course.state) if set(step.by) & set(seats)]


def taken(
    of: Definition, course: Course, step_id: str, who: Sitting, said: Said, at: datetime, *, expected: int
) -> Course:
    """Return the course after a step by somebody who has seen a version of it.

    Raises:
        Refusal: the step is not theirs, not of this state, lacks something, or something must be there first.
    """
    seats = sees(of, who, course)
    step = _check_step(of, course, step_id, seats, expected)
    check(step.fields, said, person_free=of.person_free)
    check_required(course.taken, step)
    kept, _ = split(step.fields, said)
    entry = Taken(step.id, seats, kept, at, who.authority)
    after = replace(course, taken=(*course.taken, entry))
    if step.table:
        check_gate(of, after.taken, step.table, at)
    return _moved(of, course, after, step, at)


def _check_step(of: Definition, course: Course, step_id: str, seats: tuple[str, ...], expected: int) -> Step:
    step = of.steps.get(step_id)
    if step is None:
        raise NotFound
    can = ", ".join(one.name for one in allowed(of, course, seats)) or "intet"
    if not set(step.by) & set(seats):
        raise NotYourStep(step=step.id, state=of.word(course.state), allowed=can)
    if course.version != expected:
        raise StaleVersion(version=course.version)
    if course.stopped:
        raise CourseStopped
    if course.state not in step.sources:
        raise StepNotHere(step=step.id, state=of.word(course.state), allowed=can)
    return step


def _moved(of: Definition, before: Course, after: Course, step: Step, at: datetime) -> Course:
    said = after.taken[-1].said
    state = step.target(before.state, said)
    moved = replace(after, state=state, code=code_of(step.fields, said) or before.code, version=before.version + 1)
    if of.end(state):
        return replace(moved, due=None, version=moved.version + 1)
    # What stays where it is gives nobody more time, unless the day is new from which the time is counted.
    anchored = of.states[state].due.anchor in said
    return replace(moved, due=before.due if state == before.state and not anchored else due(of, moved, at))


def interrupted(course: Course, code: str) -> Course:
    """Return a course whose referral has ended."""
    return replace(course, state=INTERRUPTED.id, due=None, stopped=True, code=code, version=course.version + 1)


def due(of: Definition, course: Course, since: datetime) -> datetime:
    """Return when the clock of its state has run out: at the end of its last Danish day."""
    rule = of.states[course.state].due
    said = course.last(rule.anchor) if rule.anchor else None
    start = day(str(said)) if said else since.astimezone(DANISH_TIME).date()
    # A day that nobody said yet is no anchor: then the time runs from now, and forwards.
    days = rule.clock.days if said else abs(rule.clock.days)
    last = _last_day(start, rule.clock, days)
    return datetime.combine(last + timedelta(days=1), time(0), DANISH_TIME).astimezone(since.tzinfo)


def _last_day(start: Any, clock: Clock, days: int) -> Any:  # noqa: ANN401  a day
    return hverdage_after(start, days) if clock.unit is Unit.HVERDAGE else start + timedelta(days=days)


def ended(of: Definition, course: Course) -> CourseEnd | None:
    """Return how it ended, None while it is open."""
    return of.end(course.state)


def shown(of: Definition, course: Course, seats: tuple[str, ...], one: Taken) -> Mapping[str, Any]:
    """Return what of a step somebody reads: all where a seat of theirs sees content, else what they said themselves."""
    own = bool(set(one.seats) & set(seats))
    content = any(of.seats[alias].content for alias in seats)
    return one.said if (own or content) and not course.stopped else {}
