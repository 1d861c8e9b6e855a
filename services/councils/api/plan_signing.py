"""How the kredsraad's plan is signed: by sign-in, or on a sheet that one person records and another confirms."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from chassis.database import Tx
from chassis.http import Answer
from chassis.openapi import refusing
from contracts.codes import Role
from contracts.councils.v1.common import Sha256
from contracts.form import Day
from contracts.refusal import NotFound
from services.councils.api.common import Call, Sent
from services.councils.api.page import danish_day
from services.councils.api.plan_making import Year, own_plan
from services.councils.api.secretariat import SheetBody
from services.councils.domain.kredsraad import Kredsraad
from services.councils.domain.papers import Paper
from services.councils.domain.samarbejdsplan import (
    NotASignatory,
    NotInOffice,
    Samarbejdsplan,
    Sheet,
    SignedAnotherText,
    WrongState,
    sign,
)
from services.councils.domain.signing import (
    AnotherFile,
    SamePerson,
    SheetConfirmed,
    SheetNotAttached,
    own_signature,
    require_discussed,
    require_second,
)
from services.councils.domain.wording import Line
from services.councils.handlers import signing
from services.councils.handlers.planning import today
from services.councils.store import councils, papers, plans, sheets

router = APIRouter(tags=["underskrift"])


class OwnSignature(Sent):
    """Where somebody signs, and which text."""

    place: Line
    document_sha256: Sha256


class SheetRead(SheetBody):
    """What somebody read off a signed sheet, and the paper that shows it."""

    document_sha256: Sha256
    paper_id: UUID


class Confirmation(Sent):
    """The file that the second person compared with what was recorded."""

    file_sha256: Sha256


@router.post("/plans/{year}/signature", responses=refusing(WrongState, NotASignatory, NotInOffice, SignedAnotherText))
async def sign_by_login(year: Year, body: OwnSignature, call: Call) -> Response:
    """Sign a discussed plan for the own authority's seat, by the one who holds it today."""
    call.require(Role.PLAN_APPROVER)

    async def work(tx: Tx) -> Answer:
        day = await today(tx)
        plan, council = await _discussed(tx, year), await _council(tx, None)
        signature = own_signature(council, call.principal.authority, day)
        text = f"{body.place}, den {danish_day(day.isoformat())}."
        sheet = Sheet(body.place, day, text, body.document_sha256, (signature,))
        return _answer(plan, await signing.add_names(tx, plan, council, sheet, "sign_in"))

    return await call.run(work)


@router.post(
    "/plans/{year}/sheets",
    status_code=201,
    responses=refusing(WrongState, NotASignatory, NotInOffice, SignedAnotherText, SheetNotAttached),
)
async def record_sheet(year: Year, body: SheetRead, call: Call) -> Response:
    """Record a signed sheet; its names count when a second person has confirmed them."""
    call.require(Role.SECRETARY)
    sheet = body.sheet

    async def work(tx: Tx) -> Answer:
        plan, paper = await own_plan(tx, year), await papers.found(tx, body.paper_id)
        return Answer(201, {"sheet_id": await record(tx, plan, sheet, paper)})

    return await call.run(work)


@router.post(
    "/plans/{year}/sheets/{sheet_id}/confirmation",
    responses=refusing(SamePerson, SheetConfirmed, AnotherFile, WrongState),
)
async def confirm_sheet(year: Year, sheet_id: UUID, body: Confirmation, call: Call) -> Response:
    """Confirm, as a second person of the secretariat, that a sheet says what was recorded."""
    call.require(Role.SECRETARY)

    async def work(tx: Tx) -> Answer:
        plan, recorded = await own_plan(tx, year), await sheets.locked(tx, sheet_id)
        if recorded is None or recorded.plan_id != plan.samarbejdsplan_id:
            raise NotFound
        require_second(recorded, call.principal.subject, body.file_sha256)
        await sheets.confirm(tx, sheet_id)
        council = await _council(tx, recorded.sheet.signed_on)
        return _answer(plan, await signing.add_names(tx, plan, council, recorded.sheet, "sheet"))

    return await call.run(work)


async def record(tx: Tx, plan: Samarbejdsplan, sheet: Sheet, paper: Paper | None) -> UUID:
    """Keep what somebody read off a signed sheet of a locked plan, until a second person confirms it; return its id."""
    sign(plan, await _council(tx, sheet.signed_on), sheet)
    if paper is None or paper.body_id != plan.kredsraad_id or not paper.signed_sheet:
        raise SheetNotAttached
    return await sheets.record(tx, plan.samarbejdsplan_id, sheet, paper)


async def _discussed(tx: Tx, year: int) -> Samarbejdsplan:
    """Return a discussed plan, locked: a mayor's authority reaches its row only while it is discussed."""
    plan = await plans.found(tx, year)
    if plan is None:
        raise NotFound
    require_discussed(plan)
    locked = await plans.lock_plan(tx, year)
    if locked is None:
        # The last other name came in between.
        raise WrongState
    return locked


async def _council(tx: Tx, on: Day | None) -> Kredsraad:
    council = await councils.kredsraad(tx, on)
    if council is None:
        raise NotFound
    return council


def _answer(plan: Samarbejdsplan, version: int) -> Answer:
    return Answer(200, {"plan_id": plan.samarbejdsplan_id}, version)
