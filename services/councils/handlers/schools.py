"""Schools: the directory of contact points, and a school's concern from one call to somebody who has it."""

from datetime import datetime
from uuid import UUID

from chassis.database import Tx
from chassis.deadlines import cancel_deadline, due, set_deadline
from chassis.outbox import append
from contracts.councils.v1.areas import (
    SchoolConcernAssigned,
    SchoolConcernEscalated,
    SchoolConcernRaised,
    SchoolContactEnded,
    SchoolContactRegistered,
    SchoolListed,
    _OfSchool,
    _OfSchoolConcern,
)
from contracts.refusal import NotFound, StaleVersion
from services.councils.domain.schools import (
    Concern,
    ConcernIsAssigned,
    ConcernKind,
    ContactNotUsable,
    NotYourSchool,
    School,
    SchoolExists,
    SchoolType,
    assign_by,
    check_school,
)
from services.councils.store import clock, schools
from services.councils.store.schools import Contact

UNASSIGNED = "school_concern_unassigned"


async def list_school(tx: Tx, kommunekode: str, title: str, school_type: SchoolType) -> tuple[UUID, int]:
    """Enter a school in the directory."""
    check_school(kommunekode)
    school = await schools.add(tx, kommunekode, title, school_type)
    if school is None:
        raise SchoolExists
    return school.id, await _tell(tx, school, SchoolListed, school_type=school_type)


async def register_contact(tx: Tx, school_id: UUID, new: Contact) -> tuple[UUID, int]:
    """Enter a contact point of a school, on its own side or the police's."""
    school = await _locked(tx, school_id)
    contact_id = await schools.add_contact(tx, school_id, new)
    return contact_id, await _tell(tx, school, SchoolContactRegistered, contact_id=contact_id, side=new.side)


async def end_contact(tx: Tx, school_id: UUID, contact_id: UUID) -> int:
    """End a contact point; it stays as history."""
    school = await _locked(tx, school_id)
    side = await schools.end_contact(tx, school_id, contact_id)
    if side is None:
        raise NotFound
    return await _tell(tx, school, SchoolContactEnded, contact_id=contact_id, side=side)


async def raise_concern(tx: Tx, school_id: UUID, kind: ConcernKind, text: str) -> tuple[UUID, datetime]:
    """Take a school's concern and acknowledge it at once; somebody has it within the time of the rule (O-4.4-05)."""
    school = await schools.found(tx, school_id)
    if school is None:
        raise NotFound
    if tx.principal.authority != f"skoler-{school.kommunekode}":
        raise NotYourSchool
    now = await clock.now(tx)
    until = assign_by(now)
    concern_id = await schools.add_concern(tx, school, kind, text, until)
    await set_deadline(tx, kind=UNASSIGNED, subject=concern_id, due_at=until)
    concern = Concern(concern_id, school_id, school.kommunekode, "open", 1)
    await _tell_concern(tx, concern, 1, SchoolConcernRaised, concern_kind=kind, assign_by=until)
    return concern_id, until


async def assign(tx: Tx, concern_id: UUID, contact_id: UUID, expected: int) -> int:
    """Give a concern to a current contact point of the school."""
    concern = await schools.locked_concern(tx, concern_id)
    if concern is None:
        raise NotFound
    if concern.state != "open":
        raise ConcernIsAssigned
    if expected != concern.version:
        raise StaleVersion(version=concern.version)
    if not await schools.is_current(tx, concern.school_id, contact_id):
        raise ContactNotUsable
    version = await schools.assign(tx, concern, contact_id)
    await cancel_deadline(tx, kind=UNASSIGNED, subject=concern_id)
    await _tell_concern(tx, concern, version, SchoolConcernAssigned, contact_id=contact_id)
    return version


@due(UNASSIGNED)
async def escalate(subject: UUID, due_at: datetime, tx: Tx) -> None:
    """Say, once, that nobody had a school's concern in time."""
    del due_at
    concern = await schools.locked_concern(tx, subject)
    if concern is None or concern.state != "open":
        return
    version = await schools.escalate(tx, concern)
    await _tell_concern(tx, concern, version, SchoolConcernEscalated)


async def _locked(tx: Tx, school_id: UUID) -> School:
    school = await schools.locked(tx, school_id)
    if school is None:
        raise NotFound
    return school


async def _tell(tx: Tx, school: School, kind: type[_OfSchool], **said: object) -> int:
    version = await schools.told(tx, school.id)
    event = kind.model_validate({"school_id": school.id, "municipality": school.kommunekode, **said})
    await append(tx, event, version=version, correlation_id=school.id, time=await clock.now(tx))
    return version


async def _tell_concern(tx: Tx, of: Concern, version: int, kind: type[_OfSchoolConcern], **said: object) -> None:
    about = {"school_concern_id": of.id, "school_id": of.school_id, "municipality": of.kommunekode}
    event = kind.model_validate(about | said)
    await append(tx, event, version=version, correlation_id=of.id, time=await clock.now(tx))
