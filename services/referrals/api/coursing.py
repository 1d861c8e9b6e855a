"""What the routes of courses share: who sits there, the words that persons keeps, and the record that is left."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field as Bounded
from pydantic import StringConstraints

from chassis.access import record_access
from chassis.clients import ServiceRefused
from chassis.database import Tx
from chassis.identity import Forbidden, Principal
from chassis.ids import new_id
from chassis.kinship import require_stranger
from chassis.service import Service
from contracts.codes import Office, Purpose, Role, authorities
from contracts.disclosure import Category, Disclosure, LogKind, Necessity
from contracts.form import Truth, Whole
from contracts.hverdage import DANISH_TIME
from contracts.refusal import NotFound
from services.referrals.api.charges import NumberUnusable
from services.referrals.api.common import Body, Born, check_open_to, keep_text, read_person
from services.referrals.api.grouping import is_member
from services.referrals.domain.course import Sitting, sees
from services.referrals.domain.course_parties import authority_of
from services.referrals.domain.course_refusals import SaidWrongly
from services.referrals.domain.course_said import ages_in, split, with_ages
from services.referrals.domain.coursebook import coursebook
from services.referrals.domain.courses import Field, Sort, Step
from services.referrals.domain.offers import basis_of
from services.referrals.domain.practitioners import NotNeutral, check_certified
from services.referrals.store import courses, practitioners
from services.referrals.store.courses import StoredCourse

Words = Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]
Name = Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z][a-z0-9_]*$")]
Said = Annotated[
    dict[Name, Truth | Whole | Words], Bounded(max_length=40, json_schema_extra={"additionalProperties": False})
]
"""What is said, by field."""


class Party(Body):
    """Another authority at the table."""

    authority: Annotated[str, StringConstraints(max_length=60, pattern=r"^[a-z0-9-]+$")]
    office: Office | None = None


def sitting(principal: Principal) -> Sitting:
    """Return who sits there; whoever has no seat at any course is refused.

    An integrating system acts as its office's receiver, as it does on a referral.
    """
    authority, roles = authorities().get(principal.authority), _roles(principal)
    seated = {role for of in coursebook().values() for seat in of.seats.values() for role in seat.roles}
    if authority is None or roles.isdisjoint(seated):
        raise Forbidden
    office = Office(principal.office) if principal.office in set(Office) else None
    return Sitting(principal.subject, authority.id, authority.kind, office, roles)


def _roles(principal: Principal) -> frozenset[str]:
    if principal.kind == "person":
        return principal.roles
    is_system = principal.kind == "system" and Role.SYSTEM in principal.roles
    return principal.roles | {Role.RECEIVER} if is_system else frozenset()


@dataclass(frozen=True, slots=True)
class About:
    """Whom a course is about, for what, and when."""

    persons: Mapping[str, UUID | None]
    """By `person` and `counterpart`."""
    purpose: Purpose
    case_id: UUID
    now: datetime


def works(principal: Principal) -> bool:
    """Say whether something can wait for somebody: a referral, a step of a course, or what a group asks for."""
    try:
        sitting(principal)
    except Forbidden:
        return is_member(principal)
    return True


async def looked_at(service: Service, principal: Principal, course_id: UUID) -> tuple[StoredCourse, Sitting]:
    """Return a course that somebody sits at, about strangers to them; to anybody else it is a missing one."""
    who = sitting(principal)
    async with service.database.tx(principal) as tx:
        stored = await courses.found(tx, course_id)
    if stored is None:
        raise NotFound
    check_open_to(principal, stored.definition.programme)
    sees(stored.definition, who, stored.course)
    await require_stranger(service, principal, stored.persons, stored.case_id)
    return stored, who


async def kept_words(
    service: Service, under: UUID | None, fields: Mapping[str, Field], said: Mapping[str, Any]
) -> dict[str, str]:
    """Let persons keep the words of a step, and return their ids by field."""
    _, words = split(fields, said)
    return {name: str(await keep_text(service, under, text)) for name, text in words.items()} if under else {}


async def with_ages_of(
    service: Service, principal: Principal, about: About, fields: Mapping[str, Field], said: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Return what is said with the ages that are asked for, reckoned from the births that persons knows."""
    born = dict[str, date]()
    for whose in sorted(ages_in(fields)):
        if person := about.persons.get(whose):
            asked: dict[str, Any] = {"person_ids": [str(person)], "fields": ["born"]}
            read = await read_person(service, principal, about.purpose, about.case_id, **asked)
            born |= {whose: on} if (on := Born(on=read["persons"][0].get("born")).on) else {}
    return with_ages(fields, said, born, about.now.astimezone(DANISH_TIME).date())


async def resolved(service: Service, number: str) -> UUID:
    """Return the id of whoever has a number.

    Raises:
        NumberUnusable: it is no CPR number.
    """
    try:
        found = await service.clients.post("persons", "/resolve", {"numbers": [number]})
    except ServiceRefused as refused:
        raise NumberUnusable from refused
    return UUID(found["ids"][0])


async def assignee(service: Service, principal: Principal, stored: StoredCourse, step: Step, said: Said) -> str:
    """Return the subject of whoever a step assigns a course to, the same as before where it assigns nobody.

    Raises:
        SaidWrongly: nobody by that id is on the own list.
        NotCertified: a mandatory course is missing.
        NotNeutral: they are a party, or related to one; nobody is told which.
    """
    if not step.assigns:
        return stored.course.assigned_to
    name = next(name for name, field in step.fields.items() if field.sort is Sort.STAFF)
    async with service.database.tx(principal) as tx:
        one = await practitioners.found(tx, UUID(str(said[name])))
    if one is None or one.role != step.assigns or one.person is None:
        raise SaidWrongly(field=step.fields[name].name, codes="")
    check_certified(one.role, one.passed)
    asked = {"person_id": str(one.person), "to": [str(person) for person in stored.persons]}
    try:
        told = await service.clients.post("persons", "/related", asked | {"case_id": str(stored.case_id)})
    except ServiceRefused as refused:
        raise NotNeutral from refused
    if told["related"]:
        raise NotNeutral
    return one.subject


async def nobody(service: Service) -> UUID:
    """Return an id of persons that stands for nobody, so that words of a course without persons are sealed too."""
    made = await service.clients.post("persons", "/people", {}, key=str(new_id()))
    return UUID(made["person_id"])


async def record(tx: Tx, stored: StoredCourse, operation: str, kind: LogKind, sender: str = "") -> None:
    """Record an operation on the data of whom a course is about; what another authority said is a disclosure."""
    disclosed = _disclosure(stored, sender, tx.principal.authority) if sender else None
    await _record(tx, stored, operation, LogKind.DISCLOSURE if disclosed else kind, disclosed)


async def record_handed_out(tx: Tx, stored: StoredCourse, step: Step) -> None:
    """Record that somebody outside of Samvirke is told, who is never asked (O-6.2-03)."""
    if step.discloses_to:
        disclosed = _disclosure(stored, tx.principal.authority, authority_of(step.discloses_to))
        await _record(tx, stored, "course.handed_out", LogKind.DISCLOSURE, disclosed)


async def _record(tx: Tx, stored: StoredCourse, operation: str, kind: LogKind, disclosed: Disclosure | None) -> None:
    await record_access(
        tx,
        operation=operation,
        purpose=Purpose(stored.definition.programme.purpose),
        persons=stored.persons,
        kind=kind,
        case_id=stored.case_id,
        disclosure=disclosed,
        at=stored.now,
    )


def _disclosure(stored: StoredCourse, sender: str, receiver: str) -> Disclosure:
    of = stored.definition.programme
    return Disclosure(
        basis=basis_of(of),
        reference=of.hjemmel,
        necessity=Necessity.RECEIVER_MUST_DECIDE,
        sender=sender,
        receiver=receiver,
        categories=(Category.IDENTITY, Category.ASSESSMENT),
    )
