"""Courses: one route opens any of them, and one takes any step; the definition says who may, when, and with what."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response
from pydantic import Field as Bounded
from pydantic import StringConstraints

from chassis.access import accessing
from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.identity import Principal
from chassis.ids import new_id
from chassis.kinship import require_stranger
from chassis.openapi import refusing
from chassis.service import Service
from contracts.codes import Purpose, authorities
from contracts.disclosure import LogKind
from contracts.form import WHOLE
from contracts.refusal import NotFound, StaleVersion
from services.referrals.api.charges import NumberUnusable
from services.referrals.api.common import Body, Call, check_open_to
from services.referrals.api.coursing import (
    About,
    Name,
    Party,
    Said,
    assignee,
    kept_words,
    looked_at,
    nobody,
    record,
    record_handed_out,
    resolved,
    sitting,
    with_ages_of,
)
from services.referrals.domain import course as machine
from services.referrals.domain.admission import BeforeBirth, FactIsReckoned
from services.referrals.domain.course import Sitting
from services.referrals.domain.course_parties import ANY, at_table, invited
from services.referrals.domain.course_refusals import (
    CourseNotYet,
    CourseStopped,
    CourseThere,
    GateClosed,
    NobodyHere,
    NotYourStep,
    OutsideAge,
    PersonNamed,
    SaidWrongly,
    StepNotHere,
    StepNotReady,
)
from services.referrals.domain.coursebook import definition
from services.referrals.domain.courses import Definition, Field, Stands
from services.referrals.domain.practitioners import NotCertified, NotNeutral
from services.referrals.domain.programmes import NotYetFounded, PartyMissing
from services.referrals.domain.referral_refusals import DetailMissing
from services.referrals.domain.referral_words import said as word_of
from services.referrals.handlers.coursing import carry_on, open_course
from services.referrals.store import clock, courses, referrals
from services.referrals.store.courses import NewCourse
from services.referrals.store.referrals import Stored

router = APIRouter(tags=["forløb"])

MISFITS = (DetailMissing, FactIsReckoned, BeforeBirth, SaidWrongly, OutsideAge, PersonNamed, NotYourStep, StepNotReady)


class Opening(Body):
    """Which course, on which referral, with whom at the table, and what is said of it."""

    kind: Name
    referral_id: UUID | None = None
    counterpart: Annotated[str, StringConstraints(pattern=r"^([0-9]{6}-?[0-9]{4})?$")] = ""
    """The number of the other person, where it is about two."""
    parties: Annotated[tuple[Party, ...], Bounded(max_length=30)] = ()
    said: Said = Bounded(default_factory=dict)


class Stepping(Body):
    """The version that somebody has seen, and what is said."""

    version: Annotated[int, Bounded(ge=1, le=2**31), WHOLE]
    said: Said = Bounded(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was asked of persons before the transaction."""

    words: dict[str, str]
    assigned_to: str


@router.post(
    "/courses",
    status_code=201,
    dependencies=[Depends(accessing("course.open"))],
    responses=refusing(*MISFITS, CourseThere, CourseNotYet, NumberUnusable, NobodyHere, PartyMissing, NotYetFounded),
)
async def opened(body: Opening, request: Request, call: Call) -> Response:
    """Open a course: on a referral that is taken, or alone where the programme names nobody."""
    who, of, service = sitting(call.principal), definition(body.kind), service_of(request)
    async with service.database.tx(call.principal) as tx:
        on, now = await _referral(tx, of, body), await clock.now(tx)
    check_open_to(call.principal, of.programme)
    if on:
        await require_stranger(service, call.principal, [on.referral.person], on.case_id)
    other = await _other(service, call.principal, of, body, on)
    said: Mapping[str, Any] = body.said
    if on and set(machine.seats_of(of, who)) & set(of.opening.by):
        persons = {"person": on.referral.person, "counterpart": other}
        about = About(persons, Purpose(of.programme.purpose), on.case_id, now)
        said = await with_ages_of(service, call.principal, about, of.opening.fields, body.said)
    course = machine.opened(of, new_id(), who, said, now)
    named = [(one.authority, str(one.office or "")) for one in body.parties]
    parties = at_table(of, _own(on, who), [*named, *_taking_part(on)])
    under = on.referral.person if on else await nobody(service)
    words = await kept_words(service, under, of.opening.fields, body.said)
    new = NewCourse(
        course=course,
        referral_id=on.referral.id if on else None,
        case_id=on.case_id if on else course.id,
        person=on.referral.person if on else None,
        counterpart=other,
        sealed_under=under,
        kommune=on.kommune if on else authorities()[who.authority].kommunekode or "",
        parties=parties,
        text_ids=words,
        once_key=_once(of, course.taken[0].said),
    )
    return await call.run(lambda tx: _open(tx, of, body, new))


async def _other(
    service: Service, principal: Principal, of: Definition, body: Opening, on: Stored | None
) -> UUID | None:
    """Return the other person of a course that is about two, who is a stranger too."""
    if not of.opening.counterpart and body.counterpart:
        raise SaidWrongly(field="counterpart", codes="")
    if not of.opening.counterpart or on is None:
        return None
    if not on.counterpart and not body.counterpart:
        raise DetailMissing(missing="den anden part", codes="")
    other = on.counterpart or await resolved(service, body.counterpart)
    await require_stranger(service, principal, [other], on.case_id)
    return other


def _own(on: Stored | None, who: Sitting) -> list[tuple[str, str]]:
    """Return the places of sender and receiver; alone, that of whoever opens it."""
    if on is None:
        return [(who.authority, str(who.office or ANY))]
    return [(on.sender, on.sender_office), (on.referral.receiver, on.receiver_office)]


def _taking_part(on: Stored | None) -> list[tuple[str, str]]:
    """Return whoever takes part in the referral besides its two sides."""
    parties = [party.partition(".") for party in on.parties] if on else []
    return [(authority, office) for authority, _, office in parties]


def _once(of: Definition, said: Any) -> str | None:  # noqa: ANN401  what was said
    return ".".join(str(said[name]) for name in of.opening.once_for) or None


async def _referral(tx: Tx, of: Definition, body: Opening) -> Stored | None:
    """Lock the referral on which a course is opened, and see that it stands where it can be."""
    if of.stands is Stands.ALONE:
        if body.referral_id:
            raise SaidWrongly(field="referral_id", codes="")
        return None
    stored = await referrals.locked(tx, body.referral_id) if body.referral_id else None
    if stored is None or stored.programme.code != of.programme.code:
        raise NotFound
    if stored.referral.state not in of.opening.on:
        allowed = ", ".join(sorted(word_of(state) for state in of.opening.on))
        raise CourseNotYet(state=word_of(stored.referral.state), allowed=allowed)
    await _check_needs(tx, of, stored.referral.id)
    return stored


async def _check_needs(tx: Tx, of: Definition, referral_id: UUID) -> None:
    for need in of.needs:
        kind, _, end = need.partition(":")
        if not await courses.has_ended(tx, referral_id, kind, end):
            before = definition(kind)
            raise StepNotReady(missing=f"{before.name}: {before.word(end)}", step=of.name)


async def _open(tx: Tx, of: Definition, body: Opening, new: NewCourse) -> Answer:
    await _referral(tx, of, body)
    await open_course(tx, new)
    if stored := await courses.found(tx, new.course.id):
        await record(tx, stored, "course.open", LogKind.ALTERATION)
    return Answer(201, {"course_id": new.course.id}, new.course.version)


@router.post(
    "/courses/{course_id}/{step}",
    dependencies=[Depends(accessing("course.step", "course_id"))],
    responses=refusing(*MISFITS, StaleVersion, StepNotHere, CourseStopped, GateClosed, NotCertified, NotNeutral),
)
async def step_taken(
    course_id: UUID,
    step: Annotated[str, Path(max_length=40, pattern=r"^[a-z][a-z0-9_]*$")],
    body: Stepping,
    request: Request,
    call: Call,
) -> Response:
    """Take a step, and answer the version that the course has then."""
    service = service_of(request)
    stored, who = await looked_at(service, call.principal, course_id)
    of = stored.definition
    if step in of.steps and set(of.steps[step].by) & set(machine.seats_of(of, who, stored.course)):
        persons = {"person": stored.person, "counterpart": stored.counterpart}
        about = About(persons, Purpose(of.programme.purpose), stored.case_id, stored.now)
        said = await with_ages_of(service, call.principal, about, of.steps[step].fields, body.said)
        body = body.model_copy(update={"said": said})
    machine.taken(of, stored.course, step, who, body.said, stored.now, expected=body.version)
    assigned = await assignee(service, call.principal, stored, of.steps[step], body.said)
    words = await kept_words(service, stored.sealed_under, of.steps[step].fields, body.said)
    return await call.run(lambda tx: _take(tx, course_id, step, who, body, Prepared(words, assigned)))


async def fields_of(service: Service, principal: Principal, course_id: UUID, step: str) -> Mapping[str, Field]:
    """Return what is said with a step; NotFound where the course is not the asker's, or has no such step."""
    who = sitting(principal)
    async with service.database.tx(principal) as tx:
        stored = await courses.found(tx, course_id)
    if stored is None or step not in stored.definition.steps:
        raise NotFound
    machine.sees(stored.definition, who, stored.course)
    return stored.definition.steps[step].fields


async def _take(tx: Tx, course_id: UUID, step: str, who: Sitting, body: Stepping, ready: Prepared) -> Answer:
    stored = await courses.locked(tx, course_id)
    if stored is None:
        raise NotFound
    of = stored.definition
    after = machine.taken(of, stored.course, step, who, body.said, stored.now, expected=body.version)
    taken = of.steps[step]
    parties = invited(stored.parties, taken.invites) if taken.invites else stored.parties
    await carry_on(tx, stored, replace(after, assigned_to=ready.assigned_to), parties, ready.words)
    await record(tx, stored, "course.step", LogKind.ALTERATION)
    await record_handed_out(tx, stored, taken)
    return Answer(200, {"course_id": course_id}, after.version)
