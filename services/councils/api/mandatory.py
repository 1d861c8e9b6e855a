"""Mandatory points of plan §4: which a lokalraad has, what each still needs, and the answers that the plan asks for."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.openapi import refusing
from contracts.codes import Role
from contracts.form import WHOLE
from contracts.refusal import StaleVersion
from services.councils.api.caveat import OnAreas, among_authorities
from services.councils.api.common import Asking, Call, Sent, require_version
from services.councils.domain import mandatory as rules
from services.councils.domain.areas import CAVEAT_DA
from services.councils.domain.mandatory import (
    ItemIsClosed,
    PaperNotEntered,
    PartiesMissing,
    QuestionNotAsked,
    ReasonMissing,
    Said,
    WalkthroughMissing,
    YesOrNoMissing,
)
from services.councils.handlers import mandatory as handlers
from services.councils.store import areas, mandatory

router = APIRouter(tags=["obligatoriske punkter"])

Year = Annotated[int, Query(ge=2000, le=2999)]


class AnswerSent(Sent):
    """An answer to one question of a point."""

    version: Annotated[int, Field(ge=0, le=2**31), WHOLE]
    answer: Said


class Part(BaseModel):
    """A part of an answer about mandatory points."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)


class ItemView(Part):
    """One point of one lokalraad."""

    mandatory_item_id: UUID
    body_id: UUID
    kommunekode: str
    paragraph: str
    kind: str
    area_id: UUID | None
    area: str | None
    state: str
    """`open`, `treated`, `put_off`, `breached` or `history`."""
    put_off_to: date | None
    outcome: str | None
    decision_id: UUID | None
    matter_id: UUID | None
    assigned_at: datetime
    treated_at: datetime | None
    breached_at: datetime | None
    answers: tuple[Said, ...]
    missing: tuple[str, ...]
    """What it still needs before it closes, in Danish."""
    warnings: tuple[str, ...]
    running_initiatives: tuple[dict[str, Any], ...]
    """What is running in the area already, against which it is decided (O-4.1-10)."""
    version: int


class SectionView(Part):
    """How far a section is treated: n of m lokalraad's points."""

    paragraph: str
    assigned: int
    treated: int
    breached: int


class ItemsView(OnAreas):
    """The points of a year that the reader's councils have."""

    year: int
    sections: tuple[SectionView, ...]
    items: tuple[ItemView, ...]


@router.get("/mandatory-items", response_model=ItemsView)
async def read_items(request: Request, principal: Asking, year: Year) -> Response:
    """Return the points of a year for those who sit on the councils or keep their papers."""
    principal.require(Role.SECRETARY, Role.COUNCIL_MEMBER)
    async with service_of(request).database.tx(principal) as tx:
        rows = await mandatory.listed(tx, year)
        items = [await _item(tx, row) for row in rows]
    sections = tuple(_section(number, items) for number in sorted({one.paragraph for one in items}))
    return among_authorities(ItemsView(caveat_da=CAVEAT_DA, year=year, sections=sections, items=tuple(items)))


@router.post(
    "/mandatory-items/{item_id}/answers",
    status_code=201,
    responses=refusing(
        *(QuestionNotAsked, WalkthroughMissing, PartiesMissing, ReasonMissing, YesOrNoMissing),
        *(ItemIsClosed, PaperNotEntered, StaleVersion),
    ),
)
async def answer(item_id: UUID, body: AnswerSent, call: Call) -> Response:
    """Answer a question that the plan puts on a point; the newest answer counts."""

    async def work(tx: Tx) -> Answer:
        item, council = await handlers.kept_item(tx, item_id)
        require_version(body.version, item.version)
        version, warnings = await handlers.answer(tx, item, council, body.answer)
        return Answer(201, {"mandatory_item_id": item_id, "warnings": warnings}, version)

    call.require(Role.SECRETARY)
    return await call.run(work)


async def _item(tx: Tx, row: dict[str, Any]) -> ItemView:
    said = await mandatory.answers(tx, row["mandatory_item_id"])
    running = [] if row["area_id"] is None else await areas.running_initiatives(tx, row["area_id"])
    needs = {"missing": rules.missing(row["kind"], said), "warnings": rules.warnings(row["kind"], said)}
    return ItemView.model_validate(row | {"answers": list(said.values()), "running_initiatives": running} | needs)


def _section(number: str, items: list[ItemView]) -> SectionView:
    states = [one.state for one in items if one.paragraph == number]
    return SectionView(
        paragraph=number,
        assigned=len(states),
        treated=states.count("treated"),
        breached=states.count("breached"),
    )
