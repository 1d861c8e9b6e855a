"""The yearly plan of a lokalraad: traced to what was decided, and approved by both sides (O-2-08, O-2-09, O-2-10)."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from contracts.form import Whole
from services.councils.domain.closed import Closed
from services.councils.domain.document import BulletList, InitiativeRef, Paragraph, Ref, Section, texts_of, without_none
from services.councils.domain.local_refusals import (
    ApprovalMissing,
    ApprovedAnotherText,
    LocalPlanExists,
    LocalYearDoesNotMatch,
    NotCarriedOut,
    OnePersonBothSides,
    WorkAreaMissing,
    WrongLocalState,
    YearNotOpen,
)
from services.councils.domain.lokalraad import Side
from services.councils.domain.wording import about_no_person


class LocalState(StrEnum):
    """How far a local plan has come."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class WorkArea(Closed):
    """What the lokalraad will work on in the coming year."""

    number: str
    title: str
    description: tuple[Paragraph | BulletList, ...] = ()
    initiatives: tuple[InitiativeRef, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnFocusArea(Closed):
    """An area that the lokalraad itself has chosen (O-3-02), and the local initiatives that carry it out."""

    number: str
    title: str
    initiatives: tuple[Ref, ...] = ()
    exemption: str | None = None
    """Why there is no initiative for it this year."""


@dataclass(frozen=True, slots=True)
class CarriedDecision(Closed):
    """A decision of the kredsraad and the local initiatives that carry it out."""

    decision_id: Ref
    initiatives: tuple[Ref, ...] = ()
    exemption: str | None = None


@dataclass(frozen=True, slots=True)
class LocalDocument(Closed):
    """A local plan, whole."""

    title: str
    year: Whole
    work_areas: tuple[WorkArea, ...] = ()
    focus_areas: tuple[OwnFocusArea, ...] = ()
    decisions: tuple[CarriedDecision, ...] = ()
    sections: tuple[Section, ...] = ()
    """What else stands in the plan, as numbered sections."""


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approved for a side."""

    side: Side
    subject: str
    holder: str
    """The approver's name as the plan shows it."""


@dataclass(frozen=True, slots=True)
class LocalPlan:
    """The plan of one lokalraad for one year with the approvals so far."""

    local_plan_id: UUID
    body_id: UUID
    plan_id: UUID
    """The kredsraad's samarbejdsplan of the same year."""
    year: int
    document: LocalDocument
    state: LocalState = LocalState.DRAFT
    version: int = 1
    approvals: tuple[Approval, ...] = ()


def local_data(document: LocalDocument) -> dict[str, Any]:
    """Return a local plan as plain data; what is not said is left out."""
    data: dict[str, Any] = without_none(asdict(document))
    return data


def local_json(document: LocalDocument) -> str:
    """Return the one JSON text of a local plan: what is hashed and kept."""
    return json.dumps(local_data(document), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def local_sha256(document: LocalDocument) -> str:
    """Return the checksum of a local plan's JSON text."""
    return hashlib.sha256(local_json(document).encode()).hexdigest()


def initiatives_of(document: LocalDocument) -> set[str]:
    """Return the ids of every initiative that a plan names."""
    named = {ref.initiative_id for area in document.work_areas for ref in area.initiatives}
    named.update(*(one.initiatives for one in document.focus_areas))
    return named.union(*(one.initiatives for one in document.decisions))


def draft(proposed: LocalPlan, existing: UUID | None, this_year: int) -> LocalPlan:
    """Decide whether a plan can be begun: in the year before its own, or late, in its own."""
    if existing is not None:
        raise LocalPlanExists(local_plan_id=str(existing))
    if proposed.year - this_year not in {0, 1}:
        raise YearNotOpen(rule="O-2-08", paragraph="2", year=proposed.year)
    _require_sound(proposed, proposed.document)
    return proposed


def revise(plan: LocalPlan, document: LocalDocument) -> LocalPlan:
    """Replace the text: it is a draft again, and no earlier approval counts (O-2-10)."""
    _require_sound(plan, document)
    return replace(plan, document=document, state=LocalState.DRAFT, approvals=())


def submit(plan: LocalPlan, decisions: Iterable[UUID]) -> LocalPlan:
    """Lay a plan ready for approval: it says what is worked on, and how all that was decided is carried out."""
    if plan.state is not LocalState.DRAFT:
        raise WrongLocalState(state=plan.state)
    if not any(is_described(area) for area in plan.document.work_areas):
        raise WorkAreaMissing(rule="O-2-08", paragraph="2")
    missing = unmapped(plan.document, decisions)
    if missing:
        raise NotCarriedOut(rule="O-2-09", paragraph="2", missing=", ".join(missing))
    return replace(plan, state=LocalState.SUBMITTED)


def unmapped(document: LocalDocument, decisions: Iterable[UUID]) -> list[str]:
    """Name the decisions, by id, and the own focus areas, by number, without initiative or reasoned exemption."""
    carried = {one.decision_id for one in document.decisions if _is_mapped(one)}
    return [str(one) for one in decisions if str(one) not in carried] + [
        one.number for one in document.focus_areas if not _is_mapped(one)
    ]


def approve(plan: LocalPlan, approval: Approval, sha256: str) -> LocalPlan:
    """Add one approval of the very text; with one of each side, by different persons, the plan is approved."""
    if plan.state not in {LocalState.SUBMITTED, LocalState.APPROVED}:
        raise WrongLocalState(state=plan.state)
    if sha256 != local_sha256(plan.document):
        raise ApprovedAnotherText(document_sha256=local_sha256(plan.document))
    for one in plan.approvals:
        if one.subject == approval.subject and one.side is not approval.side:
            raise OnePersonBothSides(rule="O-2-10", paragraph="2")
        if one.subject == approval.subject:
            return plan
    approvals = (*plan.approvals, approval)
    is_whole = not missing_sides(approvals)
    return replace(plan, approvals=approvals, state=LocalState.APPROVED if is_whole else plan.state)


def publish(plan: LocalPlan) -> LocalPlan:
    """Publish a plan that both sides have approved."""
    missing = missing_sides(plan.approvals)
    if missing:
        raise ApprovalMissing(rule="O-2-10", paragraph="2", missing=", ".join(missing))
    if plan.state is not LocalState.APPROVED:
        raise WrongLocalState(state=plan.state)
    return replace(plan, state=LocalState.PUBLISHED)


def missing_sides(approvals: Iterable[Approval]) -> list[str]:
    """Return the sides that have not approved."""
    return sorted(set(Side) - {one.side for one in approvals})


def is_described(area: WorkArea) -> bool:
    """Say whether a work area has a description."""
    return any(
        text.strip() for block in area.description for text in texts_of(block) if text not in {"paragraph", "list"}
    )


def _is_mapped(one: OwnFocusArea | CarriedDecision) -> bool:
    return bool(one.initiatives) or bool((one.exemption or "").strip())


def _require_sound(plan: LocalPlan, document: LocalDocument) -> None:
    if document.year != plan.year:
        raise LocalYearDoesNotMatch(year=plan.year)
    for text in texts_of(document):
        about_no_person(text)
