"""Schools and the police: a directory that everyone reads, and a school's concern from one form to somebody (4.4)."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field, model_validator

from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.openapi import refusing
from contracts.codes import Kommunekode, Role
from contracts.form import WHOLE
from contracts.refusal import StaleVersion
from services.councils.api.common import Asking, Call, Sent, answer, kept_body
from services.councils.api.public import EVERYONE, as_public_json
from services.councils.api.public_views import SchoolsView
from services.councils.domain.kredsraad import NotYourCouncil, district_municipalities
from services.councils.domain.schools import (
    ConcernIsAssigned,
    ConcernKind,
    ContactNotUsable,
    NotARoleAddress,
    NotYourSchool,
    OfficialNumber,
    RoleMail,
    SchoolExists,
    SchoolOutsideDistrict,
    SchoolType,
    Side,
    check_school,
)
from services.councils.domain.wording import Line, LooksLikeAPerson, Text
from services.councils.handlers import schools as handlers
from services.councils.store import bodies, schools

router = APIRouter(tags=["skoler"])


class SchoolSent(Sent):
    """A school of the district."""

    kommunekode: Kommunekode
    title: Line
    school_type: SchoolType


class ContactSent(Sent):
    """A contact point: a role, with an office's address or an official number."""

    side: Side
    role_title: Line
    mail: RoleMail | None = None
    phone: OfficialNumber | None = None

    @model_validator(mode="after")
    def _reachable(self) -> "ContactSent":
        if self.mail is None and self.phone is None:
            raise ValueError("mail or phone")
        return self


class ConcernSent(Sent):
    """A concern about what happens at a school, never about a pupil."""

    concern_kind: ConcernKind
    text: Text


class AssignmentSent(Sent):
    """Which contact point of the school has the concern."""

    version: Annotated[int, Field(ge=0, le=2**31), WHOLE]
    contact_id: UUID


@router.get("/schools", response_model=SchoolsView)
async def read_schools(request: Request, kommunekode: Kommunekode | None = None) -> Response:
    """Return the directory: each school with its contact points on both sides."""
    async with service_of(request).database.tx(EVERYONE) as tx:
        rows = await schools.listed(tx, kommunekode)
    return as_public_json(request, {"schools": rows})


@router.get("/schools/coverage")
async def coverage(request: Request, principal: Asking) -> Response:
    """Return the schools that lack a contact point, and the municipalities of which no school stands here."""
    principal.require(Role.SECRETARY, Role.COUNCIL_MEMBER)
    async with service_of(request).database.tx(principal) as tx:
        rows = await schools.listed(tx, None)
    return answer(_coverage(rows))


@router.post("/schools", status_code=201, responses=refusing(SchoolExists, SchoolOutsideDistrict, NotYourCouncil))
async def list_school(body: SchoolSent, call: Call) -> Response:
    """Enter a school in the directory."""

    async def work(tx: Tx) -> Answer:
        await _require_municipality(tx, body.kommunekode)
        school_id, version = await handlers.list_school(tx, body.kommunekode, body.title, body.school_type)
        return Answer(201, {"school_id": school_id}, version)

    call.require(Role.SECRETARY)
    return await call.run(work)


@router.post("/schools/{school_id}/contacts", status_code=201, responses=refusing(NotARoleAddress))
async def register_contact(school_id: UUID, body: ContactSent, call: Call) -> Response:
    """Enter a contact point of a school."""

    async def work(tx: Tx) -> Answer:
        new = schools.Contact(body.side, body.role_title, body.mail, body.phone)
        contact_id, version = await handlers.register_contact(tx, school_id, new)
        return Answer(201, {"contact_id": contact_id}, version)

    call.require(Role.SECRETARY)
    return await call.run(work)


@router.post("/schools/{school_id}/contacts/{contact_id}/end")
async def end_contact(school_id: UUID, contact_id: UUID, call: Call) -> Response:
    """End a contact point of a school."""

    async def work(tx: Tx) -> Answer:
        version = await handlers.end_contact(tx, school_id, contact_id)
        return Answer(200, {"contact_id": contact_id}, version)

    call.require(Role.SECRETARY)
    return await call.run(work)


@router.post("/schools/{school_id}/concerns", status_code=201, responses=refusing(NotYourSchool, LooksLikeAPerson))
async def raise_concern(school_id: UUID, body: ConcernSent, call: Call) -> Response:
    """Tell of something at a school; the answer acknowledges it, and says by when somebody has it."""

    async def work(tx: Tx) -> Answer:
        concern_id, assign_by = await handlers.raise_concern(tx, school_id, body.concern_kind, body.text)
        return Answer(201, {"school_concern_id": concern_id, "assign_by": assign_by.isoformat()}, 1)

    call.require(Role.SCHOOL_CONTACT)
    return await call.run(work)


@router.get("/school-concerns")
async def read_concerns(request: Request, principal: Asking) -> Response:
    """Return the concerns of the own schools, or of the municipalities whose papers the reader keeps."""
    principal.require(Role.SECRETARY, Role.SCHOOL_CONTACT)
    async with service_of(request).database.tx(principal) as tx:
        return answer({"concerns": await schools.concerns(tx)})


@router.post(
    "/school-concerns/{concern_id}/assignment", responses=refusing(ConcernIsAssigned, ContactNotUsable, StaleVersion)
)
async def assign(concern_id: UUID, body: AssignmentSent, call: Call) -> Response:
    """Give a school's concern to a contact point, within a working day."""

    async def work(tx: Tx) -> Answer:
        version = await handlers.assign(tx, concern_id, body.contact_id, body.version)
        return Answer(200, {"school_concern_id": concern_id}, version)

    call.require(Role.SECRETARY)
    return await call.run(work)


async def _require_municipality(tx: Tx, kommunekode: str) -> None:
    check_school(kommunekode)
    body = await bodies.of_municipality(tx, kommunekode)
    if body is None:
        raise NotYourCouncil
    await kept_body(tx, body.id)


def _coverage(rows: list[dict[str, Any]]) -> dict[str, Any]:
    lacking = []
    for row in rows:
        missing = [side for side in Side if side not in {each["side"] for each in row["contacts"]}]
        if missing:
            lacking.append({name: row[name] for name in ("school_id", "kommunekode", "title")} | {"missing": missing})
    listed = {row["kommunekode"] for row in rows}
    return {
        "schools": len(rows),
        "covered": len(rows) - len(lacking),
        "without_contact": lacking,
        "municipalities_without_schools": [code for code in district_municipalities() if code not in listed],
    }
